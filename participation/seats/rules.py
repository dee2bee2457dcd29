"""Roles on a seat, and who holds a seat on a day."""

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


def holds_on(day: date, starts_on: date | None, ends_on: date | None) -> bool:
    """Whether something from–until (both inclusive, None = open) holds on the day."""
    return (starts_on is None or starts_on <= day) and (ends_on is None or day <= ends_on)
