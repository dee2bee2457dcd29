"""Lines of persons and memberships, some hundred at a time: what is new is entered at once.

Whatever is not plain, changes what was known or must be refused is left to `commands.take`, with all other lines of
that person: their order matters.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from coordination.organizations import queries as organizations
from coordination.organizations.rules import Topic
from coordination.people import operations, queries
from coordination.people.forms import PersonLine
from coordination.people.models import Membership
from core.access import SYSTEM
from core.csv_files import Line
from core.errors import Refused
from core.filling import Filler
from core.forms import clean_line
from core.importing import Done, parse_choice, parse_day
from core.languages import DEFAULT
from core.periods import Period, check_days, days_overlap

#: what `operations.prepared` tells of a person
COLUMNS = ("key", *operations.Profile.__dataclass_fields__)


@dataclass(frozen=True)
class Told:
    """What a line tells: the person's columns, and the membership where it names an organization."""

    number: int
    person: Mapping[str, Any]
    organization_id: int | None
    function: str
    days: Period
    #: None: the file does not tell
    topics: Sequence[Topic] | None


def person_of(line: Line) -> dict[str, str]:
    """What a line tells of the person: whoever names no language gets mails in German."""
    return {**line.values, "language": line["language"] or DEFAULT}


def days_of(line: Line, shift: timedelta) -> Period:
    """First and last day of the membership, moved by `shift`. Refused names the column."""
    return parse_day(line["member_since"], shift), parse_day(line["member_until"], shift)


def topics_of(line: Line) -> list[Topic] | None:
    """For what others turn to the member; None where the file does not tell. Refused names the column."""
    return [parse_choice(word, Topic) for word in line["topics"].split()] if line.tells("topics") else None


def find_told(
    rows: Iterable[Membership], organization_id: int | None, function: str, days: Period
) -> Membership | None:
    """Among those of a person the membership that a line tells of: who comes back after a pause has a second one."""
    for row in rows:
        same = row.organization_id == organization_id and row.function == function
        if same and (row.starts_on == days[0] or days_overlap((row.starts_on, row.ends_on), days)):
            return row
    return None


class TakeTogether:
    """Takes the plain lines of a batch. Days move by `shift`."""

    def __init__(self, shift: timedelta = timedelta()) -> None:
        self.shift = shift
        self.filler = Filler(PersonLine)

    def __call__(self, lines: Sequence[Line]) -> dict[int, Done]:
        """What was done, by the number of the line."""
        told = self._by_person(lines)
        known = queries.known_people(told, COLUMNS)
        taken = queries.taken_addresses({of[0].person["email"] for key, of in told.items() if key not in known})
        new = {key: of for key, of in told.items() if key not in known and of[0].person["email"] not in taken}
        made = operations.create_all(SYSTEM, [of[0].person for of in new.values()])
        added = dict(zip(made, new.values(), strict=True))
        same = {known[key][0]: of for key, of in told.items() if key in known and known[key][1] == of[0].person}
        return _join(added | same) | {of[0].number: Done.ADDED for of in new.values()}

    def _by_person(self, lines: Sequence[Line]) -> dict[str, list[Told]]:
        """The lines of each person of whom all lines are plain, and whose address no other line claims."""
        ids = organizations.ids_by_key({line["organization"] for line in lines})
        found: dict[str, list[Told | None]] = defaultdict(list)
        claims = Counter({(line["email"].lower(), clean_line(line["key"])) for line in lines if line["email"]})
        often = Counter(email for email, _key in claims)
        for line in lines:
            alone = often[line["email"].lower()] < 2
            found[clean_line(line["key"]) or ""].append(self._read(line, ids) if alone else None)
        return {key: whole for key, of in found.items() if (whole := _fit_together(of))}

    def _read(self, line: Line, ids: Mapping[str, int]) -> Told | None:
        """What the line tells, None where `take` has to look."""
        form = self.filler.plain(person_of(line))
        if form is None or (line["organization"] and line["organization"] not in ids):
            return None
        try:
            days, topics = days_of(line, self.shift), topics_of(line)
            check_days(*days)
            person = operations.prepared(form.key.data, form.profile())
        except Refused:
            return None
        return Told(
            number=line.number,
            person=person,
            organization_id=ids.get(line["organization"]),
            function=form.function.data or "",
            days=days,
            topics=topics,
        )


def _fit_together(lines: Sequence[Told | None]) -> list[Told]:
    """These lines of one person, if all tell the same of them and each of another membership; else none."""
    told = [line for line in lines if line is not None]
    memberships = {(line.organization_id, line.function) for line in told}
    fits = len(memberships) == len(lines) and all(line.person == told[0].person for line in told)
    return told if fits else []


def _join(people: Mapping[int, Sequence[Told]]) -> dict[int, Done]:
    """Enter the memberships that are new, of persons by id; those that are known otherwise are left out."""
    known = queries.memberships_by_person(people)
    done: dict[int, Done] = {}
    new: list[dict[str, Any]] = []
    for person_id, lines in people.items():
        for told in lines:
            row = find_told(known.get(person_id, ()), told.organization_id, told.function, told.days)
            if told.organization_id is None or (row and _is_as_told(row, told)):
                done[told.number] = Done.UNCHANGED
            elif row is None:
                new.append(operations.prepared_membership(person_id, told.organization_id, **_terms(told)))
                done[told.number] = Done.ADDED
    operations.add_memberships(SYSTEM, new)
    return done


def _terms(told: Told) -> dict[str, Any]:
    return {
        "function": told.function,
        "starts_on": told.days[0],
        "ends_on": told.days[1],
        "topics": told.topics or (),
    }


def _is_as_told(row: Membership, told: Told) -> bool:
    topics = row.topics if told.topics is None else operations.in_order(told.topics)
    return (row.starts_on, row.ends_on, row.topics) == (*told.days, topics)
