"""The three central forms of support that the survey of 2020 names, and what is said of them by year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.languages import _l


class Area(StrEnum):
    """What is kept of support; the value stands in addresses."""

    FUNDING = "mittel"
    BUDGET = "budgets"
    ROOM = "raeume"
    ADVICE = "beratung"


AREA_LABELS = {
    Area.FUNDING: _l("Funding"),
    Area.BUDGET: _l("Money set aside"),
    Area.ROOM: _l("Rooms"),
    Area.ADVICE: _l("Qualification and advice"),
}


class FundingForm(StrEnum):
    """By what rule money is given. Institutional is the highest form: recognition, planning, rooms, staff."""

    GUIDELINES = "guidelines"
    FLEXIBLE = "flexible"
    INSTITUTIONAL = "institutional"
    STRUCTURAL = "structural"
    PROJECT = "project"
    SINGLE_MEASURE = "single_measure"
    THIRD_PARTY = "third_party"


FUNDING_LABELS = {
    FundingForm.GUIDELINES: _l("By adopted guidelines"),
    FundingForm.FLEXIBLE: _l("Flexible budget"),
    FundingForm.INSTITUTIONAL: _l("Institutional funding"),
    FundingForm.STRUCTURAL: _l("Structural funding"),
    FundingForm.PROJECT: _l("Project grant"),
    FundingForm.SINGLE_MEASURE: _l("Single measure"),
    FundingForm.THIRD_PARTY: _l("Third-party funds"),
}


class RoomForm(StrEnum):
    """How an organization comes to a room."""

    AS_OTHERS = "as_others"
    FOR_MIGRANT_ORGANISATIONS = "for_migrant_organisations"
    SCHOOL = "school"
    CENTRE = "centre"
    SHARED = "shared"


ROOM_LABELS = {
    RoomForm.AS_OTHERS: _l("Municipal room, as for other associations"),
    RoomForm.FOR_MIGRANT_ORGANISATIONS: _l("Room primarily for migrant organizations"),
    RoomForm.SCHOOL: _l("School room, for example for lessons in the mother tongue"),
    RoomForm.CENTRE: _l("Co-funded centre run by migrant organizations"),
    RoomForm.SHARED: _l("Shared or rented room"),
}


class AdviceForm(StrEnum):
    """Who qualifies and advises."""

    MUNICIPALITY = "municipality"
    UMBRELLA = "umbrella"
    HOUSE_OF_RESOURCES = "house_of_resources"
    COOPERATING = "cooperating"


ADVICE_LABELS = {
    AdviceForm.MUNICIPALITY: _l("By the municipality"),
    AdviceForm.UMBRELLA: _l("By a funded umbrella organization"),
    AdviceForm.HOUSE_OF_RESOURCES: _l("By a House of Resources"),
    AdviceForm.COOPERATING: _l("By cooperating itself"),
}

FORM_LABELS: Mapping[Area, Mapping[Any, Any]] = {
    Area.FUNDING: FUNDING_LABELS,
    Area.BUDGET: FUNDING_LABELS,
    Area.ROOM: ROOM_LABELS,
    Area.ADVICE: ADVICE_LABELS,
}

FIRST_YEAR, LAST_YEAR = 1950, 2100
#: beyond these a number is a slip of the hand
MOST_HOURS = 99_999
MOST_PEOPLE = 999_999
#: a group of fewer persons is not told in figures
FEWEST_PEOPLE = 5


@dataclass(frozen=True)
class YearOfMoney:
    """What was asked, granted and used in one year, in cents, over all that is known, and what was set aside."""

    year: int
    asked: int = 0
    granted: int = 0
    used: int = 0
    set_aside: int = 0
    #: how many organizations asked
    organizations: int = 0


def told_people(number: int | None) -> int | None:
    """A number of persons as figures may tell it: None where it is not known or the group is too small."""
    return number if number is not None and (number == 0 or number >= FEWEST_PEOPLE) else None


def unused(available: int | None, used: int | None) -> int:
    """The cents that were there and not used; 0 while it is not known how much was used."""
    return max(0, available - used) if available is not None and used is not None else 0


def highest(years: Iterable[YearOfMoney]) -> int:
    """The greatest amount of all years: what the bars are measured by; 0 without any."""
    return max((amount for year in years for amount in (year.asked, year.granted, year.used)), default=0)
