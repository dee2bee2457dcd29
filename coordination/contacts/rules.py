"""Ways of contact, and when an organization counts as not spoken with."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from core.languages import _l

#: after so many months without contact the staff are told
SILENT_MONTHS = 6


class Channel(StrEnum):
    """How somebody of the municipality was in contact with an organization."""

    VISIT = "visit"
    MEETING = "meeting"
    PHONE = "phone"
    MAIL = "mail"
    LETTER = "letter"


CHANNEL_LABELS = {
    Channel.VISIT: _l("Visit to the organization"),
    Channel.MEETING: _l("Meeting"),
    Channel.PHONE: _l("By phone"),
    Channel.MAIL: _l("By e-mail"),
    Channel.LETTER: _l("By letter"),
}


def silent_before(day: date) -> date:
    """The same day of the month six months earlier, or the last day of that month where it is shorter.

    An organization with whom nobody was in contact on this day or later had no contact for six months.
    """
    months = day.year * 12 + day.month - 1 - SILENT_MONTHS
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
