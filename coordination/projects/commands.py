"""`flask projects …`."""

from datetime import datetime
from pathlib import Path

from flask.cli import AppGroup

from coordination.cooperation.files import blocks
from coordination.projects import files
from core.csv_files import read_csv
from core.importing import finish, import_options, run_import, weeks_since

group = AppGroup("projects", help="Projects that are planned together: import.")


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:
    """Read projects from a CSV file, known by their key: run twice, it changes nothing. What is empty is emptied, but
    for what the record of cooperation with this key tells."""
    lines = read_csv(file, required=files.REQUIRED, optional=files.OPTIONAL)
    shift = weeks_since(as_of.date() if as_of else None)
    finish(run_import(list(blocks(lines)), files.Taker(shift), quiet=quiet))
