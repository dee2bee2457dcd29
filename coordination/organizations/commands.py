"""`flask organizations …`."""

from datetime import datetime
from pathlib import Path

from flask.cli import AppGroup

from coordination.organizations import operations, queries
from coordination.organizations.forms import OrganizationForm
from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.forms import LineField
from core.importing import Done, fill, finish, import_options, parse_yes, run_import

group = AppGroup("organizations", help="Organizations: import.")

REQUIRED = ("key", "name", "kind")
OPTIONAL = ("short_name", "own_label", "about", "email", "website", "phone", "integration_department")


class OrganizationLine(OrganizationForm):
    """A line of a file: the form of the page, and the key."""

    key = LineField(required=True, longest=80)


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:  # noqa: ARG001
    """Read organizations from a CSV file, known by their key: run twice, it changes nothing."""
    finish(run_import(read_csv(file, required=REQUIRED, optional=OPTIONAL), take, quiet=quiet))


def take(line: Line) -> Done:
    """Enter or update the organization of one line. Refused names the column."""
    ticked = {"integration_department": "yes"} if parse_yes(line["integration_department"]) else {}
    form = fill(OrganizationLine, {**line.values, "integration_department": "", **ticked})
    row = queries.find_by_key(form.key.data)
    if row is None:
        operations.create_organization(SYSTEM, form.profile(), key=form.key.data)
        return Done.ADDED
    before = row.version
    row = operations.edit_organization(SYSTEM, row.id, version=None, profile=form.profile())
    return Done.UNCHANGED if row.version == before else Done.CHANGED
