"""A month as a grid of whole weeks."""

from datetime import date

import pytest

from calendars.overview.rules import following, grid, parse_month, preceding, weeks_of


@pytest.mark.parametrize(
    ("first", "start", "end"),
    [
        (date(2026, 11, 1), date(2026, 10, 26), date(2026, 12, 7)),
        (date(2027, 2, 1), date(2027, 2, 1), date(2027, 3, 1)),
        (date(2026, 12, 1), date(2026, 11, 30), date(2027, 1, 4)),
    ],
)
def test_the_grid_holds_whole_weeks(first, start, end):
    assert grid(first) == (start, end)


def test_months_turn_over_the_year():
    assert following(date(2026, 12, 1)) == date(2027, 1, 1)
    assert preceding(date(2027, 1, 1)) == date(2026, 12, 1)


@pytest.mark.parametrize("rubbish", ["", "2026-13", "x", "0001-01", "9999-12", "2026-11-01", "٢٠٢٦-١١"])
def test_a_rubbish_month_is_this_month(rubbish):
    assert parse_month(rubbish, date(2026, 11, 16)) == date(2026, 11, 1)


def test_days_know_whether_they_are_free():
    weeks = weeks_of(
        date(2026, 12, 1), [], today=date(2026, 12, 24), holiday={date(2026, 12, 25): "Erster Weihnachtstag"}.get
    )
    days = {day.date: day for week in weeks for day in week}
    assert days[date(2026, 12, 24)].is_today
    assert not days[date(2026, 12, 24)].is_free
    assert days[date(2026, 12, 25)].holiday == "Erster Weihnachtstag"
    assert days[date(2026, 12, 26)].is_free, "a Saturday"
    assert not days[date(2026, 11, 30)].in_month
