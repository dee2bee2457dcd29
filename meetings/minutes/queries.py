"""Reading minutes: texts and their revisions, the Niederschrift as a whole, and what is still owed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from core.clock import now
from core.database import session
from core.dated import Status
from core.history import lines_of
from meetings.agenda.models import AgendaItem
from meetings.agenda.queries import items_of
from meetings.attendance.queries import SeatLine, Sheet, recorded_among, sheet_of
from meetings.attendance.rules import THERE, Presence, Quorum
from meetings.minutes.models import Minutes, MinutesRevision
from meetings.sittings.models import Sitting

#: minutes and attendance of older sittings are not asked for any more
OWED_DAYS = 183


def find_minutes(sitting_id: int) -> Minutes | None:
    """The minutes' head, or None while nobody began it."""
    return session().scalar(select(Minutes).where(Minutes.sitting_id == sitting_id))


def recorded_after_release(minutes: Minutes) -> bool:
    """Whether attendance was recorded anew since the release: the Niederschrift says something else now."""
    released = minutes.released_at
    if released is None:
        return False
    lines = lines_of("sitting", minutes.sitting_id)
    return any(line.action == "attendance.record" and line.at > released for line in lines)


def newest_of(item_ids: Collection[int]) -> dict[int, MinutesRevision]:
    """The newest revision of each of these items that has one: one query."""
    last = (
        select(MinutesRevision.agenda_item_id, func.max(MinutesRevision.number).label("number"))
        .where(MinutesRevision.agenda_item_id.in_(item_ids))
        .group_by(MinutesRevision.agenda_item_id)
        .subquery()
    )
    found = select(MinutesRevision).join(
        last,
        (MinutesRevision.agenda_item_id == last.c.agenda_item_id) & (MinutesRevision.number == last.c.number),
    )
    return {row.agenda_item_id: row for row in session().scalars(found)}


def revisions_of(item_id: int) -> Select[MinutesRevision]:
    """All revisions of an item's text, newest first."""
    found = select(MinutesRevision).where(MinutesRevision.agenda_item_id == item_id)
    return found.order_by(MinutesRevision.number.desc())


def find_text(item_id: int, number: int) -> str | None:
    """The text of one revision; "" for number 0 (before the first), None where there is none of this number."""
    if number == 0:
        return ""
    return session().scalar(
        select(MinutesRevision.text).where(MinutesRevision.agenda_item_id == item_id, MinutesRevision.number == number)
    )


def has_revision(item_id: int, text: str) -> bool:
    """Whether the item's text was exactly this at any time."""
    same = select(MinutesRevision.id).where(MinutesRevision.agenda_item_id == item_id, MinutesRevision.text == text)
    return session().scalar(same.limit(1)) is not None


@dataclass(frozen=True)
class ItemText:
    """An agenda item and what was written about it; number 0: nothing yet."""

    item: AgendaItem
    text: str
    number: int
    saved_at: datetime | None


def texts_of(sitting_id: int, *, public_only: bool = False) -> list[ItemText]:
    """The agenda with the newest text of each item, or of its public items alone: two queries."""
    items = items_of(sitting_id, public_only=public_only)
    newest = newest_of([item.id for item in items])
    return [_with_text(item, newest.get(item.id)) for item in items]


def _with_text(item: AgendaItem, revision: MinutesRevision | None) -> ItemText:
    if revision is None:
        return ItemText(item, "", 0, None)
    return ItemText(item, revision.text, revision.number, revision.saved_at)


@dataclass(frozen=True)
class SeatEntry:
    """A seat in the list of those present. Without `name` where names are not for the reader."""

    seat: str
    organization: str
    name: str
    #: the member, where a deputy was there: „A für B“
    instead_of: str
    represented: bool
    online: bool


