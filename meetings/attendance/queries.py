"""Reading: what was answered before a sitting, who was there, and what it adds up to."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.clock import now
from core.database import session
from core.dated import Status, within
from meetings.attendance.models import Attendance, Reply
from meetings.attendance.rules import (
    Answer,
    Presence,
    Quorum,
    SeatState,
    Tally,
    expected_presence,
    quorum,
    tally,
    total,
)
from meetings.sittings.models import Sitting
from participation.committees.models import Committee
from participation.seats.models import Appointment, Seat
from participation.seats.queries import Holding, holdings, list_seats, roster_on


@dataclass(frozen=True)
class SeatLine:
    """A seat on the day of a sitting: who holds it, what they answered, and what was recorded (None: nothing)."""

    holding: Holding
    #: what counts: given for the time at which the sitting begins now
    answers: Mapping[int, Answer]
    recorded: Attendance | None
    #: when the clerk entered an answer that was given by phone, by person
    phoned: Mapping[int, datetime] = field(default_factory=dict)
    #: answers for another time, from which the sitting was moved since, by person
    earlier: Mapping[int, Reply] = field(default_factory=dict)

    @property
    def presence(self) -> Presence | None:
        """What was recorded."""
        return None if self.recorded is None else Presence(self.recorded.presence)

    @property
    def member_answer(self) -> Answer | None:
        """What the member said, None where nothing or where the seat is vacant."""
        return self.answers.get(self.holding.member.person_id) if self.holding.member else None

    @property
    def open(self) -> bool:
        """Whether it is on the deputies to answer: the seat is vacant, or its member cannot come."""
        return self.holding.member is None or self.member_answer is Answer.NOT_COMING

    @property
    def expected(self) -> Presence | None:
        """What the answers let us expect; None: nobody can say yet."""
        deputies = (self.answers.get(deputy.person_id) for deputy in self.holding.deputies)
        return expected_presence(self.member_answer, deputies, vacant=self.holding.member is None)

    @property
    def willing(self) -> list[int]:
        """Who said that they come on this seat: its member, else its deputies in their order."""
        asked = self.holding.deputies if self.open else self.holding.people[:1]
        return [each.person_id for each in asked if self.answers.get(each.person_id) in (Answer.COMING, Answer.ONLINE)]

    @property
    def standing_in(self) -> Appointment | None:
        """The deputy who said to come, where the seat is expected to be represented."""
        if self.expected is not Presence.REPRESENTED:
            return None
        return next(deputy for deputy in self.holding.deputies if deputy.person_id in self.willing)

    @property
    def there(self) -> str:
        """The name of who filled the seat, else of who should have; empty where nobody is known."""
        if self.recorded is not None and self.recorded.person is not None:
            return self.recorded.person.name
        return self.holding.member.person.name if self.holding.member else ""


@dataclass(frozen=True)
class Sheet:
    """The attendance of one sitting: a line for each seat that exists on its day."""

    sitting: Sitting
    lines: Sequence[SeatLine]

    @property
    def any_recorded(self) -> bool:
        """Whether anything was recorded at all."""
        return any(line.recorded for line in self.lines)

    @property
    def any_answer(self) -> bool:
        """Whether anybody answered."""
        return any(line.answers for line in self.lines)

    @property
    def quorum(self) -> Quorum:
        """The quorum by what was recorded."""
        return self._quorum({line.holding.seat.id: line.presence for line in self.lines})

    @property
    def expected_quorum(self) -> Quorum:
        """The quorum that the answers so far let us expect. Who would come on two seats fills one, best with a vote."""
        expected: dict[int, Presence | None] = {}
        there: set[int] = set()
        for line in sorted(self.lines, key=lambda line: not line.holding.seat.voting_right):
            filled_by = next((person for person in line.willing if person not in there), None)
            if filled_by is not None:
                there.add(filled_by)
                expected[line.holding.seat.id] = line.expected
        return self._quorum(expected)

    def by_expectation(self, *wanted: Presence | None) -> list[SeatLine]:
        """The lines of which one of these is expected."""
        return [line for line in self.lines if line.expected in wanted]

    def by_presence(self, *wanted: Presence) -> list[SeatLine]:
        """The lines of which one of these was recorded."""
        return [line for line in self.lines if line.presence in wanted]

    def _quorum(self, presences: Mapping[int, Presence | None]) -> Quorum:
        committee = self.sitting.committee
        states = [SeatState(line.holding.seat.voting_right, presences.get(line.holding.seat.id)) for line in self.lines]
        return quorum(
            committee.quorum_rule,
            states,
            statutory_seats=committee.statutory_seats,
            statutory_voting_seats=committee.statutory_voting_seats,
        )


def day_of(sitting: Sitting) -> date:
    """The day whose roster counts: that of the sitting, as the clock on the wall has it."""
    return sitting.starts_local.date()


def sheet_of(sitting: Sitting) -> Sheet:
    """The attendance of the sitting: four queries, whatever its size."""
    replies: dict[int, list[Reply]] = defaultdict(list)
    for reply in session().scalars(select(Reply).where(Reply.sitting_id == sitting.id)):
        replies[reply.seat_id].append(reply)
    rows = attendance_of(sitting.id)
    lines = []
    for holding in roster_on(sitting.committee_id, day_of(sitting)):
        on_seat = {appointment.person_id for appointment in holding.people}
        given = [reply for reply in replies[holding.seat.id] if reply.person_id in on_seat]
        lines.append(
            SeatLine(
                holding,
                {reply.person_id: Answer(reply.answer) for reply in given if reply.holds},
                rows.get(holding.seat.id),
                {reply.person_id: reply.answered_at for reply in given if reply.holds and reply.by_phone},
                {reply.person_id: reply for reply in given if not reply.holds},
            )
        )
    return Sheet(sitting, lines)


def attendance_of(sitting_id: int) -> dict[int, Attendance]:
    """What is recorded of the sitting, by seat, with persons: one query."""
    found = select(Attendance).where(Attendance.sitting_id == sitting_id).options(joinedload(Attendance.person))
    return {row.seat_id: row for row in session().scalars(found)}


class Recorded(NamedTuple):
    """What is recorded of a seat."""

    presence: str
    person_id: int | None


def recorded(sitting_ids: Collection[int]) -> dict[int, dict[int, Recorded]]:
    """What is recorded of these sittings, by sitting and seat, those of which nothing is left out: one query."""
    columns = (Attendance.sitting_id, Attendance.seat_id, Attendance.presence, Attendance.person_id)
    found: dict[int, dict[int, Recorded]] = {}
    for sitting_id, seat_id, *told in session().execute(select(*columns).where(Attendance.sitting_id.in_(sitting_ids))):
        found.setdefault(sitting_id, {})[seat_id] = Recorded._make(told)
    return found


def find_attendance(sitting_id: int, seat_id: int) -> Attendance | None:
    """What is recorded of one seat, or None."""
    return session().scalar(
        select(Attendance).where(Attendance.sitting_id == sitting_id, Attendance.seat_id == seat_id)
    )


def find_reply(sitting_id: int, seat_id: int, person_id: int) -> Reply | None:
    """What the person answered for this seat, or None."""
    return session().scalar(
        select(Reply).where(Reply.sitting_id == sitting_id, Reply.seat_id == seat_id, Reply.person_id == person_id)
    )


def takes_answers(sitting: Sitting) -> bool:
    """Whether people may still say if they come."""
    return sitting.status in (Status.TENTATIVE, Status.CONFIRMED) and sitting.starts_at > now()


def expected_quorum(sitting: Sitting) -> Quorum:
    """The quorum that the answers so far let us expect."""
    return sheet_of(sitting).expected_quorum


@dataclass(frozen=True)
class SeatRecord:
    """A seat over a period: who sat on it as member, and what its sittings add up to."""

    seat: Seat
    members: Sequence[str]
    tally: Tally


@dataclass(frozen=True)
class Overview:
    """The attendance of a committee over a period (both days inclusive)."""

    committee: Committee
    since: date
    until: date
    #: held sittings with any attendance recorded
    sittings: int
    seats: Sequence[SeatRecord]

    @cached_property
    def total(self) -> Tally:
        """All seats together."""
        return total(record.tally for record in self.seats)


def overview(committee: Committee, since: date, until: date) -> Overview:
    """What the committee's held sittings in the period add up to, by seat: four queries, whatever the size.

    Held: neither draft nor cancelled, begun, and with any attendance recorded. A sitting counts for a seat only
    while the seat existed and somebody was appointed to it.
    """
    seen: dict[int, dict[int, Presence]] = defaultdict(dict)
    days = _held_days(committee, since, until)
    found = select(Attendance.sitting_id, Attendance.seat_id, Attendance.presence)
    for sitting_id, seat_id, presence in session().execute(found.where(Attendance.sitting_id.in_(days))):
        seen[sitting_id][seat_id] = Presence(presence)
    held = {sitting_id: day for sitting_id, day in days.items() if sitting_id in seen}
    seats = list_seats(committee.id)
    states: dict[int, list[Presence | None]] = defaultdict(list)
    members: dict[int, dict[str, None]] = defaultdict(dict)
    for sitting_id, day in held.items():
        for holding in holdings(seats, day):
            if holding.people:
                states[holding.seat.id].append(seen[sitting_id].get(holding.seat.id))
            if holding.member:
                members[holding.seat.id][holding.member.person.name] = None
    records = [SeatRecord(seat, list(members[seat.id]), tally(states[seat.id])) for seat in seats if seat.id in states]
    return Overview(committee, since, until, len(held), records)


def _held_days(committee: Committee, since: date, until: date) -> dict[int, date]:
    found = select(Sitting.id, Sitting.starts_local).where(
        Sitting.committee_id == committee.id,
        Sitting.status.in_([Status.TENTATIVE, Status.CONFIRMED]),
        *within(Sitting, since, until + timedelta(days=1)),
        Sitting.starts_at <= now(),
    )
    return {sitting_id: start.date() for sitting_id, start in session().execute(found.order_by(Sitting.starts_at))}


def recorded_among(sitting_ids: Sequence[int]) -> frozenset[int]:
    """Those of these sittings of which any attendance is recorded: one query."""
    found = select(Attendance.sitting_id).where(Attendance.sitting_id.in_(sitting_ids)).distinct()
    return frozenset(session().scalars(found))
