"""Reading organizations."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, or_, select

from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from core.database import get_row, session
from core.errors import NotFound
from core.web import like


def get_organization(organization_id: int) -> Organization:
    """The organization, archived ones too. Raises NotFound, also for a committee's: it has pages of its own."""
    found = get_row(Organization, organization_id)
    if found.kind == Kind.COMMITTEE:
        raise NotFound
    return found


def get_by_key(key: str) -> Organization:
    """The organization with this short name. Raises NotFound."""
    found = find_by_key(key)
    if found is None:
        raise NotFound
    return found


def find_by_key(key: str) -> Organization | None:
    """The organization with this short name, or None."""
    return session().scalar(select(Organization).where(Organization.key == key))


def find_integration_department() -> Organization | None:
    """The active department that works with migrant organizations first, or None; the first by name if several."""
    found = select(Organization).where(Organization.integration_department, Organization.archived_at.is_(None))
    return session().scalars(found.order_by(Organization.name, Organization.id).limit(1)).first()


def columns_by_key(keys: Collection[str], names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """For each of these short names that is known, these columns of its organization: one query."""
    columns = [getattr(Organization, name) for name in names]
    rows = session().execute(select(Organization.key, *columns).where(Organization.key.in_(keys)))
    return {key: dict(zip(names, values, strict=True)) for key, *values in rows}


def ids_by_key(keys: Collection[str]) -> dict[str, int]:
    """The ids of the organizations with these short names, unknown ones left out: one query."""
    rows = session().execute(select(Organization.key, Organization.id).where(Organization.key.in_(keys)))
    return {row.key: row.id for row in rows}


def search(text: str = "", kind: Kind | None = None, *, archived: bool = False) -> Select[Organization]:
    """Organizations whose name or short name contains the text, by name. Committees are found in their own room."""
    found = select(Organization).where(Organization.kind != Kind.COMMITTEE).order_by(Organization.name, Organization.id)
    found = found.where(Organization.archived_at.is_not(None) if archived else Organization.archived_at.is_(None))
    if kind is not None:
        found = found.where(Organization.kind == kind)
    if text:
        pattern = like(text)
        found = found.where(
            or_(
                Organization.name.ilike(pattern, escape="\\"),
                Organization.short_name.ilike(pattern, escape="\\"),
                Organization.own_label.ilike(pattern, escape="\\"),
            )
        )
    return found


def list_choices(*kinds: Kind) -> list[tuple[int, str]]:
    """Id and name of the active organizations of these kinds (all but committees without any), for a form."""
    found = search()
    if kinds:
        found = found.where(Organization.kind.in_(kinds))
    return [(row.id, row.name) for row in session().scalars(found)]
