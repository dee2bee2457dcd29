"""Modes and states of a sitting, and what its hour asks of people."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from urllib.parse import urlsplit

from core.dated import Status
from core.errors import Refused
from core.hours import HourRules, Kind, holiday_name, kind_at
from core.languages import _, _l

#: source of a row that came from a file without another name
DEFAULT_SOURCE = "import"
#: years in which a sitting may lie; beyond them public holidays and the clock change are guesswork
FIRST_YEAR, LAST_YEAR = 1950, 2199


class Mode(StrEnum):
    """The kind of a sitting, as § 42 BbgKVerf asks the minutes to name it."""

    IN_PERSON = "in_person"
    HYBRID = "hybrid"
    VIDEO = "video"


MODE_LABELS = {
    Mode.IN_PERSON: _l("In person"),
    Mode.HYBRID: _l("In person and by video"),
    Mode.VIDEO: _l("By video"),
}
STATUS_LABELS = {
    Status.DRAFT: _l("Draft"),
    Status.TENTATIVE: _l("Planned"),
    Status.CONFIRMED: _l("Confirmed"),
    Status.CANCELLED: _l("Cancelled"),
}
#: the look of the status badge
STATUS_KINDS = {
    Status.DRAFT: "neutral",
    Status.TENTATIVE: "info",
    Status.CONFIRMED: "success",
    Status.CANCELLED: "danger",
}
#: as long as a sitting stands so, its place is taken
TAKES_PLACE = frozenset({Status.TENTATIVE, Status.CONFIRMED})

HOUR_LABELS = {
    Kind.OFFICE: _l("In office time"),
    Kind.EVENING: _l("In the evening or early in the morning"),
    Kind.FREE_DAY: _l("On a weekend or public holiday"),
}


class Sight(IntEnum):
    """How much of a committee's sittings somebody sees. Each holds what the one before holds."""

    NOTHING = 0
    #: published public sittings of a public committee: everybody
    PUBLIC = 1
    #: every published sitting: the committee's inner circle
    INSIDE = 2
    #: drafts too: who plans them
    EVERYTHING = 3


def within_sight(sight: Sight, *, draft: bool, public: bool) -> bool:
    """Whether a sitting of the committee exists for somebody with this sight."""
    return sight >= (Sight.EVERYTHING if draft else Sight.PUBLIC if public else Sight.INSIDE)


@dataclass(frozen=True)
class HourHint:
    """What a start asks of people who volunteer: its kind and a whole sentence. No kind: there is no such hour."""

    kind: Kind | None
    text: str


def hour_hint(start: datetime, rules: HourRules, language: str = "de") -> HourHint:
    """What to say about a sitting that starts at this wall time (naive)."""
    kind = kind_at(start, rules)
    if kind is Kind.OFFICE:
        return HourHint(kind, _("This is office time: many people who volunteer are at work then."))
    if kind is Kind.EVENING:
        return HourHint(kind, _("This is outside office time: people with a job can come."))
    holiday = holiday_name(start.date(), rules, language)
    if holiday:
        return HourHint(kind, _("This is a public holiday: %(name)s.", name=holiday))
    return HourHint(kind, _("This is a weekend."))


def source_key(start: datetime) -> str:
    """The key of an imported sitting: its first start (aware), as ISO text in UTC. It stays when the sitting moves."""
    return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def check_year(moment: datetime, field: str) -> None:
    """Refuse, at this field, a year in which no sitting lies."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Refused(_("The year must be between %(first)d and %(last)d.", first=FIRST_YEAR, last=LAST_YEAR), field)


def is_web_address(text: str) -> bool:
    """Whether the text is an http or https address with a host: anything else must never become a link."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
