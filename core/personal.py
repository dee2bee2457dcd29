"""What the tables keep of people: one entry a table that says what, gives it out, and erases it.

wsgi.py holds the one table PERSONAL that names all entries, from the bottom of the house to its top. Each room
writes its entries in its own personal.py; a test walks the tables and finds one that names no eraser.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from flask import Flask, current_app
from flask_babel import LazyString
from sqlalchemy import ColumnElement, Select, false, func, inspect, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.base import ExecutableOption

from core.database import session
from core.retention import Retention


@dataclass(frozen=True)
class Subject:
    """Whose data it is about: a person, the account with which they sign in, or both."""

    person_id: int | None = None
    account_id: int | None = None
    #: given and family name as texts write them; empty where somebody else is called the same
    names: frozenset[str] = frozenset()
    #: mail addresses that are this person's and nobody else's
    addresses: frozenset[str] = frozenset()
    #: numbers of entries that were merged into this person's: what is written once and for all may still name them
    merged_ids: frozenset[int] = frozenset()

    @property
    def person_ids(self) -> frozenset[int]:
        """All numbers under which the person was ever known here."""
        return self.merged_ids | ({self.person_id} if self.person_id is not None else set())


#: rows as JSON can hold them: column name → value
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class PersonalTable:
    """One table that keeps something of people."""

    #: the table, as a mapped class with an `id`
    model: type[Any]
    #: what its rows hold of a person, in words for everybody
    holds: LazyString
    #: which of its rows keep something of the subject
    rows: Callable[[Subject], ColumnElement[bool]]
    #: within a transaction: delete or blank it; what the law demands to keep stays without the person
    erase: Callable[[Subject], None]
    #: how long rows are kept when nobody asks for anything
    retention: Retention
    #: the rows whose time is over: those that were done with before this moment. None: nothing goes by itself
    expired: Callable[[datetime], Select[Any]] | None = None
    #: what is given out of these rows, of the subject and of nobody else. None: every column
    tell: Callable[[Subject], Rows] | None = None
    #: columns that hold short names, with what each of these means in words
    words: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)
    #: rows about which somebody should decide, done with before this moment
    suggested: Callable[[datetime], Select[Any]] | None = None

    @property
    def table(self) -> str:
        """Name of the table in the database."""
        name: str = self.model.__tablename__
        return name

    def export(self, subject: Subject) -> Rows:
        """All that the table keeps of the subject and of nobody else."""
        return self.tell(subject) if self.tell else plain_rows(self.model, self.rows(subject))


@dataclass(frozen=True)
class Kept:
    """What one table keeps of a subject."""

    entry: PersonalTable
    rows: Rows


@dataclass(frozen=True)
class Counted:
    """In how many rows one table keeps something of a subject."""

    entry: PersonalTable
    rows: int


def init_app(app: Flask, table: Sequence[PersonalTable]) -> None:
    """Take the table of wsgi.py."""
    app.extensions["personal"] = table


def entries() -> Sequence[PersonalTable]:
    """All entries, from the bottom of the house to its top."""
    found: Sequence[PersonalTable] = current_app.extensions["personal"]
    return found


def export(subject: Subject) -> list[Kept]:
    """Everything that is kept of the subject, table by table; tables without anything are left out."""
    found = (Kept(entry, entry.export(subject)) for entry in entries())
    return [kept for kept in found if kept.rows]


def count(subject: Subject) -> list[Counted]:
    """How much is kept of the subject, as `export` would give it out, but asked of all tables at once."""
    each = (
        select(literal(place).label("place"), func.count().label("rows"))
        .select_from(entry.model)
        .where(entry.rows(subject))
        for place, entry in enumerate(entries())
    )
    found = {row.place: row.rows for row in session().execute(union_all(*each))}
    return [Counted(entry, found[place]) for place, entry in enumerate(entries()) if found[place]]


def erase(subject: Subject) -> None:
    """Within a transaction: let every table erase what it keeps of the subject."""
    for entry in entries():
        entry.erase(subject)
        session().flush()


def is_of(column: InstrumentedAttribute[Any], number: int | None) -> ColumnElement[bool]:
    """The condition that a column names this person or account; a row that names nobody belongs to nobody."""
    return column == number if number is not None else false()


def plain_rows(
    model: type[Any],
    condition: ColumnElement[bool],
    *,
    without: Collection[str] = (),
    loading: Sequence[ExecutableOption] = (),
    adding: Callable[[Any], dict[str, Any]] = lambda _row: {},
) -> Rows:
    """The rows that meet the condition, by id: every column but those `without`, and what `adding` says of a row.

    `loading` says which related rows `adding` needs, so that the number of queries does not grow with the rows.
    """
    found = select(model).where(condition).options(*loading).order_by(model.id)
    names = [column.key for column in inspect(model).column_attrs if column.key not in without]
    return [
        {**{name: plain(getattr(row, name)) for name in names}, **adding(row)}
        for row in session().scalars(found).unique()
    ]


def plain(value: Any) -> Any:
    """A value as JSON holds it; moments, days and times in ISO 8601."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None | list | dict) else str(value)


def delete_rows(model: type[Any], condition: ColumnElement[bool]) -> None:
    """Within a transaction: delete the rows that meet the condition, so that calendars notice it."""
    current = session()
    for row in current.scalars(select(model).where(condition)):
        current.delete(row)


def stays(_subject: Subject) -> None:
    """Erase nothing: the row is kept as the law demands, and points to a person who has no name any more."""
