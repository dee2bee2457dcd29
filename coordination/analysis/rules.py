"""What a figure is: counts, shares said with one decimal, and what the survey of 2020 found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from coordination.cooperation.rules import Figure, Format, InitiatorKind, Lead
from coordination.organizations.rules import Kind, MoKind, Topic
from coordination.strategy.rules import Foundation
from core.languages import _l

#: below this many persons a number could tell of somebody; activities are no persons
FEWEST_PERSONS = 5
#: years that stand side by side, the newest
MOST_YEARS = 10

SURVEY_YEAR = 2020
#: how many municipalities answered
SURVEY_N = 32
#: The survey of 32 municipalities on cooperation with migrant organizations, 2020: percent of its answers.
LEAD_IN_SURVEY: Mapping[Format, Mapping[Lead, int]] = {
    Format.SINGLE_EVENT: {Lead.MUNICIPAL: 35, Lead.MIGRANT_ORGANISATION: 35, Lead.JOINT: 30},
    Format.PROJECT: {Lead.MUNICIPAL: 35, Lead.MIGRANT_ORGANISATION: 39, Lead.JOINT: 26},
}
#: asked of regular exchange alone, of no other cooperation
INITIATIVE_IN_SURVEY: Mapping[InitiatorKind, int] = {
    InitiatorKind.INTEGRATION_DEPARTMENT: 41,
    InitiatorKind.MIGRANT_ORGANISATION: 31,
    InitiatorKind.OTHER_OFFICE: 28,
}
#: topics of regular exchange in the survey, most to least; those of one group alike
EXCHANGE_TOPICS_IN_SURVEY: Sequence[Sequence[Topic]] = (
    (Topic.RACISM_AND_DEMOCRACY,),
    (Topic.CULTURE, Topic.RELIGION),
    (Topic.REFUGEES, Topic.SOCIAL_AFFAIRS),
    (Topic.YOUTH_AND_EDUCATION,),
    (Topic.OPENING_OF_ADMINISTRATION, Topic.GENDER),
    (Topic.LABOUR_MARKET, Topic.SPORT, Topic.OTHER),
)
#: and of committees
COMMITTEE_TOPICS_IN_SURVEY: Sequence[Sequence[Topic]] = (
    (Topic.RACISM_AND_DEMOCRACY, Topic.RELIGION, Topic.REFUGEES),
    (Topic.YOUTH_AND_EDUCATION, Topic.CULTURE, Topic.SOCIAL_AFFAIRS),
    (Topic.GENDER, Topic.OPENING_OF_ADMINISTRATION),
    (Topic.PLANNING, Topic.SPORT),
    (Topic.LABOUR_MARKET,),
)
#: municipalities of 32 that have it
FIGURES_IN_SURVEY: Mapping[Figure, int] = {
    Figure.REGULAR_EXCHANGE: 23,
    Figure.MUNICIPAL_BODY: 28,
    Figure.FURTHER_LEVEL: 14,
}


#: municipalities of 32 that have it
FOUNDATIONS_IN_SURVEY: Mapping[Foundation, int] = {Foundation.CONCEPT: 23, Foundation.JOB_DESCRIPTION: 23}


class Together(StrEnum):
    """Which of the two foundations a municipality has that stated both."""

    BOTH = "both"
    ONLY_CONCEPT = "only_concept"
    ONLY_JOB_DESCRIPTION = "only_job_description"


TOGETHER_LABELS = {
    Together.BOTH: _l("Both"),
    Together.ONLY_CONCEPT: _l("Only the concept"),
    Together.ONLY_JOB_DESCRIPTION: _l("Only the job description"),
}
#: municipalities of 32; the others have neither
TOGETHER_IN_SURVEY: Mapping[Together, int] = {
    Together.BOTH: 20,
    Together.ONLY_CONCEPT: 3,
    Together.ONLY_JOB_DESCRIPTION: 3,
}


class Dimension(StrEnum):
    """By what the lead is told apart; the values stand in addresses."""

    YEAR = "jahr"
    TOPIC = "thema"
    DEPARTMENT = "fachbereich"
    KIND = "art"
    MO_KIND = "moart"


DIMENSION_LABELS = {
    Dimension.YEAR: _l("By year"),
    Dimension.TOPIC: _l("By topic"),
    Dimension.DEPARTMENT: _l("By department"),
    Dimension.KIND: _l("By kind of organization"),
    Dimension.MO_KIND: _l("By kind of migrant organization"),
}


class Shape(StrEnum):
    """How a statistic is drawn."""

    #: a bar of shares for each row
    STACKED = "stacked"
    #: a bar of its size for each row
    BARS = "bars"
    #: a line of shares for each column, over the rows
    LINES = "lines"
    #: an outline for each column, an axis for each row
    RADAR = "radar"


@dataclass(frozen=True)
class Asked:
    """What figures are narrowed to; None narrows nothing."""

    year: int | None = None
    topic: Topic | None = None
    department_id: int | None = None
    #: a partner is of this kind
    kind: Kind | None = None
    #: a partner is a migrant organization of this kind
    mo_kind: MoKind | None = None

    @property
    def in_part(self) -> bool:
        """Whether figures are of some topics or organizations alone, of which the survey did not ask."""
        return (self.topic, self.department_id, self.kind, self.mo_kind) != (None, None, None, None)

    @property
    def elsewhere(self) -> "Asked":
        """The same on any topic: where those take part who do not on this one."""
        return replace(self, topic=None)


def together(concept: bool | None, job_description: bool | None) -> Together | None:
    """Which of the two there are; None where there is neither, or one of them is not stated."""
    if concept is None or job_description is None or not (concept or job_description):
        return None
    if concept and job_description:
        return Together.BOTH
    return Together.ONLY_CONCEPT if concept else Together.ONLY_JOB_DESCRIPTION


@dataclass(frozen=True)
class Row:
    """One line of a statistic: its label, and a count for each column."""

    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All counts together: the n of the row's shares."""
        return sum(self.counts)


