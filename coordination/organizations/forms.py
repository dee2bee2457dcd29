"""Forms of an organization: who it is, its profile, and what hangs on it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Self

from wtforms.validators import Optional

from coordination.organizations import languages
from coordination.organizations.landscape import Belonging, Stage
from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile, profile_of
from coordination.organizations.publication import FIELD_LABELS, LEVEL_LABELS, Field, Level, allowed_levels
from coordination.organizations.rules import (
    AIM_FIELD_LABELS,
    AIM_LABELS,
    AIMS,
    CRITERION_LABELS,
    KIND_LABELS,
    MO_KIND_LABELS,
    MOST_PEOPLE,
    PARTNER_ROLE_LABELS,
    PHASE_LABELS,
    ROOM_SITUATION_LABELS,
    TARGET_GROUP_LABELS,
    TOPIC_LABELS,
    AimField,
    Criterion,
    Kind,
    MoKind,
    PartnerRole,
    Phase,
    RoomSituation,
    TargetGroup,
    Topic,
)
from core.forms import (
    URL,
    BooleanField,
    DateField,
    Email,
    IntegerField,
    LineField,
    LongTextField,
    ManyField,
    NumberRange,
    OptionalIdField,
    RadioField,
    SelectField,
    VersionedForm,
    choices,
    chosen,
    needed,
)
from core.languages import _l

#: of a postal address, in characters
LONGEST_ADDRESS = 500
#: a host with a dot in it, alone or before a path; no mail address, and nothing with a scheme
_WITHOUT_SCHEME = re.compile(r"[^\s/:@]+\.[^\s/:@.]+(?=[/?#]|$)")


def _own_label() -> LineField:
    return LineField(
        _l("What it calls itself"),
        description=_l("In the organization's own words, for example “parents' association”."),
    )


def in_small_letters(address: str | None) -> str | None:
    """The mail address as it is stored."""
    return address and address.lower()


def _email(description: Any = "") -> LineField:
    valid = Email(_l("Please enter an address like name@example.org."))
    return LineField(
        _l("E-mail"), longest=254, validators=[Optional(), valid], filters=[in_small_letters], description=description
    )


def with_scheme(address: str | None) -> str | None:
    """The address of a page as it is stored: people type www.example.org, and mean https://www.example.org."""
    return f"https://{address}" if _WITHOUT_SCHEME.match(address or "") else address


def _website() -> LineField:
    valid = URL(message=_l("Please enter an address like https://www.example.org."))
    return LineField(_l("Website"), longest=300, validators=[Optional(), valid], filters=[with_scheme])


def _reached(form: VersionedForm) -> dict[str, Any]:
    """What both forms ask, as a profile takes it."""
    return {name: form[name].data or "" for name in ("own_label", "about", "email", "phone", "website")}


class OrganizationForm(VersionedForm):
    """Who an organization is, as staff enter it."""

    name = LineField(_l("Name"), required=True)
    kind = SelectField(
        _l("Kind"),
        choices=choices((kind.value, label) for kind, label in KIND_LABELS.items() if kind is not Kind.COMMITTEE),
        coerce=Kind,
        validators=[chosen()],
    )
    integration_department = BooleanField(
        _l("It is the integration department"),
        description=_l("Analysis tells its impulses apart from those of other offices."),
    )
    short_name = LineField(_l("Short name"), longest=60)

    own_label = _own_label()
    about = LongTextField(_l("About its work"))
    email = _email(_l("That of a department is public: please enter the address of the office, not of a person."))
    phone = LineField(_l("Phone"), longest=60)
    website = _website()

    def told(self) -> dict[str, Any]:
        """What was entered, named as in a profile."""
        return {
            "name": self.name.data,
            "kind": self.kind.data,
            "short_name": self.short_name.data or "",
            "integration_department": self.integration_department.data,
            **_reached(self),
        }

    def profile(self, before: Organization | None = None) -> Profile:
        """What was entered; what this form does not ask stays as it was `before`."""
        return replace(profile_of(before), **self.told()) if before else Profile(**self.told())


def _many(label: Any, labels: Any, kind: Any, **kwargs: Any) -> ManyField:
    return ManyField(label, choices=choices(labels.items()), coerce=kind, **kwargs)


def _aims(field: AimField) -> ManyField:
    return _many(AIM_FIELD_LABELS[field], {aim: AIM_LABELS[aim] for aim in AIMS[field]}, str)


def number_of_people(label: Any = None) -> IntegerField:
    """How many people; empty for not told."""
    message = _l("Please enter a whole number from 0 to %(max)d.", max=MOST_PEOPLE)
    return IntegerField(label, validators=[Optional(), NumberRange(0, MOST_PEOPLE, message)])


