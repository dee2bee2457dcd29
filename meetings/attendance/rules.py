"""Answers before a sitting, presence at it, the quorum, and what it adds up to over a period."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from core.languages import _l
from participation.committees.rules import QuorumRule, counts_voting_seats_only, needed_for_quorum


class Answer(StrEnum):
    """What somebody says before the sitting."""

    COMING = "coming"
    ONLINE = "online"
    NOT_COMING = "not_coming"


ANSWER_LABELS = {
    Answer.COMING: _l("I am coming"),
    Answer.ONLINE: _l("I join online"),
    Answer.NOT_COMING: _l("I cannot come"),
}


#: the same as somebody else says of them
SAID_LABELS = {
    Answer.COMING: _l("Is coming"),
    Answer.ONLINE: _l("Joins online"),
    Answer.NOT_COMING: _l("Cannot come"),
}


def answers_for(*, online: bool) -> tuple[Answer, ...]:
    """The answers to offer: joining online only where the sitting has a video room."""
    return tuple(answer for answer in Answer if online or answer is not Answer.ONLINE)


#: an answer holds while the sitting begins no further than this from the time that it was given for
SLIGHT = timedelta(minutes=30)


def still_holds(given_for: datetime, start: datetime) -> bool:
    """Whether an answer given for one start of a sitting counts for another (both wall times).

    Who can come at 18:30 can come at 18:45, and would not understand being asked again; who can come on Tuesday has
    said nothing about Thursday.
    """
    return abs(start - given_for) <= SLIGHT


class Presence(StrEnum):
    """What was seen at the sitting. A seat without a row is *not recorded* and counts nowhere."""

    PRESENT = "present"
    REMOTE = "remote"
    REPRESENTED = "represented"
    EXCUSED = "excused"
    ABSENT = "absent"


PRESENCE_LABELS = {
    Presence.PRESENT: _l("Present"),
    Presence.REMOTE: _l("Present online"),
    Presence.REPRESENTED: _l("Represented by a deputy"),
    Presence.EXCUSED: _l("Excused"),
    Presence.ABSENT: _l("Absent without excuse"),
}

THERE = frozenset({Presence.PRESENT, Presence.REMOTE, Presence.REPRESENTED})
#: the member's own presence; a deputy's is REPRESENTED
IN_PERSON = frozenset({Presence.PRESENT, Presence.REMOTE})


def in_one_word(presence: Presence | None, person_id: int | None) -> str:
    """What is recorded of a seat, as forms send it: the presence, of a deputy with who it is; "" for nothing.

    Two records that say the same are the same: what a form was opened on is told by it, also where the row was
    deleted and made again.
    """
    if presence is None:
        return ""
    return f"{presence}:{person_id}" if presence is Presence.REPRESENTED else str(presence)


@dataclass(frozen=True)
class SeatState:
    """A seat that exists on the day of the sitting, and what is recorded (or expected) of it; None: nothing is."""

    votes: bool
    presence: Presence | None = None


@dataclass(frozen=True)
class Quorum:
    """Whether enough seats are filled. `there` and `needed` count the same kind of seats."""

    there: int
    needed: int
    #: only seats with a vote are counted
    voting_only: bool

    @property
    def reached(self) -> bool:
        """Whether the committee can decide."""
        return self.there >= self.needed


def quorum(
    rule: QuorumRule,
    seats: Sequence[SeatState],
    *,
    statutory_seats: int | None = None,
    statutory_voting_seats: int | None = None,
) -> Quorum:
    """The quorum of a sitting from the seats of that day, filled or vacant.

    A represented seat counts once, by whomever it is filled; a seat that is not recorded counts as nobody. How many
    are needed follows from the statute's numbers, else from the seats there are.
    """
    voting_only = counts_voting_seats_only(rule)
    there = sum(1 for seat in seats if seat.presence in THERE and (seat.votes or not voting_only))
    needed = needed_for_quorum(
        rule,
        seats=len(seats) if statutory_seats is None else statutory_seats,
        voting_seats=sum(seat.votes for seat in seats) if statutory_voting_seats is None else statutory_voting_seats,
    )
    return Quorum(there, needed, voting_only)


def expected_presence(
    member: Answer | None, deputies: Iterable[Answer | None] = (), *, vacant: bool = False
) -> Presence | None:
    """What the answers so far let us expect of a seat: a deputy counts only while the member cannot come.

    `vacant`: no member is appointed, so the deputies stand in from the start. None: nobody can say yet.
    """
    if member is Answer.COMING:
        return Presence.PRESENT
    if member is Answer.ONLINE:
        return Presence.REMOTE
    if member is None and not vacant:
        return None
    if any(answer in (Answer.COMING, Answer.ONLINE) for answer in deputies):
        return Presence.REPRESENTED
    return None if vacant else Presence.EXCUSED


@dataclass(frozen=True)
class Tally:
    """What a seat's sittings over a period add up to. Sittings without a record of this seat stand apart."""

    counts: Mapping[Presence, int]
    not_recorded: int = 0

    def __getitem__(self, presence: Presence) -> int:
        """How many sittings ended so for the seat."""
        return self.counts.get(presence, 0)

    @property
    def sittings(self) -> int:
        """Sittings while the seat was held, recorded or not."""
        return self.recorded + self.not_recorded

    @property
    def recorded(self) -> int:
        """Sittings at which it was recorded whether the seat was filled."""
        return sum(self.counts.values())

    @property
    def there(self) -> int:
        """Sittings at which the seat was filled: in the room, online, or by a deputy."""
        return sum(self[presence] for presence in THERE)

    @property
    def share(self) -> Fraction | None:
        """Filled among recorded; None where nothing is recorded. What was not recorded is held against nobody."""
        return Fraction(self.there, self.recorded) if self.recorded else None


def tally(seen: Iterable[Presence | None]) -> Tally:
    """Add up what is recorded of one seat at the sittings held while it existed and was filled."""
    counts = Counter(seen)
    not_recorded = counts.pop(None, 0)
    return Tally({presence: number for presence, number in counts.items() if presence is not None}, not_recorded)


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of several seats."""
    counts: Counter[Presence] = Counter()
    not_recorded = 0
    for each in tallies:
        counts.update(dict(each.counts))
        not_recorded += each.not_recorded
    return Tally(dict(counts), not_recorded)


def twice_there(there: Iterable[int | None]) -> frozenset[int]:
    """The persons (by id) who would be there on more than one seat at once; None stands for a vacant place."""
    counts = Counter(person for person in there if person is not None)
    return frozenset(person for person, number in counts.items() if number > 1)
