"""The steps of an event, and how firm its date is for calendars."""

import pytest

from coordination.cooperation.rules import Status as RecordStatus
from coordination.events.rules import OVER, STATE_KINDS, STATE_LABELS, STEPS, State, called_off, date_status
from coordination.planning.rules import Side, next_states
from core.dated import Status


@pytest.mark.parametrize(
    ("before", "after", "sides"),
    [
        ("idea", "planned", {"municipality"}),
        ("idea", "turned_down", {"municipality", "proposer"}),
        ("idea", "cancelled", set()),
        ("idea", "announced", set()),
        ("planned", "announced", {"municipality"}),
        ("planned", "cancelled", {"municipality"}),
        ("planned", "held", set()),
        ("announced", "held", {"municipality", "partner"}),
        ("announced", "cancelled", {"municipality"}),
        ("announced", "planned", set()),
        ("held", "cancelled", set()),
        ("cancelled", "planned", set()),
        ("turned_down", "planned", set()),
    ],
)
def test_who_may_take_which_step(before, after, sides):
    assert {side for side in Side if State(after) in next_states(STEPS, frozenset({side}), State(before))} == sides


def test_nothing_leads_out_of_what_is_over():
    assert {before for before, _after in STEPS}.isdisjoint(OVER)


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("idea", Status.DRAFT),
        ("planned", Status.TENTATIVE),
        ("announced", Status.CONFIRMED),
        ("held", Status.CONFIRMED),
        ("cancelled", Status.CANCELLED),
        ("turned_down", Status.DRAFT),
    ],
)
def test_how_firm_a_date_is(state, status):
    assert date_status(State(state)) == status


def test_an_idea_is_turned_down_and_what_was_planned_is_called_off():
    ends = {before: called_off(before) for before in State if before not in OVER}
    assert all((before, after) in STEPS for before, after in ends.items())
    assert ends[State.IDEA] == State.TURNED_DOWN


def test_every_state_has_its_words_and_the_records_know_it():
    assert set(STATE_LABELS) == set(STATE_KINDS) == set(State)
    assert {state.value for state in State} <= {status.value for status in RecordStatus}
