"""`flask sittings …`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from coordination.places import queries as places
from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.dated import Status
from core.errors import Refused
from core.forms import clean_line
from core.importing import (
    Done,
    TooFar,
    finish,
    import_options,
    parse_choice,
    parse_wall_time,
    parse_yes,
    run_import,
    weeks_since,
)
from core.languages import _
from meetings.sittings import operations, queries
from meetings.sittings.models import Sitting
from meetings.sittings.operations import Plan
from meetings.sittings.rules import DEFAULT_SOURCE, Mode
from participation.committees.queries import find_by_slug, get_by_slug, ids_by_slug

group = AppGroup("sittings", help="Sittings: import.")

OPTIONAL = (
    "committee",
    "end",
    "end_as_published",
    "title",
    "number",
    "place",
    "mode",
    "public",
    "status",
    "agenda_items",
)


class FileStatus(StrEnum):
    """The states a file may name."""

    DRAFT = "draft"
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    SCHEDULED = "scheduled"
    HELD = "held"


_FIRM = {FileStatus.SCHEDULED: Status.CONFIRMED, FileStatus.HELD: Status.CONFIRMED}


@group.command("import")
@import_options
@click.option("--committee", "slug", help="Short name of the committee, for a file without a column “committee”.")
@click.option("--source", default=DEFAULT_SOURCE, show_default=True, help="Name of where the file comes from.")
def import_file(file: Path, as_of: datetime | None, quiet: bool, slug: str | None, source: str) -> None:
    """Read sittings from a CSV file.

    Needed is the column `start`: local time, or with an offset. A row is known by committee, source and this
    start: run twice, or after a sitting was moved here, nothing is doubled and nothing moves back. A known sitting
    stays as it is; only what is still empty (title, number, end of an unmoved one) is filled in from the file.
    """
    if slug is not None and find_by_slug(slug) is None:
        raise Refused(_("There is no committee with the short name “%(slug)s”.", slug=slug))
    lines = read_csv(file, required=["start"], optional=OPTIONAL)
    shift = weeks_since(as_of.date() if as_of else None)
    facts: dict[str, Any] = {"slug": slug, "source": source, "shift": shift}
    finish(run_import(lines, partial(take, **facts), together=partial(take_new, **facts), quiet=quiet))


def take(line: Line, *, slug: str | None = None, source: str = DEFAULT_SOURCE, shift: timedelta = timedelta()) -> Done:
    """Enter the sitting of one line, moved by `shift` from the file's dates, or fill gaps of the one known already."""
    if not (slug or line["committee"]):
        raise Refused(_("No committee is named: neither in the column “committee” nor by --committee."))
    committee = get_by_slug(slug or line["committee"])
    key = queries.start_in_file(line["start"])[1]
    plan = _plan(line, shift)
    known = queries.find_by_source(committee.id, source, key)
    if known is None:
        operations.schedule(SYSTEM, committee.id, plan, source=source, source_key=key)
        return Done.ADDED
    return _fill_gaps(known, plan)


def take_new(
    lines: Sequence[Line], *, slug: str | None = None, source: str = DEFAULT_SOURCE, shift: timedelta = timedelta()
) -> dict[int, Done]:
    """Enter at once those of the lines that name new sittings without a place. All others are for `take`."""
    committees = ids_by_slug({slug or line["committee"] for line in lines})
    new: dict[tuple[int, str], tuple[int, dict[str, Any]]] = {}
    for line in lines:
        committee_id = committees.get(slug or line["committee"])
        if committee_id is None or line["place"]:
            continue
        try:
            key = queries.start_in_file(line["start"])[1]
            row = operations.prepared(committee_id, _plan(line, shift), source=source, source_key=key)
        except Refused:
            continue  # `take` says why
        new.setdefault((committee_id, key), (line.number, row))
    known = queries.known_by_source(source, {key for _committee_id, key in new})
    chosen = [found for key, found in new.items() if key not in known]
    operations.schedule_all(SYSTEM, [row for _number, row in chosen])
    return {number: Done.ADDED for number, _row in chosen}


def _plan(line: Line, shift: timedelta) -> Plan:
    start = parse_wall_time(line["start"], shift)
    status = FileStatus(parse_choice(line["status"] or "confirmed", FileStatus))
    return Plan(
        start=start,
        end=_end(line, start, shift),
        title=clean_line(line["title"]) or "",
        number=clean_line(line["number"]) or "",
        mode=Mode(parse_choice(line["mode"] or "in_person", Mode)),
        place_id=places.get_by_key(line["place"]).id if line["place"] else None,
        public=parse_yes(line["public"] or "yes"),
        status=_FIRM.get(status) or Status(status.value),
    )


def _end(line: Line, start: datetime, shift: timedelta) -> datetime | None:
    """The end of the line. One before or at the start means: nobody knows (towns publish midnight then)."""
    text = line["end"] or line["end_as_published"]
    try:
        end = parse_wall_time(text, shift) if text else None
    except TooFar:
        end = None
    return None if end is None or end <= start else end


def _fill_gaps(known: Sitting, plan: Plan) -> Done:
    """What people here decided stays; what nobody entered yet is taken from the file."""
    now = operations.plan_of(known)
    unmoved = now.start == plan.start
    filled = replace(
        now,
        title=now.title or plan.title,
        number=now.number or plan.number,
        end=now.end or (plan.end if unmoved else None),
    )
    if known.cancelled or filled == now:
        return Done.UNCHANGED
    operations.edit(SYSTEM, known.id, version=None, plan=filled)
    return Done.CHANGED
