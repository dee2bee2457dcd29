"""`flask events …`."""

from datetime import datetime
from functools import partial
from pathlib import Path

from flask.cli import AppGroup

from coordination.events import files
from core.csv_files import read_csv
from core.importing import finish, import_options, run_import, weeks_since

group = AppGroup("events", help="Events that are planned together: import.")


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:
    """Read events from a CSV file, known by their key: run twice, it changes nothing, and a known event stays as it is.

    A record of cooperation with the same key becomes the event's. Nobody gets a mail by it. Everybody may see an event,
    and who took part in it, only where its column "public" says "yes".
    """
    lines = read_csv(file, required=files.REQUIRED, optional=files.OPTIONAL)
    shift = weeks_since(as_of.date() if as_of else None)
    finish(run_import(lines, partial(files.take, shift=shift), quiet=quiet))
