"""Reading sittings."""

from collections.abc import Collection
from datetime import datetime, time
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, false, select, true

from core.clock import to_utc, today
from core.database import get_row, session
from core.dated import Status
from core.errors import NotFound
from core.hour_words import check_year, hour_rules
from core.hours import Kind, count_by_kind
from core.importing import parse_wall_time
from meetings.sittings.models import Sitting
from meetings.sittings.rules import DEFAULT_SOURCE, TAKES_PLACE, Sight, source_key
from participation.committees.queries import get_by_slug


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


def known_by_source(source: str, keys: Collection[str]) -> frozenset[tuple[int, str]]:
    """(committee, key) of the sittings that were imported from this source with one of these keys: one query."""
    found = select(Sitting.committee_id, Sitting.source_key).where(Sitting.source == source)
    rows = session().execute(found.where(Sitting.source_key.in_(keys)))
    return frozenset((committee_id, key or "") for committee_id, key in rows)


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
