"""Lines of a file judged by a form of the page, many of them in short time.

A form is slow: it is made anew for each line, and asks every validator about every text. Here one form is used for all
lines, and a text that is plainly right is taken as the form would take it: line by line, or column by column, which is
quicker still. Nothing is judged otherwise: of whatever is not plain nothing is said, and the form itself looks at the
line (`core.importing.fill`).
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import compress, islice
from typing import Any, Generic, TypeVar

import wtforms
from werkzeug.datastructures import MultiDict
from wtforms import ValidationError
from wtforms.validators import Optional, StopValidation

from core.forms import DIRECTION_CONTROLS, Form, LineField, LongTextField, Needed, all_clean

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

    def columns(self, lines: Sequence[Mapping[str, str]]) -> tuple[list[int], dict[str, Sequence[Any]]]:
        """Which of these lines are plain, by their place, and what the fields hold of those.

        All lines tell the same columns; fields of which they tell nothing are left out.
        """
        told = lines[0].keys() if lines else frozenset()
        if not lines or any(name not in told and name not in self._absent for name, _field, _read in self._fields):
            return [], {}
        odd: set[int] = set()
        texts = {name: [line[name] for line in lines] for name, _field, _read in self._fields if name in told}
        columns = {name: _column(read, texts[name], odd) for name, _field, read in self._fields if name in told}
        plain = [place not in odd for place in range(len(lines))]
        if odd:
            columns = {name: list(compress(values, plain)) for name, values in columns.items()}
        return list(compress(range(len(lines)), plain)), columns


def _column(read: Reader, texts: Sequence[str], odd: set[int]) -> Sequence[Any]:
    """What `read` makes of each text. The places of those that are not plain are added to `odd`."""
    if isinstance(read, _TextReader) and (plain := read.all_of(texts)) is not None:
        return plain
    data: list[Any] = []
    while len(data) < len(texts):
        try:
            data.extend(map(read, islice(texts, len(data), None)))
        except NotPlain:
            odd.add(len(data))
            data.append(None)
    return data


def _reader(form: Form, field: wtforms.Field) -> Reader:
    """How the text of this field becomes its data. Raises NotPlain where that takes a closer look."""
    inline = getattr(type(form), f"validate_{field.name}", None)
    if isinstance(field, LineField | LongTextField):
        return _TextReader(form, field, [inline] if inline else [])
    if inline:
        raise ValueError(f"{field.name} is judged by the form")
    return _asking_reader(form, field)


class _TextReader:
    """What `needed`, `Optional`, `Length` and `no_direction_controls` say is known; further validators are asked."""

    def __init__(self, form: Form, field: LineField | LongTextField, inline: Sequence[Any]) -> None:
        self._form, self._field = form, field
        self._clean, *self._refine = field.filters
        first, length, _direction, *others = field.validators
        self._required, self._longest = isinstance(first, Needed), length.max  # type: ignore[attr-defined]
        self._others = [other for other in (*others, *inline) if not isinstance(other, Optional)]

    def __call__(self, text: str) -> str:
        """The data of a text; NotPlain."""
        data: str = self._clean(text)
        for refine in self._refine:
            data = refine(data)
        if not data:
            if self._required or text:
                raise NotPlain
            return ""
        if len(data) > self._longest or not (data.isascii() or DIRECTION_CONTROLS.isdisjoint(data)):
            raise NotPlain
        if self._others:
            self._field.raw_data, self._field.data = [text], data
            try:
                for validator in self._others:
                    validator(self._form, self._field)
            except (ValidationError, StopValidation) as error:
                raise NotPlain from error
        return data

    def all_of(self, texts: Sequence[str]) -> Sequence[str] | None:
        """The data of all these texts where every one is plain already, which is asked of all at once; else None."""
        if (self._required and "" in texts) or not all_clean(texts):
            return None
        for refine in self._refine:
            texts = [refine(text) for text in texts]
        asked = [getattr(validator, "plain", _never) for validator in self._others]
        told = [text for text in texts if text] if asked else []
        plain = max(map(len, texts)) <= self._longest and all(all(map(ask, told)) for ask in asked)
        return texts if plain else None


def _never(_text: str) -> bool:
    """Of a validator that does not say which texts are plainly right."""
    return False


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
