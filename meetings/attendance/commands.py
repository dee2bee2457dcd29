"""`flask attendance …`."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from coordination.people.queries import get_by_key as get_person
from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.errors import NotFound, Refused
from core.importing import Done, finish, import_options, parse_choice, run_import
from meetings.attendance import operations, queries
from meetings.attendance.rules import Presence
from meetings.sittings.queries import get_imported
from participation.seats.queries import find_seat

group = AppGroup("attendance", help="Attendance: import.")


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:  # noqa: ARG001
    """Read who was there from a CSV file; run twice, it changes nothing.

    A sitting is found by its committee and the start it had in its own file, so dates need no moving here.
    """
    try:
        lines = read_csv(file, required=["committee", "start", "seat", "status"], optional=["person"])
    except Refused as refused:
        raise click.ClickException(refused.message) from refused
    finish(run_import(lines, take, quiet=quiet))


def take(line: Line) -> Done:
    """Record the seat of one line."""
    sitting = get_imported(line["committee"], line["start"])
    seat = find_seat(sitting.committee_id, line["seat"])
    if seat is None:
        raise NotFound
    presence = Presence(parse_choice(line["status"], Presence))
    person_id = get_person(line["person"]).id if line["person"] else None
    known = queries.find_attendance(sitting.id, seat.id)
    if known and known.presence == presence and person_id in (None, known.person_id):
        return Done.UNCHANGED
    operations.record(SYSTEM, sitting.id, seat_id=seat.id, presence=presence, person_id=person_id)
    return Done.CHANGED if known else Done.ADDED
