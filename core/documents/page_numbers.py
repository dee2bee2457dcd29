"""Page numbers in the reader's language as a value of CSS's `content`. Pure."""

import re

from markupsafe import Markup

# What stands in the translated sentence for the two numbers until CSS counts them.
PAGE, PAGES = "\ue000", "\ue001"
_COUNTERS = {PAGE: "counter(page)", PAGES: "counter(pages)"}


def css_content(sentence: str) -> Markup:
    """A sentence with PAGE and PAGES in it as CSS: `"Seite " counter(page) " von " counter(pages)`.

    Safe inside a style element: all but ASCII letters, digits and blanks is written as an escape.
    """
    parts = [part for part in re.split(f"([{PAGE}{PAGES}])", sentence) if part]
    return Markup(" ".join(_COUNTERS.get(part) or css_string(part) for part in parts))  # noqa: S704


def css_string(text: str) -> str:
    """`text` as a CSS string that cannot end itself or the style element round it."""
    return '"' + "".join(_escaped(sign) for sign in text) + '"'


def _escaped(sign: str) -> str:
    return sign if sign == " " or (sign.isascii() and sign.isalnum()) else f"\\{ord(sign):x} "
