"""Two entries of the same organization become one. Which entries may be the same is in `duplicates`."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from coordination.organizations.consents import restrict, withdraw
from coordination.organizations.models import NetworkPhase, Organization, PublicationConsent, UmbrellaMembership
from coordination.organizations.operations import Profile, profile_of
from coordination.organizations.publication import Field, Level
from coordination.organizations.queries import consents_in_force
from coordination.organizations.rules import Kind
from core import history
from core.access import Actor
from core.clock import now
from core.database import session
from core.errors import Refused
from core.languages import _
from core.merging import merge_pair, merge_rows

#: columns of the profile, and the field of which they are
FIELDS: Mapping[str, Field] = {**{field.value: field for field in Field}, "volunteers": Field.STAFFING}
FIELDS = {**FIELDS, "paid_staff": Field.STAFFING}
#: how far a consent goes
WIDTH: Mapping[Level | None, int] = {None: 0, Level.ADMINISTRATION: 1, Level.PUBLIC: 2}


def merge_organizations(actor: Actor, kept_id: int, duplicate_id: int, *, state: str | None = None) -> Organization:
    """All that hangs on the duplicate hangs on the kept entry from now on; the duplicate stays and leads there.

    What the kept entry leaves open in its profile is taken from the duplicate. No consent is widened: of what both
    have said the stricter counts. Refused as `core.merging.merge_pair` says; committees, two of different kinds, and
    two with entries of which there can be only one.
    """

    def join(kept: Organization, duplicate: Organization) -> None:
        consents = consents_in_force([kept_id, duplicate_id])
        ours, theirs = consents[kept_id], consents[duplicate_id]
        filled = _fill(kept, duplicate, with_short_name=WIDTH[theirs.get(Field.NAME)] >= WIDTH[ours.get(Field.NAME)])
        taken = {FIELDS[name] for name in filled if name in FIELDS} | _dated_of(duplicate_id)
        narrowed = _narrower(ours, theirs, taken | _spoken_of(duplicate_id))
        for field, level in narrowed.items():
            restrict(actor, kept_id, field, level)
        withdraw(actor, duplicate_id)
        report = merge_rows(Organization, kept=kept_id, duplicate=duplicate_id)
        duplicate.merged_into_id, duplicate.archived_at = kept_id, duplicate.archived_at or now()
        said = {
            "duplicate_id": duplicate_id,
            "duplicate": duplicate.name,
            **report.said(),
            "filled": sorted(filled),
            "consents": {field: level or "" for field, level in narrowed.items()},
        }
        history.record(actor, "organizations.merge", kept, details=said)

    return merge_pair(Organization, kept_id, duplicate_id, state=state, check=_check, join=join)


def _check(kept: Organization, duplicate: Organization) -> None:
    if Kind.COMMITTEE in (kept.kind, duplicate.kind):
        raise Refused(_("Committees are not merged: their sittings and seats are records of their own."))
    if kept.kind != duplicate.kind:
        raise Refused(_("The two entries are of different kinds. Please correct the kind of one of them first."))


def _fill(kept: Organization, duplicate: Organization, *, with_short_name: bool) -> set[str]:
    """Take what the kept entry leaves open; says which columns. The duplicate keeps its own words in its row.

    The short name is shown with the name, so it is taken only where the duplicate agreed to that as far.
    """
    ours, theirs = profile_of(kept), profile_of(duplicate)
    open_ones = {name for name in Profile.__dataclass_fields__ if _empty(getattr(ours, name))}
    filled = {name for name in open_ones if not _empty(getattr(theirs, name))}
    filled -= set() if with_short_name else {"short_name"}
    for name in filled:
        value = getattr(theirs, name)
        setattr(kept, name, list(value) if isinstance(value, list | tuple) else value)
    return filled


def _empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [], ())


def _dated_of(organization_id: int) -> set[Field]:
    """The fields of which the organization has rows of their own; these move to the kept entry."""
    columns = {Field.UMBRELLAS: UmbrellaMembership.organization_id, Field.PHASE: NetworkPhase.organization_id}
    return {
        field
        for field, column in columns.items()
        if session().scalar(select(column).where(column == organization_id).limit(1)) is not None
    }


def _spoken_of(organization_id: int) -> set[Field]:
    """The fields about which the organization was asked, also where it took its consent back."""
    asked = select(PublicationConsent.field).where(PublicationConsent.organization_id == organization_id)
    return {Field(row) for row in session().scalars(asked.distinct())}


def _narrower(
    ours: Mapping[Field, Level], theirs: Mapping[Field, Level], touched: Collection[Field]
) -> dict[Field, Level | None]:
    """Which fields of the kept entry are shown to fewer people from now on, and how far: the stricter consent counts.

    Of what is not `touched` nobody was asked for the duplicate, and what is shown is what was agreed to.
    """
    return {
        field: theirs.get(field)
        for field, level in ours.items()
        if field in touched and WIDTH[theirs.get(field)] < WIDTH[level]
    }
