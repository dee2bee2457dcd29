"""`flask seats …`."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from flask.cli import AppGroup
from sqlalchemy import select

from coordination.organizations import queries as organizations
from coordination.organizations.models import Organization
from coordination.people import queries as people
from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.database import session, transaction
from core.errors import Refused
from core.importing import (
    Done,
    fill,
    finish,
    import_options,
    parse_choice,
    parse_day,
    parse_number,
    parse_yes,
    run_import,
    weeks_since,
)
from core.languages import _
from participation.committees import queries as committees
from participation.seats import operations, queries
from participation.seats.forms import SeatForm
from participation.seats.models import Appointment, Seat
from participation.seats.operations import SeatTerms, terms_of
from participation.seats.rules import Right, SeatRole

group = AppGroup("seats", help="Seats and appointments: import.")

REQUIRED = ["committee", "seat", "speaking", "motion", "voting"]
OPTIONAL = [
    "on_behalf_of",
    "seat_from",
    "seat_until",
    "person",
    "rank",
    "role",
    "appointed_from",
    "appointed_until",
]

RIGHT_COLUMNS = {Right.SPEAKING: "speaking", Right.MOTION: "motion", Right.VOTING: "voting"}


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:
    """Read seats and appointments from a CSV file: run twice, it changes nothing.

    A line is one appointment with its seat; a seat without a person stands on a line of its own. Seats are known
    by committee and name, appointments by seat, person, rank and first day.
    """
    lines = read_csv(file, required=REQUIRED, optional=OPTIONAL)
    shift = weeks_since(as_of.date() if as_of else None)
    finish(run_import(lines, partial(take, shift=shift), quiet=quiet))


def take(line: Line, shift: timedelta = timedelta()) -> Done:
    """Enter or update the seat and the appointment of one line, both or none."""
    with transaction():
        seat, of_seat = _take_seat(line, shift)
        of_person = _take_appointment(line, seat, shift) if line["person"] else Done.UNCHANGED
    if Done.ADDED in (of_seat, of_person):
        return Done.ADDED
    return Done.CHANGED if Done.CHANGED in (of_seat, of_person) else Done.UNCHANGED


def _take_seat(line: Line, shift: timedelta) -> tuple[Seat, Done]:
    committee = committees.find_by_slug(line["committee"])
    if committee is None:
        raise Refused(_("There is no committee “%(slug)s”.", slug=line["committee"]))
    terms = _terms(line, shift)
    seat = queries.find_seat(committee.id, terms.label)
    if seat is None:
        return operations.create_seat(SYSTEM, committee.id, terms=terms), Done.ADDED
    if terms_of(seat) == terms:
        return seat, Done.UNCHANGED
    return operations.edit_seat(SYSTEM, seat.id, version=None, terms=terms), Done.CHANGED


def _terms(line: Line, shift: timedelta) -> SeatTerms:
    """The line's seat, judged as the page's form does."""
    organization = _organization(line["on_behalf_of"])
    days = {"starts_on": parse_day(line["seat_from"], shift), "ends_on": parse_day(line["seat_until"], shift)}
    rights = {right.value: "yes" for right, column in RIGHT_COLUMNS.items() if parse_yes(line[column])}
    fields: dict[str, str] = {
        "label": line["seat"],
        **rights,
        **{name: day.isoformat() for name, day in days.items() if day},
    }
    offered = [(organization.id, organization.name)] if organization else []
    fields["organization_id"] = str(organization.id) if organization else ""
    return fill(SeatForm, fields, organizations=offered).terms()


def _take_appointment(line: Line, seat: Seat, shift: timedelta) -> Done:
    person = people.find_by_key(line["person"])
    if person is None:
        raise Refused(_("There is no person “%(key)s”.", key=line["person"]))
    rank = parse_number(line["rank"]) or 0
    role = parse_choice(line["role"] or SeatRole.MEMBER, SeatRole)
    starts_on = parse_day(line["appointed_from"], shift)
    ends_on = parse_day(line["appointed_until"], shift)
    session().flush()
    known = session().scalar(
        select(Appointment).where(
            Appointment.seat_id == seat.id,
            Appointment.person_id == person.id,
            Appointment.rank == rank,
            Appointment.starts_on.is_(None) if starts_on is None else Appointment.starts_on == starts_on,
        )
    )
    if known is None:
        operations.appoint(
            SYSTEM, seat.id, person_id=person.id, rank=rank, role=role, starts_on=starts_on, ends_on=ends_on
        )
        return Done.ADDED
    if (known.role, known.ends_on) == (role, ends_on):
        return Done.UNCHANGED
    operations.edit_appointment(SYSTEM, known.id, role=role, ends_on=ends_on)
    return Done.CHANGED


def _organization(key: str) -> Organization | None:
    if not key:
        return None
    organization = organizations.find_by_key(key)
    if organization is None:
        raise Refused(_("There is no organization “%(key)s”.", key=key))
    return organization
