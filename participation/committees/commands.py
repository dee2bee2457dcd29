"""`flask committees …`."""

from datetime import datetime
from pathlib import Path

from flask.cli import AppGroup

from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.importing import Done, fill, finish, import_options, parse_yes, run_import
from participation.committees import operations, queries
from participation.committees.forms import CommitteeForm
from participation.committees.operations import Charter

group = AppGroup("committees", help="Committees: import.")

REQUIRED = ["slug", "name", "kind", "notice_days", "quorum_rule"]
OPTIONAL = [
    "short_name",
    "about",
    "statutory_seats",
    "statutory_voting_seats",
    "public",
    "publishes_attendance",
    "figure",
]


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:  # noqa: ARG001
    """Read committees from a CSV file, keyed by their slug: run twice, it changes nothing."""
    finish(run_import(read_csv(file, required=REQUIRED, optional=OPTIONAL), take, quiet=quiet))


def take(line: Line) -> Done:
    """Found or update the committee of one line, judged as the page's form does. `public` is yes unless said no."""
    charter = _charter(line)
    committee = queries.find_by_slug(line["slug"])
    if committee is None:
        operations.create_committee(SYSTEM, charter, slug=line["slug"])
        return Done.ADDED
    before = committee.version
    committee = operations.edit_committee(SYSTEM, committee.id, version=None, charter=charter)
    return Done.UNCHANGED if committee.version == before else Done.CHANGED


def _charter(line: Line) -> Charter:
    switches = {
        "public": parse_yes(line["public"] or "yes"),
        "publishes_attendance": parse_yes(line["publishes_attendance"]),
    }
    fields = {name: line[name] for name in (*REQUIRED, *OPTIONAL) if name not in ("slug", *switches)}
    ticked = {name: "yes" for name, ticked in switches.items() if ticked}
    return fill(CommitteeForm, {**fields, **ticked}).charter()
