"""Reading seats: the roster as on any day, and who sits where."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Date, Select, and_, bindparam, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from coordination.organizations.models import Organization
from coordination.people.models import Person
from core.database import get_row, once, session
from core.errors import NotFound
from participation.committees.models import Committee
from participation.seats.models import Appointment, Seat
from participation.seats.rules import MEMBER_RANK, holds_on

#: an end within this time is worth a word: a committee needs time to send somebody new
SOON = timedelta(days=183)


@dataclass(frozen=True)
class Holding:
    """A seat as it is held on a day: by a member (None: vacant) and deputies, the first to be asked first."""

    seat: Seat
    member: Appointment | None
    deputies: tuple[Appointment, ...]

    @property
    def people(self) -> tuple[Appointment, ...]:
        """Member and deputies, in this order."""
        return (self.member, *self.deputies) if self.member else self.deputies


class Health(NamedTuple):
    """What somebody should look after: seats of a roster, in its order."""

    vacant: list[Seat]
    without_deputy: list[Seat]
    #: the seat or its member's appointment ends within the half year to come
    ending: list[Seat]


def list_seats(*committee_ids: int) -> list[Seat]:
    """All seats that the committees ever had, in order, with organizations, appointments and persons: two queries."""
    found = (
        select(Seat)
        .where(Seat.committee_id.in_(committee_ids))
        .order_by(Seat.committee_id, Seat.position, Seat.label, Seat.id)
        .options(
            joinedload(Seat.organization),
            selectinload(Seat.appointments).joinedload(Appointment.person, innerjoin=True),
        )
    )
    return list(session().scalars(found))


def holdings(seats: Iterable[Seat], day: date) -> list[Holding]:
    """Who held which of these seats on the day; seats that did not exist on it are left out.

    Pure: load the seats once by `list_seats` and ask for as many days as needed.
    """
    return [_holding(seat, day) for seat in seats if holds_on(day, seat.starts_on, seat.ends_on)]


def _holding(seat: Seat, day: date) -> Holding:
    there = [a for a in seat.appointments if holds_on(day, a.starts_on, a.ends_on)]
    member = next((a for a in there if a.rank == MEMBER_RANK), None)
    deputies = sorted((a for a in there if a.rank != MEMBER_RANK), key=lambda a: (a.rank, a.id))
    return Holding(seat, member, tuple(deputies))


def roster_on(committee_id: int, day: date) -> list[Holding]:
    """The committee's seats as they are held on the day, in order: two queries whatever the size."""
    return holdings(list_seats(committee_id), day)


def rosters_on(committee_ids: Collection[int], day: date) -> dict[int, list[Holding]]:
    """The rosters of several committees on the day: two queries whatever their number."""
    found: dict[int, list[Holding]] = {committee_id: [] for committee_id in committee_ids}
    for holding in holdings(list_seats(*committee_ids), day):
        found[holding.seat.committee_id].append(holding)
    return found


def vacant_on(day: date) -> list[Seat]:
    """Seats kept for an organization that have no member on the day, in active public committees: one query."""
    member = select(Appointment.id).where(
        Appointment.seat_id == Seat.id, Appointment.rank == MEMBER_RANK, _holds(Appointment, day)
    )
    found = (
        select(Seat)
        .join(Committee, Committee.id == Seat.committee_id)
        .join(Organization, Organization.id == Committee.organization_id)
        .where(Committee.public.is_(True), Organization.archived_at.is_(None))
        .where(Seat.organization_id.is_not(None), _holds(Seat, day), ~member.exists())
        .options(contains_eager(Seat.committee).contains_eager(Committee.organization), joinedload(Seat.organization))
        .order_by(Organization.name, Committee.id, Seat.position, Seat.label, Seat.id)
    )
    return list(session().scalars(found))


def health(roster: Iterable[Holding], day: date) -> Health:
    """Which seats of this roster (as on the day) are vacant, lack a deputy, or end within 183 days. Pure."""
    there, horizon = list(roster), day + SOON
    ends = {h.seat.id: [d for d in (h.seat.ends_on, h.member and h.member.ends_on) if d] for h in there}
    return Health(
        vacant=[h.seat for h in there if h.member is None],
        without_deputy=[h.seat for h in there if h.member is not None and not h.deputies],
        ending=[h.seat for h in there if any(end <= horizon for end in ends[h.seat.id])],
    )


