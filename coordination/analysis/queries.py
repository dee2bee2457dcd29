"""Counting in the database: each function sends one statement, however many records there are.

Counted is what takes or took place (running, held) and what everybody may know of: records of committees that are not
public are in no figure. An event belongs to the year of its day, what lasts to every year that it touches. Who led is
told for the end of the year in question, or for today.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    distinct,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
    text,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from coordination.analysis.rules import MOST_YEARS, Asked, Dimension, days_of
from coordination.cooperation.models import (
    Cooperation,
    CooperationLead,
    CooperationTopic,
    MunicipalContribution,
    Partner,
)
from coordination.cooperation.queries import readable
from coordination.cooperation.rules import COUNTED, ContributionKind, Figure, Format, Lead, Reach, Status, years_of
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind, MoKind
from coordination.strategy.queries import foundations_on
from coordination.strategy.rules import Foundation
from core.clock import today
from core.database import session
from core.web import like
from core.words import holds

#: a statement that counts, whatever it counts
Counting = Select[*tuple[Any, ...]]
#: a line of a count: its keys, then how many
Counts = tuple[Any, ...]
#: what everybody may know of
OPEN = Reach(everything=True)

#: a column of what is selected, by its place: PostgreSQL takes an expression with values for another one when it stands
#: there twice
_PLACES = (text("1"), text("2"), text("3"), text("4"), text("5"))
#: regular exchange, as a kind of its own or as what a committee counts for
_is_exchange = or_(Cooperation.regular_exchange, func.coalesce(Cooperation.figure, "") == Figure.REGULAR_EXCHANGE)

#: the joined partner is a migrant organization that was asked for its role: those with a seat in a committee are not
_has_a_role = (Organization.kind == Kind.MIGRANT_ORGANISATION, Cooperation.format != Format.COMMITTEE)


def list_years() -> list[int]:
    """The newest years in which there is something to count, oldest first."""
    running = and_(Cooperation.ends_on.is_(None), Cooperation.status == Status.RUNNING)
    last = func.max(case((running, literal(today())), else_=func.coalesce(Cooperation.ends_on, Cooperation.starts_on)))
    found = select(func.min(Cooperation.starts_on), last).where(Cooperation.starts_on.is_not(None))
    first, newest = session().execute(_narrowed(found, Asked())).one()
    return sorted(years_of(first, newest and min(newest, today())))[-MOST_YEARS:]


def list_departments() -> list[tuple[int, str]]:
    """Id and name of the municipality's departments, by name."""
    found = select(Organization.id, Organization.name).where(Organization.kind == Kind.DEPARTMENT)
    return [(row.id, row.name) for row in session().execute(found.order_by(Organization.name, Organization.id))]


def leads(asked: Asked, formats: Collection[Format]) -> list[Counts]:
    """Format, lead (None: not recorded) and how many."""
    found = select(Cooperation.format, CooperationLead.lead, func.count())
    found = found.select_from(Cooperation).outerjoin(CooperationLead, _leads_on(_day_of(asked)))
    return _rows(_narrowed(found.where(Cooperation.format.in_(formats)), asked), 2)


def leads_by(asked: Asked, formats: Collection[Format], dimension: Dimension, years: Collection[int]) -> list[Counts]:
    """Format, key of the dimension (year, topic, id of a department, kind of organization or of
    migrant organization), lead, how many.

    By year, `asked.year` is passed over and these years are told.
    """
    day: Any = _day_of(asked)
    table: FromClause
    key: ColumnElement[Any]
    if dimension is Dimension.YEAR:
        asked, table = replace(asked, year=None), _years(years)
        key, joined, day = table.c.year, _touches(table.c.first, table.c.last), table.c.day
    else:
        table, key = _parts(dimension)
        joined = table.c.cooperation_id == Cooperation.id
    found = select(Cooperation.format, key, CooperationLead.lead, func.count())
    found = found.select_from(Cooperation).join(table, joined).outerjoin(CooperationLead, _leads_on(day))
    return _rows(_narrowed(found.where(Cooperation.format.in_(formats)), asked), 3)


def formats(asked: Asked) -> list[Counts]:
    """Format and how many."""
    return _rows(_narrowed(select(Cooperation.format, func.count()), asked), 1)


