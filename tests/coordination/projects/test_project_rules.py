"""Steps, phases of the lead, and how firm a milestone is: pure decisions."""

from dataclasses import dataclass
from datetime import date

import pytest

from coordination.cooperation.rules import BEGINNING, Lead
from coordination.planning.rules import BOTH, Side, next_states
from coordination.projects.rules import (
    OVER,
    STATE_KINDS,
    STATE_LABELS,
    STEPS,
    Phase,
    State,
    date_status,
    phase_on,
    phases,
    record_status,
)
from core.dated import Status


@dataclass
class Dated:
    since: date
    lead: Lead


MOVED = [Dated(date(2026, 9, 1), Lead.JOINT), Dated(BEGINNING, Lead.MIGRANT_ORGANISATION)]


def test_a_lead_that_moves_is_told_as_phases():
    told = phases(MOVED)
    assert told == [
        Phase(Lead.MIGRANT_ORGANISATION, None, date(2026, 8, 31)),
        Phase(Lead.JOINT, date(2026, 9, 1), None),
    ]
    assert phase_on(told, date(2026, 8, 31)) == told[0]
    assert phase_on(told, date(2026, 9, 1)) == told[1]
    assert phases([]) == []
    assert phase_on(phases([Dated(date(2026, 9, 1), Lead.JOINT)]), date(2026, 8, 1)) is None


def test_every_state_has_words_a_colour_and_a_status_of_its_record():
    assert set(STATE_LABELS) == set(STATE_KINDS) == set(State)
    assert {record_status(state) for state in State} == {
        "idea",
        "planned",
        "running",
        "held",
        "cancelled",
        "turned_down",
    }


def test_nothing_leads_out_of_what_is_over():
    assert not [before for before, _after in STEPS if before in OVER]


@pytest.mark.parametrize(
    ("before", "after", "by"),
    [
        ("idea", "planned", {Side.MUNICIPALITY}),
        ("idea", "turned_down", {Side.MUNICIPALITY, Side.PROPOSER}),
        ("planned", "running", BOTH),
        ("planned", "completed", set()),
        ("running", "paused", BOTH),
        ("running", "completed", BOTH),
        ("running", "cancelled", {Side.MUNICIPALITY}),
        ("paused", "running", BOTH),
        ("completed", "running", set()),
    ],
)
def test_who_may_take_which_step(before, after, by):
    assert {side for side in Side if State(after) in next_states(STEPS, frozenset({side}), State(before))} == by


@pytest.mark.parametrize(
    ("state", "reached", "status"),
    [
        (State.IDEA, False, Status.DRAFT),
        (State.PLANNED, False, Status.TENTATIVE),
        (State.RUNNING, False, Status.CONFIRMED),
        (State.PAUSED, False, Status.TENTATIVE),
        (State.PAUSED, True, Status.CONFIRMED),
        (State.COMPLETED, False, Status.CANCELLED),
        (State.COMPLETED, True, Status.CONFIRMED),
        (State.CANCELLED, False, Status.CANCELLED),
        (State.CANCELLED, True, Status.CONFIRMED),
        (State.TURNED_DOWN, False, Status.DRAFT),
    ],
)
def test_how_firm_a_milestone_is(state, reached, status):
    assert date_status(state, reached=reached) is status
