"""Lines of the files of organizations, judged by the forms of the pages."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from wtforms import StringField

from coordination.organizations import codebook
from coordination.organizations.forms import LONGEST_ADDRESS, OrganizationForm, number_of_people
from coordination.organizations.languages import LANGUAGE_LABELS
from coordination.organizations.models import Organization
from coordination.organizations.operations import WORDS
from coordination.organizations.rules import Kind, RoomSituation
from core.errors import Refused
from core.forms import LineField, LongTextField, needed
from core.importing import WordField, parse_yes
from core.languages import _l


class WordsField(StringField):
    """Words of a list with blanks between them, as files hold several; kept each once and in the order of the list."""

    def __init__(self, known: Collection[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known = known

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the words; one that is not of the list is named."""
        words = valuelist[0].split() if valuelist else []
        for word in words:
            if word not in self.known:
                known = ", ".join(self.known)
                raise ValueError(_l("“%(text)s” is none of: %(known)s.", text=word, known=known))
        self.data: Any = [word for word in self.known if word in words]


class YesField(StringField):
    """`yes`, `no` or empty (no)."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it as all imports do."""
        try:
            self.data: Any = parse_yes(valuelist[0]) if valuelist else False
        except Refused as refused:
            raise ValueError(refused.message) from refused


def _words(kind: type[StrEnum]) -> WordsField:
    return WordsField(list(kind))


class OrganizationLine(OrganizationForm):
    """A line of the file: the form of the page, the key, and the profile. Each field holds what its column keeps."""

    kind = WordField([kind for kind in Kind if kind is not Kind.COMMITTEE], validators=[needed()])
    integration_department = YesField()
    key = LineField(required=True, longest=80)
    address = LongTextField(longest=LONGEST_ADDRESS)
    kinds, aims, roles, topics, target_groups = (_words(kind) for kind in WORDS.values())
    languages = WordsField(list(LANGUAGE_LABELS))
    services = LongTextField()
    volunteers = number_of_people()
    paid_staff = number_of_people()
    rooms = WordField(RoomSituation)

    def told(self) -> dict[str, Any]:
        """What the line says, each field as the table keeps it. Nothing of columns that the file does not have."""
        return {name: self[name].data for name in codebook.NAMES if name != "key" and self[name].raw_data}


def values_of(row: Organization) -> Mapping[str, str]:
    """The organization as a line of the file, which the import reads back."""
    return {name: _text(getattr(row, name)) for name in codebook.NAMES}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value)
