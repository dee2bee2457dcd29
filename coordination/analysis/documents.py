"""Figures as files: one as CSV, those of a year as PDF."""

from collections.abc import Iterable
from typing import Any

from flask import Response

from coordination.analysis import queries, statistics
from coordination.analysis.drawings import draw
from coordination.analysis.rules import (
    FIGURES_IN_SURVEY,
    FOUNDATIONS_IN_SURVEY,
    SURVEY_N,
    SURVEY_YEAR,
    Asked,
    Statistic,
)
from coordination.cooperation.rules import FIGURE_LABELS
from coordination.organizations.rules import TOPIC_LABELS, Topic
from coordination.strategy.rules import FOUNDATION_LABELS
from core.clock import now
from core.csv_files import write_csv
from core.database import session
from core.documents.pages import document_response
from core.languages import _

#: what stands in the report, in this order
REPORTED = (
    statistics.lead_of_events,
    statistics.lead_of_projects,
    statistics.formats,
    statistics.topics,
    statistics.initiative_of_exchange,
    statistics.initiative_by_topic,
    statistics.roles,
    statistics.leads_over_years,
    statistics.municipal_contributions,
    statistics.contributions_of_partners,
    statistics.fairness,
    statistics.whose_time,
)


def statistic_csv(statistic: Statistic) -> bytes:
    """A line for each row: its label, then count and share (percent) of each column, then all of them together.

    What the survey found is a line of its own, with shares alone; the last column says of how many municipalities.
    """
    header = [statistic.head]
    for column in statistic.columns:
        header += [_("%(answer)s: number", answer=column), _("%(answer)s: percent", answer=column)]
    lines = [[row.label, *_pairs(row.counts, statistic.shares_of(row)), row.total] for row in statistic.rows]
    if statistic.survey:
        label = _("Survey %(year)s", year=str(statistic.survey.year))
        answers = _pairs([""] * len(statistic.columns), statistic.survey.shares)
        lines.append([label, *answers, _("n = %(number)s", number=statistic.survey.n)])
    return write_csv([*header, _("Together")], lines)


def _pairs(counts: Iterable[object], shares: Iterable[float | None]) -> list[object]:
    """Count and share in turns; nothing for the share of nothing."""
    pairs = zip(counts, shares, strict=True)
    return [value for count, share in pairs for value in (count, "" if share is None else share)]


def involvement_csv(asked: Asked, *, never: bool, named: str = "") -> bytes:
    """A line for each migrant organization: key, name, and in how many cooperations it took part by topic.

    `never`: those alone that took part in nothing of what is asked, and on which topics they do. Two queries, however
    many there are.
    """
    involved = queries.involvement(asked.elsewhere if never else asked)
    counts = {(organization_id, topic): number for organization_id, topic, number in involved}
    found = session().scalars(queries.organizations(asked, never=never, named=named))
    lines = ([row.key, row.name, *(counts.get((row.id, topic), 0) for topic in Topic)] for row in found)
    return write_csv([_("Key"), _("Organization"), *map(str, TOPIC_LABELS.values())], lines)


def foundations(asked: Asked) -> list[tuple[Any, bool | None, int]]:
    """What the work rests on: its label, whether the municipality states that it has it, and how many of the survey."""
    found = queries.foundations(asked)
    return [(label, found[key], FOUNDATIONS_IN_SURVEY[key]) for key, label in FOUNDATION_LABELS.items()]


def report(asked: Asked) -> Response:
    """The yearly report as PDF: every figure with its drawing and its table."""
    found: dict[str, int] = dict(queries.figures(asked))
    title = (
        _("Cooperation with migrant organizations %(year)s", year=str(asked.year))
        if asked.year is not None
        else _("Cooperation with migrant organizations")
    )
    return document_response(
        "documents/coordination/analysis.html",
        filename=title,
        title=title,
        public=True,
        made_at=now(),
        drawings=[draw(make(asked)) for make in REPORTED],
        figures=[(label, found.get(figure, 0), FIGURES_IN_SURVEY[figure]) for figure, label in FIGURE_LABELS.items()],
        foundations=foundations(asked),
        survey_year=str(SURVEY_YEAR),
        survey_n=SURVEY_N,
    )
