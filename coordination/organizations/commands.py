"""`flask organizations …`."""

from datetime import datetime
from pathlib import Path

from flask.cli import AppGroup

from coordination.organizations import operations, queries
from coordination.organizations.operations import Profile
from coordination.organizations.rules import Kind
from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.forms import clean_line, clean_text
from core.importing import Done, finish, import_options, parse_choice, run_import

group = AppGroup("organizations", help="Organizations: import.")


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:  # noqa: ARG001
    """Read organizations from a CSV file, keyed by their short name: run twice, it changes nothing."""
    lines = read_csv(
        file,
        required=["key", "name", "kind"],
        optional=["short_name", "own_label", "about", "email", "website", "phone"],
    )
    finish(run_import(lines, take, quiet=quiet))


def take(line: Line) -> Done:
    """Enter or update the organization of one line."""
    texts = {
        name: clean_line(line[name]) or "" for name in ("name", "short_name", "own_label", "email", "website", "phone")
    }
    profile = Profile(kind=Kind(parse_choice(line["kind"], Kind)), about=clean_text(line["about"]), **texts)
    row = queries.find_by_key(line["key"])
    if row is None:
        operations.create_organization(SYSTEM, profile, key=line["key"])
        return Done.ADDED
    before = row.version
    row = operations.edit_organization(SYSTEM, row.id, version=None, profile=profile)
    return Done.UNCHANGED if row.version == before else Done.CHANGED
