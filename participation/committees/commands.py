"""`flask committees …`."""

from datetime import datetime
from pathlib import Path

from flask.cli import AppGroup

from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.forms import clean_line, clean_text
from core.importing import Done, finish, import_options, parse_choice, parse_number, parse_yes, run_import
from participation.committees import operations, queries
from participation.committees.operations import Charter
from participation.committees.rules import Kind, QuorumRule

group = AppGroup("committees", help="Committees: import.")

REQUIRED = ["slug", "name", "kind", "notice_days", "quorum_rule"]
OPTIONAL = ["short_name", "about", "statutory_seats", "statutory_voting_seats", "public", "publishes_attendance"]


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:  # noqa: ARG001
    """Read committees from a CSV file, keyed by their slug: run twice, it changes nothing."""
    finish(run_import(read_csv(file, required=REQUIRED, optional=OPTIONAL), take, quiet=quiet))


def take(line: Line) -> Done:
    """Found or update the committee of one line. `public` is yes unless the line says no."""
    charter = Charter(
        name=clean_line(line["name"]) or "",
        short_name=clean_line(line["short_name"]) or "",
        kind=Kind(parse_choice(line["kind"], Kind)),
        about=clean_text(line["about"]),
        notice_days=parse_number(line["notice_days"]) or 0,
        quorum_rule=QuorumRule(parse_choice(line["quorum_rule"], QuorumRule)),
        statutory_seats=parse_number(line["statutory_seats"]),
        statutory_voting_seats=parse_number(line["statutory_voting_seats"]),
        public=parse_yes(line["public"] or "yes"),
        publishes_attendance=parse_yes(line["publishes_attendance"]),
    )
    committee = queries.find_by_slug(line["slug"])
    if committee is None:
        operations.create_committee(SYSTEM, charter, slug=line["slug"])
        return Done.ADDED
    before = committee.version
    committee = operations.edit_committee(SYSTEM, committee.id, version=None, charter=charter)
    return Done.UNCHANGED if committee.version == before else Done.CHANGED
