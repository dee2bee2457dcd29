"""`flask agenda …`."""

from datetime import datetime
from pathlib import Path

from flask.cli import AppGroup

from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.errors import Refused
from core.forms import clean_line, clean_text
from core.importing import Done, finish, import_options, parse_yes, run_import
from core.languages import _
from meetings.agenda import operations, queries
from meetings.agenda.operations import Item
from meetings.agenda.rules import NUMBER_LENGTH, looks_automatic
from meetings.sittings.queries import get_imported

group = AppGroup("agenda", help="Agendas: import.")


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:  # noqa: ARG001  a start is a key here
    """Read agenda items from a CSV file, in the order of its lines.

    A sitting is named by committee and by the start it had in its own file, however often it moved since; an item
    by its number in this file. A known item stays as it is: run twice, it changes nothing.
    """
    lines = read_csv(file, required=["committee", "start", "number", "title"], optional=["public", "description"])
    finish(run_import(lines, take, quiet=quiet))


def take(line: Line) -> Done:
    """Put the item of one line on its agenda, unless it is there."""
    number = clean_line(line["number"]) or ""
    if not number:
        raise Refused(_("The number is missing: it tells the items of an agenda apart."))
    if len(number) > NUMBER_LENGTH:
        raise Refused(_("Please use at most %(max)d characters.", max=NUMBER_LENGTH), "number")
    sitting = get_imported(line["committee"], line["start"])
    if queries.find_by_source(sitting.id, number) is not None:
        return Done.UNCHANGED
    item = Item(
        title=clean_line(line["title"]) or "",
        description=clean_text(line["description"]),
        public=parse_yes(line["public"] or "yes"),
        number="" if looks_automatic(number) else number,
    )
    operations.add(SYSTEM, sitting.id, item, source_key=number)
    return Done.ADDED
