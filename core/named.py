"""Texts in which somebody may be named: they belong to several people, so they stay, and whole names are replaced."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, false, or_, select

from core.database import session
from core.languages import DEFAULT, _, in_language
from core.personal import PersonalTable, Rows, Subject, plain_rows
from core.retention import Retention
from core.web import like


def is_named(text: str, names: Iterable[str]) -> bool:
    """Whether one of these names stands in the text as a whole: Anna Berg or Anna Bergs, but not Anna Bergmann."""
    return any(_whole(name).search(text) for name in names)


def without_names(text: str, names: Iterable[str], instead: str) -> str:
    """The text with this in place of each of these names, where it stands as a whole."""
    for name in names:
        text = _whole(name).sub(lambda _found: instead, text)
    return text


def _whole(name: str) -> re.Pattern[str]:
    """The name where no letter or digit goes on, nor another part of a double name. Markdown's _ is neither."""
    return re.compile(rf"(?<![^\W_])(?<![^\W_]-){re.escape(name)}(?=s?(?!-?[^\W_]))")


def named(model: type[Any], names: Sequence[str], subject: Subject) -> ColumnElement[bool]:
    """The condition that one of the subject's names stands in one of these columns, be it as a part of a longer one."""
    columns = [getattr(model, name) for name in names]
    needles = [like(name) for name in subject.names]
    return or_(false(), *(column.cast(Text).like(needle, escape="\\") for needle in needles for column in columns))


def replace_names(model: type[Any], names: Sequence[str]) -> Callable[[Subject], None]:
    """What writes "erased person" for the whole names of a subject, in these columns."""

    def erase(subject: Subject) -> None:
        with in_language(DEFAULT):
            instead = _("Erased person")
        for row in session().scalars(select(model).where(named(model, names, subject))):
            for column in names:
                setattr(row, column, without_names(getattr(row, column), subject.names, instead))

    return erase


def _tell_named(model: type[Any], names: Sequence[str]) -> Callable[[Subject], Rows]:
    """Where the subject is named, without the texts: they are about others as well."""

    def tell(subject: Subject) -> Rows:
        return plain_rows(model, named(model, names, subject), without=names)

    return tell


def texts(model: type[Any], holds: Any, *names: str) -> PersonalTable:
    """The entry of a table in whose texts somebody may be named: the texts stay, whole names are replaced in them."""
    return PersonalTable(
        model=model,
        holds=holds,
        rows=lambda subject: named(model, names, subject),
        tell=_tell_named(model, names),
        erase=replace_names(model, names),
        retention=Retention.RECORDS,
    )
