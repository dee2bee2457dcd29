"""How far an event has come, who may take which step, and what calendars make of it."""

from enum import StrEnum

from coordination.cooperation.rules import Status as RecordStatus
from coordination.planning.rules import BOTH, MAY_END_AN_IDEA, STAFF, Side
from core.dated import Status
from core.languages import _l


class State(StrEnum):
    """From the idea to what became of it. Values are those of the record's status."""

    IDEA = "idea"
    PLANNED = "planned"
    ANNOUNCED = "announced"
    HELD = "held"
    CANCELLED = "cancelled"
    #: an idea of which nothing came
    TURNED_DOWN = "turned_down"


STATE_LABELS = {
    State.IDEA: _l("Idea"),
    State.PLANNED: _l("Being planned"),
    State.ANNOUNCED: _l("Announced"),
    State.HELD: _l("Held"),
    State.CANCELLED: _l("Called off"),
    State.TURNED_DOWN: _l("Not taken up"),
}
STATE_KINDS = {
    State.IDEA: "warning",
    State.PLANNED: "info",
    State.ANNOUNCED: "success",
    State.HELD: "neutral",
    State.CANCELLED: "danger",
    State.TURNED_DOWN: "neutral",
}

#: every step there is, and who may take it
STEPS: dict[tuple[State, State], frozenset[Side]] = {
    (State.IDEA, State.PLANNED): STAFF,
    (State.IDEA, State.TURNED_DOWN): MAY_END_AN_IDEA,
    (State.PLANNED, State.ANNOUNCED): STAFF,
    (State.PLANNED, State.CANCELLED): STAFF,
    (State.ANNOUNCED, State.HELD): BOTH,
    (State.ANNOUNCED, State.CANCELLED): STAFF,
}
#: as long as an event stands so, its room is taken
TAKES_PLACE = frozenset({State.PLANNED, State.ANNOUNCED, State.HELD})
#: nothing of it changes any more
OVER = frozenset({State.HELD, State.CANCELLED, State.TURNED_DOWN})
#: never more than an idea: known to those alone who were to plan it, and in no calendar; its day may be open
ONLY_AN_IDEA = frozenset({State.IDEA, State.TURNED_DOWN})


_DATES = {
    State.IDEA: Status.DRAFT,
    State.PLANNED: Status.TENTATIVE,
    State.ANNOUNCED: Status.CONFIRMED,
    State.HELD: Status.CONFIRMED,
    State.CANCELLED: Status.CANCELLED,
    State.TURNED_DOWN: Status.DRAFT,
}


def date_status(state: State) -> Status:
    """How firm the date is in calendars. An idea is a draft, and stays one when nothing comes of it."""
    return _DATES[state]


def called_off(state: State) -> State:
    """What calling it off makes of it."""
    return State.TURNED_DOWN if state in ONLY_AN_IDEA else State.CANCELLED


def record_status(state: State) -> RecordStatus:
    """The status of the event's record."""
    return RecordStatus(state.value)
