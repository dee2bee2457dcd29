"""Events as entries. Each has one reading: who may see it at all sees the same (see `taking_part`)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Select, and_, select

from calendars.entry import PUBLIC, Audience, Circle, Entry, Status
from calendars.sources import keeping, taking_part
from calendars.sources.keeping import MOST_BY_ID, Key, ids_among
from calendars.sources.taking_part import Partners
from calendars.sources.words import PLACE_COLUMNS, address_of, municipality, path_of, public_url, reader
from coordination.events.models import Event
from coordination.events.queries import open_to_all
from coordination.events.rules import STATE_LABELS, State
from coordination.places.models import Place
from core.database import session
from core.dated import Status as RowStatus
from core.dated import within
from core.languages import _, in_language

log = structlog.get_logger()

#: what an entry is made of is known by these; they are read at every look
_VERSIONS = (
    Event.uid,
    Event.version.label("event_version"),
    Event.place_id,
    Place.version.label("place_version"),
)
#: and these only for an entry that is not kept yet
_FACTS = (
    Event.id,
    Event.sequence,
    Event.status,
    Event.state,
    Event.changed_at,
    Event.starts_local,
    Event.ends_local,
    Event.zone,
    Event.title,
    Event.text,
    Event.languages,
    Event.public,
    Event.announced_at,
    Place.step_free,
    *PLACE_COLUMNS,
)


def listed(
    from_: date | None, until: date | None, *, audiences: frozenset[Audience], rows: Collection[str] | None
) -> list[Entry]:
    """The events that these audiences may see, by start; with `rows` those among them alone.

    Three queries, two where all are kept; none where none of these rows is an event.
    """
    if all(audience.kind is Circle.COMMITTEE for audience in audiences):
        return []  # nobody sees an event as a member of a committee
    where = [*within(Event, from_, until), _seen_by(audiences)]
    if rows is None:
        return _events(where)
    ids = ids_among(rows, Event.__tablename__)
    return _events([Event.id.in_(ids), *where]) if ids else []


def one(event_id: int) -> list[Entry]:
    """This event, whoever may see it; nothing for a draft."""
    return _events([Event.id == event_id, Event.status != RowStatus.DRAFT])


def _seen_by(audiences: Iterable[Audience]) -> ColumnElement[bool]:
    """The condition that one of these audiences may see the event today."""
    seen = taking_part.seen_by(audiences, Event.cooperation_id, public=open_to_all())
    return and_(Event.status != RowStatus.DRAFT, seen)


def _events(where: Sequence[ColumnElement[bool]]) -> list[Entry]:
    """Entries of the events that meet the conditions, by start."""
    columns = (Event.id, Event.cooperation_id, *_VERSIONS)
    rows = session().execute(_joined(columns, where).order_by(Event.starts_at, Event.id)).all()
    records = select(Event.cooperation_id).where(*where)
    found_partners, context = taking_part.partners_of(records) if rows else {}, reader()
    found: dict[int, Entry | None] = {}
    missing: dict[int, tuple[Key, Partners]] = {}
    for event_id, cooperation_id, *versions in rows:
        partners = found_partners.get(cooperation_id, ())
        key = ("event", *versions, partners, context)
        found[event_id] = entry = keeping.find(key)
        if entry is None:
            missing[event_id] = (key, partners)
    if missing:
        found |= _made(where, missing)
    return [entry for entry in found.values() if entry is not None]


def _joined(columns: Iterable[Any], where: Iterable[ColumnElement[bool]]) -> Select[Any]:
    return select(*columns).select_from(Event).outerjoin(Place, Place.id == Event.place_id).where(*where)


def _made(where: Sequence[ColumnElement[bool]], missing: Mapping[int, tuple[Key, Partners]]) -> dict[int, Entry | None]:
    """Entries of the events that are not kept yet: one query. They are kept from now on."""
    narrow = [Event.id.in_(missing)] if len(missing) <= MOST_BY_ID else where
    made: dict[int, Entry | None] = {}
    for row in session().execute(_joined((*_FACTS, *_VERSIONS), narrow)):
        if row.id not in missing:
            continue
        key, partners = missing[row.id]
        try:
            made[row.id] = entry = _entry(row, partners)
        except ValueError as error:
            log.error("sources.left_out", event=row.id, exc_info=error)
            continue
        if key[1 : len(_VERSIONS) + 1] == tuple(row[len(_FACTS) :]):  # else it changed between the two queries
            keeping.keep(key, entry)
    return made


def _entry(row: Any, partners: Partners) -> Entry:
    """The entry of one row of `_FACTS`. Raises ValueError for what no calendar could show."""
    path = path_of("events.show", event_id=row.id)
    open_now = row.public and row.announced_at is not None
    with in_language("de"):  # a stable word for colours and filters, whoever reads
        category = _("Event")
    return Entry(
        uid=row.uid,
        sequence=row.sequence,
        status=Status(row.status),
        changed_at=row.changed_at,
        starts_local=row.starts_local,
        ends_local=row.ends_local,
        zone=row.zone,
        summary=row.title,
        description=_description(row, partners),
        location=address_of(row),
        organizer=municipality(),
        url=public_url() + path,
        categories=(category,),
        audience=PUBLIC if open_now or not partners else Audience(Circle.ORGANIZATION, partners[0][0]),
        row=f"{Event.__tablename__}:{row.id}",
        kind="event",
        link=path,
        organization_ids=frozenset(organization_id for organization_id, _version, _name in partners),
    )


def _description(row: Any, partners: Partners) -> str:
    facts = []
    if row.state in (State.PLANNED, State.CANCELLED):
        facts.append(_("Status: %(status)s", status=STATE_LABELS[State(row.state)]))
    if not row.public:
        facts.append(_("Only for those who take part."))
    facts.append(taking_part.together_with(partners))
    if row.languages:
        facts.append(_("Languages: %(languages)s", languages=row.languages))
    if row.step_free:
        facts.append(_("The room can be reached without steps."))
    return "\n\n".join(filter(None, ["\n".join(filter(None, facts)), row.text]))
