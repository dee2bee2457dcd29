"""Reading minutes: texts and their revisions, and what is still owed. The whole is in `niederschrift`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from core.clock import now
from core.database import session
from core.dated import Status
from meetings.agenda.models import AgendaItem
from meetings.agenda.queries import items_of
from meetings.attendance.queries import Sheet, recorded_among
from meetings.attendance.rules import Presence
from meetings.minutes.models import Minutes, MinutesRevision
from meetings.sittings.models import Sitting

#: minutes and attendance of older sittings are not asked for any more
OWED_DAYS = 183


def find_minutes(sitting_id: int) -> Minutes | None:
    """The minutes' head, or None while nobody began it."""
    return session().scalar(select(Minutes).where(Minutes.sitting_id == sitting_id))


def is_released(sitting_id: int) -> bool:
    """Whether who may read the minutes reads them at present."""
    minutes = find_minutes(sitting_id)
    return minutes is not None and minutes.released_at is not None


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


def texts_of(sitting_id: int) -> list[ItemText]:
    """The agenda with the newest text of each item: two queries."""
    items = items_of(sitting_id)
    newest = newest_of([item.id for item in items])
    return [_with_text(item, newest.get(item.id)) for item in items]


def _with_text(item: AgendaItem, revision: MinutesRevision | None) -> ItemText:
    if revision is None:
        return ItemText(item, "", 0, None)
    return ItemText(item, revision.text, revision.number, revision.saved_at)


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
class Gaps:
    """What minutes lack before their release, if anything."""

    #: items on the agenda, and those of them without a text
    items: int
    empty: int
    #: seats that somebody held on that day, and those of them of which no attendance is recorded
    seats: int
    unrecorded: int
    #: whether nothing is said of the sitting as a whole
    no_head: bool

    @property
    def any(self) -> bool:
        """Whether anything is missing."""
        return bool(not self.items or self.empty or self.unrecorded or self.no_head)


def gaps_of(sheet: Sheet) -> Gaps:
    """What the minutes of this sheet's sitting lack: three queries."""
    minutes, texts = find_minutes(sheet.sitting.id), texts_of(sheet.sitting.id)
    held = [line.presence for line in sheet.lines if line.holding.people]
    return Gaps(
        items=len(texts),
        empty=sum(not each.text.strip() for each in texts),
        seats=len(held),
        unrecorded=held.count(None),
        no_head=minutes is None or not minutes.described,
    )


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
