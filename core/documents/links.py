"""Links of a document: what a reader of the PDF may be sent to."""

from collections.abc import Iterable
from typing import Protocol

SAFE_SCHEMES = ("#", "http://", "https://", "mailto:", "tel:")


class Element(Protocol):
    """The part of an element of the parsed page that is needed here."""

    attrib: dict[str, str]

    def iter(self) -> "Iterable[Element]":
        """This element and all below it."""


def drop_unsafe_links(root: Element) -> None:
    """Take away every link that would attach a file, run a script, or point into the server or a local disk.

    The text of the link stays. Kept are places in the document itself, web, mail and telephone addresses.
    """
    for element in root.iter():
        target = element.attrib.get("href", "").strip().lower()
        attaches = "attachment" in element.attrib.get("rel", "").lower()
        packaged = target.startswith("house:") and not attaches
        if attaches or not (target.startswith(SAFE_SCHEMES) or packaged):
            element.attrib.pop("href", None)
