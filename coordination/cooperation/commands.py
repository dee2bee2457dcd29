"""`flask cooperation …`."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from coordination.cooperation import codebook, documents
from coordination.cooperation.files import Taker, blocks
from coordination.cooperation.policies import reach_of
from coordination.cooperation.queries import Wanted
from core.access import SYSTEM
from core.importing import finish, import_options, run_import, weeks_since
from core.spreadsheets import read_table

group = AppGroup("cooperation", help="Records of cooperation: import, export.")


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:
    """Read records of cooperation from a CSV or XLSX file, known by their key: run twice, it changes nothing."""
    lines = read_table(file, required=codebook.REQUIRED, optional=codebook.IMPORTED)
    shift = weeks_since(as_of.date() if as_of else None)
    taker = Taker(SYSTEM, shift)
    finish(run_import(list(blocks(lines)), taker, together=taker.together, quiet=quiet))


@group.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_file(file: Path) -> None:
    """Write all records to FILE.xlsx, or to FILE.csv with its codebook beside it (FILE-codebook.csv)."""
    if file.suffix == ".xlsx":
        file.write_bytes(documents.records_xlsx(reach_of(SYSTEM), Wanted()))
    elif file.suffix == ".csv":
        file.write_bytes(documents.records_csv(reach_of(SYSTEM), Wanted()))
        file.with_name(f"{file.stem}-codebook.csv").write_bytes(documents.codebook_csv())
    else:
        raise click.BadParameter("FILE must end with .csv or .xlsx.")
