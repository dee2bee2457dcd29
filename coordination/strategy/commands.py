"""`flask strategy …`."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from coordination.strategy import files
from core.csv_files import read_csv
from core.importing import finish, import_options, run_import, weeks_since

group = AppGroup("strategy", help="Aims, measures and foundations of the cooperation: import, export.")


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:
    """Read aims, measures and statements from a CSV file: run twice, it changes nothing."""
    lines = read_csv(file, required=files.REQUIRED, optional=files.OPTIONAL)
    shift = weeks_since(as_of.date() if as_of else None)
    finish(run_import(lines, files.Taker(shift), quiet=quiet))


@group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_file(file: Path) -> None:
    """Write all of the strategy, drafts too, to FILE (CSV), as the import reads it."""
    file.write_bytes(files.strategy_csv())
