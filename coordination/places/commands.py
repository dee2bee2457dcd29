"""`flask places …`."""

from datetime import datetime
from pathlib import Path

from flask.cli import AppGroup

from coordination.places import operations, queries
from coordination.places.forms import PlaceForm
from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.forms import LineField
from core.importing import Done, fill, finish, import_options, run_import

group = AppGroup("places", help="Places: import.")

REQUIRED = ("key", "name")
OPTIONAL = ("street", "postal_code", "locality", "room", "capacity", "step_free", "note")


class PlaceLine(PlaceForm):
    """A line of a file: the form of the page, and the key."""

    key = LineField(required=True, longest=80)


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:  # noqa: ARG001
    """Read places from a CSV file, known by their key: run twice, it changes nothing. What is empty is emptied."""
    finish(run_import(read_csv(file, required=REQUIRED, optional=OPTIONAL), take, quiet=quiet))


def take(line: Line) -> Done:
    """Enter or update the place of one line. `step_free` is yes, no, or empty: unknown. Refused names the column."""
    form = fill(PlaceLine, line.values)
    row = queries.find_by_key(form.key.data)
    if row is None:
        operations.create_place(SYSTEM, form.profile(), key=form.key.data)
        return Done.ADDED
    if operations.profile_of(row) == form.profile():
        return Done.UNCHANGED
    operations.edit_place(SYSTEM, row.id, version=None, profile=form.profile())
    return Done.CHANGED
