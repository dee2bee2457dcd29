"""What becomes of two answers to one invitation that are one once two persons are merged."""

from collections.abc import Mapping
from typing import Any

from core.merging import Row


def join_replies(kept: Row, duplicate: Row) -> Mapping[str, Any]:
    """The newest answer holds."""
    later = max(kept, duplicate, key=lambda row: row["answered_at"])
    return {name: later[name] for name in ("answer", "answered_at", "for_start", "by_phone", "own_answer")}
