"""Who reads minutes when, and what becomes of a text that is saved. Pure."""

import re
from enum import IntEnum, StrEnum

from markupsafe import Markup

from core.pages.rules import to_html

#: characters in the text of one item
LONGEST_TEXT = 50_000
#: characters in the reason of a new version
LONGEST_REASON = 400


class Sight(IntEnum):
    """How much of a sitting's minutes somebody reads."""

    NOTHING = 0
    #: the public items, and names only where the committee publishes them
    PUBLIC = 1
    FULL = 2


def sight(*, keeps: bool, insider: bool, released: bool, public: bool, before: bool = False) -> Sight:
    """What somebody reads of the minutes.

    `keeps`: writes them. `insider`: belongs to the committee's inner circle. `public`: sitting and committee are.
    Before the release nobody but the writer reads anything. `before`: they were released and are being corrected,
    so the inner circle goes on reading what was released.
    """
    if keeps or (insider and (released or before)):
        return Sight.FULL
    return Sight.PUBLIC if released and public else Sight.NOTHING


class Verdict(StrEnum):
    """What is to be done with a text that was sent."""

    #: nothing was changed here, or it is saved already
    KEEP = "keep"
    SAVE = "save"
    #: two people wrote from the same base: nothing is stored, both texts are shown
    CONFLICT = "conflict"


def judge(*, base: int, base_text: str | None, newest: int, newest_text: str, text: str) -> Verdict:
    """Compare a text that was written from revision `base` (0: none yet) with the newest revision.

    `base_text` is the text of that revision, None where there is none of this number. An old text that was sent
    along unchanged never replaces a newer one.
    """
    if text == newest_text:
        return Verdict.KEEP
    if base == newest:
        return Verdict.SAVE
    return Verdict.KEEP if text == base_text else Verdict.CONFLICT


def text_html(text: str) -> Markup:
    """The text of an item as safe HTML below a second-level heading: its own headings are all of the third."""
    lowered = re.sub(r"<(/?)h[1-6]>", r"<\1h3>", str(to_html(text)))
    return Markup(lowered)  # noqa: S704 - cleaned by to_html; only the level of headings was changed
