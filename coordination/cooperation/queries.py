"""Reading records of cooperation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from coordination.cooperation.models import Cooperation, CooperationTopic, OwnTopic, Partner
from coordination.cooperation.rules import COUNTED, Format, Reach, Status, years_of
from coordination.organizations.models import Organization
from coordination.organizations.rules import Topic
from core.database import first_rows, get_row, session
from core.errors import NotFound
from core.web import like

#: what a list or an export shows of each record, fetched for all rows at once
WHOLE = (
    selectinload(Cooperation.initiator),
    selectinload(Cooperation.measure),
    selectinload(Cooperation.leads),
    selectinload(Cooperation.topics).selectinload(CooperationTopic.own_topic),
    selectinload(Cooperation.partners).selectinload(Partner.organization),
    selectinload(Cooperation.contributions),
)


#: what `rules.missing` looks at; of the few records of a start page in the same query
_MAY_BE_MISSING = (
    joinedload(Cooperation.leads),
    joinedload(Cooperation.topics),
    selectinload(Cooperation.partners),
)
_UNFINISHED = (Cooperation.status == Status.HELD, Cooperation.closed_at.is_(None))
#: those without a day on top
_NEWEST_FIRST = (Cooperation.starts_on.is_not(None), Cooperation.starts_on.desc(), Cooperation.id.desc())


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None and "" narrow nothing."""

    text: str = ""
    year: int | None = None
    format: Format | None = None
    topic: Topic | None = None
    organization_id: int | None = None
    #: what serves this measure
    measure_id: int | None = None
    #: held, and not closed yet
    unfinished: bool = False


def readable(reach: Reach) -> ColumnElement[bool]:
    """The condition that a record lies within somebody's reach. Every list, count and figure goes through it."""
    open_to_all = true() if reach.restricted else not_(Cooperation.restricted)
    if reach.everything:
        return open_to_all
    if not reach.organizations:
        return false()
    return and_(open_to_all, _has_partner(*reach.organizations))


def search(reach: Reach, wanted: Wanted) -> Select[Cooperation]:
    """The records within reach that are wanted, newest first, those without a day on top."""
    return _search(reach, wanted).options(*WHOLE)


def _search(reach: Reach, wanted: Wanted) -> Select[Cooperation]:
    found = select(Cooperation).where(readable(reach))
    if wanted.text:
        found = found.where(Cooperation.title.ilike(like(wanted.text), escape="\\"))
    if wanted.year is not None:
        found = found.where(_touches(wanted.year))
    if wanted.format is not None:
        found = found.where(Cooperation.format == wanted.format)
    if wanted.topic is not None:
        about = select(CooperationTopic.cooperation_id).where(CooperationTopic.topic == wanted.topic)
        found = found.where(Cooperation.id.in_(about))
    if wanted.organization_id is not None:
        found = found.where(
            or_(_has_partner(wanted.organization_id), Cooperation.initiator_id == wanted.organization_id)
        )
    if wanted.measure_id is not None:
        found = found.where(Cooperation.measure_id == wanted.measure_id)
    if wanted.unfinished:
        found = found.where(*_UNFINISHED)
    return found.order_by(*_NEWEST_FIRST)


def to_complete(reach: Reach, number: int) -> tuple[list[Cooperation], int]:
    """The newest so many records of what was held and is not closed, with all that may be missing, and how many there
    are in all: two queries."""
    found = select(Cooperation).where(readable(reach), *_UNFINISHED).options(*_MAY_BE_MISSING)
    return first_rows(found.order_by(*_NEWEST_FIRST), number)


def newest(reach: Reach, wanted: Wanted, number: int) -> tuple[list[Cooperation], int]:
    """The first so many of the list, with who leads them, and how many stand on it in all: two queries."""
    return first_rows(_search(reach, wanted).options(selectinload(Cooperation.leads)), number)


def count_of_measure(measure_id: int) -> int:
    """How many cooperations that everybody may know of served a measure, or do: held or running."""
    found = select(func.count()).where(Cooperation.measure_id == measure_id, Cooperation.status.in_(COUNTED))
    return session().scalar(found.where(not_(Cooperation.restricted))) or 0


def list_years(reach: Reach) -> list[int]:
    """The years in which there are records within reach, newest first: one query."""
    ends = func.coalesce(func.max(Cooperation.ends_on), func.max(Cooperation.starts_on))
    first, last, newest = (
        session()
        .execute(select(func.min(Cooperation.starts_on), ends, func.max(Cooperation.starts_on)).where(readable(reach)))
        .one()
    )
    return list(years_of(first, max(filter(None, (last, newest)), default=None)))


def list_involved(reach: Reach) -> list[tuple[int, str]]:
    """Id and name of the organizations that are partners in records within reach, by name: one query."""
    partners = select(Partner.organization_id).join(Cooperation, Cooperation.id == Partner.cooperation_id)
    found = select(Organization.id, Organization.name).where(Organization.id.in_(partners.where(readable(reach))))
    return [(row.id, row.name) for row in session().execute(found.order_by(Organization.name, Organization.id))]


def list_frequent(number: int = 30) -> list[Organization]:
    """The organizations that take part in most records, for lists that must stay short: one query."""
    often = select(Partner.organization_id, func.count().label("times")).group_by(Partner.organization_id).subquery()
    found = select(Organization).join(often, often.c.organization_id == Organization.id)
    found = found.where(Organization.archived_at.is_(None)).order_by(often.c.times.desc(), Organization.name)
    return list(session().scalars(found.limit(number)))


def get_cooperation(cooperation_id: int) -> Cooperation:
    """The record. Raises NotFound. Whether one may read it is for policies."""
    return get_row(Cooperation, cooperation_id)


def find_by_key(key: str) -> Cooperation | None:
    """The record with this short name, or None."""
    return session().scalar(select(Cooperation).where(Cooperation.key == key))


def whole_by_key(keys: Collection[str]) -> dict[str, Cooperation]:
    """The records with these short names, with all that hangs on them: a fixed number of queries."""
    found = select(Cooperation).where(Cooperation.key.in_(keys)).options(*WHOLE)
    return {row.key: row for row in session().scalars(found)}


def get_partner(cooperation_id: int, partner_id: int) -> Partner:
    """This partner of this cooperation. Raises NotFound, also where it is another's."""
    row = get_row(Partner, partner_id)
    if row.cooperation_id != cooperation_id:
        raise NotFound
    return row


def list_own_topics() -> list[OwnTopic]:
    """The municipality's own topics, by name."""
    return list(session().scalars(select(OwnTopic).order_by(OwnTopic.name, OwnTopic.id)))


def get_own_topic(own_topic_id: int) -> OwnTopic:
    """The own topic. Raises NotFound."""
    return get_row(OwnTopic, own_topic_id)


def find_own_topic(key: str) -> OwnTopic | None:
    """The own topic with this short name, or None."""
    return session().scalar(select(OwnTopic).where(OwnTopic.key == key))


def _has_partner(*organization_ids: int) -> ColumnElement[bool]:
    return Cooperation.id.in_(select(Partner.cooperation_id).where(Partner.organization_id.in_(organization_ids)))


def _touches(year: int) -> ColumnElement[bool]:
    """Its period touches the year: what has no end is of one day, but for what is still running."""
    last = func.coalesce(Cooperation.ends_on, Cooperation.starts_on)
    running = and_(Cooperation.ends_on.is_(None), Cooperation.status == Status.RUNNING)
    return and_(Cooperation.starts_on <= date(year, 12, 31), or_(last >= date(year, 1, 1), running))
