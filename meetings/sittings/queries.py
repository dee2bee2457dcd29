"""Reading sittings."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, time
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, select, true
from sqlalchemy.orm import lazyload

from core.clock import to_utc, today
from core.database import get_row, session
from core.dated import Status
from core.errors import NotFound, Refused
from core.hour_words import check_year, hour_rules
from core.hours import Kind, count_by_kind
from core.importing import parse_wall_time
from meetings.sittings.models import Sitting
from meetings.sittings.rules import DEFAULT_SOURCE, TAKES_PLACE, Sight, source_key
from participation.committees.queries import get_by_slug, ids_by_slug


class When(StrEnum):
    """Which sittings: those from today on, earliest first; those before today, newest first; all, earliest first."""

    UPCOMING = "upcoming"
    PAST = "past"
    ALL = "all"


def get_sitting(sitting_id: int) -> Sitting:
    """The sitting with its committee and place, one query. Raises NotFound. Says nothing about who may see it."""
    return get_row(Sitting, sitting_id)


def find_by_source(committee_id: int, source: str, key: str) -> Sitting | None:
    """The sitting that was imported from this source with this original start (`rules.source_key`), or None."""
    return session().scalar(
        select(Sitting).where(Sitting.committee_id == committee_id, Sitting.source == source, Sitting.source_key == key)
    )


class Imported(NamedTuple):
    """What an import asks of a sitting that it may have brought."""

    id: int
    title: str
    number: str
    starts_local: datetime
    ends_local: datetime | None
    status: str


def known_by_source(source: str, keys: Collection[tuple[int, str]]) -> dict[tuple[int, str], Imported]:
    """Those of the sittings (committee, key) that were imported from this source before: one query."""
    columns = [getattr(Sitting, name) for name in Imported._fields]
    found = select(Sitting.committee_id, Sitting.source_key, *columns).where(
        Sitting.source == source,
        Sitting.committee_id.in_({committee_id for committee_id, _key in keys}),
        Sitting.source_key.in_({key for _committee_id, key in keys}),
    )
    return {(committee_id, key or ""): Imported._make(rest) for committee_id, key, *rest in session().execute(found)}


def named_in_file(names: Collection[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, int]]:
    """Committee and id of the sittings that a file names by committee and start, as `get_imported` finds each.

    What is not found is left out. Two queries.
    """
    committees = ids_by_slug({slug for slug, _start in names})
    keys: dict[tuple[str, str], tuple[int, str]] = {}
    for slug, start in names:
        with suppress(Refused, KeyError):
            keys[slug, start] = committees[slug], start_in_file(start)[1]
    known = known_by_source(DEFAULT_SOURCE, set(keys.values()))
    return {name: (key[0], known[key].id) for name, key in keys.items() if key in known}


def start_in_file(text: str) -> tuple[datetime, str]:
    """The wall time that a file gives as a start (ISO, local or with an offset), and the key of its sitting.

    Refused when it is no date, too far away, or a time that the clock change leaves out or doubles.
    """
    start = parse_wall_time(text)
    check_year(start, "start")
    return start, source_key(to_utc(start, "start"))


def get_imported(slug: str, start: str, *, source: str = DEFAULT_SOURCE) -> Sitting:
    """The sitting that a file names by committee and by the start it had in its own file, however often it moved.

    `start` is ISO text, local or with an offset. Raises NotFound, and Refused when it is no date.
    """
    _start, key = start_in_file(start)
    sitting = find_by_source(get_by_slug(slug).id, source, key)
    if sitting is None:
        raise NotFound
    return sitting


def of_committee(committee_id: int, sight: Sight, when: When = When.ALL) -> Select[Sitting]:
    """The committee's sittings within this sight (`policies.sight_of`), cancelled ones too."""
    found = select(Sitting).where(Sitting.committee_id == committee_id, _seen_with(sight))
    found = found.options(lazyload(Sitting.committee))  # one for all, and mostly read already: not with each row
    if when is When.ALL:
        return found.order_by(Sitting.starts_at, Sitting.id)
    midnight = to_utc(datetime.combine(today(), time()))
    if when is When.UPCOMING:
        return found.where(Sitting.starts_at >= midnight).order_by(Sitting.starts_at, Sitting.id)
    return found.where(Sitting.starts_at < midnight).order_by(Sitting.starts_at.desc(), Sitting.id.desc())


def list_of_committee(
    committee_id: int, sight: Sight, when: When = When.ALL, *, limit: int | None = None
) -> list[Sitting]:
    """As `of_committee`, read with committee and place: one query."""
    return list(session().scalars(of_committee(committee_id, sight, when).limit(limit)))


def between(
    since: datetime | None,
    until: datetime | None,
    *,
    committee_ids: Collection[int] | None = None,
    drafts: bool = False,
) -> list[Sitting]:
    """Sittings that start from `since` (inclusive) until `until` (exclusive), both aware; None is unlimited.

    Of these committees only, when given. Cancelled ones are in it, drafts only when asked for. Not filtered by
    what anybody may see: `policies.may_see` or the caller's audiences do that. One query.
    """
    found = select(Sitting).order_by(Sitting.starts_at, Sitting.id)
    if not drafts:
        found = found.where(Sitting.status != Status.DRAFT)
    if since is not None:
        found = found.where(Sitting.starts_at >= since)
    if until is not None:
        found = found.where(Sitting.starts_at < until)
    if committee_ids is not None:
        found = found.where(Sitting.committee_id.in_(committee_ids))
    return list(session().scalars(found))


def count_of_hours(committee_id: int, sight: Sight) -> dict[Kind, int]:
    """How many of the sittings within sight (neither drafts nor cancelled) start in each kind of time: one query."""
    starts = select(Sitting.starts_local).where(
        Sitting.committee_id == committee_id, _seen_with(sight), Sitting.status.in_(TAKES_PLACE)
    )
    return count_by_kind(session().scalars(starts), hour_rules())


def _seen_with(sight: Sight) -> ColumnElement[bool]:
    """`rules.within_sight` as a condition on rows."""
    published = Sitting.status != Status.DRAFT
    return {
        Sight.NOTHING: false(),
        Sight.PUBLIC: and_(published, Sitting.public.is_(True)),
        Sight.INSIDE: published,
        Sight.EVERYTHING: true(),
    }[sight]
