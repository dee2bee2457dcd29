"""Forms: Flask-WTF with text fields that clean what is typed, and a way to show a refusal at its field.

A form on a row that others may save meanwhile shows their state beside what was typed; the next save is meant.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import Any, Self

import wtforms
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from core.addresses import is_plain_mail, is_plain_web
from core.clock import today
from core.errors import Outdated, Refused
from core.languages import _, _l, say_date

DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: the categories Cc and Cs, but for the end of a line and the tabulator
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
TITLE_LENGTH = 200
TEXT_LENGTH = 20_000


def clean_line(text: str | None) -> str | None:
    """One line as it is stored: NFC, no control characters or lone surrogates, single blanks, stripped."""
    if text is None or (text.isascii() and text.isprintable() and "  " not in text):
        return text and text.strip()  # plain already, as most are
    return " ".join(clean_text(text).split())


def clean_text(text: str | None) -> str:
    """Several lines as they are stored: NFC, line ends as \\n, no other control characters, no lone surrogates."""
    plain = unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n"))
    return CONTROLS.sub("", plain).strip()


def all_clean(texts: Sequence[str]) -> bool:
    """Whether each of these is plainly one line that `clean_line` and `clean_text` leave as it is, without any
    DIRECTION_CONTROLS; asked of all at once."""
    lines = "\n".join(["", *texts, ""])
    spaced = "  " in lines or "\n " in lines or " \n" in lines
    return not spaced and "".join(texts).isprintable() and unicodedata.is_normalized("NFC", lines)


def no_direction_controls(_form: Any, field: Field) -> None:
    """Refuse characters that turn the direction of writing and could make a name read as another."""
    if field.data and DIRECTION_CONTROLS.intersection(field.data):
        raise ValidationError(
            _("This text holds invisible characters that turn the direction of writing. Please remove them.")
        )


def not_past(_form: Any, field: Field) -> None:
    """Refuse a day before today; for what is new, not for what is changed later."""
    if field.data is not None and field.data < today():
        raise ValidationError(_("This day lies in the past."))


class Needed(InputRequired):
    """Something must be entered; blanks are nothing. What could not be read keeps the complaint of its field."""

    def __call__(self, form: Any, field: Field) -> None:
        """Stop with the message when nothing was entered, and without a second one when it could not be read."""
        super().__call__(form, field)
        if field.process_errors:
            raise StopValidation
        if isinstance(field.data, str) and not field.data.strip():
            raise StopValidation(self.message)


class NumberRange(wtforms.validators.NumberRange):
    """As of WTForms, but says nothing of what could not be read as a number: its field has complained."""

    def __call__(self, form: Any, field: Field) -> None:
        """Judge the number that was read."""
        if not field.process_errors:
            super().__call__(form, field)


class Email(wtforms.validators.Email):
    """As of WTForms, but for letters beyond ASCII before the @, which few mail servers take; a plain address needs no
    long look."""

    def __init__(self, message: Any = None) -> None:
        super().__init__(message, allow_smtputf8=False)

    #: texts that are right in any case
    plain = staticmethod(is_plain_mail)

    def __call__(self, form: Any, field: Field) -> None:
        """Judge the address."""
        if not self.plain(field.data or ""):
            super().__call__(form, field)


class URL(wtforms.validators.URL):
    """As of WTForms; a plain address needs no long look."""

    #: texts that are right in any case
    plain = staticmethod(is_plain_web)

    def __call__(self, form: Any, field: Field) -> None:
        """Judge the address."""
        if not self.plain(field.data or ""):
            super().__call__(form, field)


def needed() -> Needed:
    """The field must be filled, be it a text, a date, a time or a number."""
    return Needed(_l("Please fill in this field."))


def chosen() -> InputRequired:
    """One of the choices must be taken."""
    return InputRequired(_l("Please choose one of these."))


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Value and label of each choice, as a select or radio field takes them."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


class LineField(StringField):
    """One line of text, cleaned; at most 200 characters unless told."""

    def __init__(
        self, label: Any = None, *, required: bool = False, longest: int = TITLE_LENGTH, **kwargs: Any
    ) -> None:
        extra = kwargs.pop("validators", [])
        message = _l("Please use at most %(max)d characters.", max=longest)
        validators = [
            needed() if required else Optional(),
            Length(max=longest, message=message),
            no_direction_controls,
            *extra,
        ]
        super().__init__(label, validators, filters=[clean_line, *kwargs.pop("filters", [])], **kwargs)


class LongTextField(TextAreaField):
    """Several lines of text, cleaned; at most 20,000 characters unless told."""

    def __init__(self, label: Any = None, *, required: bool = False, longest: int = TEXT_LENGTH, **kwargs: Any) -> None:
        message = _l("Please use at most %(max)d characters.", max=longest)
        validators = [
            needed() if required else Optional(),
            Length(max=longest, message=message),
            no_direction_controls,
        ]
        super().__init__(label, validators, filters=[clean_text], **kwargs)


class DateField(wtforms.DateField):
    """A day, as browsers send it (2027-01-14) or as people write it (14.01.2027)."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("invalid_value_message", _l("Please enter a date like 14.01.2027."))
        super().__init__(label, validators, format=["%Y-%m-%d", "%d.%m.%Y"], **kwargs)


