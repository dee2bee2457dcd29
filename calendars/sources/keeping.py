"""Entries kept in this process, by the versions of the rows they are made of: what did not change is made once."""

from collections.abc import Iterable
from typing import Any

from calendars.entry import Entry

#: whatever an entry is made of: an equal key is an equal entry
Key = tuple[Any, ...]

#: up to so many rows are asked for by id
MOST_BY_ID = 500
MOST_KEPT = 16_384
_kept: dict[Key, Entry] = {}


def find(key: Key) -> Entry | None:
    """The entry that is kept for this key."""
    return _kept.get(key)


def keep(key: Key, entry: Entry) -> None:
    """Keep the entry for this key."""
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[key] = entry


def ids_among(rows: Iterable[str], table: str) -> list[int]:
    """The ids of the rows of this table among rows named as `Entry.row` names them."""
    names = (row.partition(":") for row in rows)
    return [int(number) for name, _colon, number in names if name == table]
