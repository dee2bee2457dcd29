"""Reading committees."""

from collections.abc import Collection

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager

from coordination.organizations.models import Organization
from core.database import session
from core.errors import NotFound
from core.web import like
from participation.committees.models import Committee


def get_by_slug(slug: str) -> Committee:
    """The committee at this address, archived ones too. Raises NotFound. Whether one may see it is for policies."""
    found = find_by_slug(slug)
    if found is None:
        raise NotFound
    return found


def find_by_cooperation(cooperation_id: int) -> Committee | None:
    """The committee that keeps this record of cooperation, or None."""
    return session().scalar(select(Committee).where(Committee.cooperation_id == cooperation_id))


def find_by_slug(slug: str) -> Committee | None:
    """The committee at this address, or None."""
    return session().scalar(select(Committee).where(Committee.slug == slug))


def ids_by_slug(slugs: Collection[str]) -> dict[str, int]:
    """The committees at these addresses, as far as there are any: one query."""
    found = select(Committee.slug, Committee.id).where(Committee.slug.in_(slugs))
    return {row.slug: row.id for row in session().execute(found)}


def list_visible(inside: frozenset[int], *, archived: bool = False, text: str = "") -> list[Committee]:
    """The committees by name that are public, or to whose inner circle one belongs (`inside`: their ids).

    With `text`, those whose name or short name contains it.
    """
    found = _by_name(archived=archived).where(or_(Committee.public, Committee.id.in_(inside)))
    if text:
        pattern = like(text)
        named = (Organization.name.ilike(pattern, escape="\\"), Organization.short_name.ilike(pattern, escape="\\"))
        found = found.where(or_(*named))
    return list(session().scalars(found))


def _by_name(*, archived: bool) -> Select[Committee]:
    """Active or archived committees by name. Archiving is kept on the organization."""
    kept = Organization.archived_at.is_not(None) if archived else Organization.archived_at.is_(None)
    found = select(Committee).join(Organization, Organization.id == Committee.organization_id)
    return found.where(kept).options(contains_eager(Committee.organization)).order_by(Organization.name, Committee.id)
