"""The words of planning together, and who has agreed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from coordination.cooperation.rules import Source
from core.languages import _l

#: records of these have a workspace
PLANNED_HERE = frozenset({Source.EVENT, Source.PROJECT})
LONGEST_REASON = 400


class Side(StrEnum):
    """Whose step it is."""

    MUNICIPALITY = "municipality"
    PARTNER = "partner"
    #: the partner whose idea it was
    PROPOSER = "proposer"


#: both sides that plan
BOTH = frozenset({Side.MUNICIPALITY, Side.PARTNER})
STAFF = frozenset({Side.MUNICIPALITY})
#: who may end an idea: the municipality answers it, and whoever had it may take it back
MAY_END_AN_IDEA = frozenset({Side.MUNICIPALITY, Side.PROPOSER})


S = TypeVar("S", bound=StrEnum)
#: every step that there is from one state to another, and who may take it
Steps = Mapping[tuple[S, S], frozenset[Side]]


def next_states(steps: Steps[S], sides: frozenset[Side], before: S) -> list[S]:
    """Where one of these sides may take what stands in this state."""
    return [after for (start, after), who in steps.items() if start == before and sides & who]


def may_reach(steps: Steps[S], sides: frozenset[Side], after: S) -> bool:
    """Whether one of these sides may ever take it to this state."""
    return any(after == goal and sides & who for (_start, goal), who in steps.items())


class Answer(StrEnum):
    """What an organization says to an invitation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


ANSWER_LABELS = {
    Answer.OPEN: _l("Invited"),
    Answer.ACCEPTED: _l("Takes part"),
    Answer.DECLINED: _l("Cannot take part"),
}
ANSWER_KINDS = {Answer.OPEN: "warning", Answer.ACCEPTED: "success", Answer.DECLINED: "neutral"}


class NeedKind(StrEnum):
    """What people need so that they can come and take part."""

    INTERPRETATION = "interpretation"
    CHILD_CARE = "child_care"
    STEP_FREE = "step_free"
    TRAVEL_REFUND = "travel_refund"
    OTHER = "other"


NEED_LABELS = {
    NeedKind.INTERPRETATION: _l("Interpretation"),
    NeedKind.CHILD_CARE: _l("Child care"),
    NeedKind.STEP_FREE: _l("Room without steps"),
    NeedKind.TRAVEL_REFUND: _l("Refund of travel costs"),
    NeedKind.OTHER: _l("Something else"),
}


#: whoever may come is told of these, once they are provided for
PUBLIC_NEEDS = (NeedKind.INTERPRETATION, NeedKind.CHILD_CARE, NeedKind.STEP_FREE)


class RequestState(StrEnum):
    """What became of something that an organization asked the municipality for."""

    OPEN = "open"
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


#: what the municipality can say
ANSWERED = (RequestState.GRANTED, RequestState.PARTLY, RequestState.REFUSED)

REQUEST_LABELS = {
    RequestState.OPEN: _l("Not answered yet"),
    RequestState.GRANTED: _l("Granted"),
    RequestState.PARTLY: _l("Granted in part"),
    RequestState.REFUSED: _l("Refused"),
}
REQUEST_KINDS = {
    RequestState.OPEN: "warning",
    RequestState.GRANTED: "success",
    RequestState.PARTLY: "info",
    RequestState.REFUSED: "danger",
}


@dataclass(frozen=True)
class Agreed:
    """How far both sides have confirmed the agreement as it stands."""

    municipality: bool
    #: partners whose word is still missing
    waiting: frozenset[int]

    @property
    def by_all(self) -> bool:
        """Both sides: the municipality, and at least one partner and every one of them."""
        return self.municipality and not self.waiting


def agreed(confirmed: Iterable[int | None], *, partners: Collection[int], departments: Collection[int] = ()) -> Agreed:
    """Who has confirmed: ids of organizations (None: the administration as such) that did so for what stands now.

    Without any partner nobody has agreed with anybody: then the empty place of a partner waits (id 0).
    """
    said = set(confirmed)
    own = {None, *departments}
    waiting = frozenset(set(partners) - own - said) if set(partners) - own else frozenset({0})
    return Agreed(bool(said & own), waiting)


def joined(parts: Iterable[tuple[str, str]]) -> str:
    """What several said, each with its name before it; one alone needs no name."""
    said = [(name, text.strip()) for name, text in parts if text.strip()]
    if len(said) == 1:
        return said[0][1]
    return "\n".join(f"{name}: {text}" for name, text in said)
