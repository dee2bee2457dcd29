"""What becomes of two roles that are one once two organizations are merged."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.clock import today
from core.merging import Row
from core.periods import days_overlap


def join_assignments(kept: Row, duplicate: Row) -> Mapping[str, Any]:
    """The account holds the role as long as it held either: it spoke for the same organization under both names.

    Nobody is given a time between the two: of two with a pause the earlier one counts until it has ended.
    """
    earlier, later = sorted((kept, duplicate), key=lambda row: row["starts_on"] or date.min)
    first, last = ((row["starts_on"], row["ends_on"]) for row in (earlier, later))
    if not days_overlap(first, last):
        starts_on, ends_on = last if first[1] < today() else first
    else:
        starts_on, ends_on = first[0], None if None in (first[1], last[1]) else max(first[1], last[1])
    return {"starts_on": starts_on, "ends_on": ends_on}
