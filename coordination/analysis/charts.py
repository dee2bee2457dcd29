"""Where the parts of a drawing stand: pure geometry, drawn by templates/components/charts.html on pages and on paper.

No word stands in a drawing, only digits: words are set beside it, so that they keep their direction and size.
"""

from dataclasses import dataclass
from math import ceil, cos, pi, sin

from coordination.analysis.rules import Compared, Row, Statistic

#: narrower parts hold no digits, which would run into the next
NARROWEST = 13.0
#: the drawing of lines, in units of its view box: width, height, margins
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 326, 44, 24, 16, 62
#: the radar: half of its view box, and the length of its axes
CENTRE, RADIUS = 200, 160


@dataclass(frozen=True)
class Part:
    """A part of a bar: where it starts and how wide it is in percent of the bar, its digits, its column."""

    x: float
    width: float
    digits: str
    column: int

    @property
    def middle(self) -> float:
        """Where its digits stand."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True)
class Point:
    """A place in a drawing, and its share in percent."""

    x: float
    y: float
    share: float


@dataclass(frozen=True)
class Line:
    """The line of a column: its points, and the same as a path."""

    column: int
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """The points as SVG's `points`."""
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: its place and its digits."""

    x: float
    y: float
    digits: str


@dataclass(frozen=True)
class Radar:
    """The axes' ends with their numbers, rings with their percents, and an outline for each column."""

    axes: tuple[Tick, ...]
    numbers: tuple[Tick, ...]
    rings: tuple[tuple[str, Tick], ...]
    outlines: tuple[Line, ...]


def stacked(statistic: Statistic, row: Row, *, point: str = ".", mirrored: bool = False) -> tuple[Part, ...]:
    """The row as one bar of shares; mirrored for pages that are read from right to left. `point`: the decimal sign."""
    digits = [f"{share:.1f}".replace(".", point) if share is not None else "" for share in statistic.shares_of(row)]
    return _parts(row.counts, digits, mirrored=mirrored)


def surveyed(survey: Compared, *, mirrored: bool = False) -> tuple[Part, ...]:
    """What the survey found, as one bar."""
    counts = tuple(share or 0 for share in survey.shares)
    return _parts(counts, [str(share) for share in counts], mirrored=mirrored)


def _parts(counts: tuple[int, ...], digits: list[str], *, mirrored: bool) -> tuple[Part, ...]:
    total, parts, before = sum(counts), [], 0
    for column, count in enumerate(counts):
        if count:
            x, width = 100 * before / total, 100 * count / total
            text = digits[column] if width >= NARROWEST else ""
            parts.append(Part(round(100 - x - width if mirrored else x, 2), round(width, 2), text, column))
        before += count
    return tuple(parts)


def bar(statistic: Statistic, row: Row, *, mirrored: bool = False) -> tuple[Part, ...]:
    """The row as a bar that is as wide as it is great; the greatest row takes all the room."""
    most = max((other.total for other in statistic.rows), default=0)
    if not row.total:
        return ()
    width = round(100 * row.total / most, 2)
    return (Part(round(100 - width, 2) if mirrored else 0, width, "", 0),)


def lines(statistic: Statistic) -> tuple[Line, ...]:
    """A line of shares (0 to 100 percent) for each column over the rows; a row of nothing has no point."""
    told = [(at, statistic.shares_of(row)) for at, row in enumerate(statistic.rows) if row.total]
    return tuple(
        Line(
            column,
            tuple(
                Point(_across(at, len(statistic.rows)), _up(share), share)
                for at, shares in told
                if (share := shares[column]) is not None
            ),
        )
        for column in range(len(statistic.columns))
    )


def years(statistic: Statistic) -> tuple[Tick, ...]:
    """The labels of the rows below the lines; they are years, so digits."""
    count = len(statistic.rows)
    return tuple(Tick(_across(at, count), HEIGHT - 36, row.label) for at, row in enumerate(statistic.rows))


def totals(statistic: Statistic) -> tuple[Tick, ...]:
    """The n of each row, below its label."""
    count = len(statistic.rows)
    return tuple(Tick(_across(at, count), HEIGHT - 10, str(row.total)) for at, row in enumerate(statistic.rows))


def levels() -> tuple[Tick, ...]:
    """The horizontal lines, with their percents."""
    return tuple(Tick(LEFT, _up(share), str(share)) for share in (0, 25, 50, 75, 100))


def radar(statistic: Statistic) -> Radar:
    """An outline for each column over an axis for each row. Four rings; the outermost holds all."""
    shares = [statistic.shares_of(row) for row in statistic.rows]
    most = max((share or 0 for row in shares for share in row), default=0)
    outermost = max(8, 4 * ceil(most / 4))
    count = len(statistic.rows)
    rings = tuple(outermost * step // 4 for step in (1, 2, 3, 4))
    return Radar(
        axes=tuple(Tick(*_at(axis, count, 1), str(axis + 1)) for axis in range(count)),
        numbers=tuple(Tick(*_at(axis, count, 1.12), str(axis + 1)) for axis in range(count)),
        rings=tuple((_ring(count, ring / outermost), _ring_tick(count, ring, outermost)) for ring in rings),
        outlines=tuple(
            Line(
                column,
                tuple(
                    Point(*_at(axis, count, (row[column] or 0) / outermost), row[column] or 0)
                    for axis, row in enumerate(shares)
                ),
            )
            for column in range(len(statistic.columns))
        ),
    )


def _ring(count: int, part: float) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in (_at(axis, count, part) for axis in range(count)))


def _ring_tick(count: int, ring: int, outermost: int) -> Tick:
    """Its percent on the ring, between the last axis and the first: marks stand on the axes."""
    return Tick(*_at(-0.5, count, ring / outermost * cos(pi / count)), str(ring))


def _at(axis: float, count: int, part: float) -> tuple[float, float]:
    """The place on an axis at this part of its length; the first axis points up, the others follow the clock."""
    angle = 2 * pi * axis / count
    return round(CENTRE + RADIUS * part * sin(angle), 1), round(CENTRE - RADIUS * part * cos(angle), 1)


def _across(at: int, count: int) -> float:
    room = WIDTH - LEFT - RIGHT
    return round(LEFT + room * (at + 0.5) / count, 1)


def _up(share: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share / 100, 1)
