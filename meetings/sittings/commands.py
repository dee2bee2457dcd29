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
from core.errors import NotFound, Refused
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
from meetings.sittings.queries import Imported
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
    finish(run_import(lines, partial(take, **facts), together=TakeTogether(**facts), quiet=quiet))


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


class TakeTogether:
    """Enters at once the new sittings of a batch that take no place, and knows those in which nothing is to fill in."""

    def __init__(self, *, slug: str | None, source: str, shift: timedelta) -> None:
        self.slug, self.source, self.shift = slug, source, shift

    def __call__(self, lines: Sequence[Line]) -> dict[int, Done]:
        """What was done, by the number of the line. All others are for `take`, also a second line about one sitting."""
        told = self._told(lines)
        known = queries.known_by_source(self.source, told)
        rows: dict[int, dict[str, Any]] = {}
        done: dict[int, Done] = {}
        for (committee_id, key), line in told.items():
            there = known.get((committee_id, key))
            if line["place"] and there is None:
                continue
            try:
                plan = _plan(line, self.shift)
                if there is None:
                    found = operations.prepared(committee_id, plan, source=self.source, source_key=key)
                    rows[line.number], done[line.number] = found, Done.ADDED
                elif not _gaps(there, plan):
                    done[line.number] = Done.UNCHANGED
            except (Refused, NotFound):
                continue  # `take` says why
        operations.schedule_all(SYSTEM, list(rows.values()))
        return done

    def _told(self, lines: Sequence[Line]) -> dict[tuple[int, str], Line]:
        """The first line about each sitting, by committee and key."""
        committees = ids_by_slug({self.slug or line["committee"] for line in lines})
        told: dict[tuple[int, str], Line] = {}
        for line in lines:
            committee_id = committees.get(self.slug or line["committee"])
            if committee_id is not None:
                try:
                    told.setdefault((committee_id, queries.start_in_file(line["start"])[1]), line)
                except Refused:
                    continue
        return told


def _plan(line: Line, shift: timedelta) -> Plan:
    start = parse_wall_time(line["start"], shift)
    status = parse_choice(line["status"] or "confirmed", FileStatus)
    return Plan(
        start=start,
        end=_end(line, start, shift),
        title=clean_line(line["title"]) or "",
        number=clean_line(line["number"]) or "",
        mode=parse_choice(line["mode"] or "in_person", Mode),
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
    gaps = _gaps(known, plan)
    if not gaps:
        return Done.UNCHANGED
    operations.edit(SYSTEM, known.id, version=None, plan=replace(operations.plan_of(known), **gaps))
    return Done.CHANGED


def _gaps(known: Sitting | Imported, plan: Plan) -> dict[str, Any]:
    """What nobody entered yet and the file tells; the end only where it was not moved, nothing if cancelled."""
    if known.status == Status.CANCELLED:
        return {}
    end = plan.end if known.starts_local == plan.start else None
    told = {"title": plan.title, "number": plan.number, "end": end}
    there = {"title": known.title, "number": known.number, "end": known.ends_local}
    return {name: value for name, value in told.items() if value and not there[name]}