def figures(asked: Asked) -> list[Counts]:
    """For each of the survey's three committee figures, how many of what counts for it are here.

    A committee counts for what it is mapped to, once a migrant organization has a seat in it. What is marked as regular
    exchange counts for that, and other irregular forms (conferences, hearings) as further levels.
    """
    committee = Cooperation.format == Format.COMMITTEE
    figure = case(
        (committee, Cooperation.figure),
        (Cooperation.regular_exchange, literal(Figure.REGULAR_EXCHANGE.value)),
        (Cooperation.format == Format.OTHER, literal(Figure.FURTHER_LEVEL.value)),
    )
    found = select(figure, func.count()).where(figure.is_not(None), _has_partner_of(Kind.MIGRANT_ORGANISATION))
    return _rows(_narrowed(found, asked), 1)


def foundations(asked: Asked) -> dict[Foundation, bool | None]:
    """Whether the municipality states that it has a concept and a job description, at the end of the year or today."""
    return foundations_on(_last_day(asked.year) if asked.year is not None else today())


def initiators(asked: Asked) -> list[Counts]:
    """Whether it is regular exchange, from where the impulse came (None: not recorded), how many."""
    exchange = _flag(_is_exchange)
    return _rows(_narrowed(select(exchange, Cooperation.initiator_kind, func.count()), asked), 2)


def initiators_by_topic(asked: Asked) -> list[Counts]:
    """Topic, from where the impulse came, how many; what is about two topics counts for both."""
    topics, topic = _parts(Dimension.TOPIC)
    found = select(topic, Cooperation.initiator_kind, func.count())
    found = found.select_from(Cooperation).join(topics, topics.c.cooperation_id == Cooperation.id)
    return _rows(_narrowed(found, asked), 2)


def topics(asked: Asked) -> list[Counts]:
    """Whether it is regular exchange, whether a committee, topic, how many."""
    table, topic = _parts(Dimension.TOPIC)
    committee = _flag(Cooperation.format == Format.COMMITTEE)
    found = select(_flag(_is_exchange), committee, topic, func.count())
    found = found.select_from(Cooperation).join(table, table.c.cooperation_id == Cooperation.id)
    return _rows(_narrowed(found.where(or_(_is_exchange, Cooperation.format == Format.COMMITTEE)), asked), 3)


def roles_by_year(asked: Asked, years: Collection[int]) -> list[Counts]:
    """Year, role of a migrant organization that took part, how often; seats in committees say nothing of roles."""
    table = _years(years)
    found = select(table.c.year, Partner.role, func.count()).select_from(Cooperation)
    found = found.join(table, _touches(table.c.first, table.c.last))
    found = found.join(Partner, Partner.cooperation_id == Cooperation.id)
    found = found.join(Organization, Organization.id == Partner.organization_id)
    return _rows(_narrowed(found.where(*_has_a_role), replace(asked, year=None)), 2)


def roles(asked: Asked) -> list[Counts]:
    """Role of a migrant organization that took part, how often; as by year."""
    found = select(Partner.role, func.count()).select_from(Cooperation)
    found = found.join(Partner, Partner.cooperation_id == Cooperation.id)
    found = found.join(Organization, Organization.id == Partner.organization_id)
    return _rows(_narrowed(found.where(*_has_a_role), asked), 1)


def contributions(asked: Asked) -> list[Counts]:
    """What the municipality gave, and in how many cooperations."""
    found = select(MunicipalContribution.kind, func.count(distinct(Cooperation.id))).select_from(Cooperation)
    found = found.join(MunicipalContribution, MunicipalContribution.cooperation_id == Cooperation.id)
    return _rows(_narrowed(found, asked), 1)


