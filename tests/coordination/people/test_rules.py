"""Addresses and periods of whole days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.people.rules import check_days, clean_email, days_overlap
from core.errors import Refused

DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 12))


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


@given(DAYS, DAYS, DAYS, DAYS)
def test_two_periods_overlap_when_a_day_lies_in_both(a_start, a_end, b_start, b_end):
    def holds(day: date, start: date | None, end: date | None) -> bool:
        return (start is None or start <= day) and (end is None or day <= end)

    days = [date(2025, 12, 1), *(date(2026, 1, number) for number in range(1, 13)), date(2026, 2, 1)]
    shared = any(holds(day, a_start, a_end) and holds(day, b_start, b_end) for day in days)
    proper = all(start is None or end is None or start <= end for start, end in ((a_start, a_end), (b_start, b_end)))
    if proper:
        assert days_overlap((a_start, a_end), (b_start, b_end)) == shared