@dataclass(frozen=True)
class Niederschrift:
    """The minutes of a sitting as one reader sees them: whole, or the public part.

    In the public part there are public items alone; persons are named only where the committee publishes them, and
    who was missing never is: those are numbers. A seat that was not recorded stands nowhere.
    """

    sitting: Sitting
    minutes: Minutes | None
    full: bool
    #: whether persons are named
    names: bool
    voting: Sequence[SeatEntry]
    advisory: Sequence[SeatEntry]
    excused: Sequence[SeatEntry]
    absent: Sequence[SeatEntry]
    excused_number: int
    absent_number: int
    #: None: no attendance was recorded
    quorum: Quorum | None
    items: Sequence[ItemText]

    @property
    def began(self) -> datetime | None:
        """When it really began, wall time; None where nobody noted it."""
        return self.minutes.began_local if self.minutes else None

    @property
    def ended(self) -> datetime | None:
        """When it really ended, wall time; None where nobody noted it."""
        return self.minutes.ended_local if self.minutes else None

    @property
    def chair(self) -> str:
        """Who chaired; empty where names are not for the reader."""
        return self.minutes.chair_name if self.minutes and self.names else ""

    @property
    def secretary(self) -> str:
        """Who wrote; empty where names are not for the reader."""
        return self.minutes.secretary_name if self.minutes and self.names else ""

    @property
    def guests(self) -> list[str]:
        """Officials, experts and guests; nobody where names are not for the reader."""
        lines = self.minutes.guests.splitlines() if self.minutes and self.names else []
        return [line.strip() for line in lines if line.strip()]


def niederschrift(sitting: Sitting, *, full: bool) -> Niederschrift:
    """The minutes of the sitting, whole or the public part: seven queries, whatever the size."""
    sheet = sheet_of(sitting)
    names = full or sitting.committee.publishes_attendance
    there = [line for line in sheet.lines if line.presence in THERE]
    excused, absent = sheet.by_presence(Presence.EXCUSED), sheet.by_presence(Presence.ABSENT)
    return Niederschrift(
        sitting=sitting,
        minutes=find_minutes(sitting.id),
        full=full,
        names=names,
        voting=[_entry(line, names=names) for line in there if line.holding.seat.voting_right],
        advisory=[_entry(line, names=names) for line in there if not line.holding.seat.voting_right],
        excused=[_entry(line, names=True) for line in excused] if full else [],
        absent=[_entry(line, names=True) for line in absent] if full else [],
        excused_number=len(excused),
        absent_number=len(absent),
        quorum=sheet.quorum if sheet.any_recorded else None,
        items=texts_of(sitting.id, public_only=not full),
    )


def _entry(line: SeatLine, *, names: bool) -> SeatEntry:
    seat, represented = line.holding.seat, line.presence is Presence.REPRESENTED
    member = line.holding.member.person.name if line.holding.member else ""
    return SeatEntry(
        seat=seat.label,
        organization=seat.organization.name if seat.organization else "",
        name=line.there if names else "",
        instead_of=member if names and represented else "",
        represented=represented,
        online=line.presence is Presence.REMOTE,
    )


def suggested_signers(sheet: Sheet) -> Mapping[str, str]:
    """Names to begin the head with: who was there as chair (else as deputy chair), and as minute taker."""
    found: dict[str, str] = {}
    for line in sheet.lines:
        member = line.holding.member
        if member and line.presence in (Presence.PRESENT, Presence.REMOTE):
            found.setdefault(member.role, member.person.name)
    return {
        "chair_name": found.get("chair") or found.get("vice_chair", ""),
        "secretary_name": found.get("secretary", ""),
    }


@dataclass(frozen=True)
class Owed:
    """A held sitting that waits for the clerk: for its attendance, its minutes, or both."""

    sitting: Sitting
    attendance: bool
    minutes: bool


def owed_by(committee_ids: Collection[int], *, days: int = OWED_DAYS) -> list[Owed]:
    """Sittings of these committees in the last `days` that have no attendance or no released minutes.

    Newest first; begun, neither drafts nor cancelled. Three queries.
    """
    found = select(Sitting).where(
        Sitting.committee_id.in_(committee_ids),
        Sitting.status.in_([Status.TENTATIVE, Status.CONFIRMED]),
        Sitting.starts_at <= now(),
        Sitting.starts_at >= now() - timedelta(days=days),
    )
    sittings = list(session().scalars(found.order_by(Sitting.starts_at.desc(), Sitting.id.desc())))
    ids = [sitting.id for sitting in sittings]
    recorded, released = recorded_among(ids), _released_among(ids)
    owed = [Owed(sitting, sitting.id not in recorded, sitting.id not in released) for sitting in sittings]
    return [each for each in owed if each.attendance or each.minutes]


def _released_among(sitting_ids: Collection[int]) -> frozenset[int]:
    found = select(Minutes.sitting_id).where(Minutes.sitting_id.in_(sitting_ids), Minutes.released_at.is_not(None))
    return frozenset(session().scalars(found))
