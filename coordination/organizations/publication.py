"""What is shown of an organization to whom: by its own consent, field by field. Pure.

Nothing is shown to the public, and no contact to other departments, unless somebody who speaks for the organization
has consented to this very field. Departments are public bodies and need no consent: everybody may ask an office.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

from coordination.organizations.rules import Kind
from core.languages import _l


class Level(StrEnum):
    """How far a consent goes. What is public is known within the administration as well."""

    ADMINISTRATION = "administration"
    PUBLIC = "public"


LEVEL_LABELS = {
    Level.ADMINISTRATION: _l("Within the administration"),
    Level.PUBLIC: _l("Public"),
}


class Field(StrEnum):
    """What is consented to by itself. Without `NAME` the public learns nothing of the organization at all."""

    NAME = "name"
    OWN_LABEL = "own_label"
    KINDS = "kinds"
    ABOUT = "about"
    AIMS = "aims"
    ROLES = "roles"
    TOPICS = "topics"
    TARGET_GROUPS = "target_groups"
    LANGUAGES = "languages"
    SERVICES = "services"
    STAFFING = "staffing"
    ROOMS = "rooms"
    UMBRELLAS = "umbrellas"
    PHASE = "phase"
    ADDRESS = "address"
    EMAIL = "email"
    PHONE = "phone"
    WEBSITE = "website"


FIELD_LABELS = {
    Field.NAME: _l("Name"),
    Field.OWN_LABEL: _l("What it calls itself"),
    Field.KINDS: _l("Kind of organization"),
    Field.ABOUT: _l("About its work"),
    Field.AIMS: _l("Aims"),
    Field.ROLES: _l("Role toward the municipality"),
    Field.TOPICS: _l("Topics"),
    Field.TARGET_GROUPS: _l("For whom"),
    Field.LANGUAGES: _l("Languages"),
    Field.SERVICES: _l("Services"),
    Field.STAFFING: _l("Volunteers and paid staff"),
    Field.ROOMS: _l("Rooms"),
    Field.UMBRELLAS: _l("Umbrella bodies"),
    Field.PHASE: _l("Phase of the network"),
    Field.ADDRESS: _l("Postal address"),
    Field.EMAIL: _l("E-mail"),
    Field.PHONE: _l("Phone"),
    Field.WEBSITE: _l("Website"),
}
#: never on a page for everybody, whatever an organization agreed to: who collects addresses reads such pages
NOT_FOR_PUBLIC = frozenset({Field.EMAIL})
#: what all who work here see of each other: without it nobody could be invited
BASICS = frozenset({Field.NAME, Field.OWN_LABEL})
#: public bodies: what they are and how they are reached is public without consent, the mail of the office too; whose
#: mail it is who works there, and their names, is not (`coordination.people`)
PUBLIC_BODIES = frozenset({Kind.DEPARTMENT})

#: what was agreed to, by version; a text that was ever shown is never changed, a new one gets a new number
CONSENT_TEXTS = {
    1: _l(
        "I may decide this for the organization. What stands in the chosen fields may be shown as chosen, also when it "
        "is changed later. This can be withdrawn at any time, for each field by itself. From that moment on the field "
        "is shown no more."
    )
}
CONSENT_VERSION = max(CONSENT_TEXTS)


class Audience(IntEnum):
    """Who is looking, from the widest circle to the smallest."""

    EVERYBODY = 0
    #: signed in and working with organizations: knows their names
    COLLEAGUES = 1
    ADMINISTRATION = 2
    #: its own people, and those who keep the profiles
    OWN = 3


@dataclass(frozen=True)
class Reader:
    """Somebody who looks at organizations: in general, and at those that are their own."""

    audience: Audience = Audience.EVERYBODY
    own: frozenset[int] = frozenset()

    def of(self, organization_id: int) -> Audience:
        """What this reader is to the organization."""
        return Audience.OWN if organization_id in self.own else self.audience


PUBLIC = Reader()


def levels_for(audience: Audience) -> frozenset[Level]:
    """The consents that open a field to this audience."""
    return frozenset(Level) if audience >= Audience.ADMINISTRATION else frozenset({Level.PUBLIC})


def shown_fields(audience: Audience, kind: Kind, consents: Mapping[Field, Level]) -> frozenset[Field]:
    """The fields of an organization that this audience may see."""
    if audience is Audience.OWN or kind in PUBLIC_BODIES:
        return frozenset(Field)
    found = frozenset(field for field, level in consents.items() if level in levels_for(audience))
    if audience >= Audience.COLLEAGUES:
        return found | BASICS
    return found - NOT_FOR_PUBLIC if Field.NAME in found else frozenset()


def allowed_levels(field: Field) -> tuple[Level, ...]:
    """How far a consent to this field can go."""
    return (Level.ADMINISTRATION,) if field in NOT_FOR_PUBLIC else tuple(Level)


@dataclass(frozen=True)
class Shown:
    """An organization as one reader sees it: what they may not see is not in it, so no page can show it."""

    id: int
    name: str
    #: goes with the name
    short_name: str
    kind: Kind
    #: whether the kind may be said: an organization may refuse the label
    kind_is_told: bool
    archived: bool
    values: Mapping[Field, Any]

    def __getitem__(self, field: str) -> Any:
        """What stands in this field, or None where nothing does or nothing may be seen."""
        return self.values.get(Field(field))
