"""What becomes of two memberships that are one once two organizations are merged."""

from collections.abc import Mapping
from typing import Any

from coordination.organizations.rules import Topic
from coordination.people.rules import days_overlap
from core.merging import Row


def join_memberships(kept: Row, duplicate: Row) -> Mapping[str, Any] | None:
    """One membership from the first day to the last, with the topics of both; a pause between them keeps them two.

    The name stays public only where the person said so for both.
    """
    days = [(row["starts_on"], row["ends_on"]) for row in (kept, duplicate)]
    if not days_overlap(*days):
        return None
    starts, ends = zip(*days, strict=True)
    public = [row["name_public_since"] for row in (kept, duplicate)]
    return {
        "starts_on": None if None in starts else min(starts),
        "ends_on": None if None in ends else max(ends),
        "topics": [topic.value for topic in Topic if topic in kept["topics"] or topic in duplicate["topics"]],
        "name_public_since": None if None in public else max(public),
    }
