"""Periods for which a room is taken."""

from datetime import datetime, timedelta

from core.errors import Refused
from core.languages import _

#: How long a room is kept for a date whose end nobody knows. A sitting seldom lasts longer; a shorter time would let
#: the next group in while people still talk, a whole day would block rooms that volunteers need.
OPEN_END = timedelta(hours=3)


def taken_until(starts_at: datetime, ends_at: datetime | None) -> datetime:
    """When the room is free again: the end, or `OPEN_END` after the start where the end is open.

    Both are aware moments. Refused at the field `end`: an end not after the start.
    """
    if starts_at.tzinfo is None or (ends_at is not None and ends_at.tzinfo is None):
        raise ValueError("bookings are moments: aware, never wall time")
    if ends_at is None:
        return starts_at + OPEN_END
    if ends_at <= starts_at:
        raise Refused(_("The end must lie after the start."), "end")
    return ends_at
