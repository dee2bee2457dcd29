"""What is recorded of a cooperation: its words, what makes the record complete, and who led it on a day.

The words are those of the survey of 2020 among 32 municipalities, so that its tables can be repeated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from coordination.organizations.rules import Kind
from core.languages import _l


class Format(StrEnum):
    """The level of a cooperation: the three frequent ones, and what is none of them (conferences, hearings)."""

    SINGLE_EVENT = "single_event"
    PROJECT = "project"
    COMMITTEE = "committee"
    OTHER = "other"


FORMAT_LABELS = {
    Format.SINGLE_EVENT: _l("Single event"),
    Format.PROJECT: _l("Project"),
    Format.COMMITTEE: _l("Committee"),
    Format.OTHER: _l("Other form"),
}


class Lead(StrEnum):
    """The form of a cooperation: whose it is. Joint means planned and carried out together."""

    MUNICIPAL = "municipal"
    MIGRANT_ORGANISATION = "migrant_organisation"
    JOINT = "joint"


LEAD_LABELS = {
    Lead.MUNICIPAL: _l("Led by the municipality"),
    Lead.MIGRANT_ORGANISATION: _l("Led by a migrant organization"),
    Lead.JOINT: _l("Planned and carried out together"),
}

#: the day from which a lead counts that was there from the beginning
BEGINNING = date.min


class InitiatorKind(StrEnum):
    """From where the impulse came."""

    INTEGRATION_DEPARTMENT = "integration_department"
    OTHER_OFFICE = "other_office"
    MIGRANT_ORGANISATION = "migrant_organisation"
    OTHER = "other"


INITIATOR_LABELS = {
    InitiatorKind.INTEGRATION_DEPARTMENT: _l("Integration department"),
    InitiatorKind.OTHER_OFFICE: _l("Another municipal office"),
    InitiatorKind.MIGRANT_ORGANISATION: _l("Migrant organization"),
    InitiatorKind.OTHER: _l("Somebody else"),
}


class Status(StrEnum):
    """How far a cooperation has come. A project or committee that is going on is `running`; what has taken place or
    come to its end is `held`; an idea of which nothing came is `turned_down`."""

    IDEA = "idea"
    PLANNED = "planned"
    ANNOUNCED = "announced"
    RUNNING = "running"
    HELD = "held"
    CANCELLED = "cancelled"
    TURNED_DOWN = "turned_down"


STATUS_LABELS = {
    Status.IDEA: _l("Idea"),
    Status.PLANNED: _l("Being planned"),
    Status.ANNOUNCED: _l("Announced"),
    Status.RUNNING: _l("Running"),
    Status.HELD: _l("Held"),
    Status.CANCELLED: _l("Called off"),
    Status.TURNED_DOWN: _l("Not taken up"),
}


#: what figures count: it takes or took place
COUNTED = (Status.RUNNING, Status.HELD)
#: nothing is to come of these any more
OVER = frozenset({Status.HELD, Status.CANCELLED, Status.TURNED_DOWN})


class ContributionKind(StrEnum):
    """What the municipality gives to a cooperation."""

    GREETING = "greeting"
    TALK = "talk"
    DISCUSSION = "discussion"
    CO_FUNDING = "co_funding"
    ROOM = "room"
    ADVICE = "advice"


CONTRIBUTION_LABELS = {
    ContributionKind.GREETING: _l("Greeting"),
    ContributionKind.TALK: _l("Talk"),
    ContributionKind.DISCUSSION: _l("Discussion"),
    ContributionKind.CO_FUNDING: _l("Co-funding"),
    ContributionKind.ROOM: _l("Room"),
    ContributionKind.ADVICE: _l("Advice"),
}


class Figure(StrEnum):
    """Which of the three figures that the survey counts apart a committee belongs to."""

    #: regular exchange with umbrella bodies or working groups of migrant organizations (23 of 32)
    REGULAR_EXCHANGE = "regular_exchange"
    #: working bodies of the municipality in which migrant organizations are represented (28 of 32)
    MUNICIPAL_BODY = "municipal_body"
    #: further levels: advisory boards, integration committees, round tables, networks (14 of 32)
    FURTHER_LEVEL = "further_level"


FIGURE_LABELS = {
    Figure.REGULAR_EXCHANGE: _l("Regular exchange with umbrella bodies or working groups of migrant organizations"),
    Figure.MUNICIPAL_BODY: _l("Working body of the municipality with representatives of migrant organizations"),
    Figure.FURTHER_LEVEL: _l("Further level of cooperation"),
}


class Source(StrEnum):
    """Where a record comes from. The last three are kept in step by the page of their event, project or committee."""

    ENTERED = "entered"
    IMPORTED = "imported"
    EVENT = "event"
    PROJECT = "project"
    COMMITTEE = "committee"


SOURCE_LABELS = {
    Source.ENTERED: _l("Entered by hand"),
    Source.IMPORTED: _l("Imported from a file"),
    Source.EVENT: _l("Planned here as an event"),
    Source.PROJECT: _l("Planned here as a project"),
    Source.COMMITTEE: _l("A committee that is kept here"),
}

#: records of these belong to a row of a room above, and are changed there
KEPT_ELSEWHERE = frozenset({Source.EVENT, Source.PROJECT, Source.COMMITTEE})

#: whoever takes part in these has their dates in the own calendar
SEEN_BY_PARTNERS = frozenset({Source.EVENT, Source.PROJECT})

#: beyond this a number of participants is a slip of the hand
MOST_PARTICIPANTS = 999_999


class Gap(StrEnum):
    """What a record may lack."""

    TOPIC = "topic"
    PERIOD = "period"
    LEAD = "lead"
    INITIATOR = "initiator"
    PARTNER = "partner"
    PARTICIPANTS = "participants"
    OUTCOME = "outcome"


GAP_LABELS = {
    Gap.TOPIC: _l("Which topic was it about?"),
    Gap.PERIOD: _l("When did it take place?"),
    Gap.LEAD: _l("Who led it?"),
    Gap.INITIATOR: _l("Who gave the impulse?"),
    Gap.PARTNER: _l("Which organizations took part?"),
    Gap.PARTICIPANTS: _l("How many people came?"),
    Gap.OUTCOME: _l("What worked, and what would you do otherwise?"),
}


class DatedLead(Protocol):
    """A lead and the day from which it counts."""

    lead: Any
    since: Any


class Recorded(Protocol):
    """What `missing` looks at; a row of `Cooperation` is one."""

    format: Any
    starts_on: Any
    initiator_kind: Any
    participants: Any
    what_worked: Any
    do_differently: Any
    leads: Any
    topics: Any
    partners: Any


def lead_on(leads: Iterable[DatedLead], day: date) -> Lead | None:
    """Who led on this day: the newest lead from that day or before. None where none was recorded by then."""
    counting = [(dated.since, dated.lead) for dated in leads if dated.since <= day]
    return Lead(max(counting)[1]) if counting else None


def missing(record: Recorded) -> list[Gap]:
    """What the record lacks to be complete, in the order in which it is asked for.

    Participants are asked of single events alone; how it went is not asked of committees, whose minutes tell.
    """
    present: dict[Gap, object] = {
        Gap.TOPIC: record.topics,
        Gap.PERIOD: record.starts_on,
        Gap.LEAD: record.leads,
        Gap.INITIATOR: record.initiator_kind,
        Gap.PARTNER: record.partners,
    }
    if record.format == Format.SINGLE_EVENT:
        present[Gap.PARTICIPANTS] = record.participants is not None
    if record.format != Format.COMMITTEE:
        present[Gap.OUTCOME] = record.what_worked or record.do_differently
    return [gap for gap, known in present.items() if not known]


def initiator_kind_of(kind: Kind, *, integration_department: bool) -> InitiatorKind:
    """Which kind of initiator an organization is."""
    if kind == Kind.DEPARTMENT:
        return InitiatorKind.INTEGRATION_DEPARTMENT if integration_department else InitiatorKind.OTHER_OFFICE
    if kind == Kind.MIGRANT_ORGANISATION:
        return InitiatorKind.MIGRANT_ORGANISATION
    return InitiatorKind.OTHER


def years_of(first: date | None, last: date | None) -> Sequence[int]:
    """The years from the first to the last of these days, newest first; none where nothing is dated."""
    return range(last.year, first.year - 1, -1) if first and last else ()


@dataclass(frozen=True)
class Reach:
    """Which records somebody may read: all, or those in which one of these organizations is a partner."""

    everything: bool = False
    #: also those of committees that are not public
    restricted: bool = False
    organizations: frozenset[int] = frozenset()


def tidy_leads(leads: Iterable[tuple[date, Lead]]) -> tuple[tuple[date, Lead], ...]:
    """Dated leads in order, without those that only repeat the one before."""
    tidy: list[tuple[date, Lead]] = []
    for since, lead in sorted(leads):
        if not tidy or tidy[-1][1] != lead:
            tidy.append((since, lead))
    return tuple(tidy)
