"""`flask organizations …`."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from coordination.organizations import codebook, queries
from coordination.organizations.imports import Taker
from coordination.organizations.lines import values_of
from core.access import SYSTEM
from core.csv_files import read_csv, write_csv
from core.database import session
from core.importing import finish, import_options, run_import

group = AppGroup("organizations", help="Organizations: import, export.")


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:  # noqa: ARG001
    """Read organizations from a CSV file, known by their key: run twice, it changes nothing.

    A column that the file does not have changes nothing, either.
    """
    taker = Taker(SYSTEM)
    lines = read_csv(file, required=codebook.REQUIRED, optional=codebook.NAMES)
    finish(run_import(lines, taker, together=taker.together, quiet=quiet))


@group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_file(file: Path) -> None:
    """Write all organizations but committees into a CSV file that `import` reads back."""
    rows = session().scalars(queries.every().execution_options(yield_per=500))
    file.write_bytes(write_csv(codebook.NAMES, (list(values_of(row).values()) for row in rows)))
