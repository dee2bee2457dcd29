"""Sittings as entries.

Each has two readings with one uid: the public one, and the inner one for who belongs to its committee. Who asks for
entries gets one of them, never both.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import structlog
from sqlalchemy import ColumnElement, Select, and_, bindparam, false, or_, select

from calendars.entry import PUBLIC, Audience, Circle, Entry, Status
from calendars.sources import keeping
from calendars.sources.audiences import circle_of
from calendars.sources.keeping import MOST_BY_ID, Key, ids_among
from calendars.sources.words import PLACE_COLUMNS, address_of, municipality, path_of, public_url, reader
from coordination.organizations.models import Organization
from coordination.places.models import Place
from core.database import session
from core.dated import Status as RowStatus
from core.dated import within
from core.languages import _, in_language
from meetings.agenda.models import AgendaItem
from meetings.sittings.models import Sitting
from meetings.sittings.rules import MODE_LABELS, STATUS_LABELS, Mode
from participation.committees.models import Committee
from participation.committees.rules import KIND_LABELS, Kind
from participation.seats.models import Seat
from participation.seats.rules import holds_on

log = structlog.get_logger()


class _Line(NamedTuple):
    """An agenda item as far as calendars show it."""

    number: str
    title: str
    public: bool


class _Holder(NamedTuple):
    """An organization with a seat in the committee, from–until (inclusive, None = open)."""

    organization_id: int
    starts_on: date | None
    ends_on: date | None


#: what an entry is made of is known by these; they are read at every look
_VERSIONS = (
    Sitting.uid,
    Sitting.version.label("sitting_version"),
    Sitting.changed_at,  # moves by the agenda too, past the version
    Sitting.committee_id,
    Committee.version.label("committee_version"),
    Organization.version.label("organization_version"),
    Sitting.place_id,
    Place.version.label("place_version"),
)
#: and these only for an entry that is not kept yet
_FACTS = (
    Sitting.id,
    Sitting.sequence,
    Sitting.status,
    Sitting.starts_local,
    Sitting.ends_local,
    Sitting.zone,
    Sitting.title,
    Sitting.number,
    Sitting.mode,
    Sitting.video_url,
    Sitting.public,
    Sitting.reason,
    Committee.slug,
    Committee.kind,
    Committee.organization_id,
    Organization.name.label("committee_name"),
    *PLACE_COLUMNS,
)


class _Reading(NamedTuple):
    """How one sitting is read: what is added to the facts of its row."""

    inner: bool
    agenda: tuple[_Line, ...]
    holders: "_Holders"


class _Holders(NamedTuple):
    """The organizations with a seat in a committee; the text stands for them where states are compared."""

    stamp: str
    seats: tuple[_Holder, ...]


_NO_HOLDERS = _Holders("", ())


def listed(
    from_: date | None,
    until: date | None,
    *,
    audiences: frozenset[Audience],
    committees: Collection[int] | None,
    rows: Collection[str] | None,
) -> list[Entry]:
    """The sittings that these audiences may see, by start; with `committees` (ids) those of them alone, and with
    `rows` those among them.

    Four queries, three where all are kept.
    """
    if all(audience.kind not in (Circle.PUBLIC, Circle.COMMITTEE) for audience in audiences):
        return []  # nobody sees a sitting as anything else
    where = [*within(Sitting, from_, until), _seen_by(audiences, committees)]
    return _sittings(where, audiences) if rows is None else _few(where, audiences, rows)


def one(sitting_id: int, *, audiences: frozenset[Audience]) -> list[Entry]:
    """This sitting, if these audiences may see it; nothing otherwise."""
    return _sittings([Sitting.id == sitting_id, _seen_by(audiences, None)], audiences)


def _seen_by(audiences: Iterable[Audience], committees: Collection[int] | None) -> ColumnElement[bool]:
    """The condition that one of these audiences may see the sitting."""
    inner = [audience.id for audience in audiences if audience.kind is Circle.COMMITTEE]
    public = and_(Sitting.public.is_(True), Committee.public.is_(True)) if PUBLIC in audiences else false()
    seen = and_(Sitting.status != RowStatus.DRAFT, or_(public, Sitting.committee_id.in_(inner)))
    return seen if committees is None else and_(seen, Sitting.committee_id.in_(committees))


def _sittings(where: Sequence[ColumnElement[bool]], audiences: frozenset[Audience]) -> list[Entry]:
    """Entries of the sittings that meet the conditions, by start."""
    rows = session().execute(_joined((Sitting.id, *_VERSIONS), where).order_by(Sitting.starts_at, Sitting.id))
    inside = {audience.id for audience in audiences if audience.kind is Circle.COMMITTEE}
    agendas, holders = _agendas(where), _as_holders(session().execute(_SEATS))  # the seats are few, so all are read
    context = reader()
    found: dict[int, Entry | None] = {}
    missing: dict[int, tuple[Key, _Reading]] = {}
    for sitting_id, *versions in rows:
        committee_id = versions[3]
        reading = _Reading(committee_id in inside, agendas.get(sitting_id, ()), holders.get(committee_id, _NO_HOLDERS))
        key = (*versions, reading.inner, reading.agenda, reading.holders.stamp, context)
        found[sitting_id] = entry = keeping.find(key)
        if entry is None:
            missing[sitting_id] = (key, reading)
    if missing:
        found |= _made(where, missing)
    return [entry for entry in found.values() if entry is not None]


def _few(where: Sequence[ColumnElement[bool]], audiences: frozenset[Audience], rows: Collection[str]) -> list[Entry]:
    """Those among these rows that meet the conditions, by start: read past what is kept, in three queries."""
    ids = ids_among(rows, Sitting.__tablename__)
    if not ids:
        return []
    narrow = [Sitting.id.in_(ids), *where]
    found = session().execute(_joined((*_FACTS, *_VERSIONS), narrow).order_by(Sitting.starts_at, Sitting.id)).all()
    inside = {audience.id for audience in audiences if audience.kind is Circle.COMMITTEE}
    agendas = _as_agendas(session().execute(_AGENDA_OF, {"sittings": ids}))
    holders = _as_holders(session().execute(_SEATS_OF, {"committees": [row.committee_id for row in found]}))
    readings = (
        (row, _Reading(row.committee_id in inside, agendas.get(row.id, ()), holders.get(row.committee_id, _NO_HOLDERS)))
        for row in found
    )
    return [entry for row, reading in readings if (entry := _entry_if_sound(row, reading)) is not None]


def _joined(columns: Iterable[Any], where: Iterable[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Sitting)
        .join(Committee, Committee.id == Sitting.committee_id)
        .join(Organization, Organization.id == Committee.organization_id)
        .outerjoin(Place, Place.id == Sitting.place_id)
        .where(*where)
    )


_AGENDA = select(AgendaItem.sitting_id, AgendaItem.number, AgendaItem.title, AgendaItem.public).order_by(
    AgendaItem.position, AgendaItem.id
)
_SEATS = (
    select(Seat.committee_id, Seat.organization_id, Seat.starts_on, Seat.ends_on)
    .where(Seat.organization_id.is_not(None))
    .order_by(Seat.committee_id, Seat.id)
)
# made once: making a statement takes longer than sending it
_AGENDA_OF = _AGENDA.where(AgendaItem.sitting_id.in_(bindparam("sittings", expanding=True)))
_SEATS_OF = _SEATS.where(Seat.committee_id.in_(bindparam("committees", expanding=True)))


def _agendas(where: Iterable[ColumnElement[bool]]) -> dict[int, tuple[_Line, ...]]:
    found = _AGENDA.join(Sitting, Sitting.id == AgendaItem.sitting_id).join(
        Committee, Committee.id == Sitting.committee_id
    )
    return _as_agendas(session().execute(found.where(*where)))


def _as_agendas(rows: Iterable[Any]) -> dict[int, tuple[_Line, ...]]:
    lines: dict[int, list[_Line]] = {}
    for sitting_id, number, title, public in rows:
        lines.setdefault(sitting_id, []).append(_Line(number, title, public))
    return {sitting_id: tuple(items) for sitting_id, items in lines.items()}


def _as_holders(rows: Iterable[Any]) -> dict[int, _Holders]:
    """Who has a seat in which committee."""
    seats: dict[int, list[_Holder]] = {}
    for committee_id, organization_id, starts_on, ends_on in rows:
        seats.setdefault(committee_id, []).append(_Holder(organization_id or 0, starts_on, ends_on))
    return {committee_id: _Holders(repr(held), tuple(held)) for committee_id, held in seats.items()}


def _made(where: Sequence[ColumnElement[bool]], missing: Mapping[int, tuple[Key, _Reading]]) -> dict[int, Entry | None]:
    """Entries of the sittings that are not kept yet: one query. They are kept from now on."""
    narrow = [Sitting.id.in_(missing)] if len(missing) <= MOST_BY_ID else where
    made: dict[int, Entry | None] = {}
    for row in session().execute(_joined((*_FACTS, *_VERSIONS), narrow)):
        if row.id not in missing:
            continue
        key, reading = missing[row.id]
        entry = _entry_if_sound(row, reading)
        if entry is None:
            continue
        made[row.id] = entry
        if key[: len(_VERSIONS)] == tuple(row[len(_FACTS) :]):  # else it changed between the two queries
            keeping.keep(key, entry)
    return made


def _entry_if_sound(row: Any, reading: _Reading) -> Entry | None:
    try:
        return _entry(row, reading)
    except ValueError as error:
        log.error("sources.left_out", sitting=row.id, exc_info=error)
        return None


def _entry(row: Any, reading: _Reading) -> Entry:
    """The entry of one row of `_FACTS`. Raises ValueError for what no calendar could show."""
    mode, day = Mode(row.mode), row.starts_local.date()
    path = path_of("sittings.show", sitting_id=row.id)
    holders = {seat.organization_id for seat in reading.holders.seats if holds_on(day, seat.starts_on, seat.ends_on)}
    return Entry(
        uid=row.uid,
        sequence=row.sequence,
        status=Status(row.status),
        changed_at=row.changed_at,
        starts_local=row.starts_local,
        ends_local=row.ends_local,
        zone=row.zone,
        summary=f"{row.committee_name}: {row.title}" if row.title else row.committee_name,
        description=_description(row, reading, mode),
        location=_location(row, reading, mode),
        organizer=municipality(),
        url=public_url() + path,
        conference_url=row.video_url if reading.inner else "",
        categories=_categories(Kind(row.kind), row.committee_name),
        audience=circle_of(row.committee_id) if reading.inner else PUBLIC,
        row=f"{Sitting.__tablename__}:{row.id}",
        kind="sitting",
        link=path,
        committee=row.slug,
        organization_ids=frozenset({row.organization_id, *holders}),
    )


def _description(row: Any, reading: _Reading, mode: Mode) -> str:
    facts = [_("Status: %(status)s", status=STATUS_LABELS[RowStatus(row.status)])]
    if row.reason and reading.inner:
        facts.append(_("Reason: %(reason)s", reason=row.reason))
    if not row.public:
        facts.append(_("This sitting is not public."))
    if row.number:
        facts.append(_("Number: %(number)s", number=row.number))
    if mode is not Mode.IN_PERSON:
        facts.append(_("Kind of sitting: %(mode)s", mode=MODE_LABELS[mode]))
    agenda = [_agenda_line(line) for line in reading.agenda if line.public or reading.inner]
    parts = ["\n".join(facts), "\n".join([_("Agenda:"), *agenda]) if agenda else ""]
    return "\n\n".join(filter(None, parts))


def _agenda_line(line: _Line) -> str:
    text = f"{line.number} {line.title}".strip()
    return text if line.public else _("%(item)s (not public)", item=text)


def _location(row: Any, reading: _Reading, mode: Mode) -> str:
    if address := address_of(row):
        return address
    if mode is Mode.VIDEO:
        return (row.video_url if reading.inner else "") or _("Online")
    return ""


def _categories(kind: Kind, committee_name: str) -> tuple[str, ...]:
    """Stable words for colours and filters, so in German for readers of every language."""
    with in_language("de"):
        return (str(KIND_LABELS[kind]), committee_name)
