"""How agenda items are numbered."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TITLE_LENGTH = 300
NUMBER_LENGTH = 20
_AUTOMATIC = re.compile(r"N? ?[0-9]+")


@dataclass(frozen=True)
class Place:
    """What numbering needs to know of an item: whether it is public, and its number where one was typed."""

    public: bool
    typed: str = ""


def numbers(items: Iterable[Place]) -> list[str]:
    """The number of each item, in order: public ones „1“, „2“ …, others „N1“, „N2“ …, typed ones as typed.

    Public and other items are counted apart, so that the public agenda has no gap that would tell of an item that
    is not for everybody. A number that was typed somewhere is left out of the count.
    """
    order = list(items)
    taken = {item.typed for item in order}
    public, other = _count("", taken), _count("N", taken)
    return [item.typed or next(public if item.public else other) for item in order]


def looks_automatic(number: str) -> bool:
    """Whether a file's number is one that the count would give: then the item is counted, not typed."""
    return not number or _AUTOMATIC.fullmatch(number) is not None


def _count(prefix: str, taken: set[str]) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        if f"{prefix}{number}" not in taken:
            yield f"{prefix}{number}"
