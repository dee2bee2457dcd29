"""`flask contacts …`."""

from datetime import datetime, timedelta
from pathlib import Path

from flask.cli import AppGroup

from coordination.contacts import operations, queries
from coordination.contacts.operations import Contact
from coordination.contacts.rules import Channel
from coordination.organizations import queries as organizations
from coordination.organizations.rules import Topic
from coordination.people import queries as people
from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.errors import Refused
from core.forms import clean_text
from core.importing import Done, finish, import_options, parse_choice, parse_day, run_import, weeks_since
from core.languages import _

group = AppGroup("contacts", help="Contact log: import.")

REQUIRED = ("organization", "happened_on", "channel", "about")
OPTIONAL = ("topics", "department", "person")


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:
    """Read contacts from a CSV file, known by organization, day and way: run twice, it changes nothing."""
    shift = weeks_since(as_of.date() if as_of else None)
    lines = read_csv(file, required=REQUIRED, optional=OPTIONAL)
    finish(run_import(lines, lambda line: take(line, shift), quiet=quiet))


def take(line: Line, shift: timedelta = timedelta()) -> Done:
    """Note or correct the contact of one line. Refused says what is not right."""
    organization, contact = organizations.known_by_key(line["organization"]), _contact(line, shift)
    row = queries.find_note(organization.id, contact.happened_on, contact.channel)
    if row is None:
        operations.note_contact(SYSTEM, organization.id, contact)
        return Done.ADDED
    before = row.version
    operations.edit_note(SYSTEM, row.id, version=None, contact=contact)
    return Done.UNCHANGED if row.version == before else Done.CHANGED


def _contact(line: Line, shift: timedelta) -> Contact:
    day, about = parse_day(line["happened_on"], shift), clean_text(line["about"])
    if day is None or not about or len(about) > operations.LONGEST_WORDS:
        raise Refused(
            _("A contact needs a day, and words about it of at most %(max)d characters.", max=operations.LONGEST_WORDS)
        )
    return Contact(
        happened_on=day,
        channel=parse_choice(line["channel"], Channel),
        about=about,
        topics=[parse_choice(word, Topic) for word in line["topics"].split()],
        department_id=organizations.known_by_key(line["department"]).id if line["department"] else None,
        person_id=people.get_by_key(line["person"]).id if line["person"] else None,
    )
