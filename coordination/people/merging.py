"""Two entries of the same person become one. Which entries may be the same is in `duplicates`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from coordination.organizations.rules import Topic
from coordination.people.models import Person
from coordination.people.operations import Profile, blank, profile_of
from coordination.people.queries import find_by_email
from core import history
from core.access import Actor
from core.database import session
from core.errors import NotFound
from core.languages import DEFAULT, _, in_language
from core.merging import Row, merge_pair, merge_rows
from core.periods import days_overlap


def merge_people(actor: Actor, kept_id: int, duplicate_id: int, *, state: str | None = None) -> Person:
    """All that hangs on the duplicate hangs on the kept entry from now on; of the duplicate only number and key stay,
    and lead there.

    What the kept entry leaves open is taken from the duplicate. What else that said stands in the line of history,
    and goes when the person is erased. Raises NotFound, also for who was erased. Refused as `core.merging.merge_pair`
    says, and two who have an account each or sit on one seat at a time.
    """

    def join(kept: Person, duplicate: Person) -> None:
        theirs, name = profile_of(duplicate), duplicate.name
        with in_language(DEFAULT):
            blank(duplicate, _("Merged entry"))
        duplicate.merged_into_id = kept_id
        session().flush()  # two active persons never share an address
        filled = _fill(kept, theirs)
        report = merge_rows(Person, kept=kept_id, duplicate=duplicate_id)
        said = {"duplicate_id": duplicate_id, "duplicate": name, "said": asdict(theirs), "filled": sorted(filled)}
        history.record(actor, "people.merge", kept, details={**said, **report.said()})

    return merge_pair(Person, kept_id, duplicate_id, state=state, check=_check, join=join)


def _check(kept: Person, duplicate: Person) -> None:
    if kept.erased_at is not None or duplicate.erased_at is not None:
        raise NotFound


def _fill(kept: Person, theirs: Profile) -> set[str]:
    """Take what the kept entry leaves open, but for an address that somebody else has by now; says which columns."""
    ours = profile_of(kept)
    filled = {name for name, value in asdict(theirs).items() if value and not getattr(ours, name)}
    filled -= {"email"} if find_by_email(theirs.email) is not None else set()
    for name in filled:
        setattr(kept, name, getattr(theirs, name))
    return filled


def join_memberships(kept: Row, duplicate: Row) -> Mapping[str, Any] | None:
    """What becomes of two memberships that are one once two organizations or two persons are merged.

    One membership from the first day to the last, with the topics of both; a pause between them keeps them two.

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
