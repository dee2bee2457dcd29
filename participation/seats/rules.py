"""Roles and rights on a seat, and who holds a seat on a day."""

from datetime import date
from enum import StrEnum

from core.languages import _l


class SeatRole(StrEnum):
    """What somebody does in a committee."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    SECRETARY = "secretary"
    MEMBER = "member"
    ADVISER = "adviser"
    GUEST = "guest"


ROLE_LABELS = {
    SeatRole.CHAIR: _l("Chair"),
    SeatRole.VICE_CHAIR: _l("Deputy chair"),
    SeatRole.SECRETARY: _l("Minute taker"),
    SeatRole.MEMBER: _l("Member"),
    SeatRole.ADVISER: _l("Adviser"),
    SeatRole.GUEST: _l("Guest"),
}


class Right(StrEnum):
    """The three rights of a seat, each of which stands for itself; named as the seat's columns."""

    SPEAKING = "speaking_right"
    MOTION = "motion_right"
    VOTING = "voting_right"


RIGHT_LABELS = {
    Right.SPEAKING: _l("Right to speak"),
    Right.MOTION: _l("Right to file motions"),
    Right.VOTING: _l("Right to vote"),
}

#: the member is rank 0, the nth deputy rank n
MEMBER_RANK = 0
LAST_RANK = 9


def holds_on(day: date, starts_on: date | None, ends_on: date | None) -> bool:
    """Whether something from–until (both inclusive, None = open) holds on the day."""
    return (starts_on is None or starts_on <= day) and (ends_on is None or day <= ends_on)
