"""Periods of whole days: both ends belong to them, None is open."""

from datetime import date

from core.errors import Refused
from core.languages import _

#: first and last day
Period = tuple[date | None, date | None]


def check_days(starts_on: date | None, ends_on: date | None, field: str = "ends_on") -> None:
    """Refuse, at this field, a last day before the first one."""
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise Refused(_("The last day must not lie before the first day."), field)


def days_overlap(first: Period, second: Period) -> bool:
    """Whether two periods share a day."""
    (a_start, a_end), (b_start, b_end) = ((start or date.min, end or date.max) for start, end in (first, second))
    return a_start <= b_end and b_start <= a_end