def committees_of(person_id: int, day: date) -> frozenset[int]:
    """The ids of the committees in which the person sits or deputises on the day."""
    asked = {"person_id": person_id, "day": day}
    return once(("committees_of", person_id, day), lambda: frozenset(session().scalars(_COMMITTEES_OF, asked)))


def seats_of_person(person_id: int, day: date) -> list[Appointment]:
    """The person's appointments that hold on the day, with seat, organization and committee: one query."""
    found = (
        _sitting_on(day)
        .where(Appointment.person_id == person_id)
        .options(
            contains_eager(Appointment.seat).options(joinedload(Seat.committee), joinedload(Seat.organization)),
        )
        .order_by(Seat.committee_id, Seat.position, Seat.id)
    )
    return list(session().scalars(found))


def seats_of_organization(organization_id: int, day: date) -> list[Seat]:
    """The seats that the organization holds on the day in active committees, by the committee's name: one query."""
    found = (
        select(Seat)
        .join(Committee, Committee.id == Seat.committee_id)
        .join(Organization, Organization.id == Committee.organization_id)
        .where(Seat.organization_id == organization_id, _holds(Seat, day), Organization.archived_at.is_(None))
        .options(contains_eager(Seat.committee).contains_eager(Committee.organization))
        .order_by(Organization.name, Seat.position, Seat.id)
    )
    return list(session().scalars(found))


def get_seat(committee: Committee, seat_id: int) -> Seat:
    """The seat of this very committee. Raises NotFound for any other."""
    seat = get_row(Seat, seat_id)
    if seat.committee_id != committee.id:
        raise NotFound
    return seat


def get_appointment(seat: Seat, appointment_id: int) -> Appointment:
    """The appointment to this very seat. Raises NotFound for any other."""
    appointment = get_row(Appointment, appointment_id)
    if appointment.seat_id != seat.id:
        raise NotFound
    return appointment


def find_seat(committee_id: int, label: str) -> Seat | None:
    """The committee's seat of this name, or None."""
    return session().scalar(select(Seat).where(Seat.committee_id == committee_id, Seat.label == label))


def ids_by_label(labels: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The ids of the seats (committee, name), unknown ones left out: one query."""
    found = select(Seat.committee_id, Seat.label, Seat.id).where(
        Seat.committee_id.in_({committee_id for committee_id, _label in labels}),
        Seat.label.in_({label for _committee_id, label in labels}),
    )
    return {(committee_id, label): seat_id for committee_id, label, seat_id in session().execute(found)}


def list_appointments(seat_id: int) -> list[Appointment]:
    """All appointments to the seat, past and to come, newest first within each rank, with persons: one query."""
    found = select(Appointment).where(Appointment.seat_id == seat_id).options(joinedload(Appointment.person))
    rows = session().scalars(found.order_by(Appointment.rank, Appointment.id))
    return sorted(rows, key=lambda a: (a.rank, -(a.starts_on or date.min).toordinal()))


def _sitting_on(day: date | BindParameter[date]) -> Select[Appointment]:
    """Appointments of active persons that hold on the day, on seats that exist on it."""
    return (
        select(Appointment)
        .join(Seat, Seat.id == Appointment.seat_id)
        .join(Person, Person.id == Appointment.person_id)
        .where(_holds(Appointment, day), _holds(Seat, day), Person.archived_at.is_(None))
    )


def _holds(table: type[Seat] | type[Appointment], day: date | BindParameter[date]) -> ColumnElement[bool]:
    """`rules.holds_on`, said to the database."""
    return and_(
        or_(table.starts_on.is_(None), table.starts_on <= day),
        or_(table.ends_on.is_(None), table.ends_on >= day),
    )


# most pages of whoever sits somewhere ask it. Made once: making a statement takes longer than sending it
_COMMITTEES_OF = (
    _sitting_on(bindparam("day", type_=Date))
    .where(Appointment.person_id == bindparam("person_id"))
    .with_only_columns(Seat.committee_id)
)
