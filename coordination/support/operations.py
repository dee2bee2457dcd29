"""Entering and changing what is kept of support.

Each area has its terms: a frozen value with what can be said of an entry. One operation enters, one changes and one
removes, whatever the area is.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import select

from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from coordination.places.models import Place
from coordination.support.models import Budget
from coordination.support.queries import MODELS
from coordination.support.rules import FIRST_YEAR, FORM_LABELS, LAST_YEAR, Area
from core import history
from core.access import Actor
from core.database import check_version, get_row, hold_row, session, transaction
from core.errors import Refused
from core.languages import _
from core.money import check_cents
from core.slugs import free_slug


@dataclass(frozen=True)
class FundingTerms:
    """Money for an organization; see `models.Funding` for the meaning of each."""

    organization_id: int
    year: int
    form: str
    title: str
    asked: int | None = None
    granted: int | None = None
    used: int | None = None
    reason: str = ""
    office_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class BudgetTerms:
    """Money set aside by a department; see `models.Budget`."""

    office_id: int
    year: int
    form: str
    set_aside: int
    used: int | None = None
    announced: str = ""
    reason: str = ""


@dataclass(frozen=True)
class RoomTerms:
    """Rooms of an organization; see `models.RoomUse`."""

    organization_id: int
    year: int
    form: str
    place_id: int | None = None
    hours: int | None = None
    occasions: int | None = None
    note: str = ""


@dataclass(frozen=True)
class AdviceTerms:
    """Qualification and advice; see `models.Advice`."""

    organization_id: int
    year: int
    form: str
    title: str
    hours: int | None = None
    participants: int | None = None
    note: str = ""


Terms = FundingTerms | BudgetTerms | RoomTerms | AdviceTerms
TERMS: dict[Area, type[Terms]] = {
    Area.FUNDING: FundingTerms,
    Area.BUDGET: BudgetTerms,
    Area.ROOM: RoomTerms,
    Area.ADVICE: AdviceTerms,
}


def terms_of(area: Area, row: Any) -> Terms:
    """What is said of the entry now."""
    kind = TERMS[area]
    return kind(**{field.name: getattr(row, field.name) for field in fields(kind)})


def enter(actor: Actor, area: Area, terms: Any, *, key: str = "") -> Any:
    """Keep a new entry; without a `key` one is made. Refused at its field as `_check` says."""
    model = MODELS[area]
    with transaction() as current:
        whose = _check(area, terms)
        row = model(**asdict(terms))
        row.key = key or free_slug(f"{terms.year} {whose.key}", set(current.scalars(select(model.key))))
        current.add(row)
        history.record(actor, "support.enter", row, details=_details(terms))
    return row


def edit(actor: Actor, area: Area, entry_id: int, *, version: int | None, terms: Any) -> Any:
    """Save the terms. Raises NotFound, Outdated when somebody saved since `version`, and Refused as `enter` does."""
    with transaction():
        row = get_row(MODELS[area], entry_id)
        check_version(row, version)
        before = terms_of(area, row)
        if terms != before:
            _check(area, terms, apart_from=entry_id)
            for name, value in asdict(terms).items():
                setattr(row, name, value)
            row.version += _details(terms) != _details(before)  # offices are rows of their own
            history.record(actor, "support.edit", row, details=_details(terms))
    return row


def remove(actor: Actor, area: Area, entry_id: int) -> None:
    """The entry was a mistake. Raises NotFound."""
    with transaction() as current:
        row = get_row(MODELS[area], entry_id)
        history.record(actor, "support.remove", row)
        current.delete(row)


def _details(terms: Any) -> dict[str, Any] | None:
    return {"offices": sorted(terms.office_ids)} if isinstance(terms, FundingTerms) else None


def _check(area: Area, terms: Any, *, apart_from: int | None = None) -> Organization:
    """Refuse what cannot be; gives whose entry it is: the organization's, or the department's that sets aside.

    Refused: a year out of range, a form of another area, an office that is no department, an amount out of range,
    more used than granted, a refusal without a word why, and a second budget of a department, year and form.
    """
    if not FIRST_YEAR <= terms.year <= LAST_YEAR:
        raise Refused(_("Please enter a year from %(first)d to %(last)d.", first=FIRST_YEAR, last=LAST_YEAR), "year")
    if terms.form not in FORM_LABELS[area]:
        raise Refused(_("Please choose one of these."), "form")
    # two who enter something for the same organization wait for one another, so that each sees what the other did
    whose = terms.office_id if isinstance(terms, BudgetTerms) else terms.organization_id
    hold_row(Organization, whose, key_share=True)
    if isinstance(terms, BudgetTerms):
        _check_budget(terms, apart_from)
        return _department(terms.office_id, "office_id")
    if isinstance(terms, FundingTerms):
        _check_funding(terms)
    if isinstance(terms, RoomTerms) and terms.place_id is not None:
        get_row(Place, terms.place_id)
    return get_row(Organization, terms.organization_id)


def _check_funding(terms: FundingTerms) -> None:
    for name in ("asked", "granted", "used"):
        check_cents(getattr(terms, name), name)
    for office_id in terms.office_ids:
        _department(office_id, "office_ids")
    if terms.used is not None and terms.granted is not None and terms.used > terms.granted:
        raise Refused(_("More cannot have been used than was granted."), "used")
    if terms.granted == 0 and not terms.reason:
        raise Refused(_("Please say why nothing was granted: the organization will ask."), "reason")


def _check_budget(terms: BudgetTerms, apart_from: int | None) -> None:
    for name in ("set_aside", "used"):
        check_cents(getattr(terms, name), name)
    same = select(Budget.id).where(
        Budget.office_id == terms.office_id, Budget.year == terms.year, Budget.form == terms.form
    )
    if session().scalar(same.where(Budget.id != (apart_from or 0))) is not None:
        raise Refused(_("This department's money of this form is entered for the year already."), "form")


def _department(organization_id: int, field: str) -> Organization:
    found = get_row(Organization, organization_id)
    if found.kind != Kind.DEPARTMENT:
        raise Refused(_("Please choose a department of the municipality."), field)
    return found
