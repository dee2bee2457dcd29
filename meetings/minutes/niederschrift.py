"""The Niederschrift as a whole: what would be released today, and what was."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.database import session
from core.errors import NotFound
from meetings.agenda.models import AgendaItem
from meetings.attendance.queries import SeatLine, sheet_of
from meetings.attendance.rules import THERE, Presence
from meetings.minutes.content import (
    Content,
    Difference,
    ItemEntry,
    SeatEntry,
    checksum,
    differences,
    public_part,
    read,
)
from meetings.minutes.models import Minutes, MinutesRelease
from meetings.minutes.queries import find_minutes, texts_of
from meetings.sittings.models import Sitting


def releases_of(sitting_id: int) -> list[MinutesRelease]:
    """All versions that were released, newest first: one query."""
    found = select(MinutesRelease).where(MinutesRelease.sitting_id == sitting_id)
    return list(session().scalars(found.order_by(MinutesRelease.number.desc())))


def newest_release(sitting_id: int) -> MinutesRelease | None:
    """The version that was released last, or None."""
    found = select(MinutesRelease).where(MinutesRelease.sitting_id == sitting_id)
    return session().scalar(found.order_by(MinutesRelease.number.desc()).limit(1))


def find_release(sitting_id: int, number: int) -> MinutesRelease | None:
    """The version with this number, or None."""
    found = select(MinutesRelease).where(MinutesRelease.sitting_id == sitting_id, MinutesRelease.number == number)
    return session().scalar(found)


def without_release() -> list[Minutes]:
    """Released minutes of which no copy was kept, since they are older than such copies; oldest first."""
    kept = select(MinutesRelease.sitting_id)
    found = select(Minutes).where(Minutes.released_at.is_not(None), Minutes.sitting_id.not_in(kept))
    return list(session().scalars(found.options(joinedload(Minutes.sitting)).order_by(Minutes.id)))


def spoilt_releases() -> list[MinutesRelease]:
    """Copies that do not say what their checksum says: somebody changed them past this program."""
    rows = session().scalars(select(MinutesRelease).order_by(MinutesRelease.id).execution_options(yield_per=100))
    return [row for row in rows if checksum(row.content) != row.checksum]


@dataclass(frozen=True)
class Niederschrift:
    """The minutes of a sitting as one reader sees them: whole, or the public part.

    In the public part there are public items alone; persons are named only where the committee publishes them, and
    who was missing never is: those are numbers. A seat that was not recorded stands nowhere.
    """

    sitting: Sitting
    content: Content
    full: bool
    #: whether persons are named
    names: bool
    excused_number: int
    absent_number: int
    #: None: being written
    released_at: datetime | None
    #: the copy that this is; None: nothing was kept, so this is what would be released today
    release: MinutesRelease | None
    #: what the version before said otherwise, as far as this reader may see it
    changes: Sequence[Difference] = ()


def written(sitting: Sitting, *, full: bool) -> Niederschrift:
    """The minutes as they stand today, for who writes them; also where they are released."""
    minutes = find_minutes(sitting.id)
    moment = minutes.released_at if minutes else None
    return _shown(sitting, content_today(sitting, minutes), full=full, released_at=moment)


def released(sitting: Sitting, *, full: bool) -> Niederschrift:
    """The minutes as they were released last, also while they are being corrected. Raises NotFound before that.

    Of minutes that are older than the copies made at release, there is only what stands there today.
    """
    newest = newest_release(sitting.id)
    if newest is not None:
        return of_release(sitting, newest, full=full)
    minutes = find_minutes(sitting.id)
    if minutes is None or minutes.released_at is None:
        raise NotFound
    return _shown(sitting, content_today(sitting, minutes), full=full, released_at=minutes.released_at)


def of_release(sitting: Sitting, release: MinutesRelease, *, full: bool) -> Niederschrift:
    """One version as it was released."""
    hidden = frozenset() if full else _hidden_today(sitting.id)
    content, before = read(release.content), None
    if release.number > 1:
        before = find_release(sitting.id, release.number - 1)
    found = _shown(sitting, content, full=full, released_at=release.released_at, hidden=hidden)
    earlier = before and _shown(sitting, read(before.content), full=full, released_at=None, hidden=hidden)
    changes = differences(earlier.content, found.content) if earlier else []
    return dataclasses.replace(found, release=release, changes=changes)


def changed_since(sitting: Sitting, release: MinutesRelease) -> list[Difference]:
    """What the minutes would say otherwise if they were released today."""
    return differences(read(release.content), content_today(sitting, find_minutes(sitting.id)))


def content_today(sitting: Sitting, minutes: Minutes | None) -> Content:
    """What would be released today: six queries, whatever the size."""
    sheet = sheet_of(sitting)
    there = [line for line in sheet.lines if line.presence in THERE]
    return Content(
        municipality=str(current_app.config["SETTINGS"].body_name),
        committee=sitting.committee.name,
        title=sitting.title,
        number=sitting.number,
        mode=str(sitting.mode),
        starts=sitting.starts_local,
        ends=sitting.ends_local,
        began=minutes.began_local if minutes else None,
        ended=minutes.ended_local if minutes else None,
        room=sitting.place.address if sitting.place else "",
        chair=minutes.chair_name if minutes else "",
        secretary=minutes.secretary_name if minutes else "",
        guests=tuple(line.strip() for line in (minutes.guests if minutes else "").splitlines() if line.strip()),
        publishes_names=sitting.committee.publishes_attendance,
        voting=tuple(_entry(line) for line in there if line.holding.seat.voting_right),
        advisory=tuple(_entry(line) for line in there if not line.holding.seat.voting_right),
        excused=tuple(map(_entry, sheet.by_presence(Presence.EXCUSED))),
        absent=tuple(map(_entry, sheet.by_presence(Presence.ABSENT))),
        quorum=sheet.quorum if sheet.any_recorded else None,
        items=tuple(
            ItemEntry(one.item.id, one.item.number, one.item.title, one.item.public, one.text)
            for one in texts_of(sitting.id)
        ),
    )


def _entry(line: SeatLine) -> SeatEntry:
    seat, represented, member = line.holding.seat, line.presence is Presence.REPRESENTED, line.holding.member
    there = line.recorded.person_id if line.recorded and line.recorded.person_id else None
    return SeatEntry(
        seat=seat.label,
        organization=seat.organization.name if seat.organization else "",
        name=line.there,
        person_id=there or (member.person_id if member else None),
        instead_of=member.person.name if member and represented else "",
        instead_of_id=member.person_id if member and represented else None,
        represented=represented,
        online=line.presence is Presence.REMOTE,
    )


def _shown(
    sitting: Sitting,
    content: Content,
    *,
    full: bool,
    released_at: datetime | None,
    hidden: frozenset[int] = frozenset(),
) -> Niederschrift:
    """What this reader sees of it. Names need the committee's leave of the day of release and of today."""
    names = full or (content.publishes_names and sitting.committee.publishes_attendance)
    return Niederschrift(
        sitting=sitting,
        content=content if full else public_part(content, names=names, hidden=hidden),
        full=full,
        names=names,
        excused_number=len(content.excused),
        absent_number=len(content.absent),
        released_at=released_at,
        release=None,
    )


def _hidden_today(sitting_id: int) -> frozenset[int]:
    """Items that are not public any more: what was taken from the public since a release, no version shows it."""
    found = select(AgendaItem.id).where(AgendaItem.sitting_id == sitting_id, AgendaItem.public.is_(False))
    return frozenset(session().scalars(found))
