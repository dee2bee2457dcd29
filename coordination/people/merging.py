"""Two entries of the same person become one. Which entries may be the same is in `duplicates`."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from coordination.organizations.rules import Topic
from coordination.people.models import Person
from coordination.people.operations import Profile, blank, profile_of
from coordination.people.queries import find_by_email
from coordination.people.rules import days_overlap
from core import history, merging
from core.access import Actor
from core.database import get_row, session, transaction
from core.errors import NotFound, Refused
from core.languages import DEFAULT, _, in_language
from core.merging import Row, count_references, merge_rows


def merge_people(actor: Actor, kept_id: int, duplicate_id: int, *, state: str | None = None) -> Person:
    """All that hangs on the duplicate hangs on the kept entry from now on; of the duplicate only number and key stay,
    and lead there.

    What the kept entry leaves open is taken from the duplicate. What else that said stands in the line of history,
    and goes when the person is erased. Twice is as once. Raises NotFound, also for who was erased. Refused: one with
    itself, one that was merged or (the kept one) archived, two who have an account each or sit on one seat at a time;
    and when anything has changed since somebody has looked (`state_of`).
    """
    with transaction() as current:
        kept, duplicate = (_lock(each) for each in sorted((kept_id, duplicate_id)))
        if kept.id != kept_id:
            kept, duplicate = duplicate, kept
        if duplicate.merged_into_id == kept_id:
            return kept
        _check(kept, duplicate)
        if state is not None and state != state_of(hanging_on(kept_id, duplicate_id)):
            raise Refused(_("One of the two entries has changed meanwhile. Please compare them again."))
        theirs, name = profile_of(duplicate), duplicate.name
        with in_language(DEFAULT):
            blank(duplicate, _("Merged entry"))
        duplicate.merged_into_id = kept_id
        current.flush()  # two active persons never share an address
        filled = _fill(kept, theirs)
        report = merge_rows(Person.__table__, kept=kept_id, duplicate=duplicate_id)  # type: ignore[arg-type]
        said = {"duplicate_id": duplicate_id, "duplicate": name, "said": asdict(theirs), "filled": sorted(filled)}
        history.record(actor, "people.merge", kept, details={**said, **report.said()})
    return kept


def state_of(hanging: Mapping[int, Mapping[str, int]]) -> str:
    """As `core.merging.state_of`, of what `hanging_on` says."""
    return merging.state_of(Person.__table__, hanging)  # type: ignore[arg-type]


def hanging_on(*person_ids: int) -> dict[int, dict[str, int]]:
    """For each of these, how many rows of which table hang on it: one query."""
    return count_references(Person.__table__, person_ids)  # type: ignore[arg-type]


def _lock(person_id: int) -> Person:
    get_row(Person, person_id)
    return session().get_one(Person, person_id, with_for_update=True)


def _check(kept: Person, duplicate: Person) -> None:
    if kept.id == duplicate.id:
        raise Refused(_("Please choose another person than this one."))
    if kept.merged_into_id is not None or duplicate.merged_into_id is not None:
        raise Refused(_("One of the two entries was merged already."))
    if kept.erased_at is not None or duplicate.erased_at is not None:
        raise NotFound
    if kept.archived_at is not None:
        raise Refused(_("The entry that is kept is in the archive. Please take it back first."))


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
