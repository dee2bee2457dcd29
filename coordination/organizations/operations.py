"""Changing organizations."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from coordination.organizations import languages
from coordination.organizations.models import Organization
from coordination.organizations.rules import (
    Aim,
    Kind,
    MoKind,
    PartnerRole,
    RoomSituation,
    TargetGroup,
    Topic,
    in_order,
)
from core import history
from core.access import Actor
from core.bulk import Columns, Repeated, length
from core.clock import now
from core.database import check_version, free_key_kept, get_row, hold_row, transaction
from core.errors import Refused
from core.instance import move_calendars
from core.languages import _
from core.slugs import free_slug


@dataclass(frozen=True)
class Profile:
    """What can be said of an organization; see the model for the meaning of each."""

    name: str
    kind: Kind
    short_name: str = ""
    own_label: str = ""
    about: str = ""
    email: str = ""
    website: str = ""
    phone: str = ""
    integration_department: bool = False
    address: str = ""
    kinds: Collection[str] = ()
    aims: Collection[str] = ()
    roles: Collection[str] = ()
    topics: Collection[str] = ()
    target_groups: Collection[str] = ()
    languages: Collection[str] = ()
    services: str = ""
    volunteers: int | None = None
    paid_staff: int | None = None
    rooms: RoomSituation | None = None

    def columns(self) -> dict[str, Any]:
        """The values as the table keeps them: lists of words each once and in order."""
        kept = {name: in_order(getattr(self, name), kind) for name, kind in WORDS.items()}
        return {**vars(self), **kept, "languages": languages.in_order(self.languages)}


#: lists of words, and of which enumeration they are
WORDS: dict[str, type[StrEnum]] = {
    "kinds": MoKind,
    "aims": Aim,
    "roles": PartnerRole,
    "topics": Topic,
    "target_groups": TargetGroup,
}


def profile_of(row: Organization) -> Profile:
    """What is said of the organization now."""
    return Profile(**{field.name: getattr(row, field.name) for field in fields(Profile)})


def create_organization(actor: Actor, profile: Profile, *, key: str = "") -> Organization:
    """Enter an organization; without a `key` one is made from its name.

    Refused: an integration department that is no department, a name that somebody else entered at the same moment.
    """
    _check(profile)
    with transaction() as current, free_key_kept("name"):
        key = key or free_slug(profile.name, set(current.scalars(select(Organization.key))))
        row = Organization(key=key, **profile.columns())
        current.add(row)
        history.record(actor, "organizations.create", row)
    return row


def create_all(actor: Actor, columns: Columns) -> list[int]:
    """Enter many organizations at once, each with its line of history. Their ids, in order.

    The columns are `key`, `name`, `kind`, and others of `Profile.columns`. ValueError for the integration department,
    which is entered alone: see `create_organization`.
    """
    if any(columns.get("integration_department", ())):
        raise ValueError("the integration department is entered alone")
    number, nothing = length(columns), Profile(name="", kind=Kind.OTHER).columns()
    with transaction():
        untold = {name: Repeated(value, number) for name, value in nothing.items()}
        ids = history.insert_all(actor, "organizations.create", Organization, {**untold, **columns})
        if Kind.COMMITTEE in columns["kind"]:
            move_calendars()
    return ids


def edit_organization(actor: Actor, organization_id: int, *, version: int | None, profile: Profile) -> Organization:
    """Save the profile. Raises NotFound, Outdated when somebody saved since `version`, and Refused as creating does."""
    _check(profile)
    with transaction():
        row = get_row(Organization, organization_id)
        check_version(row, version)
        for name, value in profile.columns().items():
            setattr(row, name, value)
        history.record(actor, "organizations.edit", row)
    return row


def archive_organization(actor: Actor, organization_id: int) -> Organization:
    """Keep the organization for the records only: it is no longer offered for new dates. Twice is as once."""
    with transaction():
        row = get_row(Organization, organization_id)
        if row.archived_at is None:
            row.archived_at = now()
            history.record(actor, "organizations.archive", row)
    return row


def restore_organization(actor: Actor, organization_id: int) -> Organization:
    """Take an archived organization back. Twice is as once."""
    with transaction():
        row = get_row(Organization, organization_id)
        if row.archived_at is not None:
            row.archived_at = None
            history.record(actor, "organizations.restore", row)
    return row


def lock(organization_id: int) -> Organization:
    """Within a transaction: the organization, and what hangs on it is changed by nobody else meanwhile. Raises
    NotFound."""
    return hold_row(Organization, organization_id)


def _check(profile: Profile) -> None:
    if profile.integration_department and profile.kind != Kind.DEPARTMENT:
        raise Refused(_("Only a department can be the integration department."), "integration_department")
