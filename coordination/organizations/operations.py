"""Changing organizations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from core import history
from core.access import Actor
from core.clock import now
from core.database import check_version, get_row, transaction
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

    def columns(self) -> dict[str, Any]:
        """The values as the table keeps them."""
        return dict(vars(self))


def create_organization(actor: Actor, profile: Profile, *, key: str = "") -> Organization:
    """Enter an organization; without a `key` one is made from its name.

    Refused: an integration department that is no department.
    """
    _check(profile)
    with transaction() as session:
        key = key or free_slug(profile.name, set(session.scalars(select(Organization.key))))
        row = Organization(key=key, **profile.columns())
        session.add(row)
        history.record(actor, "organizations.create", row)
    return row


def prepared(key: str, profile: Profile) -> dict[str, Any]:
    """The columns of a new organization, for `create_all`. Refused as `create_organization` does."""
    _check(profile)
    return {"key": key, **profile.columns()}


def create_all(actor: Actor, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Enter many `prepared` organizations at once, each with its line of history. Their ids, in order."""
    with transaction():
        ids = history.insert_all(actor, "organizations.create", Organization, rows)
        if any(row["kind"] == Kind.COMMITTEE for row in rows):
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


def _check(profile: Profile) -> None:
    if profile.integration_department and profile.kind != Kind.DEPARTMENT:
        raise Refused(_("Only a department can be the integration department."), "integration_department")
