"""What becomes of two invitations to the same planning once two organizations are merged."""

from collections.abc import Mapping
from typing import Any

from coordination.planning.rules import Answer
from core.merging import Row


def join_invitations(kept: Row, duplicate: Row) -> Mapping[str, Any]:
    """An answer counts more than none; of two answers the later one."""
    if duplicate["answer"] == Answer.OPEN or duplicate["answered_at"] is None:
        return {}
    if kept["answered_at"] is not None and kept["answered_at"] >= duplicate["answered_at"]:
        return {}
    return {name: duplicate[name] for name in ("role", "answer", "reason", "answered_at")}
