"""`flask people …`."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from flask.cli import AppGroup

from coordination.organizations import queries as organizations
from coordination.organizations.models import Organization
from coordination.organizations.rules import Topic
from coordination.people import operations, queries
from coordination.people.forms import PersonLine
from coordination.people.models import Person
from coordination.people.together import TakeTogether, days_of, find_told, person_of, topics_of
from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.database import transaction
from core.forms import clean_line
from core.importing import Done, fill, finish, import_options, run_import, weeks_since
from core.periods import Period, check_days

group = AppGroup("people", help="Persons: import.")

REQUIRED = ("key", "given_name", "family_name", "email")
OPTIONAL = (
    "form_of_address",
    "phone",
    "language",
    "organization",
    "function",
    "member_since",
    "member_until",
    "topics",
)


@group.command("import")
@import_options
def import_file(file: Path, as_of: datetime | None, quiet: bool) -> None:
    """Read persons and memberships from a CSV file: run twice, it changes nothing.

    A person is known by `key`, a membership by person, organization and function; several lines with one key are
    several memberships. What a line leaves empty is emptied. The file's days move with --as-of.
    """
    shift = weeks_since(as_of.date() if as_of else None)
    lines = read_csv(file, required=REQUIRED, optional=OPTIONAL)
    finish(run_import(lines, partial(take, shift=shift), together=TakeTogether(shift), quiet=quiet))


def take(line: Line, shift: timedelta = timedelta()) -> Done:
    """Enter or update the person and the membership of one line, both or none. Refused names the column."""
    form, days = fill(PersonLine, person_of(line)), days_of(line, shift)
    with transaction():
        person, done = _take_person(form)
        if not line["organization"]:
            return done
        organization = organizations.known_by_key(line["organization"])
        joined = _take_membership(person, organization, clean_line(line["function"]) or "", days, topics_of(line))
    order = [Done.ADDED, Done.CHANGED, Done.UNCHANGED]
    return min(done, joined, key=order.index)


def _take_person(form: PersonLine) -> tuple[Person, Done]:
    row = queries.find_by_key(form.key.data)
    if row is None:
        return operations.create_person(SYSTEM, form.profile(), key=form.key.data), Done.ADDED
    if row.key != form.key.data:  # merged into another, which has a line of its own
        return row, Done.UNCHANGED
    before = operations.profile_of(row)
    operations.edit_person(SYSTEM, row.id, version=None, profile=form.profile())
    return row, Done.UNCHANGED if operations.profile_of(row) == before else Done.CHANGED


def _take_membership(
    person: Person,
    organization: Organization,
    function: str,
    days: Period,
    topics: Collection[Topic] | None,
) -> Done:
    check_days(*days)
    known = find_told(queries.memberships_of(person.id), organization.id, function, days)
    if known is None:
        operations.add_membership(
            SYSTEM,
            person.id,
            organization_id=organization.id,
            function=function,
            starts_on=days[0],
            ends_on=days[1],
            topics=topics or (),
        )
        return Done.ADDED
    before = known.version
    operations.date_membership(SYSTEM, known.id, starts_on=days[0], ends_on=days[1])
    if topics is not None:
        operations.set_topics(SYSTEM, known.id, version=None, function=function, topics=topics)
    return Done.UNCHANGED if known.version == before else Done.CHANGED
