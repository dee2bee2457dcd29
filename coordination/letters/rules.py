"""How a letter reaches an organization, and what fits on its page."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from core.languages import _l

#: what fits on one page between subject and signature, with letters of usual width
MOST_LINES, LINE_LENGTH = 24, 78
#: letters in one PDF: more would keep the machine busy for too long
PER_FILE = 100


class Way(StrEnum):
    """How a letter goes to an organization."""

    MAIL = "mail"
    POST = "post"
    #: it said that it wants none
    OBJECTED = "objected"
    #: it does not share its address with the department of who writes
    HIDDEN = "hidden"
    #: neither a mail address nor a postal address is known
    UNKNOWN = "unknown"


WAY_LABELS = {
    Way.MAIL: _l("By e-mail"),
    Way.POST: _l("By post"),
    Way.OBJECTED: _l("Not at all: it wants no letters"),
    Way.HIDDEN: _l("Not at all: it does not share its address with this department"),
    Way.UNKNOWN: _l("Not at all: no address is known"),
}


@dataclass(frozen=True)
class Address:
    """Where one mail goes: to the organization itself, or to a person who is its contact for the topic."""

    email: str
    name: str
    person_id: int | None = None
    #: of the words that are not the letter's own
    language: str = ""


@dataclass(frozen=True)
class Recipient:
    """An organization, and how the letter would reach it now."""

    organization_id: int
    name: str
    way: Way
    #: one mail to each, never to several at once
    mails: tuple[Address, ...] = ()
    #: lines of the postal address, below the name
    post: tuple[str, ...] = ()


def way_to(mails: Sequence[Address], post: Sequence[str], *, objected: bool, hidden: bool) -> Way:
    """Mail is quicker than post, and who wants no letters gets none by either."""
    if objected:
        return Way.OBJECTED
    if mails:
        return Way.MAIL
    if post:
        return Way.POST
    return Way.HIDDEN if hidden else Way.UNKNOWN


def lines_of(text: str) -> int:
    """How many lines the text takes on the page, empty ones too."""
    return sum(max(1, ceil(len(line) / LINE_LENGTH)) for line in text.split("\n"))


def state_of(recipients: Iterable[Recipient]) -> str:
    """A short sum over who would get the letter and how: another one where anything of that has changed."""
    facts = sorted((one.organization_id, one.way, [mail.email for mail in one.mails], one.post) for one in recipients)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
