"""How rows are compared: a count and a checksum a table, the same on every kind of database."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

#: the checksum of a table is a sum of SHA-256 numbers, within this range
_RANGE = 2**256


@dataclass
class TableSum:
    """Number and checksum of a table's rows, added up while they pass.

    The checksum is the sum of the rows' SHA-256 hashes, so it does not depend on the order in which a database
    gives them (PostgreSQL sorts text by language, SQLite by bytes), nor on the order of the columns.
    """

    name: str
    rows: int = 0
    total: int = 0

    def add(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Count these rows (column name → value as Python sees it)."""
        for row in rows:
            self.rows += 1
            digest = hashlib.sha256(canonical(row).encode()).digest()
            self.total = (self.total + int.from_bytes(digest, "big")) % _RANGE

    @property
    def checksum(self) -> str:
        """64 hexadecimal digits; a table without rows has zeros."""
        return f"{self.total:064x}"


def canonical(row: Mapping[str, object]) -> str:
    """A row as one text that tells any two different rows apart.

    Columns by name; moments, days and times in ISO 8601. Raises TypeError for a kind of value that no table of
    ours holds: better a loud stop than a checksum that means nothing.
    """
    return json.dumps(sorted(row.items()), ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise TypeError(f"no checksum for {type(value).__name__}")
