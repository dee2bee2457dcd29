"""What minutes say, as one frozen value: kept word for word when they are released. Pure.

Who sat where is a name and a number: the number is shown nowhere, and finds a person who is erased later.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.languages import _l
from meetings.attendance.rules import Quorum

#: which shape a kept text has; a later shape gets the next number, and `read` knows both
SHAPE = 1


@dataclass(frozen=True)
class SeatEntry:
    """A seat in the list of those present. Without `name` where names are not for the reader."""

    seat: str
    organization: str
    name: str
    person_id: int | None
    #: the member, where a deputy was there: „A für B“
    instead_of: str
    instead_of_id: int | None
    represented: bool
    online: bool


@dataclass(frozen=True)
class ItemEntry:
    """An agenda item and what was written about it."""

    item_id: int
    number: str
    title: str
    public: bool
    #: simple Markdown; empty: nothing was written
    text: str


@dataclass(frozen=True)
class Content:
    """The minutes of a sitting: whole, or what `public_part` leaves of them. Times are those of the wall clock."""

    municipality: str
    committee: str
    title: str
    number: str
    #: value of `sittings.rules.Mode`
    mode: str
    starts: datetime
    ends: datetime | None
    #: when it really began and ended; None where nobody noted it
    began: datetime | None
    ended: datetime | None
    room: str
    chair: str
    secretary: str
    #: officials, experts and guests
    guests: tuple[str, ...]
    #: whether the committee let persons be named to the public
    publishes_names: bool
    voting: tuple[SeatEntry, ...]
    advisory: tuple[SeatEntry, ...]
    excused: tuple[SeatEntry, ...]
    absent: tuple[SeatEntry, ...]
    #: None: no attendance was recorded
    quorum: Quorum | None
    items: tuple[ItemEntry, ...]


SEATS = ("voting", "advisory", "excused", "absent")
TIMES = ("starts", "ends", "began", "ended")


def public_part(content: Content, *, names: bool, hidden: Collection[int] = ()) -> Content:
    """What everybody may read of it. Who was missing is named to nobody; `names`: whether those present are.

    Items that were not public stay out, and those that are not any more (`hidden`, by id).
    """
    kept = content if names else _nameless(content)
    items = tuple(item for item in content.items if item.public and item.item_id not in hidden)
    return replace(kept, excused=(), absent=(), items=items)


def _nameless(content: Content) -> Content:
    voting, advisory = tuple(map(_unnamed, content.voting)), tuple(map(_unnamed, content.advisory))
    return replace(content, voting=voting, advisory=advisory, chair="", secretary="", guests=())


def _unnamed(entry: SeatEntry) -> SeatEntry:
    return replace(entry, name="", person_id=None, instead_of="", instead_of_id=None)


def write(content: Content, salt: str) -> str:
    """The content as the text that is kept: JSON with sorted keys.

    The salt keeps everybody from finding out by trying, from the checksum and the public part, what the rest says.
    """
    facts = asdict(content)
    for name in TIMES:
        facts[name] = facts[name] and facts[name].isoformat()
    return _json({"shape": SHAPE, "salt": salt, **facts})


def read(text: str) -> Content:
    """The content of a text that `write` made."""
    facts: dict[str, Any] = json.loads(text)
    del facts["shape"], facts["salt"]
    for name in TIMES:
        facts[name] = facts[name] and datetime.fromisoformat(facts[name])
    for name in SEATS:
        facts[name] = tuple(SeatEntry(**entry) for entry in facts[name])
    facts["items"] = tuple(ItemEntry(**entry) for entry in facts["items"])
    facts["guests"] = tuple(facts["guests"])
    facts["quorum"] = facts["quorum"] and Quorum(**facts["quorum"])
    return Content(**facts)


def checksum(text: str) -> str:
    """SHA-256 of a kept text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def signs_of(person_id: int) -> list[str]:
    """How a kept text tells that this person sat somewhere: one of these stands in it."""
    return [f'"{name}":{person_id},' for name in ("person_id", "instead_of_id")]


def as_kept(text: str) -> str:
    """A name as a kept text writes it."""
    return _json(text)[1:-1]


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def replaced(content: Content, *, offices: Mapping[int, str], in_text: Callable[[str], str]) -> Content:
    """The content with an office in place of each of these people (by number), and with its texts as `in_text` has
    them. Titles stay, as they do on the agenda."""

    def seats(entries: Sequence[SeatEntry]) -> tuple[SeatEntry, ...]:
        return tuple(_replaced(entry, offices) for entry in entries)

    return replace(
        content,
        voting=seats(content.voting),
        advisory=seats(content.advisory),
        excused=seats(content.excused),
        absent=seats(content.absent),
        chair=in_text(content.chair),
        secretary=in_text(content.secretary),
        guests=tuple(map(in_text, content.guests)),
        items=tuple(replace(item, text=in_text(item.text)) for item in content.items),
    )


def _replaced(entry: SeatEntry, offices: Mapping[int, str]) -> SeatEntry:
    name = entry.name if entry.person_id is None else offices.get(entry.person_id, entry.name)
    member = entry.instead_of if entry.instead_of_id is None else offices.get(entry.instead_of_id, entry.instead_of)
    return replace(entry, name=name, instead_of=member)


class Part(StrEnum):
    """What may differ from one version to the next."""

    SITTING = "sitting"
    HEAD = "head"
    ATTENDANCE = "attendance"
    NAMES = "names"
    ITEM_CHANGED = "item_changed"
    ITEM_ADDED = "item_added"
    ITEM_GONE = "item_gone"
    ORDER = "order"


PART_LABELS = {
    Part.SITTING: _l("Name, day or place of the sitting"),
    Part.HEAD: _l("Times, chair and guests"),
    Part.ATTENDANCE: _l("Attendance and quorum"),
    Part.NAMES: _l("Whether persons are named to the public"),
    Part.ITEM_CHANGED: _l("Changed"),
    Part.ITEM_ADDED: _l("New"),
    Part.ITEM_GONE: _l("Left out"),
    Part.ORDER: _l("Order of the items"),
}
_COLUMNS: Mapping[Part, Sequence[str]] = {
    Part.SITTING: ("municipality", "committee", "title", "number", "mode", "starts", "ends", "room"),
    Part.HEAD: ("began", "ended", "chair", "secretary", "guests"),
    Part.ATTENDANCE: (*SEATS, "quorum"),
    Part.NAMES: ("publishes_names",),
}


@dataclass(frozen=True)
class Difference:
    """One thing that differs; `item` where it is one of the agenda."""

    part: Part
    item: ItemEntry | None = None


def differences(before: Content, after: Content) -> list[Difference]:
    """What the later one says otherwise. Empty: both say the same."""
    found = [
        Difference(part)
        for part, names in _COLUMNS.items()
        if any(getattr(before, name) != getattr(after, name) for name in names)
    ]
    old, new = ({item.item_id: item for item in content.items} for content in (before, after))
    found += [
        Difference(Part.ITEM_CHANGED if key in old else Part.ITEM_ADDED, item)
        for key, item in new.items()
        if old.get(key) != item
    ]
    found += [Difference(Part.ITEM_GONE, item) for key, item in old.items() if key not in new]
    if [key for key in old if key in new] != [key for key in new if key in old]:
        found.append(Difference(Part.ORDER))
    return found
