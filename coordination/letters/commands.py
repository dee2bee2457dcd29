"""`flask letters …`."""

from datetime import datetime, timedelta
from pathlib import Path

from flask.cli import AppGroup

from coordination.letters import operations, queries
from coordination.letters.operations import Draft
from coordination.letters.queries import Wanted
from coordination.organizations import queries as organizations
from coordination.organizations.languages import LANGUAGE_LABELS
from coordination.organizations.rules import Topic
from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.errors import Refused
from core.forms import clean_line, clean_text
from core.importing import Done, finish, import_options, parse_choice, parse_day, run_import, weeks_since
from core.languages import _

group = AppGroup("letters", help="Letters to migrant organizations: import.")

REQUIRED = ("department", "subject", "text")
OPTIONAL = ("topic", "language", "sent_on")


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:
    """Read letters from a CSV file, known by department and subject: run twice, it changes nothing.

    No mail goes out.
    """
    shift = weeks_since(as_of.date() if as_of else None)
    lines = read_csv(file, required=REQUIRED, optional=OPTIONAL)
    finish(run_import(lines, lambda line: take(line, shift), quiet=quiet))


def take(line: Line, shift: timedelta = timedelta()) -> Done:
    """Keep the letter of one line: as a draft, or as sent on a day. A known one stays as it is. Refused says what is
    not right."""
    subject, text = clean_line(line["subject"]), clean_text(line["text"])
    if not subject or len(subject) > 120 or not text:
        raise Refused(_("A letter needs a subject of at most 120 characters, and a text."))
    if line["language"] and line["language"] not in LANGUAGE_LABELS:
        raise Refused(_("“%(text)s” is none of: %(known)s.", text=line["language"], known=", ".join(LANGUAGE_LABELS)))
    draft = Draft(organizations.known_by_key(line["department"]).id, subject, text)
    if queries.find_letter(draft.department_id, subject) is not None:
        return Done.UNCHANGED
    wanted = Wanted(parse_choice(line["topic"], Topic) if line["topic"] else None, line["language"])
    day = parse_day(line["sent_on"], shift)
    if day is None:
        operations.write_letter(SYSTEM, wanted, draft)
    else:
        operations.keep_sent_letter(SYSTEM, wanted, draft, day=day)
    return Done.ADDED
