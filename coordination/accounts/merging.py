"""What becomes of two roles that are one once two organizations are merged."""

from collections.abc import Mapping
from typing import Any

from core.merging import Row


def join_assignments(kept: Row, duplicate: Row) -> Mapping[str, Any]:
    """The account holds the role as long as it held either: it spoke for the same organization under both names."""
    starts, ends = ([row[name] for row in (kept, duplicate)] for name in ("starts_on", "ends_on"))
    return {
        "starts_on": None if None in starts else min(starts),
        "ends_on": None if None in ends else max(ends),
    }
