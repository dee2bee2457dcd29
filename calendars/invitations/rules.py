"""Whom a sitting asks, and what each has yet to be told. Persons and seats are numbers here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from meetings.attendance.rules import Answer

#: so long before the sitting, who has not answered is reminded
REMIND_BEFORE = timedelta(days=3)
#: nobody is reminded of what they were told within this time
REST = timedelta(hours=24)
_COMES = frozenset({Answer.COMING, Answer.ONLINE})


def last_sending_day(sitting_day: date, notice_days: int) -> date:
    """The last day on which invitations keep the notice period: full days lie between sending and sitting.

    Neither the day of sending nor that of the sitting counts (as in most rules of procedure, e.g. eight full days).
    """
    return sitting_day - timedelta(days=notice_days + 1)


class News(StrEnum):
    """What a person is told."""

    #: a member is invited
    INVITED = "invited"
    #: a deputy is asked, because the member cannot come or the seat is vacant
    ASKED = "asked"
    #: time, place or status is another than they were told
    CHANGED = "changed"
    CANCELLED = "cancelled"
    #: a deputy is not needed any more
    NOT_NEEDED = "not_needed"
    #: on the day of the sitting the person has no seat any more
    ENDED = "ended"
    #: kept in mind, but no mail: it would say nothing new to them
    QUIET = "quiet"


#: after these the date leaves the person's calendar
TAKES_AWAY = frozenset({News.CANCELLED, News.NOT_NEEDED, News.ENDED})


@dataclass(frozen=True)
class Role:
    """As what a person is asked: for which seat, as its member (rank 0) or its nth deputy."""

    seat_id: int
    rank: int


@dataclass(frozen=True)
class Told:
    """What a person was told last."""

    role: Role
    sequence: int
    #: that they need not come
    closed: bool


@dataclass(frozen=True)
class SeatView:
    """A seat on the day of the sitting: its member (None: vacant), its deputies with their rank in order, and what
    was answered for it."""

    seat_id: int
    member: int | None
    deputies: Mapping[int, int] = field(default_factory=dict)
    answers: Mapping[int, Answer] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether a deputy is needed: the seat is vacant, or its member cannot come."""
        return self.member is None or self.answers.get(self.member) is Answer.NOT_COMING


def asked_deputies(deputies: Sequence[int], answers: Mapping[int, Answer], reachable: Collection[int]) -> list[int]:
    """Whom an open seat asks: the one who has accepted, else all who declined and the first who has not answered.

    A deputy who cannot be reached by mail is passed over, unless they accepted by themselves.
    """
    accepted = [person for person in deputies if answers.get(person) in _COMES]
    if accepted:
        return accepted[:1]
    declined = [person for person in deputies if person in answers]
    waiting = [person for person in deputies if person not in answers and person in reachable]
    return declined + waiting[:1]


def roles(
    seats: Iterable[SeatView],
    *,
    members: Collection[int],
    asked_for: Mapping[int, int] | None = None,
    reachable: Collection[int],
) -> dict[int, Role]:
    """As what each person is asked: these `members` for their (first) seat, and deputies of open seats.

    Nobody is asked for two seats: a deputy who is a member elsewhere, or was asked for another open seat before
    (`asked_for`: person → seat), is passed over.
    """
    views = list(seats)
    found: dict[int, Role] = {}
    for seat in views:
        if seat.member is not None and seat.member in members:
            found.setdefault(seat.member, Role(seat.seat_id, 0))
    taken = {seat.member for seat in views if seat.member is not None}
    free = [seat for seat in views if seat.open]
    bound = {
        person: seat.seat_id
        for seat in free
        for person in seat.deputies
        if (asked_for or {}).get(person) == seat.seat_id and person not in taken
    }
    for seat in free:
        candidates = [p for p in seat.deputies if p not in taken and bound.get(p, seat.seat_id) == seat.seat_id]
        for person in asked_deputies(candidates, seat.answers, reachable):
            found[person] = Role(seat.seat_id, seat.deputies[person])
            bound[person] = seat.seat_id
    return found


def news(role: Role | None, told: Told | None, answer: Answer | None, *, sequence: int, cancelled: bool) -> News | None:
    """What a person has yet to be told; None: nothing.

    `role`: as what they are asked now. `told`: what they were told last. `answer`: what they said for that seat.
    `sequence` and `cancelled` are the sitting's. A cancelled sitting stays so.
    """
    declined = answer is Answer.NOT_COMING
    if told is None or told.closed:
        if role is None or cancelled or declined:
            return None
        return News.ASKED if role.rank else News.INVITED
    if cancelled:
        return News.CANCELLED
    if role is None:
        return News.QUIET if declined else News.NOT_NEEDED if told.role.rank else News.ENDED
    if role.rank and (role.seat_id != told.role.seat_id or not told.role.rank):
        return News.ASKED
    if told.sequence < sequence:
        return News.CHANGED
    return News.QUIET if role != told.role else None


def reminder_is_due(moment: datetime, starts_at: datetime, told_at: datetime) -> bool:
    """Whether somebody who has not answered is reminded at this moment (all aware), if they were not before."""
    return starts_at - REMIND_BEFORE <= moment < starts_at and told_at + REST <= moment
