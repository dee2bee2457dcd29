"""`flask organizations …`."""

from collections.abc import Sequence
from datetime import datetime
from itertools import compress
from pathlib import Path

import click
from flask.cli import AppGroup

from coordination.organizations import operations, queries
from coordination.organizations.lines import BASICS, PROFILE, OrganizationLine, values_of
from core.access import SYSTEM
from core.csv_files import Line, read_csv, write_csv
from core.database import session
from core.filling import Filler
from core.forms import clean_line
from core.importing import Done, fill, finish, import_options, once_each, run_import

group = AppGroup("organizations", help="Organizations: import, export.")

REQUIRED = ("key", "name", "kind")
OPTIONAL = (*BASICS, *PROFILE)


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:  # noqa: ARG001
    """Read organizations from a CSV file, known by their key: run twice, it changes nothing.

    A column that the file does not have changes nothing, either.
    """
    lines = read_csv(file, required=REQUIRED, optional=OPTIONAL)
    finish(run_import(lines, take, together=TakeTogether(), quiet=quiet))


@group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_file(file: Path) -> None:
    """Write all organizations but committees into a CSV file that `import` reads back."""
    rows = session().scalars(queries.every().execution_options(yield_per=500))
    header = [*REQUIRED, *OPTIONAL]
    file.write_bytes(write_csv(header, ([values_of(row)[name] for name in header] for row in rows)))


def take(line: Line) -> Done:
    """Enter or update the organization of one line. Refused names the column."""
    form = fill(OrganizationLine, line.values)
    row = queries.find_by_key(form.key.data)
    if row is None:
        operations.create_organization(SYSTEM, form.profile(), key=form.key.data)
        return Done.ADDED
    if row.key != form.key.data:  # merged into another, which has a line of its own
        return Done.UNCHANGED
    before = row.version
    row = operations.edit_organization(SYSTEM, row.id, version=None, profile=form.profile(row))
    return Done.UNCHANGED if row.version == before else Done.CHANGED


class TakeTogether:
    """Enters at once the new organizations of many lines, and knows which are as they were."""

    def __init__(self) -> None:
        self.filler = Filler(OrganizationLine)

    def __call__(self, lines: Sequence[Line]) -> dict[int, Done]:
        """What was done, by the number of the line. All others are for `take`, which says what is not right."""
        mine = [line for line in once_each(lines, _key) if line["integration_department"] != "yes"]
        places, told = self.filler.columns([line.values for line in mine])
        if not places:
            return {}
        numbers, keys = [mine[place].number for place in places], told["key"]
        known = queries.rows_by_key(keys, list(told))
        new = [key not in known for key in keys]
        operations.create_all(SYSTEM, {name: list(compress(values, new)) for name, values in told.items()})
        found = zip(numbers, keys, zip(*told.values(), strict=True), strict=True)
        same = {number: Done.UNCHANGED for number, key, row in found if known.get(key) == row}
        return same | dict.fromkeys(compress(numbers, new), Done.ADDED)


def _key(line: Line) -> str | None:
    return clean_line(line["key"])
