"""How far an event has come, who may take which step, and what calendars make of it."""

from enum import StrEnum

from coordination.cooperation.rules import Status as RecordStatus
from coordination.planning.rules import Side
from core.dated import Status
from core.languages import _l


class State(StrEnum):
    """From the idea to what became of it. Values are those of the record's status."""

    IDEA = "idea"
    PLANNED = "planned"
    ANNOUNCED = "announced"
    HELD = "held"
    CANCELLED = "cancelled"


STATE_LABELS = {
    State.IDEA: _l("Idea"),
    State.PLANNED: _l("Being planned"),
    State.ANNOUNCED: _l("Announced"),
    State.HELD: _l("Held"),
    State.CANCELLED: _l("Called off"),
}
STATE_KINDS = {
    State.IDEA: "warning",
    State.PLANNED: "info",
    State.ANNOUNCED: "success",
    State.HELD: "neutral",
    State.CANCELLED: "danger",
}


_BOTH = frozenset(Side)
_STAFF = frozenset({Side.MUNICIPALITY})
#: every step there is, and who may take it. Whoever had an idea may take it back
STEPS: dict[tuple[State, State], frozenset[Side]] = {
    (State.IDEA, State.PLANNED): _STAFF,
    (State.IDEA, State.CANCELLED): _BOTH,
    (State.PLANNED, State.ANNOUNCED): _STAFF,
    (State.PLANNED, State.CANCELLED): _STAFF,
    (State.ANNOUNCED, State.HELD): _BOTH,
    (State.ANNOUNCED, State.CANCELLED): _STAFF,
}
#: as long as an event stands so, its room is taken
TAKES_PLACE = frozenset({State.PLANNED, State.ANNOUNCED, State.HELD})
#: nothing of it changes any more
OVER = frozenset({State.HELD, State.CANCELLED})


def date_status(state: State, *, shown: bool) -> Status:
    """How firm the date is in calendars. An idea is a draft, and stays one when nothing comes of it (`shown`: it
    stood in somebody's calendar before)."""
    if state is State.CANCELLED:
        return Status.CANCELLED if shown else Status.DRAFT
    return {State.IDEA: Status.DRAFT, State.PLANNED: Status.TENTATIVE}.get(state, Status.CONFIRMED)


def record_status(state: State) -> RecordStatus:
    """The status of the event's record."""
    return RecordStatus(state.value)
