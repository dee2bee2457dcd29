"""States of aims and measures, and what the survey of 2020 asked about how a municipality is set up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from core.languages import _l


class State(StrEnum):
    """How far an aim or a measure has come."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    REACHED = "reached"
    GIVEN_UP = "given_up"


STATE_LABELS = {
    State.PLANNED: _l("Planned"),
    State.UNDER_WAY: _l("Under way"),
    State.REACHED: _l("Reached"),
    State.GIVEN_UP: _l("Given up"),
}
#: states in which something is still to be done
OPEN = frozenset({State.PLANNED, State.UNDER_WAY})


class Foundation(StrEnum):
    """What the survey asked whether a municipality has it."""

    CONCEPT = "concept"
    JOB_DESCRIPTION = "job_description"


FOUNDATION_LABELS = {
    Foundation.CONCEPT: _l("A concept for the cooperation with migrant organizations"),
    Foundation.JOB_DESCRIPTION: _l("A job description that names this cooperation"),
}


class Stated(Protocol):
    """What the municipality states of itself from a day on."""

    foundation: Any
    holds: Any
    since: Any


class Dated(Protocol):
    """What `is_overdue` looks at; an aim or a measure is one."""

    state: Any
    due_on: Any


class HasState(Protocol):
    """What `Progress` counts."""

    state: Any


@dataclass(frozen=True)
class Progress:
    """How many measures there are, and how many of them were reached or given up."""

    measures: int
    reached: int
    given_up: int


def progress_of(measures: Iterable[HasState]) -> Progress:
    """The progress of these measures."""
    states = [State(measure.state) for measure in measures]
    return Progress(len(states), states.count(State.REACHED), states.count(State.GIVEN_UP))


def is_overdue(item: Dated, day: date) -> bool:
    """Whether it should have been reached before this day and something is still to be done."""
    return item.due_on is not None and item.due_on < day and State(item.state) in OPEN


def stated_on(statements: Iterable[Stated], day: date) -> dict[Foundation, bool | None]:
    """Of each foundation: whether the municipality has it on this day, by its newest statement; None: not stated."""
    newest: dict[Foundation, tuple[date, bool]] = {}
    for statement in statements:
        foundation = Foundation(statement.foundation)
        if statement.since <= day and (foundation not in newest or statement.since > newest[foundation][0]):
            newest[foundation] = (statement.since, bool(statement.holds))
    return {foundation: newest[foundation][1] if foundation in newest else None for foundation in Foundation}
