"""Milestones of projects as entries of whole days. Who may see one at all sees the same (see `taking_part`)."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, select

from calendars.entry import PUBLIC, Audience, Circle, Entry, Status, whole_days
from calendars.sources import keeping, taking_part
from calendars.sources.keeping import ids_among
from calendars.sources.taking_part import Partners
from calendars.sources.words import municipality, path_of, public_url, reader
from coordination.projects.models import Milestone, Project
from coordination.projects.queries import open_to_all
from coordination.projects.rules import STATE_LABELS, State
from core.database import session
from core.dated import Status as RowStatus
from core.dated import within
from core.languages import _, in_language, say_date

log = structlog.get_logger()

_COLUMNS = (
    Milestone.id,
    Milestone.version,
    Milestone.uid,
    Milestone.sequence,
    Milestone.status,
    Milestone.changed_at,
    Milestone.starts_local,
    Milestone.zone,
    Milestone.title,
    Milestone.reached_on,
    Project.id.label("project_id"),
    Project.version.label("project_version"),
    Project.title.label("project_title"),
    Project.state,
    Project.announced_at,
    Project.cooperation_id,
)


def listed(
    from_: date | None, until: date | None, *, audiences: frozenset[Audience], rows: Collection[str] | None
) -> list[Entry]:
    """The milestones that these audiences may see, by day; with `rows` those among them alone.

    Two queries, one where there are none; none where none of these rows is a milestone.
    """
    where = [*within(Milestone, from_, until), _seen_by(audiences)]
    if rows is not None:
        ids = ids_among(rows, Milestone.__tablename__)
        if not ids:
            return []
        where.append(Milestone.id.in_(ids))
    joined = select(*_COLUMNS).join(Project, Project.id == Milestone.project_id).where(*where)
    found = session().execute(joined.order_by(Milestone.starts_at, Milestone.id)).all()
    if not found:
        return []
    records = select(Project.cooperation_id).join(Milestone, Milestone.project_id == Project.id).where(*where)
    partners, context = taking_part.partners_of(records), reader()
    entries = (_kept_or_made(row, partners.get(row.cooperation_id, ()), context) for row in found)
    return [entry for entry in entries if entry is not None]


def _seen_by(audiences: Iterable[Audience]) -> ColumnElement[bool]:
    """The condition that one of these audiences may see the milestone today."""
    seen = taking_part.seen_by(audiences, Project.cooperation_id, public=open_to_all())
    return and_(Milestone.status != RowStatus.DRAFT, seen)


def _kept_or_made(row: Any, partners: Partners, context: tuple[str, str]) -> Entry | None:
    """The entry of one row of `_COLUMNS`; None, and a line in the log, for what no calendar could show."""
    key = ("milestone", row.uid, row.version, row.project_id, row.project_version, partners, context)
    entry = keeping.find(key)
    if entry is None:
        try:
            entry = _entry(row, partners)
        except ValueError as error:
            log.error("sources.left_out", milestone=row.id, exc_info=error)
            return None
        keeping.keep(key, entry)
    return entry


def _entry(row: Any, partners: Partners) -> Entry:
    path = path_of("projects.show", project_id=row.project_id)
    day = row.starts_local.date()
    starts_local, ends_local = whole_days(day, day)
    with in_language("de"):  # a stable word for colours and filters, whoever reads
        category = _("Milestone")
    return Entry(
        uid=row.uid,
        sequence=row.sequence,
        status=Status(row.status),
        changed_at=row.changed_at,
        starts_local=starts_local,
        ends_local=ends_local,
        zone=row.zone,
        all_day=True,
        summary=_("%(project)s: %(milestone)s", project=row.project_title, milestone=row.title),
        description=_description(row, partners),
        organizer=municipality(),
        url=public_url() + path,
        categories=(category,),
        audience=PUBLIC if row.announced_at or not partners else Audience(Circle.ORGANIZATION, partners[0][0]),
        row=f"{Milestone.__tablename__}:{row.id}",
        kind="milestone",
        link=path,
        organization_ids=frozenset(organization_id for organization_id, _version, _name in partners),
    )


def _description(row: Any, partners: Partners) -> str:
    facts = [_("Milestone of a project: by this day it is to be reached.")]
    if row.reached_on is not None:
        facts = [_("Milestone of a project: reached on %(day)s.", day=say_date(row.reached_on))]
    facts.append(_("Status: %(status)s", status=STATE_LABELS[State(row.state)]))
    facts.append(taking_part.together_with(partners))
    return "\n".join(filter(None, facts))
