"""How far a project has come, who may take which step, who led when, and how firm its milestones are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from coordination.cooperation.rules import BEGINNING, DatedLead, Lead
from coordination.cooperation.rules import Status as RecordStatus
from coordination.planning.rules import BOTH, MAY_END_AN_IDEA, STAFF, Side
from core.dated import Status
from core.languages import _l


class State(StrEnum):
    """From the idea to what became of it."""

    IDEA = "idea"
    PLANNED = "planned"
    RUNNING = "running"
    #: interrupted for a reason, and meant to go on
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    #: an idea of which nothing came
    TURNED_DOWN = "turned_down"


STATE_LABELS = {
    State.IDEA: _l("Idea"),
    State.PLANNED: _l("Being planned"),
    State.RUNNING: _l("Running"),
    State.PAUSED: _l("Interrupted"),
    State.COMPLETED: _l("Completed"),
    State.CANCELLED: _l("Called off"),
    State.TURNED_DOWN: _l("Not taken up"),
}
STATE_KINDS = {
    State.IDEA: "warning",
    State.PLANNED: "info",
    State.RUNNING: "success",
    State.PAUSED: "warning",
    State.COMPLETED: "neutral",
    State.CANCELLED: "danger",
    State.TURNED_DOWN: "neutral",
}

#: every step there is, and who may take it
STEPS: dict[tuple[State, State], frozenset[Side]] = {
    (State.IDEA, State.PLANNED): STAFF,
    (State.IDEA, State.TURNED_DOWN): MAY_END_AN_IDEA,
    (State.PLANNED, State.RUNNING): BOTH,
    (State.PLANNED, State.CANCELLED): STAFF,
    (State.RUNNING, State.PAUSED): BOTH,
    (State.RUNNING, State.COMPLETED): BOTH,
    (State.RUNNING, State.CANCELLED): STAFF,
    (State.PAUSED, State.RUNNING): BOTH,
    (State.PAUSED, State.COMPLETED): BOTH,
    (State.PAUSED, State.CANCELLED): STAFF,
}
#: it has begun, and is not over
GOING_ON = frozenset({State.RUNNING, State.PAUSED})
#: nothing of it changes any more
OVER = frozenset({State.COMPLETED, State.CANCELLED, State.TURNED_DOWN})
#: never more than an idea: known to those alone who were to plan it, and in no calendar
ONLY_AN_IDEA = frozenset({State.IDEA, State.TURNED_DOWN})
#: everybody may be told of it
MAY_BE_ANNOUNCED = frozenset({State.PLANNED, State.RUNNING, State.PAUSED, State.COMPLETED})

_RECORDED = {
    State.IDEA: RecordStatus.IDEA,
    State.PLANNED: RecordStatus.PLANNED,
    State.RUNNING: RecordStatus.RUNNING,
    State.PAUSED: RecordStatus.RUNNING,
    State.COMPLETED: RecordStatus.HELD,
    State.CANCELLED: RecordStatus.CANCELLED,
    State.TURNED_DOWN: RecordStatus.TURNED_DOWN,
}


def record_status(state: State) -> RecordStatus:
    """The status of the project's record. One that is interrupted counts as running: it is meant to go on."""
    return _RECORDED[state]


def date_status(state: State, *, reached: bool) -> Status:
    """How firm a milestone is in calendars. Of an idea it is a draft, and stays one when nothing comes of the idea.
    What was reached is a fact; what was not when the project ended is not to come any more."""
    if state in ONLY_AN_IDEA:
        return Status.DRAFT
    if reached or state is State.RUNNING:
        return Status.CONFIRMED
    return Status.CANCELLED if state in OVER else Status.TENTATIVE


@dataclass(frozen=True)
class Phase:
    """Somebody leads from a day to another, both inclusive."""

    lead: Lead
    #: None: from the beginning
    first: date | None
    #: None: until the end
    last: date | None


def phases(leads: Iterable[DatedLead]) -> list[Phase]:
    """Who led when, the oldest first: each phase ends on the day before the next begins."""
    told = sorted((dated.since, Lead(dated.lead)) for dated in leads)
    ends: list[date | None] = [since - timedelta(days=1) for since, _lead in told[1:]]
    return [
        Phase(lead, None if since == BEGINNING else since, last)
        for (since, lead), last in zip(told, [*ends, None], strict=False)
    ]


def phase_on(found: Iterable[Phase], day: date) -> Phase | None:
    """The phase in which the day lies, or None before the first."""
    return next((one for one in found if (one.first or day) <= day <= (one.last or day)), None)
