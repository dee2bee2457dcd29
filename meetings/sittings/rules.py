"""Modes and states of a sitting, and who sees it."""

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from urllib.parse import urlsplit

from core.dated import Status
from core.languages import _l

#: a sitting of one day or night does not last longer than this
LONGEST_HOURS = 12
#: source of a row that came from a file without another name
DEFAULT_SOURCE = "import"


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


def source_key(start: datetime) -> str:
    """The key of an imported sitting: its first start (aware), as ISO text in UTC. It stays when the sitting moves."""
    return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_web_address(text: str) -> bool:
    """Whether the text is an http or https address with a host: anything else must never become a link."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
