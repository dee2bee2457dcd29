"""When something is overdue, what counts as progress, and what the municipality states on a day."""

from datetime import date
from types import SimpleNamespace

import pytest

from coordination.strategy.rules import Foundation, Progress, State, is_overdue, progress_of, stated_on

DAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("state", "due_on", "overdue"),
    [
        (State.PLANNED, date(2026, 11, 15), True),
        (State.UNDER_WAY, date(2026, 11, 15), True),
        (State.UNDER_WAY, DAY, False),
        (State.UNDER_WAY, None, False),
        (State.REACHED, date(2026, 11, 15), False),
        (State.GIVEN_UP, date(2026, 11, 15), False),
    ],
)
def test_what_is_still_to_be_done_after_its_day_is_overdue(state, due_on, overdue):
    assert is_overdue(SimpleNamespace(state=state, due_on=due_on), DAY) == overdue


def test_progress_counts_what_was_reached_and_given_up():
    states = (State.REACHED, State.PLANNED, State.GIVEN_UP, State.REACHED)
    assert progress_of([SimpleNamespace(state=state) for state in states]) == Progress(4, 2, 1)


def test_the_newest_statement_until_the_day_counts():
    def stated(foundation, holds, since):
        return SimpleNamespace(foundation=foundation, holds=holds, since=since)

    told = [
        stated(Foundation.CONCEPT, True, date(2024, 1, 1)),
        stated(Foundation.CONCEPT, False, date(2026, 1, 1)),
    ]
    assert stated_on(told, date(2025, 12, 31)) == {Foundation.CONCEPT: True, Foundation.JOB_DESCRIPTION: None}
    assert stated_on(reversed(told), date(2026, 1, 1))[Foundation.CONCEPT] is False
    assert stated_on(told, date(2023, 12, 31))[Foundation.CONCEPT] is None
