"""Shares, suppression, and what stands beside them of the survey."""

from math import hypot

import pytest

from coordination.analysis import charts
from coordination.analysis.rules import (
    INITIATIVE_IN_SURVEY,
    LEAD_IN_SURVEY,
    Compared,
    Row,
    Shape,
    Statistic,
    counted,
    percent,
    shares,
    told_persons,
)


@pytest.mark.parametrize(
    ("count", "total", "expected"),
    [
        (1, 3, 33.3),
        (2, 3, 66.7),
        (0, 7, 0.0),
        (7, 7, 100.0),
        (0, 0, None),
        (1, 16, 6.3),
        (1, 2000, 0.1),
        (35, 100, 35.0),
    ],
)
def test_a_share_has_one_decimal_and_halves_go_up(count, total, expected):
    assert percent(count, total) == expected


def test_equal_thirds_are_equal_though_they_are_not_100_together():
    assert shares({"municipal": 5, "mo": 5, "joint": 5}) == {"municipal": 33.3, "mo": 33.3, "joint": 33.3}


@pytest.mark.parametrize(("persons", "told"), [(0, 0), (1, None), (4, None), (5, 5), (120, 120)])
def test_fewer_than_five_persons_are_not_told(persons, told):
    assert told_persons(persons) == told


def test_what_has_no_answer_or_another_one_is_not_counted():
    assert counted([("a", 2), (None, 5), ("c", 1), ("a", 1)], ["a", "b"]) == {"a": 3, "b": 0}


def test_the_survey_s_shares_are_whole():
    assert [sum(found.values()) for found in (*LEAD_IN_SURVEY.values(), INITIATIVE_IN_SURVEY)] == [100, 100, 100]


def statistic(shape: Shape, *counts: tuple[int, ...]) -> Statistic:
    rows = tuple(Row(str(2024 + at), row) for at, row in enumerate(counts))
    return Statistic("x", "X", "", shape, "Jahr", ("A", "B", "C")[: len(counts[0])], rows)


def test_parts_of_a_bar_lie_side_by_side_and_fill_it():
    found = statistic(Shape.STACKED, (1, 2, 1))
    parts = charts.stacked(found, found.rows[0], point=",")
    assert [(part.x, part.width, part.digits) for part in parts] == [
        (0, 25, "25,0"),
        (25, 50, "50,0"),
        (75, 25, "25,0"),
    ]
    mirrored = charts.stacked(found, found.rows[0], mirrored=True)
    assert [(part.x, part.column) for part in mirrored] == [(75, 0), (25, 1), (0, 2)]


def test_a_narrow_part_holds_no_digits_and_an_empty_one_is_not_drawn():
    found = statistic(Shape.STACKED, (95, 5, 0))
    assert [part.digits for part in charts.stacked(found, found.rows[0])] == ["95.0", ""]
    assert charts.surveyed(Compared((35, 35, 30)))[2].digits == "30"


def test_bars_are_as_wide_as_they_are_great():
    found = statistic(Shape.BARS, (10,), (5,), (0,))
    assert [[part.width for part in charts.bar(found, row)] for row in found.rows] == [[100], [50], []]


def test_lines_go_over_the_years_and_leave_out_a_year_of_nothing():
    found = statistic(Shape.LINES, (1, 1, 0), (0, 0, 0), (0, 1, 0))
    first, second, _third = charts.lines(found)
    assert [point.share for point in first.points] == [50.0, 0.0]
    assert second.points[0].y > second.points[1].y, "100 percent stand above 50"
    assert second.points[0].x < second.points[1].x
    assert [(tick.x, tick.digits) for tick in charts.totals(found)] == [
        (first.points[0].x, "2"),
        (round((first.points[0].x + first.points[1].x) / 2, 1), "0"),
        (first.points[1].x, "1"),
    ]


def test_an_outline_has_a_point_on_each_axis_and_the_greatest_share_lies_inside():
    found = statistic(Shape.RADAR, (3, 0), (1, 0), (0, 0))
    drawn = charts.radar(found)
    assert [point.share for point in drawn.outlines[0].points] == [75.0, 25.0, 0.0]
    assert all(point.share == 0 for point in drawn.outlines[1].points)
    assert drawn.rings[-1][1].digits == "76"
    assert all(0 <= point.x <= 400 and 0 <= point.y <= 400 for point in drawn.outlines[0].points)


def test_the_percents_of_a_radar_stand_on_no_axis_where_marks_are():
    drawn = charts.radar(statistic(Shape.RADAR, *((1, 1) for _topic in range(12))))
    marks = [point for outline in drawn.outlines for point in outline.points]
    for _ring, tick in drawn.rings:
        assert min(hypot(tick.x - point.x, tick.y - point.y) for point in marks) > 8
