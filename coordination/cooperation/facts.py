"""What can be said of a cooperation, as frozen values: what forms and files tell, and what is read from the rows."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from coordination.cooperation.models import Cooperation, Partner
from coordination.cooperation.rules import (
    ContributionKind,
    Figure,
    Format,
    InitiatorKind,
    Lead,
    Status,
    initiator_kind_of,
)
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind, PartnerRole, Topic
from core.database import get_row
from core.errors import Refused
from core.hour_words import check_year
from core.languages import _
from core.periods import check_days


@dataclass(frozen=True)
class Kept:
    """What an event, project or committee tells of its record; see the model for the meaning of each."""

    title: str
    format: Format
    status: Status = Status.PLANNED
    starts_on: date | None = None
    ends_on: date | None = None
    starts_local: datetime | None = None
    figure: Figure | None = None
    restricted: bool = False


@dataclass(frozen=True)
class Facts(Kept):
    """What can be said of a cooperation, but for who takes part and who leads."""

    regular_exchange: bool = False
    initiator_kind: InitiatorKind | None = None
    initiator_id: int | None = None
    participants: int | None = None
    what_worked: str = ""
    do_differently: str = ""
    measure_id: int | None = None
    topics: frozenset[Topic] = frozenset()
    #: ids of the municipality's own topics
    own_topics: frozenset[int] = frozenset()


@dataclass(frozen=True)
class PartnerTerms:
    """An organization's part in a cooperation; see the model."""

    organization_id: int
    role: PartnerRole = PartnerRole.PARTNER
    contribution: str = ""
    benefit: str = ""
    honorarium: int | None = None


@dataclass(frozen=True)
class Given:
    """A contribution of the municipality; see the model."""

    kind: ContributionKind
    department_id: int | None = None
    amount: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Record:
    """Everything about a cooperation, as a file tells it."""

    facts: Facts
    leads: tuple[tuple[date, Lead], ...] = ()
    partners: tuple[PartnerTerms, ...] = ()
    contributions: tuple[Given, ...] = ()
    closed: bool = False


#: what an event, project or committee keeps of its record
KEPT = tuple(field.name for field in fields(Kept))
#: the facts that are columns of the record
COLUMNS = tuple(field.name for field in fields(Facts) if field.name not in ("topics", "own_topics"))


def facts_of(row: Cooperation) -> Facts:
    """The facts as they are kept: what a form opens with, and what an import compares with."""
    return Facts(
        **{name: getattr(row, name) for name in COLUMNS},
        topics=frozenset(Topic(found.topic) for found in row.topics if found.own_topic_id is None),
        own_topics=frozenset(found.own_topic_id for found in row.topics if found.own_topic_id is not None),
    )


def terms_of(row: Partner) -> PartnerTerms:
    """A partner's terms as they are kept."""
    return PartnerTerms(**{field.name: getattr(row, field.name) for field in fields(PartnerTerms)})


def record_of(row: Cooperation) -> Record:
    """The whole record as it is kept."""
    return Record(
        facts=facts_of(row),
        leads=tuple((dated.since, Lead(dated.lead)) for dated in row.leads),
        partners=tuple(sorted(map(terms_of, row.partners), key=lambda terms: terms.organization_id)),
        contributions=tuple(
            Given(**{field.name: getattr(given, field.name) for field in fields(Given)}) for given in row.contributions
        ),
        closed=row.closed_at is not None,
    )


def settled(facts: Facts) -> Facts:
    """The facts without contradiction: a time gives the day, an event of one day ends on it, and a committee is
    regular exchange where it counts for that figure; nothing else counts for a figure.

    Refused: a time on another day, a year in which no date lies, a period that ends before it starts, or never starts.
    """
    starts_on, ends_on = facts.starts_on, facts.ends_on
    if facts.starts_local is not None:
        starts_on = starts_on or facts.starts_local.date()
        if facts.starts_local.date() != starts_on:
            raise Refused(_("The time must lie on the first day."), "starts_on")
    for field, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day is not None:
            check_year(day, field)
    if facts.format == Format.SINGLE_EVENT:
        ends_on = ends_on or starts_on
    if starts_on is None and ends_on is not None:
        raise Refused(_("A last day needs a first one."), "starts_on")
    check_days(starts_on, ends_on)
    committee = facts.format == Format.COMMITTEE
    return replace(
        facts,
        starts_on=starts_on,
        ends_on=ends_on,
        figure=facts.figure if committee else None,
        regular_exchange=facts.figure == Figure.REGULAR_EXCHANGE if committee else facts.regular_exchange,
    )


def with_initiator(facts: Facts) -> Facts:
    """The facts with the kind of initiator that follows from the organization. Refused where another was told."""
    if facts.initiator_id is None:
        return facts
    organization = get_row(Organization, facts.initiator_id)
    kind = initiator_kind_of(Kind(organization.kind), integration_department=organization.integration_department)
    if facts.initiator_kind not in (None, kind):
        raise Refused(_("This organization is not of the kind that you chose."), "initiator_id")
    return replace(facts, initiator_kind=kind)
