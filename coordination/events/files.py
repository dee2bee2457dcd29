"""Events as lines of a file, one line an event.

Where a record of cooperation with the same key is known, it becomes the event's: title, start, topics and who takes
part may stay empty then, so that nothing is told twice. How it went is told by the record.

An event is open to everybody, with the names of those who took part, only where the column `public` says "yes": who
was asked on paper years ago may not have agreed to that.
"""

from datetime import datetime, time, timedelta

from wtforms.validators import Optional

from coordination.cooperation import queries as records
from coordination.cooperation.facts import facts_of
from coordination.cooperation.forms import Answer
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import Lead
from coordination.events import queries
from coordination.events.imports import Told, enter
from coordination.events.operations import Plan
from coordination.events.rules import ONLY_AN_IDEA, State
from coordination.organizations import queries as organizations
from coordination.organizations.rules import Topic
from coordination.places import queries as places
from coordination.planning.beginnings import Origin
from coordination.planning.rules import LONGEST_REASON
from coordination.projects import queries as projects
from core.access import SYSTEM
from core.csv_files import Line
from core.errors import Refused
from core.forms import Form, LineField, LongTextField, TimeField, needed
from core.importing import Done, WordField, fill, moved, parse_choice, parse_wall_time
from core.languages import _

REQUIRED = ("key", "state")
OPTIONAL = (
    "title",
    "start",
    "end",
    "place",
    "public",
    "text",
    "languages",
    "topics",
    "lead",
    "initiator",
    "partners",
    "asked",
    "reason",
    "project",
)


class EventLine(Form):
    """What a line may hold, judged as on the page."""

    key = LineField(required=True, longest=80)
    state = WordField(State, validators=[needed()])
    title = LineField()
    end = TimeField(validators=[Optional()])
    public = WordField(Answer)
    text = LongTextField()
    languages = LineField()
    lead = WordField(Lead)
    reason = LineField(longest=LONGEST_REASON)


def take(line: Line, shift: timedelta = timedelta()) -> Done:
    """Enter the event of one line, its dates moved by `shift`. A known one stays as it is: people here decided.

    Refused says which column is not right, and why.
    """
    form = fill(EventLine, line.values)
    key = line["key"]
    if queries.find_by_key(key) is not None:
        return Done.UNCHANGED
    record = records.find_by_key(key)
    start = _start(line, record, form.state.data, shift)
    facts = facts_of(record) if record else None
    topics = frozenset(parse_choice(word, Topic) for word in line["topics"].split())
    told = Told(
        plan=Plan(
            title=form.title.data or (facts.title if facts else ""),
            start=start,
            end=_end(start, form.end.data),
            text=form.text.data or "",
            languages=form.languages.data or "",
            public=form.public.data == Answer.YES,
            place_id=_place(line["place"]) if line["place"] else None,
            topics=topics or (facts.topics if facts else frozenset()),
            own_topics=facts.own_topics if facts and not topics else frozenset(),
            project_id=_project(line["project"]) if line["project"] else None,
        ),
        state=form.state.data,
        reason=form.reason.data or "",
        origin=Origin(None, _organization(line["initiator"]) if line["initiator"] else None, form.lead.data),
        partners=tuple(map(_organization, line["partners"].split())),
        asked=tuple(map(_organization, line["asked"].split())),
    )
    enter(SYSTEM, key, told)
    return Done.ADDED


def _start(line: Line, record: Cooperation | None, state: State, shift: timedelta) -> datetime | None:
    """The start on the clock on the wall. An idea may have none."""
    if line["start"]:
        return parse_wall_time(line["start"], shift)
    start = record.starts_local if record else None
    if start is None and (line["end"] or state not in ONLY_AN_IDEA):
        raise Refused(_("An event needs its day and the time of its start."))
    return start


def _end(start: datetime | None, end: time | None) -> datetime | None:
    """The end on the clock on the wall; one before the start is on the next morning."""
    if start is None or end is None:
        return None
    told = datetime.combine(start.date(), end)
    return told if told > start else moved(told, timedelta(days=1))


def _organization(key: str) -> int:
    return organizations.known_by_key(key).id


def _project(key: str) -> int:
    found = projects.find_by_key(key)
    if found is None:
        raise Refused(_("There is no project with the key “%(key)s”.", key=key))
    return found.id


def _place(key: str) -> int:
    found = places.find_by_key(key)
    if found is None:
        raise Refused(_("There is no place with the key “%(key)s”.", key=key))
    return found.id
