"""`flask attendance …`."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from coordination.people.queries import get_by_key as get_person
from coordination.people.queries import ids_by_key
from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.errors import NotFound, Refused
from core.importing import Done, finish, import_options, parse_choice, run_import
from meetings.attendance import operations, queries
from meetings.attendance.models import Attendance
from meetings.attendance.operations import Mark
from meetings.attendance.queries import Recorded
from meetings.attendance.rules import Presence
from meetings.sittings.queries import get_imported, named_in_file
from participation.seats.queries import find_seat, ids_by_label

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
    finish(run_import(lines, take, together=take_together, quiet=quiet))


def take(line: Line) -> Done:
    """Record the seat of one line."""
    sitting = get_imported(line["committee"], line["start"])
    seat = find_seat(sitting.committee_id, line["seat"])
    if seat is None:
        raise NotFound
    presence = parse_choice(line["status"], Presence)
    person_id = get_person(line["person"]).id if line["person"] else None
    known = queries.find_attendance(sitting.id, seat.id)
    if known and _is_as_told(known, presence, person_id):
        return Done.UNCHANGED
    operations.record(SYSTEM, sitting.id, seat_id=seat.id, presence=presence, person_id=person_id)
    return Done.CHANGED if known else Done.ADDED


def take_together(lines: Sequence[Line]) -> dict[int, Done]:
    """Record at once the sittings of which no line changes anything that is recorded; all others are for `take`."""
    told = _by_sitting(lines)
    marks = {sitting_id: [mark for mark in found.values() if mark] for sitting_id, found in told.items()}
    done = operations.record_many(SYSTEM, {sitting_id: new for sitting_id, new in marks.items() if new})
    return {
        number: Done.ADDED if mark else Done.UNCHANGED
        for sitting_id, found in told.items()
        if sitting_id in done or not marks[sitting_id]
        for number, mark in found.items()
    }


def _by_sitting(lines: Sequence[Line]) -> dict[int, dict[int, Mark | None]]:
    """By sitting and number of the line what is to be recorded, None where it is. Only sittings of plain lines."""
    sittings = named_in_file({(line["committee"], line["start"]) for line in lines})
    found = [(line, *sittings.get((line["committee"], line["start"]), (0, 0))) for line in lines]
    seats = ids_by_label({(committee_id, line["seat"]) for line, committee_id, _sitting_id in found})
    people = ids_by_key({line["person"] for line in lines})
    there = queries.recorded({sitting_id for _line, _committee_id, sitting_id in found})
    told: dict[int, dict[int, Mark | None]] = defaultdict(dict)
    left, named = {0}, set()
    for line, committee_id, sitting_id in found:
        seat_id, person_id = seats.get((committee_id, line["seat"]), 0), people.get(line["person"])
        known = there.get(sitting_id, {}).get(seat_id)
        plain = seat_id and line["status"] in set(Presence) and bool(person_id) == bool(line["person"])
        if not plain or (sitting_id, seat_id) in named or (known and not _is_as_told(known, line["status"], person_id)):
            left.add(sitting_id)
        else:
            mark = Mark(seat_id, Presence(line["status"]), person_id)
            told[sitting_id][line.number] = None if known else mark
        named.add((sitting_id, seat_id))
    return {sitting_id: marks for sitting_id, marks in told.items() if sitting_id not in left}


def _is_as_told(known: Attendance | Recorded, presence: str, person_id: int | None) -> bool:
    return known.presence == presence and person_id in (None, known.person_id)
