"""The one clock, and the way between wall time and UTC.

The promise to people is wall time (a naive `datetime`) in the zone of the municipality. UTC is derived, for
sorting and comparing. One installation serves one German municipality, so there is one zone.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.errors import Refused
from core.languages import _, say_date, say_time

ZONE = ZoneInfo("Europe/Berlin")


class NonexistentTime(Refused):
    """The clocks are put forward over this wall time (2:00 to 3:00 in March)."""


class AmbiguousTime(Refused):
    """The clocks are put back over this wall time (2:00 to 3:00 in October): it comes twice."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in the municipality."""
    return now().astimezone(ZONE).date()


def local_now() -> datetime:
    """The present wall time in the municipality, naive."""
    return to_local(now())


def to_local(moment: datetime) -> datetime:
    """The wall time (naive) of an aware moment."""
    return moment.astimezone(ZONE).replace(tzinfo=None)


def say_moment(moment: datetime) -> str:
    """A moment as people say it: day and wall time."""
    local = to_local(moment)
    return _("%(day)s, %(time)s o'clock", day=say_date(local.date()), time=say_time(local))


def to_utc(wall: datetime, field: str | None = None) -> datetime:
    """The moment (aware, UTC) of a naive wall time.

    Refuses a time that does not exist with NonexistentTime and one that comes twice with AmbiguousTime, so
    that nobody is invited to an hour that two people read differently.
    """
    moment = _moment(wall)
    if moment is not None:
        return moment
    back_again = wall.replace(tzinfo=ZONE, fold=0).astimezone(UTC).astimezone(ZONE).replace(tzinfo=None)
    if back_again != wall:
        raise NonexistentTime(
            _("This time does not exist: the clocks are put forward in that night. Please choose another time."),
            field,
        )
    raise AmbiguousTime(
        _("This time comes twice: the clocks are put back in that night. Please choose another time."),
        field,
    )


@lru_cache(maxsize=1024)
def _moment(wall: datetime) -> datetime | None:
    """The moment of a wall time that comes exactly once, else None. Remembered: an import asks often for the same."""
    early, late = wall.replace(tzinfo=ZONE, fold=0), wall.replace(tzinfo=ZONE, fold=1)
    return early.astimezone(UTC) if early.utcoffset() == late.utcoffset() else None
