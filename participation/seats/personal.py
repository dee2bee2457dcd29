"""What this room keeps of people: who sits for whom. Of those who are erased the office stays."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from coordination.people.models import Person
from core.clock import today
from core.database import session
from core.languages import DEFAULT, _, _l, in_language
from core.personal import PersonalTable, Subject, is_of, plain_rows
from core.retention import Retention
from participation.seats.models import Appointment, Seat
from participation.seats.rules import ROLE_LABELS


def office_of(person_id: int, committee_id: int | None = None) -> str:
    """What stands in records in place of the person: for which organization they sat (in this committee, or at all).

    Empty for who never had a seat there. In German, as the records are.
    """
    found = select(Appointment).where(Appointment.person_id == person_id).join(Appointment.seat)
    found = found.options(joinedload(Appointment.seat).joinedload(Seat.organization))
    if committee_id is not None:
        found = found.where(Seat.committee_id == committee_id)
    seats = [row.seat for row in session().scalars(found)]
    names = {seat.organization.name if seat.organization else "" for seat in seats}
    if not names:
        return ""
    with in_language(DEFAULT):
        name = names.pop()
        return _("Member of a committee") if names or not name else _("Representative of %(name)s", name=name)


def _appointments(subject: Subject) -> ColumnElement[bool]:
    return is_of(Appointment.person_id, subject.person_id)


def _with_seat(row: Appointment) -> dict[str, Any]:
    return {"seat": row.seat.label, "committee": row.seat.committee.name}


def _leave_seats(subject: Subject) -> None:
    """The person leaves every seat with yesterday; past appointments stay, under the name of the office."""
    current, day = session(), today()
    person = current.get(Person, subject.person_id) if subject.person_id else None
    office = office_of(person.id) if person else ""
    if person is None or not office:
        return
    person.family_name = office[:100]
    for row in current.scalars(select(Appointment).where(_appointments(subject))):
        if row.starts_on is not None and row.starts_on >= day:
            current.delete(row)
        elif row.ends_on is None or row.ends_on >= day:
            row.ends_on = day - timedelta(days=1)


APPOINTMENT = PersonalTable(
    model=Appointment,
    holds=_l("Seats in committees, as member or deputy"),
    rows=_appointments,
    tell=lambda subject: plain_rows(
        Appointment,
        _appointments(subject),
        loading=[joinedload(Appointment.seat).joinedload(Seat.committee)],
        adding=_with_seat,
    ),
    erase=_leave_seats,
    retention=Retention.RECORDS,
    words={"role": ROLE_LABELS},
)
