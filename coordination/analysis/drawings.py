"""A statistic and its drawing, with the words that stand beside it and that screen readers say in its place."""

from dataclasses import dataclass

from coordination.analysis import charts
from coordination.analysis.charts import Line, Part, Radar, Tick
from coordination.analysis.rules import Compared, Row, Shape, Statistic
from core.languages import _, locale


@dataclass(frozen=True)
class Bar:
    """A bar with its label, what it shows in words, and its n."""

    label: str
    description: str
    n: str
    parts: tuple[Part, ...]
    survey: bool = False


@dataclass(frozen=True)
class Drawing:
    """A statistic, and what its shape needs: bars, or lines with their axes, or a radar."""

    statistic: Statistic
    #: what each column is called beside the drawing
    legend: tuple[str, ...] = ()
    #: the figures of the whole drawing in words, where it is one
    description: str = ""
    bars: tuple[Bar, ...] = ()
    lines: tuple[Line, ...] = ()
    levels: tuple[Tick, ...] = ()
    years: tuple[Tick, ...] = ()
    totals: tuple[Tick, ...] = ()
    radar: Radar | None = None


def draw(statistic: Statistic) -> Drawing:
    """The drawing of a statistic, in the reader's language and direction."""
    if statistic.shape in (Shape.STACKED, Shape.BARS):
        return Drawing(statistic, statistic.columns, bars=_bars(statistic))
    description = "; ".join(f"{row.label}: {_in_words(statistic, row)}" for row in statistic.rows)
    if statistic.shape is Shape.RADAR:
        return Drawing(statistic, _with_totals(statistic), description, radar=charts.radar(statistic))
    return Drawing(
        statistic,
        statistic.columns,
        description,
        lines=charts.lines(statistic),
        levels=charts.levels(),
        years=charts.years(statistic),
        totals=charts.totals(statistic),
    )


def _with_totals(statistic: Statistic) -> tuple[str, ...]:
    told = zip(statistic.columns, statistic.column_totals(), strict=True)
    return tuple(_("%(answer)s (n = %(number)s)", answer=column, number=total) for column, total in told)


def _bars(statistic: Statistic) -> tuple[Bar, ...]:
    where = locale()
    mirrored, point = where.text_direction == "rtl", str(where.number_symbols["latn"]["decimal"])
    found = [
        Bar(
            label=row.label,
            description=_in_words(statistic, row),
            n=str(row.total) if statistic.by_column else _("n = %(number)s", number=row.total),
            parts=charts.bar(statistic, row, mirrored=mirrored)
            if statistic.shape is Shape.BARS
            else charts.stacked(statistic, row, point=point, mirrored=mirrored),
        )
        for row in statistic.rows
    ]
    if statistic.survey:
        found.append(_survey_bar(statistic, statistic.survey, mirrored=mirrored))
    return tuple(found)


def _survey_bar(statistic: Statistic, survey: Compared, *, mirrored: bool) -> Bar:
    told = [
        _("%(answer)s: %(percent)s percent", answer=column, percent=share)
        for column, share in zip(statistic.columns, survey.shares, strict=True)
    ]
    return Bar(
        label=_("Survey %(year)s", year=str(survey.year)),
        description=", ".join(told),
        n=_("n = %(number)s", number=survey.n),
        parts=charts.surveyed(survey, mirrored=mirrored),
        survey=True,
    )


def _in_words(statistic: Statistic, row: Row) -> str:
    told = zip(statistic.columns, row.counts, statistic.shares_of(row), strict=True)
    return ", ".join(
        _("%(answer)s: %(count)s, that is %(percent)s percent", answer=column, count=count, percent=share or 0)
        for column, count, share in told
    )