def terms(asked: Asked) -> Row[Any]:
    """How often migrant organizations took part (`total`), said what they give (`gives`), what they gain (`gains`),
    were `paid`, agreed that they are `unpaid`."""

    def times(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
        return func.coalesce(func.sum(_flag(condition)), 0).label(name)

    found = select(
        func.count().label("total"),
        times(Partner.contribution != "", "gives"),
        times(Partner.benefit != "", "gains"),
        times(Partner.honorarium > 0, "paid"),
        times(Partner.honorarium == 0, "unpaid"),
    ).select_from(Cooperation)
    found = found.join(Partner, Partner.cooperation_id == Cooperation.id)
    found = found.join(Organization, Organization.id == Partner.organization_id)
    return session().execute(_narrowed(found.where(Organization.kind == Kind.MIGRANT_ORGANISATION), asked)).one()


def starts(asked: Asked, office_from: int, office_to: int) -> list[Counts]:
    """Format, day, whether it begins in office hours, whether it claims time of volunteers and of staff, how many.

    Office hours are told in minutes of the day, the last exclusive. As many rows as days, not as records.

    Volunteers: an organization that is no department takes part. Staff: the municipality leads or shares the lead, a
    department takes part, or somebody speaks or advises for the municipality.
    """
    minute = extract("hour", Cooperation.starts_local) * 60 + extract("minute", Cooperation.starts_local)
    office = _flag(and_(minute >= office_from, minute < office_to))
    led = exists().where(_leads_on(_day_of(asked)), CooperationLead.lead.in_((Lead.MUNICIPAL, Lead.JOINT)))
    speaks = exists().where(
        MunicipalContribution.cooperation_id == Cooperation.id,
        MunicipalContribution.kind.not_in((ContributionKind.CO_FUNDING, ContributionKind.ROOM)),
    )
    staff = _flag(or_(led, speaks, _has_partner_of(Kind.DEPARTMENT)))
    volunteers = _flag(_has_partner_of(Kind.DEPARTMENT, but=True))
    found = select(
        Cooperation.format,
        Cooperation.starts_on,
        office,
        volunteers,
        staff,
        func.count(),
    ).where(Cooperation.starts_local.is_not(None))
    return _rows(_narrowed(found, asked), 5)


def participants(asked: Asked) -> list[Counts]:
    """Format and how many people came in all."""
    found = select(Cooperation.format, func.sum(Cooperation.participants)).where(Cooperation.participants.is_not(None))
    return _rows(_narrowed(found, asked), 1)


def organizations(asked: Asked, *, never: bool, named: str = "") -> Select[Any]:
    """Migrant organizations that are not archived, by name; `never`: those that took part in nothing that is asked."""
    found = select(Organization).where(
        Organization.kind == Kind.MIGRANT_ORGANISATION, Organization.archived_at.is_(None)
    )
    if asked.mo_kind is not None:
        found = found.where(holds(Organization.kinds, asked.mo_kind))
    if named:
        found = found.where(Organization.name.ilike(like(named), escape="\\"))
    if never:
        partners = select(Partner.organization_id).join(Cooperation, Cooperation.id == Partner.cooperation_id)
        found = found.where(Organization.id.not_in(_narrowed(partners, asked)))
    return found.order_by(Organization.name, Organization.id)


def involvement(asked: Asked, organization_ids: Collection[int] | None = None) -> list[Counts]:
    """Id of an organization (of these, or of any), topic, in how many cooperations on it the organization took part."""
    table, topic = _parts(Dimension.TOPIC)
    found = select(Partner.organization_id, topic, func.count()).select_from(Cooperation)
    found = found.join(Partner, Partner.cooperation_id == Cooperation.id)
    found = found.join(table, table.c.cooperation_id == Cooperation.id)
    if organization_ids is not None:
        found = found.where(Partner.organization_id.in_(organization_ids))
    return _rows(_narrowed(found, asked), 2)


def _rows(found: Counting, keys: int) -> list[Counts]:
    """What was found, grouped by its first columns."""
    grouped = found.group_by(*_PLACES[:keys])
    return [tuple(row) for row in session().execute(grouped)]


def _narrowed(found: Counting, asked: Asked) -> Counting:
    """Of what counts, what is asked."""
    found = found.where(readable(OPEN), Cooperation.status.in_(COUNTED))
    if asked.year is not None:
        found = found.where(_touches(*map(literal, days_of(asked.year))))
    if asked.topic is not None:
        found = found.where(
            exists().where(CooperationTopic.cooperation_id == Cooperation.id, CooperationTopic.topic == asked.topic)
        )
    if asked.department_id is not None:
        table, key = _parts(Dimension.DEPARTMENT)
        found = found.where(Cooperation.id.in_(select(table.c.cooperation_id).where(key == asked.department_id)))
    if asked.kind is not None:
        found = found.where(_has_partner_of(asked.kind))
    if asked.mo_kind is not None:
        of_kind = holds(Organization.kinds, asked.mo_kind)
        found = found.where(_has_partner_of(Kind.MIGRANT_ORGANISATION, of_kind))
    return found


def _touches(first: ColumnElement[date], last: ColumnElement[date]) -> ColumnElement[bool]:
    """Its period touches these days. What has no end is of one day, but for what is still running."""
    ends = func.coalesce(Cooperation.ends_on, Cooperation.starts_on)
    running = and_(Cooperation.ends_on.is_(None), Cooperation.status == Status.RUNNING)
    return and_(Cooperation.starts_on <= last, or_(ends >= first, running))


def _day_of(asked: Asked) -> ColumnElement[date]:
    """The day for which it is told who leads."""
    return literal(_last_day(asked.year) if asked.year is not None else today())


def _last_day(year: int) -> date:
    return min(days_of(year)[1], today())


def _leads_on(day: ColumnElement[date]) -> ColumnElement[bool]:
    """The joined lead is the one on this day: the newest from that day or before."""
    newer = aliased(CooperationLead)
    replaced = exists().where(
        newer.cooperation_id == CooperationLead.cooperation_id,
        newer.since > CooperationLead.since,
        newer.since <= day,
    )
    return and_(CooperationLead.cooperation_id == Cooperation.id, CooperationLead.since <= day, ~replaced)


def _years(years: Collection[int]) -> CTE:
    """The years as a table: year, first and last day, and the day for which the lead is told.

    Without any, this year, in which there is nothing then.
    """
    lines: list[Counting] = [
        select(
            literal(year).label("year"),
            literal(days_of(year)[0]).label("first"),
            literal(days_of(year)[1]).label("last"),
            literal(_last_day(year)).label("day"),
        )
        for year in years or [today().year]
    ]
    return union_all(*lines).cte("years")


def _parts(dimension: Dimension) -> tuple[FromClause, ColumnElement[Any]]:
    """A table of pairs, each once: cooperation and its topic, department that takes part, or kind of a partner."""
    if dimension is Dimension.TOPIC:
        pairs: Any = select(CooperationTopic.cooperation_id, CooperationTopic.topic.label("key")).distinct()
    elif dimension is Dimension.KIND:
        pairs = select(Partner.cooperation_id, Organization.kind.label("key")).distinct()
        pairs = pairs.join(Organization, Organization.id == Partner.organization_id)
    elif dimension is Dimension.MO_KIND:
        pairs = _of_mo_kinds()
    else:
        pairs = _departments()
    table: Subquery = pairs.subquery()
    return table, table.c.key


def _departments() -> Any:
    """Cooperations and the departments that take part, give something or gave the impulse."""
    giving = select(MunicipalContribution.cooperation_id, MunicipalContribution.department_id.label("key"))
    partners = select(Partner.cooperation_id, Partner.organization_id)
    starting = select(Cooperation.id, Cooperation.initiator_id)
    return union(
        giving.where(MunicipalContribution.department_id.is_not(None)),
        partners.join(Organization, Organization.id == Partner.organization_id).where(
            Organization.kind == Kind.DEPARTMENT
        ),
        starting.join(Organization, Organization.id == Cooperation.initiator_id).where(
            Organization.kind == Kind.DEPARTMENT
        ),
    )


def _of_mo_kinds() -> Any:
    """Cooperations and the kinds of the migrant organizations that take part; one of two kinds counts for both."""
    lines: list[Counting] = [
        select(literal(kind.value).label("key"), literal(like(f'"{kind.value}"')).label("pattern")) for kind in MoKind
    ]
    kinds = union_all(*lines).cte("mo_kinds")
    found = select(Partner.cooperation_id, kinds.c.key).distinct()
    found = found.join(Organization, Organization.id == Partner.organization_id)
    found = found.join(kinds, cast(Organization.kinds, Text).like(kinds.c.pattern, escape="\\"))
    return found.where(Organization.kind == Kind.MIGRANT_ORGANISATION)


def _has_partner_of(kind: Kind, *more: ColumnElement[bool], but: bool = False) -> ColumnElement[bool]:
    """A partner is of this kind (of which also this is true), or (`but`) of any other: any partner, not the one that
    the statement may be about."""
    matches = Organization.kind != kind if but else Organization.kind == kind
    mine = (Partner.cooperation_id == Cooperation.id, Organization.id == Partner.organization_id)
    return exists().where(*mine, matches, *more).correlate(Cooperation)


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 or 0, on both databases."""
    return cast(case((condition, 1), else_=0), Integer)