class TimeField(wtforms.TimeField):
    """A wall time; some browsers send its seconds, too."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("invalid_value_message", _l("Please enter a time like 18:30."))
        super().__init__(label, validators, format=["%H:%M", "%H:%M:%S"], **kwargs)


class IntegerField(wtforms.IntegerField):
    """A whole number, in plain digits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; an empty field is None, which validators judge."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"-?[0-9]{1,40}", text):
            raise ValueError(_l("Please enter a whole number."))
        self.data = int(text)


class ManyField(SelectMultipleField):
    """Check boxes of which any number may be ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """What is not offered, or no more, is refused, and never shown as it was sent."""
        try:
            super().pre_validate(form)
        except ValidationError as error:
            raise ValidationError(_("Please choose among these.")) from error


class OptionalIdField(SelectField):
    """A choice among rows by id; the first, empty choice stands for none (None)."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, coerce=lambda value: int(value) if value not in (None, "", "None") else None, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """An id that is not among the choices is refused, also when it exists."""
        if self.data is not None:
            super().pre_validate(form)


class Form(FlaskForm):
    """Base of all forms."""

    def show(self, refused: Refused) -> None:
        """Put an operation's refusal where it belongs: at the named field, else at the top."""
        field = self._fields.get(refused.field or "")
        if field is None:
            self.form_errors: list[Any] = [*self.form_errors, refused.message]
        else:
            field.errors = [*field.errors, refused.message]

    def try_to(self, operation: Callable[[], Any]) -> bool:
        """Run the operation if the form is valid; say whether it was done. A refusal is shown in the form."""
        if not self.validate_on_submit():
            return False
        try:
            operation()
        except Refused as refused:
            self.show(refused)
            return False
        return True


def words_of(field: Field) -> str:
    """What the field holds, as a person reads it; "" when it is empty."""
    if isinstance(field, BooleanField):
        return _("Yes") if field.data else _("No")
    if isinstance(field, SelectField):
        return ", ".join(str(choice.label) for choice in field.iter_choices() if choice.selected)
    if isinstance(field.data, date):
        return say_date(field.data)
    if isinstance(field.data, time):
        return f"{field.data:%H:%M}"
    return "" if field.data is None else str(field.data)


class VersionedForm(Form):
    """A form on a row that others may save meanwhile. `version` is the state of the row that it was opened on."""

    version = HiddenField(filters=[lambda value: int(value) if re.fullmatch("[0-9]{1,9}", str(value)) else None])
    #: after an outdated save: the same form, filled with what somebody else saved meanwhile
    saved: Self | None = None

    def try_to(self, operation: Callable[[], Any], current: Callable[[], Self] | None = None) -> bool:
        """As `Form.try_to`. When the row was saved meanwhile, `current` makes the form of its state now.

        The page shows that state beside what was typed, and the form takes its version: who saves again has
        compared, and means it.
        """

        def attempt() -> None:
            try:
                operation()
            except Outdated:
                if current is not None:
                    self.saved = current()
                    self.version.data = self.saved.version.data
                raise

        return super().try_to(attempt)

    def saved_otherwise(self) -> list[tuple[str, str]]:
        """Label and words of each field in which the saved state differs from what was typed."""
        shown = [field for field in self.saved or () if not isinstance(field, HiddenField) and field.name in self]
        return [
            (str(field.label.text), words_of(field) or _("Nothing is entered here."))
            for field in shown
            if words_of(field) != words_of(self[field.name])
        ]


__all__ = [
    "URL",
    "BooleanField",
    "DateField",
    "Email",
    "Form",
    "HiddenField",
    "IntegerField",
    "LineField",
    "LongTextField",
    "ManyField",
    "Needed",
    "NumberRange",
    "OptionalIdField",
    "RadioField",
    "SelectField",
    "TimeField",
    "VersionedForm",
    "choices",
    "chosen",
    "needed",
    "not_past",
    "words_of",
]
