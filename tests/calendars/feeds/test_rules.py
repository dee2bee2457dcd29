"""Pure parts of feeds: the window, tokens, colours."""

from datetime import date

import pytest

from calendars.feeds.rules import new_token, pick, window_start


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 11, 1), date(2025, 11, 1)),
        (date(2026, 11, 30), date(2025, 11, 1)),
        (date(2026, 12, 1), date(2025, 12, 1)),
        (date(2027, 1, 31), date(2026, 1, 1)),
        (date(2028, 2, 29), date(2027, 2, 1)),
    ],
)
def test_the_window_begins_with_the_month_twelve_months_back(day, first):
    assert window_start(day) == first


def test_tokens_are_long_and_never_the_same():
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert min(map(len, tokens)) >= 32


def test_a_colour_belongs_to_its_name():
    colours = ["a", "b", "c"]
    assert pick("integrationsrat", colours) == pick("integrationsrat", colours)
    assert {pick(str(number), colours) for number in range(50)} == set(colours)
