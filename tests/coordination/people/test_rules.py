"""Addresses and periods of whole days."""

from datetime import date
from itertools import product

import pytest

from coordination.people.rules import check_days, clean_email, days_overlap
from core.errors import Refused

DAYS = [date(2026, 1, number) for number in range(1, 6)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("   ", ""),
        (" Ada.Beispiel@Example.ORG ", "ada.beispiel@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_in_lower_case_and_ascii(typed, kept):
    assert clean_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "ada",
        "ada@",
        "ada@localhost",
        "a@b>\nRCPT TO:<x@y>",
        "ä@example.org",
        "ıda@example.org",
        "x" * 320 + "@example.org",
    ],
)
def test_an_address_that_takes_no_mail_is_refused_at_its_field(typed):
    with pytest.raises(Refused) as refused:
        clean_email(typed)
    assert refused.value.field == "email"


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
