"""What becomes of two appointments to one seat that are one person's once two persons are merged."""

from collections.abc import Mapping
from typing import Any

from core.errors import Refused
from core.languages import _
from core.merging import Row
from core.periods import days_overlap


def join_appointments(kept: Row, duplicate: Row) -> Mapping[str, Any] | None:
    """One after the other they stay two. Refused: both at a time, as then one person would be their own deputy."""
    if days_overlap(*((row["starts_on"], row["ends_on"]) for row in (kept, duplicate))):
        raise Refused(
            _("Both are on one seat of a committee at the same time. Please end one of the two appointments.")
        )
    return None
