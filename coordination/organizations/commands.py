"""`flask organizations …`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from coordination.organizations import operations, queries
from coordination.organizations.lines import BASICS, PROFILE, OrganizationLine, changed_by, values_of
from core.access import SYSTEM
from core.csv_files import Line, read_csv, write_csv
from core.database import session
from core.errors import Refused
from core.filling import Filler
from core.forms import clean_line
from core.importing import Done, fill, finish, import_options, once_each, parse_yes, run_import, upsert

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
    form = fill(OrganizationLine, _values(line))
    told, row = form.profile(), queries.find_by_key(form.key.data)
    if row is None:
        operations.create_organization(SYSTEM, told, key=form.key.data)
        return Done.ADDED
    if row.key != form.key.data:  # merged into another, which has a line of its own
        return Done.UNCHANGED
    before = row.version
    profile = changed_by(row, told, line.values.keys())
    row = operations.edit_organization(SYSTEM, row.id, version=None, profile=profile)
    return Done.UNCHANGED if row.version == before else Done.CHANGED


class TakeTogether:
    """Enters at once the new organizations of many lines, and knows which are as they were."""

    def __init__(self) -> None:
        self.filler = Filler(OrganizationLine)

    def __call__(self, lines: Sequence[Line]) -> dict[int, Done]:
        """What was done, by the number of the line. All others are for `take`, which says what is not right."""
        found: dict[str, tuple[int, dict[str, Any]]] = {}
        for line in once_each(lines, lambda line: clean_line(line["key"])):
            try:
                if form := self.filler.plain(_values(line)):
                    found[form.key.data] = (line.number, operations.prepared(form.key.data, form.profile()))
            except Refused:
                continue
        return upsert(found, queries.columns_by_key, partial(operations.create_all, SYSTEM))


def _values(line: Line) -> Mapping[str, str]:
    ticked = "yes" if parse_yes(line["integration_department"]) else ""
    return (
        line.values if ticked == line["integration_department"] else {**line.values, "integration_department": ticked}
    )
