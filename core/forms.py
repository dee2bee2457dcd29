"""Forms: Flask-WTF with text fields that clean what is typed, and a way to show a refusal at its field."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from core.errors import Refused
from core.languages import _, _l

DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
TITLE_LENGTH = 200
TEXT_LENGTH = 20_000


def clean_line(text: str | None) -> str | None:
    """One line as it is stored: NFC, no control characters or lone surrogates, single blanks, stripped."""
    return None if text is None else " ".join(clean_text(text).split())


def clean_text(text: str | None) -> str:
    """Several lines as they are stored: NFC, line ends as \\n, no other control characters, no lone surrogates."""
    plain = unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def no_direction_controls(_form: Any, field: Field) -> None:
    """Refuse characters that turn the direction of writing and could make a name read as another."""
    if field.data and DIRECTION_CONTROLS.intersection(field.data):
        raise ValidationError(
            _("This text holds invisible characters that turn the direction of writing. Please remove them.")
        )


def needed() -> DataRequired:
    """The field must be filled."""
    return DataRequired(_l("Please fill in this field."))


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
        super().__init__(label, validators, filters=[clean_line], **kwargs)


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


class OptionalIdField(SelectField):
    """A choice among rows by id; the first, empty choice stands for none (None)."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, coerce=lambda value: int(value) if value not in (None, "", "None") else None, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """An id that is not among the choices is refused, also when it exists."""
        if self.data is not None:
            super().pre_validate(form)


class Form(FlaskForm):
    """Base of all forms. `version` carries the state the form was opened on, where the row has one."""

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


class VersionedForm(Form):
    """A form on a row that others may save meanwhile."""

    version = HiddenField(filters=[lambda value: int(value) if str(value or "").isdigit() else None])


__all__ = [
    "BooleanField",
    "DateField",
    "Form",
    "HiddenField",
    "IntegerField",
    "LineField",
    "LongTextField",
    "NumberRange",
    "OptionalIdField",
    "RadioField",
    "SelectField",
    "TimeField",
    "VersionedForm",
    "choices",
    "chosen",
    "needed",
]
