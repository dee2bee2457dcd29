"""Lines of the files of organizations, judged by the forms of the pages."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from wtforms import StringField
from wtforms.validators import Length

from coordination.organizations.forms import LONGEST_ADDRESS, OrganizationForm, number_of_people
from coordination.organizations.languages import LANGUAGE_LABELS
from coordination.organizations.models import Organization
from coordination.organizations.operations import WORDS, Profile, profile_of
from coordination.organizations.rules import RoomSituation
from core.forms import LineField, LongTextField
from core.languages import _l

#: columns that tell of the profile, each named as the column of the table
PROFILE = (
    "address",
    *WORDS,
    "languages",
    "services",
    "volunteers",
    "paid_staff",
    "rooms",
)
BASICS = ("short_name", "own_label", "about", "email", "website", "phone", "integration_department")


class WordsField(StringField):
    """Words of a list with blanks between them, as files hold several."""

    def __init__(self, known: Collection[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known = known

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the words; one that is not of the list is named."""
        self.data: Any = valuelist[0].split() if valuelist else []
        for word in self.data:
            if word not in self.known:
                known = ", ".join(self.known)
                raise ValueError(_l("“%(text)s” is none of: %(known)s.", text=word, known=known))


def _words(kind: type[StrEnum]) -> WordsField:
    return WordsField([word.value for word in kind])


class OrganizationLine(OrganizationForm):
    """A line of the file: the form of the page, the key, and the profile."""

    key = LineField(required=True, longest=80)
    address = LongTextField(longest=LONGEST_ADDRESS)
    kinds, aims, roles, topics, target_groups = (_words(kind) for kind in WORDS.values())
    languages = WordsField(list(LANGUAGE_LABELS))
    services = LongTextField()
    volunteers = number_of_people()
    paid_staff = number_of_people()
    rooms = WordsField([room.value for room in RoomSituation], validators=[Length(max=1, message=_l("One word only."))])

    def told(self) -> dict[str, Any]:
        """What the line says, the profile included."""
        return {
            **super().told(),
            **{name: self[name].data or () for name in (*WORDS, "languages")},
            "address": self.address.data or "",
            "services": self.services.data or "",
            "volunteers": self.volunteers.data,
            "paid_staff": self.paid_staff.data,
            "rooms": RoomSituation(self.rooms.data[0]) if self.rooms.data else None,
        }


def changed_by(row: Organization, told: Profile, columns: Collection[str]) -> Profile:
    """What is said of the organization after a file with these columns: one that it does not have changes nothing."""
    return replace(profile_of(row), **{name: getattr(told, name) for name in _told(columns)})


def _told(columns: Collection[str]) -> Collection[str]:
    return [name for name in ("name", "kind", *BASICS, *PROFILE) if name in columns]


def values_of(row: Organization) -> Mapping[str, str]:
    """The organization as a line of the file, which the import reads back."""
    told = {name: getattr(row, name) for name in ("key", "name", "kind", *BASICS, *PROFILE)}
    return {name: _text(value) for name, value in told.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value)