class ProfileForm(VersionedForm):
    """What an organization says of itself."""

    own_label = _own_label()
    kinds = _many(_l("Kind of organization"), MO_KIND_LABELS, MoKind)
    explicit_inward = _aims(AimField.EXPLICIT_INWARD)
    explicit_outward = _aims(AimField.EXPLICIT_OUTWARD)
    implicit_inward = _aims(AimField.IMPLICIT_INWARD)
    implicit_outward = _aims(AimField.IMPLICIT_OUTWARD)
    about = LongTextField(_l("About its work"))
    roles = _many(
        _l("Role toward the municipality"),
        PARTNER_ROLE_LABELS,
        PartnerRole,
        description=_l("As the organization sees itself. Several are possible."),
    )
    topics = _many(_l("Topics"), TOPIC_LABELS, Topic)
    target_groups = _many(_l("For whom"), TARGET_GROUP_LABELS, TargetGroup)
    languages = _many(_l("Languages"), {}, str, description=_l("In which people can speak with you."))
    services = LongTextField(
        _l("Services"), description=_l("What you offer, for example courses, advice, a group for young people.")
    )
    volunteers = number_of_people(_l("How many volunteers"))
    paid_staff = number_of_people(_l("How many paid staff"))
    rooms = SelectField(
        _l("Rooms"),
        choices=choices([("", _l("Not told")), *ROOM_SITUATION_LABELS.items()]),
        coerce=lambda value: RoomSituation(value) if value in set(RoomSituation) else (value or None),
    )
    address = LongTextField(_l("Postal address"), longest=LONGEST_ADDRESS)
    email = _email()
    phone = LineField(_l("Phone"), longest=60)
    website = _website()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages.choices = choices(languages.by_name())

    @classmethod
    def of(cls, row: Organization, **options: Any) -> Self:
        """The form of what is said now."""
        aims = {field.value: [aim.value for aim in AIMS[field] if aim in row.aims] for field in AimField}
        return cls(obj=row, **aims, **options)

    def profile(self, before: Organization) -> Profile:
        """What was entered; name and kind stay as they were `before`."""
        names = ("kinds", "roles", "topics", "target_groups", "languages")
        lists: dict[str, Any] = {name: self[name].data or () for name in names}
        return replace(
            profile_of(before),
            **_reached(self),
            **lists,
            aims=[aim for field in AimField for aim in self[field.value].data or ()],
            services=self.services.data or "",
            volunteers=self.volunteers.data,
            paid_staff=self.paid_staff.data,
            rooms=self.rooms.data,
            address=self.address.data or "",
        )


def _shown(field: Field) -> SelectField:
    levels = {level: LEVEL_LABELS[level] for level in allowed_levels(field)}
    return SelectField(
        FIELD_LABELS[field],
        choices=choices([("", _l("Not shown")), *levels.items()]),
        coerce=lambda value: Level(value) if value in levels else (value or None),
    )


class _ShownForm(VersionedForm):
    """To whom each field is shown. Its version is `consents.state_of` the organization."""

    def wished(self) -> dict[Field, Level | None]:
        """What was chosen, for each field that was sent along."""
        return {field: self[name].data for field, name in SHOWN.items() if name in self and self[name].raw_data}


#: the fields of this form are made from the list of what can be consented to
SHOWN = {field: f"show_{field}" for field in Field}
for each, its_name in SHOWN.items():
    setattr(_ShownForm, its_name, _shown(each))


class ConsentForm(_ShownForm):
    """The organization's own people agree."""

    agreed = BooleanField(_l("I agree for the organization."))

    @classmethod
    def of(cls, levels: Mapping[Field, Level], state: int, **options: Any) -> Self:
        """The form of what is agreed now."""
        return cls(data={"version": state, **{SHOWN[field]: level for field, level in levels.items()}}, **options)


class PaperForm(_ShownForm):
    """Staff note what was signed on paper. Fields that are shown already are not asked."""

    given_on = DateField(_l("Signed on"), validators=[needed()])

    @classmethod
    def of(cls, levels: Mapping[Field, Level], state: int) -> Self:
        """The form for what is not agreed yet."""
        form = cls(data={"version": state})
        for field in levels:
            del form[SHOWN[field]]
        return form


class UmbrellaForm(VersionedForm):
    """That an organization belongs to an umbrella body."""

    umbrella_id = OptionalIdField(_l("Umbrella body"), validators=[needed()])
    starts_on = DateField(_l("From"), validators=[Optional()])
    ends_on = DateField(_l("Until"), validators=[Optional()], description=_l("The last day. Empty: still a member."))

    def offer(self, umbrellas: Iterable[tuple[int, str]]) -> None:
        """Say which umbrella bodies there are to choose from."""
        self.umbrella_id.choices = choices([("", _l("Please choose")), *umbrellas])

    def belonging(self) -> Belonging:
        """What was entered."""
        return Belonging(self.umbrella_id.data, self.starts_on.data, self.ends_on.data)


class PhaseForm(VersionedForm):
    """In which phase a network is from a day on."""

    since = DateField(_l("From this day on"), validators=[needed()])
    phase = RadioField(_l("Phase"), choices=choices(PHASE_LABELS.items()), coerce=Phase, validators=[chosen()])
    criteria = _many(_l("What is true of it"), CRITERION_LABELS, Criterion)

    def stage(self) -> Stage:
        """What was entered."""
        return Stage(self.since.data, self.phase.data, self.criteria.data or ())
