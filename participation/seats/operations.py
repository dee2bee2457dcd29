"""Changing seats and appointments. Nothing is deleted: what is over ends, so that any day's roster stays known."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select

from coordination.organizations.models import Organization
from coordination.people.models import Person
from core import history
from core.access import Actor
from core.database import check_version, get_row, hold_row, session, transaction
from core.errors import Refused
from core.languages import _
from core.periods import check_days, days_overlap
from participation.committees import operations as committees
from participation.committees.models import Committee
from participation.seats.models import Appointment, Seat
from participation.seats.rules import LAST_RANK, MEMBER_RANK, SeatRole


@dataclass(frozen=True)
class SeatTerms:
    """What can be said of a seat; see the model for the meaning of each."""

    label: str
    organization_id: int | None = None
    speaking_right: bool = True
    motion_right: bool = False
    voting_right: bool = False
    starts_on: date | None = None
    ends_on: date | None = None


def terms_of(seat: Seat) -> SeatTerms:
    """The terms as they are kept: what a form opens with, and what an import compares with."""
    return SeatTerms(**{name: getattr(seat, name) for name in SeatTerms.__dataclass_fields__})


def create_seat(actor: Actor, committee_id: int, *, terms: SeatTerms) -> Seat:
    """Add a seat behind the committee's others.

    Raises NotFound (committee, organization); refused: a name that another seat of the committee has (also one
    that is over), an end before the start.
    """
    with transaction() as current:
        hold_row(Committee, committee_id)
        _check_terms(committee_id, terms)
        last = current.scalar(select(func.max(Seat.position)).where(Seat.committee_id == committee_id))
        row = Seat(committee_id=committee_id, position=(last or 0) + 1, **asdict(terms))
        current.add(row)
        _tell_who_is_seated(actor, committee_id)
        history.record(actor, "seats.create", row)
    return row


def edit_seat(actor: Actor, seat_id: int, *, version: int | None, terms: SeatTerms) -> Seat:
    """Correct what is said of a seat, for its whole time. Raises as creating does, and Outdated.

    When another organization takes a seat over, or rights change from a day on, end the seat and add a new one:
    else the rosters of earlier days would tell the new state.
    """
    with transaction():
        row = hold_row(Seat, seat_id)
        check_version(row, version)
        _check_terms(row.committee_id, terms, besides=row.id)
        for name, value in asdict(terms).items():
            setattr(row, name, value)
        _tell_who_is_seated(actor, row.committee_id)
        history.record(actor, "seats.edit", row)
    return row


def end_seat(actor: Actor, seat_id: int, *, last_day: date) -> Seat:
    """The seat exists up to and including `last_day`; appointments give nothing beyond it. Refused before its start."""
    with transaction():
        row = hold_row(Seat, seat_id)
        check_days(row.starts_on, last_day)
        row.ends_on = last_day
        history.record(actor, "seats.end", row)
    return row


def appoint(
    actor: Actor,
    seat_id: int,
    *,
    person_id: int,
    rank: int = MEMBER_RANK,
    role: SeatRole = SeatRole.MEMBER,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Appointment:
    """Put a person on a seat from–until (both inclusive, None = open): as member (rank 0) or nth deputy (rank n).

    Raises NotFound (seat, person). Refused: an end before the start, a period without a day on which the seat
    exists, a rank that somebody else has on one of these days, a person who has another rank on one of them.
    """
    with transaction() as current:
        seat, person = hold_row(Seat, seat_id), get_row(Person, person_id)
        if not MEMBER_RANK <= rank <= LAST_RANK:
            raise Refused(_("There can be up to %(max)d deputies.", max=LAST_RANK), "rank")
        row = Appointment(
            seat_id=seat.id, person_id=person.id, rank=rank, role=role, starts_on=starts_on, ends_on=ends_on
        )
        _check_appointment(seat, row)
        current.add(row)
        current.flush()
        current.expire(seat, ["appointments"])
        history.record(actor, "seats.appoint", row)
    return row


def edit_appointment(actor: Actor, appointment_id: int, *, role: SeatRole, ends_on: date | None) -> Appointment:
    """Set role and last day (None = open) of an appointment. Raises NotFound; refused as appointing is."""
    with transaction() as current:
        row = get_row(Appointment, appointment_id)
        seat = hold_row(Seat, row.seat_id)
        with current.no_autoflush:
            row.role, row.ends_on = role, ends_on
            _check_appointment(seat, row)
        history.record(actor, "seats.edit_appointment", row)
    return row


def _tell_who_is_seated(actor: Actor, committee_id: int) -> None:
    """The committee's record of cooperation names the organizations of its seats, past and coming ones too."""
    seats = (
        session().execute(select(Seat.organization_id, Seat.starts_on).where(Seat.committee_id == committee_id)).all()
    )
    committees.set_seated(
        actor,
        committee_id,
        organization_ids={seat.organization_id for seat in seats if seat.organization_id is not None},
        since=min((seat.starts_on for seat in seats if seat.starts_on is not None), default=None),
    )


def _check_terms(committee_id: int, terms: SeatTerms, besides: int | None = None) -> None:
    if not terms.label:
        raise Refused(_("Please fill in this field."), "label")
    check_days(terms.starts_on, terms.ends_on)
    if terms.organization_id is not None:
        get_row(Organization, terms.organization_id)
    same = select(Seat.id).where(Seat.committee_id == committee_id, Seat.label == terms.label)
    if session().scalar(same.where(Seat.id != (besides or 0))) is not None:
        raise Refused(_("Another seat of this committee has this name."), "label")


def _check_appointment(seat: Seat, row: Appointment) -> None:
    """Refuse what would put two persons on one place, or one person on two, on any day."""
    check_days(row.starts_on, row.ends_on)
    period = (row.starts_on, row.ends_on)
    if not days_overlap(period, (seat.starts_on, seat.ends_on)):
        raise Refused(_("On these days the seat does not exist."), "starts_on")
    for other in seat.appointments:
        if other is row or not days_overlap(period, (other.starts_on, other.ends_on)):
            continue
        if other.person_id == row.person_id:
            raise Refused(_("This person is on this seat already on some of these days."), "person_id")
        if other.rank == row.rank:
            raise Refused(_("On some of these days %(name)s has this place already.", name=other.person.name), "rank")
