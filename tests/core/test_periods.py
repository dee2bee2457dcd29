"""Periods of whole days."""

from datetime import date
from itertools import product

import pytest

from core.errors import Refused
from core.periods import check_days, days_overlap

DAYS = [date(2026, 1, number) for number in range(1, 6)]


def test_a_last_day_may_be_the_first_but_not_before_it():
    check_days(date(2026, 1, 1), date(2026, 1, 1))
    check_days(None, date(2026, 1, 1))
    with pytest.raises(Refused) as refused:
        check_days(date(2026, 1, 2), date(2026, 1, 1))
    assert refused.value.field == "ends_on"


def test_two_periods_overlap_when_a_day_lies_in_both():
    """Any two periods, open or not, that begin and end within five days: they share a day of these, or one around."""
    around = [date(2025, 12, 1), *DAYS, date(2026, 2, 1)]
    days_of = {
        (start, end): {day for day in around if (start is None or start <= day) and (end is None or day <= end)}
        for start, end in product([None, *DAYS], repeat=2)
        if start is None or end is None or start <= end
    }
    for one, other in product(days_of, repeat=2):
        assert days_overlap(one, other) == bool(days_of[one] & days_of[other])
