"""Forms of the areas of support. Lines of a file are judged by the same forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms.validators import Optional

from coordination.support.operations import AdviceTerms, BudgetTerms, FundingTerms, RoomTerms
from coordination.support.rules import (
    ADVICE_LABELS,
    FIRST_YEAR,
    FUNDING_LABELS,
    LAST_YEAR,
    MOST_HOURS,
    MOST_PEOPLE,
    ROOM_LABELS,
    AdviceForm,
    Area,
    FundingForm,
    RoomForm,
)
from core.forms import (
    IntegerField,
    LineField,
    LongTextField,
    ManyField,
    NumberRange,
    OptionalIdField,
    SelectField,
    VersionedForm,
    choices,
    chosen,
    needed,
)
from core.languages import _, _l
from core.money import EuroField

LONGEST_WORDS = 2000


@dataclass(frozen=True)
class Offered:
    """Id and name of what an entry may name."""

    organizations: Sequence[tuple[int, str]] = ()
    departments: Sequence[tuple[int, str]] = ()
    places: Sequence[tuple[int, str]] = ()


def _year() -> IntegerField:
    message = _l("Please enter a year from %(first)d to %(last)d.", first=FIRST_YEAR, last=LAST_YEAR)
    return IntegerField(_l("Year"), validators=[needed(), NumberRange(FIRST_YEAR, LAST_YEAR, message)])


def _number(label: Any, most: int, description: Any = "") -> IntegerField:
    message = _l("Please enter a whole number from 0 to %(max)d.", max=most)
    return IntegerField(label, validators=[Optional(), NumberRange(0, most, message)], description=description)


def _form(labels: Any, kind: Any) -> SelectField:
    return SelectField(
        _l("Form"),
        choices=choices([("", _l("Please choose")), *labels.items()]),
        coerce=_word(kind),
        validators=[chosen()],
    )


def _word(kind: Any) -> Any:
    """A word of the list; what is none stays as it came, to be judged."""
    return lambda value: kind(value) if value in set(kind) else (value or "")


def _words(label: Any, **kwargs: Any) -> LongTextField:
    return LongTextField(label, longest=LONGEST_WORDS, **kwargs)


class EntryForm(VersionedForm):
    """What the areas have in common. `offered` hands in what can be chosen."""

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found, empty in (
            ("organization_id", offered.organizations, _("Please choose")),
            ("office_id", offered.departments, _("Please choose")),
            ("place_id", offered.places, _("Not known")),
        ):
            if name in self:
                self[name].choices = choices([("", empty), *found])
        if "office_ids" in self:
            self["office_ids"].choices = choices(offered.departments)

    def _told(self, kind: Any) -> Any:
        """The terms, from the fields of the same names; an empty text is "", not None."""
        names = kind.__dataclass_fields__
        texts = {name for name in names if isinstance(self[name], LineField | LongTextField)}
        told = {name: (self[name].data or "") if name in texts else self[name].data for name in names}
        if "office_ids" in told:
            told["office_ids"] = frozenset(told["office_ids"])
        return kind(**told)


class FundingEntry(EntryForm):
    """Money for an organization."""

    organization_id = OptionalIdField(_l("Organization"), validators=[chosen()])
    year = _year()
    form = _form(FUNDING_LABELS, FundingForm)
    title = LineField(_l("What the money is for"), required=True)
    office_ids = ManyField(_l("Departments that give it"), coerce=int)
    asked = EuroField(_l("Asked for, in euros"), validators=[Optional()])
    granted = EuroField(
        _l("Granted, in euros"), validators=[Optional()], description=_l("0 means refused; empty means not decided.")
    )
    used = EuroField(_l("Used, in euros"), validators=[Optional()])
    reason = _words(
        _l("If it was refused or not used: why"), description=_l("Staff and who speaks for the organization read it.")
    )

    def terms(self) -> FundingTerms:
        """What was entered."""
        told: FundingTerms = self._told(FundingTerms)
        return told


class BudgetEntry(EntryForm):
    """Money set aside by a department."""

    office_id = OptionalIdField(_l("Department"), validators=[chosen()])
    year = _year()
    form = _form(FUNDING_LABELS, FundingForm)
    set_aside = EuroField(_l("Set aside, in euros"), validators=[needed()])
    used = EuroField(_l("Used, in euros"), validators=[Optional()])
    announced = _words(_l("Who hears of it, and how"))
    reason = _words(_l("If it was not used: which hurdle stopped it"))

    def terms(self) -> BudgetTerms:
        """What was entered."""
        told: BudgetTerms = self._told(BudgetTerms)
        return told


class RoomEntry(EntryForm):
    """Rooms of an organization."""

    organization_id = OptionalIdField(_l("Organization"), validators=[chosen()])
    year = _year()
    form = _form(ROOM_LABELS, RoomForm)
    place_id = OptionalIdField(_l("Place"))
    hours = _number(_l("Hours in the year"), MOST_HOURS)
    occasions = _number(_l("How many times"), MOST_HOURS)
    note = _words(_l("More about it"))

    def terms(self) -> RoomTerms:
        """What was entered."""
        told: RoomTerms = self._told(RoomTerms)
        return told


class AdviceEntry(EntryForm):
    """Qualification and advice."""

    organization_id = OptionalIdField(_l("Organization"), validators=[chosen()])
    year = _year()
    form = _form(ADVICE_LABELS, AdviceForm)
    title = LineField(_l("What it was about"), required=True)
    hours = _number(_l("Hours in the year"), MOST_HOURS)
    participants = _number(
        _l("How many people took part"), MOST_PEOPLE, _l("Figures do not show a group of fewer than five people.")
    )
    note = _words(_l("More about it"))

    def terms(self) -> AdviceTerms:
        """What was entered."""
        told: AdviceTerms = self._told(AdviceTerms)
        return told


FORMS: dict[Area, type[Any]] = {
    Area.FUNDING: FundingEntry,
    Area.BUDGET: BudgetEntry,
    Area.ROOM: RoomEntry,
    Area.ADVICE: AdviceEntry,
}
