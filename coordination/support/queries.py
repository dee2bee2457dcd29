"""Reading what is kept of support: lists, sums, years, and what was not used."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union
from sqlalchemy.orm import selectinload

from coordination.organizations.models import Organization
from coordination.support.models import Advice, Budget, Funding, FundingOffice, RoomUse
from coordination.support.rules import Area, YearOfMoney, told_people
from core.database import get_row, session

MODELS: dict[Area, Any] = {
    Area.FUNDING: Funding,
    Area.BUDGET: Budget,
    Area.ROOM: RoomUse,
    Area.ADVICE: Advice,
}
#: what lists and files show of each entry, fetched for all rows at once
_WHOLE: dict[Area, tuple[Any, ...]] = {
    Area.FUNDING: (
        selectinload(Funding.organization),
        selectinload(Funding.offices).selectinload(FundingOffice.office),
    ),
    Area.BUDGET: (selectinload(Budget.office),),
    Area.ROOM: (selectinload(RoomUse.organization), selectinload(RoomUse.place)),
    Area.ADVICE: (selectinload(Advice.organization),),
}
#: the numbers of each area that have a sum
SUMMED: dict[Area, tuple[str, ...]] = {
    Area.FUNDING: ("asked", "granted", "used"),
    Area.BUDGET: ("set_aside", "used"),
    Area.ROOM: ("hours", "occasions"),
    Area.ADVICE: ("hours", "participants"),
}


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None and "" narrow nothing."""

    year: int | None = None
    form: str = ""
    office_id: int | None = None
    organization_id: int | None = None


def get_entry(area: Area, entry_id: int) -> Any:
    """The entry of this area. Raises NotFound."""
    return get_row(MODELS[area], entry_id)


def find_by_key(area: Area, key: str) -> Any:
    """The entry with this short name, or None."""
    model = MODELS[area]
    return session().scalar(select(model).where(model.key == key))


def search(area: Area, wanted: Wanted) -> Select[Any]:
    """The entries that are wanted, newest year first, then by who gets it (a budget: who sets it aside)."""
    model = MODELS[area]
    whose = Budget.office_id if model is Budget else model.organization_id
    found = select(model).join(Organization, Organization.id == whose).options(*_WHOLE[area])
    if wanted.year is not None:
        found = found.where(model.year == wanted.year)
    if wanted.form:
        found = found.where(model.form == wanted.form)
    if wanted.office_id is not None and model in (Budget, Funding):
        found = found.where(_given_by(model, wanted.office_id))
    if wanted.organization_id is not None and model is not Budget:
        found = found.where(model.organization_id == wanted.organization_id)
    return found.order_by(model.year.desc(), Organization.name, model.id)


def _given_by(model: Any, office_id: int) -> ColumnElement[bool]:
    if model is Budget:
        return Budget.office_id == office_id
    given: ColumnElement[bool] = Funding.id.in_(
        select(FundingOffice.funding_id).where(FundingOffice.office_id == office_id)
    )
    return given


def each(area: Area, wanted: Wanted) -> Iterator[Any]:
    """The entries one after the other, some hundred in memory at a time: for files."""
    return iter(session().scalars(search(area, wanted).execution_options(yield_per=500)))


def sums(area: Area, wanted: Wanted) -> dict[str, int | None]:
    """The sums over all entries that are wanted: one query. A sum over too few persons is None."""
    model = MODELS[area]
    rows = search(area, wanted).order_by(None).options().with_only_columns(model.id).subquery()
    columns = [func.coalesce(func.sum(getattr(model, name)), 0).label(name) for name in SUMMED[area]]
    found = session().execute(select(*columns).where(model.id.in_(select(rows.c.id)))).one()
    told: dict[str, int | None] = {name: int(value) for name, value in found._mapping.items()}
    if "participants" in told:
        told["participants"] = told_people(told["participants"])
    return told


def list_years() -> list[int]:
    """The years of which something is kept, newest first: one query."""
    years = union(*(select(model.year) for model in MODELS.values())).subquery()
    return list(session().scalars(select(years.c.year).order_by(years.c.year.desc())))


def money_by_year() -> list[YearOfMoney]:
    """What was asked, granted, used and set aside in each year, oldest first: two queries."""
    amounts = [func.coalesce(func.sum(getattr(Funding, name)), 0).label(name) for name in SUMMED[Area.FUNDING]]
    asking = func.count(Funding.organization_id.distinct()).label("organizations")
    found = {
        row.year: {name: int(value) for name, value in row._mapping.items()}
        for row in session().execute(select(Funding.year, *amounts, asking).group_by(Funding.year))
    }
    for year, cents in session().execute(select(Budget.year, func.sum(Budget.set_aside)).group_by(Budget.year)):
        found.setdefault(year, {"year": year})["set_aside"] = int(cents)
    return [YearOfMoney(**found[year]) for year in sorted(found)]


def budgets_not_used(year: int) -> list[Budget]:
    """The money set aside in the year of which something was left, by department."""
    found = search(Area.BUDGET, Wanted(year=year)).where(Budget.used < Budget.set_aside)
    return list(session().scalars(found))


def grants_not_used(year: int) -> list[Funding]:
    """What organizations asked for in the year and were refused, or got and did not use up, by organization."""
    refused = and_(Funding.granted == 0, or_(Funding.asked.is_(None), Funding.asked > 0))
    found = search(Area.FUNDING, Wanted(year=year)).where(or_(refused, Funding.used < Funding.granted))
    return list(session().scalars(found))


def newest_of(area: Area, organization_id: int, number: int) -> list[Any]:
    """The newest entries of an organization."""
    return list(session().scalars(search(area, Wanted(organization_id=organization_id)).limit(number)))
