"""Everything dated becomes one frozen value: the Entry.

`calendars.sources` makes entries from the rows of other rooms; feeds, invitations and pages read nothing
else. Two equal entries are the same text everywhere, so whatever is derived from an entry may be kept.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_UID = re.compile(r"[A-Za-z0-9@._-]{1,255}")
_ONE_DAY = timedelta(days=1)


class Status(StrEnum):
    """How certain a date is; the values are those of RFC 5545 section 3.8.1.11 in lower case."""

    PLANNED = "tentative"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class Circle(StrEnum):
    """The kinds of audience."""

    PUBLIC = "public"
    COMMITTEE = "committee"
    ORGANIZATION = "organization"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may see an entry: everybody, a committee's inner circle, an organization or one person."""

    kind: Circle
    id: int | None = None
    """Row of the committee, organization or person; None for the public."""

    def __post_init__(self) -> None:
        if (self.kind is Circle.PUBLIC) != (self.id is None):
            raise ValueError("every audience but the public has an id, and the public has none")


PUBLIC = Audience(Circle.PUBLIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One date as somebody may see it. Texts are as people wrote them; who writes them out makes them safe.

    Raises ValueError for what no calendar could show: a bad uid, an aware or reversed time, an unknown zone.
    """

    uid: str
    """Given once, for ever, and the same in every feed: `[A-Za-z0-9@._-]`, at most 255 characters."""
    sequence: int = 0
    """Counts changes of time, place and status (RFC 5545 section 3.8.7.4); never goes down."""
    status: Status = Status.CONFIRMED
    changed_at: datetime
    """When the row was last changed; aware, UTC. Not "now": else feeds would change by themselves."""

    starts_local: datetime
    """The promise to people: naive wall time in `zone`; 00:00 of the first day when `all_day`."""
    ends_local: datetime | None = None
    """Naive wall time, exclusive; None = the end is not known. When `all_day`: 00:00 after the last day."""
    zone: str = "Europe/Berlin"
    """IANA name of the zone of the wall times."""
    all_day: bool = False
    """A date of whole days; see `whole_days`. It blocks nobody's time."""
    starts_at: datetime = field(init=False, compare=False)
    """The start in UTC (aware), for sorting. Of an hour that comes twice the first, as RFC 5545 has it."""
    ends_at: datetime | None = field(init=False, compare=False)
    """The end in UTC (aware), or None when it is not known."""

    summary: str
    """The title, one line."""
    description: str = ""
    """Plain text, may have several lines."""
    location: str = ""
    """Room and full postal address in one line."""
    organizer: str = ""
    """Who invites, and how to reach them, in one line: shown as contact."""
    url: str = ""
    """Absolute http(s) address of the page that says more."""
    conference_url: str = ""
    """Absolute http(s) address for taking part online."""
    categories: tuple[str, ...] = ()
    """Stable words for colours and filters in calendar programs: kind of body, committee."""

    audience: Audience = PUBLIC
    row: str = ""
    """The row it is made of, as `core.instance.changed_rows` names it: "sitting:7"."""
    kind: str = ""
    """What it is, in the words of the code: "sitting", "event", …"""
    link: str = ""
    """Path of its page on this site, "/sitzungen/7"."""
    committee: str = ""
    """Slug of the committee it belongs to, for filters; empty when none."""
    organization_ids: frozenset[int] = frozenset()
    """Organizations that take part, for filters."""

    def __post_init__(self) -> None:
        if not _UID.fullmatch(self.uid):
            raise ValueError("a uid has 1 to 255 characters of A-Z a-z 0-9 @ . _ -")
        if self.sequence < 0:
            raise ValueError("a sequence never goes below 0")
        if self.changed_at.utcoffset() != timedelta(0):
            raise ValueError("changed_at must be aware and in UTC")
        if self.all_day:
            self._check_days()
        starts_at = _moment(self.starts_local, self.zone)
        ends_at = None if self.ends_local is None else _moment(self.ends_local, self.zone)
        if ends_at is not None and ends_at < starts_at:
            raise ValueError("the end lies before the start")
        object.__setattr__(self, "starts_at", starts_at)
        object.__setattr__(self, "ends_at", ends_at)

    def __hash__(self) -> int:
        # A part of what is compared is enough, and quick: equal entries are asked for again at each feed.
        return hash((self.uid, self.changed_at, self.sequence))

    @property
    def cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.status is Status.CANCELLED

    @property
    def last_day(self) -> date:
        """The last day (inclusive) on which it takes place, as far as known."""
        if self.ends_local is None:
            return self.starts_local.date()
        return max(self.starts_local, self.ends_local - timedelta.resolution).date()

    def _check_days(self) -> None:
        if self.ends_local is None:
            raise ValueError("an entry of whole days has an end")
        if self.starts_local.time() != time() or self.ends_local.time() != time():
            raise ValueError("an entry of whole days begins and ends at 00:00")
        if self.ends_local == self.starts_local:
            raise ValueError("an entry of whole days has at least one day")


def whole_days(first: date, last: date) -> tuple[datetime, datetime]:
    """`starts_local` and `ends_local` of an all-day entry from the first to the last day (both inclusive)."""
    return datetime.combine(first, time()), datetime.combine(last + _ONE_DAY, time())


@lru_cache(maxsize=16_384)  # a feed asks for the same moments again and again
def _moment(wall: datetime, zone: str) -> datetime:
    if wall.tzinfo is not None:
        raise ValueError("a naive wall time is expected")
    try:
        return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the year is out of range") from error
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {zone[:50]!r}") from error