@dataclass(frozen=True)
class Compared:
    """What the survey found, in percent for each column, and of how many municipalities."""

    shares: tuple[int | None, ...]
    n: int = SURVEY_N
    year: int = SURVEY_YEAR


@dataclass(frozen=True)
class Statistic:
    """A figure of the analysis, the same for its drawing, its table and its file."""

    #: in addresses and names of files
    name: str
    title: str
    #: what is counted, in a sentence
    about: str
    shape: Shape
    #: what the rows are
    head: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    survey: Compared | None = None
    notes: tuple[str, ...] = ()

    @property
    def by_column(self) -> bool:
        """Whether shares are of a column and not of a row."""
        return self.shape in (Shape.RADAR, Shape.BARS)

    @property
    def total(self) -> int:
        """All that was counted."""
        return sum(row.total for row in self.rows)

    def shares_of(self, row: Row) -> tuple[float | None, ...]:
        """The row's shares in percent, one for each column; None where there is nothing to share."""
        totals = self.column_totals() if self.by_column else (row.total,) * len(row.counts)
        return tuple(percent(count, total) for count, total in zip(row.counts, totals, strict=True))

    def column_totals(self) -> tuple[int, ...]:
        """The sum of each column."""
        return tuple(map(sum, zip(*(row.counts for row in self.rows), strict=True))) or (0,) * len(self.columns)


def percent(count: int, total: int) -> float | None:
    """The share in percent with one decimal, halves upward; None of nothing.

    Each share is rounded for itself, so that equal thirds are 33.3 each; the counts stand beside it.
    """
    return (2000 * count + total) // (2 * total) / 10 if total else None


def shares(counts: Mapping[str, int]) -> dict[str, float | None]:
    """The share of each in the sum of all, in percent with one decimal."""
    total = sum(counts.values())
    return {key: percent(count, total) for key, count in counts.items()}


def told_persons(count: int) -> int | None:
    """A number of persons as it may be told: None (suppressed) for one to four."""
    return None if 0 < count < FEWEST_PERSONS else count


def counted(rows: Iterable[tuple[Any, ...]], keys: Sequence[str]) -> dict[str, int]:
    """The counts of pairs for these keys, 0 where there are none; what has no key or another one is left out."""
    found = dict.fromkeys(keys, 0)
    for key, number in rows:
        if key in found:
            found[key] += number
    return found


def days_of(year: int) -> tuple[date, date]:
    """First and last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)
