"""Lines of a file judged by a form of the page, many of them in short time.

A form is slow: it is made anew for each line, and asks every validator about every text. Here one form is filled with
line after line, and a text that is plainly right is taken as the form would take it. Nothing is judged otherwise: of
whatever is not plain, `plain` says nothing, and the form itself looks at the line (`core.importing.fill`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import wtforms
from werkzeug.datastructures import MultiDict
from wtforms import ValidationError
from wtforms.validators import StopValidation

from core.forms import DIRECTION_CONTROLS, Form, LineField, LongTextField, Needed, clean_line, clean_text

Filled = TypeVar("Filled", bound=Form)
Reader = Callable[[Any], Any]

#: so many answers of a field are remembered: yes and no, kinds, languages, days
_REMEMBERED = 2_000


class NotPlain(Exception):
    """The form itself has to look at this."""


class Filler(Generic[Filled]):
    """One form for many lines. Its own validators and those of its fields must look at their field alone."""

    def __init__(self, form: type[Filled], **options: Any) -> None:
        """`options` go to the form. ValueError for a form that judges its fields together."""
        if form.validate is not wtforms.Form.validate:
            raise ValueError(f"{form.__name__} judges its fields together")
        self._form = form(formdata=MultiDict(), meta={"csrf": False}, **options)
        self._absent = {field.name: field.data for field in self._form if field.validate(self._form)}
        self._fields = [(field.name, field, _reader(self._form, field)) for field in self._form]

    def plain(self, values: Mapping[str, Any]) -> Filled | None:
        """The form filled with these values, until the next call; None where it must be filled and asked itself.

        A value is a text, or a list of texts for a field of several choices.
        """
        try:
            for name, field, read in self._fields:
                field.data = read(values[name]) if name in values else self._absent[name]
        except (NotPlain, KeyError):
            return None
        return self._form


def _reader(form: Form, field: wtforms.Field) -> Reader:
    """How the text of this field becomes its data. Raises NotPlain where that takes a closer look."""
    inline = getattr(type(form), f"validate_{field.name}", None)
    if isinstance(field, LineField | LongTextField):
        return _text_reader(form, field, [inline] if inline else [])
    if inline:
        raise ValueError(f"{field.name} is judged by the form")
    return _asking_reader(form, field)


def _text_reader(form: Form, field: LineField | LongTextField, inline: Sequence[Any]) -> Reader:
    """What `needed`, `Optional`, `Length` and `no_direction_controls` say is known; further validators are asked."""
    clean = clean_line if isinstance(field, LineField) else clean_text
    first, length, _direction, *others = field.validators
    required, longest = isinstance(first, Needed), length.max  # type: ignore[attr-defined]
    others = [*others, *inline]

    def read(text: str) -> str:
        data = clean(text)
        if not data:
            if required or text:
                raise NotPlain
            return ""
        if len(data) > longest or not (data.isascii() or DIRECTION_CONTROLS.isdisjoint(data)):
            raise NotPlain
        if others:
            field.raw_data, field.data = [text], data
            try:
                for validator in others:
                    validator(form, field)
            except (ValidationError, StopValidation) as error:
                raise NotPlain from error
        return data

    return read


def _asking_reader(form: Form, field: wtforms.Field) -> Reader:
    """The field itself is asked; what it said of a text is remembered."""
    known: dict[str, Any] = {}

    def read(text: Any) -> Any:
        if isinstance(text, str) and text in known:
            return known[text]
        field.process(MultiDict({field.name: text}))
        if not field.validate(form):
            raise NotPlain
        if isinstance(text, str) and len(known) < _REMEMBERED:
            known[text] = field.data
        return field.data

    return read
