"""Who holds a seat on a day: before, at and after the borders."""

from datetime import date, timedelta

import pytest

from participation.seats.rules import LAST_RANK, MEMBER_RANK, RIGHT_LABELS, ROLE_LABELS, Right, SeatRole, holds_on

FIRST, LAST, DAY = date(2026, 3, 1), date(2026, 3, 31), timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "starts_on", "ends_on", "holds"),
    [
        (FIRST - DAY, FIRST, LAST, False),
        (FIRST, FIRST, LAST, True),
        (LAST, FIRST, LAST, True),
        (LAST + DAY, FIRST, LAST, False),
        (date.min, None, LAST, True),
        (date.max, FIRST, None, True),
        (FIRST, None, None, True),
        (FIRST, FIRST, FIRST, True),
        (LAST + DAY, None, LAST, False),
        (FIRST - DAY, FIRST, None, False),
    ],
)
def test_a_period_holds_from_its_first_through_its_last_day(day, starts_on, ends_on, holds):
    assert holds_on(day, starts_on, ends_on) is holds


def test_every_role_and_right_is_said_in_words():
    assert set(ROLE_LABELS) == set(SeatRole)
    assert set(RIGHT_LABELS) == set(Right)
    assert MEMBER_RANK < LAST_RANK
