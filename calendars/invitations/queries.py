"""Reading: what was told about sittings, and what is yet to be told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from functools import cached_property

from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from calendars.invitations.keys import read_key
from calendars.invitations.models import Invitation
from calendars.invitations.rules import News, Role, SeatView, Told, news, roles
from coordination.people.models import Person
from core.clock import now
from core.database import session
from core.dated import Status
from core.errors import NotFound
from core.merging import find_merged_into
from meetings.attendance.models import Reply
from meetings.attendance.queries import day_of
from meetings.attendance.rules import Answer
from meetings.sittings.models import Sitting
from participation.seats.models import Appointment, Seat
from participation.seats.queries import Holding, holdings

#: the answer that the invited person gave for the seat for which they are asked
ANSWERED = and_(
    Reply.sitting_id == Invitation.sitting_id,
    Reply.seat_id == Invitation.seat_id,
    Reply.person_id == Invitation.person_id,
)


def can_be_mailed(person: Person) -> bool:
    """Whether mail reaches the person. Others are told by post or phone, by the clerk."""
    return bool(person.email) and person.archived_at is None


class Standing(Enum):
    """Whether somebody who opens the link in their mail is asked for an answer, or why not."""

    ASKED = auto()
    #: on the day of the sitting the person has no seat: they see nothing of it
    ENDED = auto()
    CANCELLED = auto()
    BEGUN = auto()
    #: a deputy, while the seat is taken by somebody else
    NOT_NEEDED = auto()


@dataclass(frozen=True)
class Due:
    """One thing to tell one person. `row` is None for who was told nothing yet; `role` None: asked no more."""

    person: Person
    what: News
    role: Role | None
    row: Invitation | None


@dataclass(frozen=True)
class Round:
    """One sitting with its roster, what was answered and what was told: the whole of who is invited to it."""

    sitting: Sitting
    roster: Sequence[Holding]
    #: seat → person → answer that counts for the time at which the sitting begins now; only of who is on the seat
    answers: Mapping[int, Mapping[int, Answer]]
    #: the same for answers that were given for another time, from which the sitting was moved since
    earlier: Mapping[int, Mapping[int, Reply]]
    #: person → row
    rows: Mapping[int, Invitation]

    @cached_property
    def members(self) -> list[Person]:
        """The members on the day of the sitting, each once, in the order of seats."""
        return list({h.member.person_id: h.member.person for h in self.roster if h.member}.values())

    @cached_property
    def not_told(self) -> list[Person]:
        """Members who can be mailed and are not invited, or not any more."""
        return [p for p in self.members if can_be_mailed(p) and not self.is_invited(p.id)]

    @cached_property
    def without_mail(self) -> list[Person]:
        """Members whom no mail reaches."""
        return [p for p in self.members if not can_be_mailed(p)]

    @cached_property
    def deputies_without_mail(self) -> list[Person]:
        """Deputies of open seats for which nobody has accepted, whom no mail reaches and who have not answered."""
        open_seats = [(holding, view) for holding in self.roster if (view := self._view(holding)).open]
        return [
            deputy.person
            for holding, view in open_seats
            if not any(view.answers.get(person) in (Answer.COMING, Answer.ONLINE) for person in view.deputies)
            for deputy in holding.deputies
            if deputy.person_id not in view.answers and not can_be_mailed(deputy.person)
        ]

    @cached_property
    def invited(self) -> list[Invitation]:
        """Who is asked to come at present, as far as they were told: members first, then deputies."""
        rows = [row for row in self.rows.values() if not row.told_cancelled]
        return sorted(rows, key=lambda row: (row.rank, row.id))

    @cached_property
    def roles(self) -> dict[int, Role]:
        """As what each person is asked by now, whether told or not."""
        return self.roles_with([])

    def roles_with(self, also: Iterable[Person]) -> dict[int, Role]:
        """The same, if these members were invited too."""
        members = {row.person_id for row in self.rows.values() if row.rank == 0} | {person.id for person in also}
        asked = {row.person_id: row.seat_id for row in self.rows.values() if row.rank and not row.told_cancelled}
        reachable = {a.person_id for h in self.roster for a in h.people if can_be_mailed(a.person)}
        return roles(map(self._view, self.roster), members=members, asked_for=asked, reachable=reachable)

    @cached_property
    def due(self) -> list[Due]:
        """What is yet to be told, to whom mail reaches."""
        return self.due_with([])

    def due_with(self, also: Sequence[Person]) -> list[Due]:
        """The same, if these members were invited too. Members come first, in the order of seats."""
        wanted = self.roles_with(also)
        told = {row.person_id: row.person for row in self.invited}
        known = {a.person_id: a.person for h in self.roster for a in h.people} | told
        found = []
        for person_id in {**dict.fromkeys(wanted), **dict.fromkeys(told)}:
            person, role, row = known[person_id], wanted.get(person_id), self.rows.get(person_id)
            what = self._news(person_id, role, row, fresh=any(p.id == person_id for p in also))
            if what is not None and (can_be_mailed(person) or what is News.QUIET):
                found.append(Due(person, what, role, row))
        return found

    def asked_instead_of(self, person: Person) -> list[Due]:
        """The deputies who are about to be asked for the seats for which this person was asked."""
        own = {h.seat.id for h in self.roster if h.member and h.member.person_id == person.id}
        role = self.roles.get(person.id)
        seats = own or ({role.seat_id} if role else set())
        return [due for due in self.due if due.what is News.ASKED and due.role and due.role.seat_id in seats]

    def holding(self, seat_id: int) -> Holding | None:
        """Who holds the seat on the day, or None where it does not exist then."""
        return next((holding for holding in self.roster if holding.seat.id == seat_id), None)

    def answer_of(self, row: Invitation) -> Answer | None:
        """What the person answered for the seat for which they were told."""
        return self.answers.get(row.seat_id, {}).get(row.person_id)

    def earlier_answer_of(self, row: Invitation) -> Reply | None:
        """What the person answered for another time, as long as they have not answered for this one."""
        return self.earlier.get(row.seat_id, {}).get(row.person_id)

    def role_of(self, person: Person) -> Role | None:
        """As what the person is asked at present: members always, deputies while they are needed."""
        own = (h.seat.id for h in self.roster if h.member and h.member.person_id == person.id)
        seat_id = next(own, None)
        return self.roles.get(person.id) if seat_id is None else Role(seat_id, 0)

    def standing_of(self, person: Person) -> Standing:
        """What the page behind the link in the mail is for, at this moment."""
        on_seats = {appointment.person_id for holding in self.roster for appointment in holding.people}
        if person.id not in on_seats or person.archived_at is not None:
            return Standing.ENDED
        if self.sitting.cancelled:
            return Standing.CANCELLED
        if self.sitting.starts_at <= now():
            return Standing.BEGUN
        return Standing.NOT_NEEDED if self.role_of(person) is None else Standing.ASKED

    def is_invited(self, person_id: int) -> bool:
        """Whether the person was told to come, as a member, and nothing else since."""
        row = self.rows.get(person_id)
        return row is not None and row.rank == 0 and not row.told_cancelled

    def _news(self, person_id: int, role: Role | None, row: Invitation | None, *, fresh: bool) -> News | None:
        told = None
        if row is not None and not (fresh and not self.is_invited(person_id)):
            told = Told(Role(row.seat_id, row.rank), row.told_sequence, row.told_cancelled)
        if fresh and told is None:
            return News.INVITED
        seat_id = role.seat_id if role else row.seat_id if row else 0
        answer = self.answers.get(seat_id, {}).get(person_id)
        if role is None and (before := self.earlier.get(seat_id, {}).get(person_id)):
            answer = Answer(
                before.answer
            )  # who declined the time before need not hear that nobody asks them for this one
        return news(role, told, answer, sequence=self.sitting.sequence, cancelled=self.sitting.cancelled)

    def _view(self, holding: Holding) -> SeatView:
        return SeatView(
            holding.seat.id,
            holding.member.person_id if holding.member else None,
            {deputy.person_id: deputy.rank for deputy in holding.deputies},
            self.answers.get(holding.seat.id, {}),
        )


def round_of(sitting: Sitting) -> Round:
    """Everything about the invitations to one sitting: four queries."""
    return rounds_of([sitting])[0]


def rounds_of(sittings: Sequence[Sitting]) -> list[Round]:
    """The same for several, in their order: four queries, whatever their number."""
    ids = [sitting.id for sitting in sittings]
    seats: dict[int, list[Seat]] = defaultdict(list)
    for seat in session().scalars(_seats({sitting.committee_id for sitting in sittings})):
        seats[seat.committee_id].append(seat)
    replies: dict[int, list[Reply]] = defaultdict(list)
    for reply in session().scalars(select(Reply).where(Reply.sitting_id.in_(ids))):
        replies[reply.sitting_id].append(reply)
    rows: dict[int, dict[int, Invitation]] = defaultdict(dict)
    told = select(Invitation).where(Invitation.sitting_id.in_(ids)).options(joinedload(Invitation.person))
    for row in session().scalars(told.order_by(Invitation.id)):
        rows[row.sitting_id][row.person_id] = row
    return [_round(sitting, seats[sitting.committee_id], replies[sitting.id], rows[sitting.id]) for sitting in sittings]


def _round(sitting: Sitting, seats: list[Seat], replies: list[Reply], rows: Mapping[int, Invitation]) -> Round:
    roster = holdings(seats, day_of(sitting))
    on_seat = {(holding.seat.id, a.person_id) for holding in roster for a in holding.people}
    answers: dict[int, dict[int, Answer]] = defaultdict(dict)
    earlier: dict[int, dict[int, Reply]] = defaultdict(dict)
    for reply in replies:
        if (reply.seat_id, reply.person_id) not in on_seat:
            continue
        if reply.holds:
            answers[reply.seat_id][reply.person_id] = Answer(reply.answer)
        else:
            earlier[reply.seat_id][reply.person_id] = reply
    return Round(sitting, roster, answers, earlier, rows)


def _seats(committee_ids: Iterable[int]) -> Select[Seat]:
    return (
        select(Seat)
        .where(Seat.committee_id.in_(list(committee_ids)))
        .order_by(Seat.position, Seat.label, Seat.id)
        .options(
            joinedload(Seat.organization),
            selectinload(Seat.appointments).joinedload(Appointment.person, innerjoin=True),
        )
    )


def sittings_with_news() -> list[int]:
    """Coming sittings of which somebody has yet to be told something: five queries, whatever their number."""
    invited = exists().where(Invitation.sitting_id == Sitting.id)
    found = select(Sitting).where(Sitting.starts_at > now(), Sitting.status != Status.DRAFT, invited)
    sittings = list(session().scalars(found.order_by(Sitting.starts_at, Sitting.id)))
    return [about.sitting.id for about in rounds_of(sittings) if about.due] if sittings else []


def to_remind(within: timedelta) -> list[Invitation]:
    """Open invitations to sittings that begin within this time, without a reminder or an answer that counts: one query.

    Left out: who has news to be told first, and whom mail does not reach.
    """
    found = (
        select(Invitation, Reply)
        .join(Invitation.sitting)
        .join(Invitation.person)
        .outerjoin(Reply, ANSWERED)
        .where(
            Sitting.starts_at > now(),
            Sitting.starts_at <= now() + within,
            Sitting.status.in_([Status.TENTATIVE, Status.CONFIRMED]),
            Invitation.told_cancelled.is_(False),
            Invitation.told_sequence == Sitting.sequence,
            Invitation.reminded_at.is_(None),
            Person.email != "",
            Person.archived_at.is_(None),
        )
        .options(contains_eager(Invitation.sitting), contains_eager(Invitation.person))
        .order_by(Sitting.starts_at, Invitation.id)
    )
    return [row for row, reply in session().execute(found) if reply is None or not reply.holds]


def get_by_key(key: str) -> Invitation:
    """The invitation that this key opens. Raises NotFound for one that was not made here, or of a row that is gone.

    Where the person's entry was merged into another, it is the other's to the same sitting: two became one.
    """
    numbers = read_key(key)
    if numbers is None:
        raise NotFound
    invitation_id, told_to, sitting_id = numbers
    person_id = find_merged_into(Person, told_to) or told_to
    one = Invitation.id == invitation_id if sitting_id is None else Invitation.sitting_id == sitting_id
    row = session().scalar(select(Invitation).where(one, Invitation.person_id == person_id))
    if row is None:
        raise NotFound
    return row


def count_told(sitting_id: int) -> int:
    """How many are asked to come, were told so, and can be told of a change by mail: one query."""
    found = (
        select(Invitation)
        .join(Invitation.person)
        .where(
            Invitation.sitting_id == sitting_id,
            Invitation.told_cancelled.is_(False),
            Person.email != "",
            Person.archived_at.is_(None),
        )
    )
    return len(list(session().scalars(found.with_only_columns(Invitation.id))))
