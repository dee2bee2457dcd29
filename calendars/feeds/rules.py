"""What a feed holds, how it is told from another, and the keys to personal ones. Pure."""

import hashlib
import secrets
from datetime import date

from core.languages import _l

#: months back from this one that a feed holds unless everything is asked for
MONTHS_BACK = 12
#: most keys that one person may have at a time
MOST_TOKENS = 20
NAME_LENGTH = 100
#: what may be set as reminder: minutes before the start (None: none), and its words
REMINDERS = {
    None: _l("No reminder"),
    30: _l("30 minutes before"),
    120: _l("2 hours before"),
    24 * 60: _l("1 day before"),
    7 * 24 * 60: _l("1 week before"),
}


def window_start(day: date) -> date:
    """The first day that a feed holds on this day: the first of the month twelve months ago (inclusive).

    It moves once a month, so that a feed does not change every midnight.
    """
    years, month = divmod(day.year * 12 + day.month - 1 - MONTHS_BACK, 12)
    return date(years, month + 1, 1)


def new_token() -> str:
    """A key of 192 random bits, in letters that an address takes as they are."""
    return secrets.token_urlsafe(24)


def hash_of(token: str) -> str:
    """What is kept of a key: its SHA-256, hexadecimal. A key is random, so it needs neither salt nor slowness."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def etag_of(body: bytes) -> str:
    """The entity tag of these bytes, without quotes: the same in every process."""
    return hashlib.sha256(body).hexdigest()[:32]


def pick(name: str, choices: list[str]) -> str:
    """One of the choices, by the name alone: always the same for the same name."""
    return choices[hashlib.sha256(name.encode()).digest()[0] % len(choices)]
