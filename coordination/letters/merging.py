"""What becomes of two refusals of letters once two organizations are merged."""

from collections.abc import Mapping
from typing import Any

from core.merging import Row


def join_objections(kept: Row, duplicate: Row) -> Mapping[str, Any]:
    """The earlier one counts. One that only the duplicate had moves, so that nobody is written to who said no."""
    return {"since": min(kept["since"], duplicate["since"])}
