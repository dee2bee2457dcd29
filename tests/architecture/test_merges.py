"""Two entries of one thing become one, and nothing is lost: whatever tables have rows."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Float, Integer, String, Table, Time, insert, select

from coordination.organizations.merging import merge_organizations
from coordination.organizations.models import Organization
from coordination.organizations.publication import Field
from coordination.people.merging import merge_people
from coordination.people.models import Person
from core.access import SYSTEM, Actor
from core.database import db, session, transaction
from core.history import check_chain, lines_of
from core.merging import only_one, references
from core.personal import plain
from tests.conftest import empty_all_tables
from wsgi import MERGED

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Merge:
    """What can be merged: its table, how, what two that can be merged say, and of which tables two rows are refused:
    what is to be joined there is decided by people."""

    table: Table
    run: Callable[[Actor, int, int], object]
    given: Row
    alone: Collection[str]

    @property
    def action(self) -> str:
        """As the history names it."""
        return {"organization": "organizations.merge", "person": "people.merge"}[self.table.name]

    def places(self) -> list[tuple[str, str]]:
        """Where other tables point to it: table, column."""
        found = ((table.name, column.name) for table, column in references(self.table))
        return sorted(place for place in found if place[0] != self.table.name)


MERGES = (
    Merge(
        Organization.__table__,  # type: ignore[arg-type]
        merge_organizations,
        {"kind": "migrant_organisation", "archived_at": None, "merged_into_id": None},
        {"budget", "committee"},
    ),
    Merge(
        Person.__table__,  # type: ignore[arg-type]
        merge_people,
        {"archived_at": None, "erased_at": None, "merged_into_id": None},
        {"account", "appointment"},
    ),
)
every_merge = pytest.mark.parametrize("merge", MERGES, ids=lambda merge: merge.table.name)


@every_merge
def test_every_table_is_named_and_has_a_rule_where_two_rows_could_meet(app: Flask, merge: Merge) -> None:
    for table, column in references(merge.table):
        assert table.name in MERGED, f"say in wsgi.py what the rows of {table.name} are"
        meets = [group for group, _where in only_one(table, column) if len(group) > 1 or group[0] == column.name]
        ruled = MERGED[table.name].rule or table.name in merge.alone
        assert not meets or ruled, f"what becomes of two rows of {table.name}?"


class Filler:
    """Puts rows into tables without knowing them: whatever columns a table has, they get something."""

    def __init__(self) -> None:
        self.numbers, self.fields = count(1), iter(Field)

    def value(self, column: Column[Any]) -> Any:
        """Something that the column can hold, another one each time."""
        number = next(self.numbers)
        made: dict[type, Callable[[], Any]] = {
            Boolean: lambda: number % 2 == 0,
            Integer: lambda: number,
            Float: lambda: float(number),
            String: lambda: f"w{number}"[: getattr(column.type, "length", None) or 20],
            Date: lambda: date.fromordinal(date(2020, 1, 1).toordinal() + number % 3000),
            DateTime: lambda: datetime(2026, 1, 1, number % 24, number % 60, tzinfo=UTC),
            Time: lambda: time(number % 24),
            JSON: lambda: ["culture"],
        }
        kind: Any = getattr(column.type, "impl", column.type)
        kind = kind if not isinstance(kind, type) else kind()
        return next(make() for type_, make in made.items() if isinstance(kind, type_))

    def row(self, table: Table, **given: Any) -> Any:
        """A row of the table; what it points to is made as well. Gives its id, where it has one."""
        values: dict[str, Any] = {}
        if table.name == "publication_consent":  # the merge itself reads these, so they hold words of theirs
            given = {"field": next(self.fields), "level": "public", "withdrawn_at": None, "withdrawn_by": None, **given}
        for column in table.columns:
            target = next(iter(column.foreign_keys)).column.table if column.foreign_keys else None
            if column.name in given:
                values[column.name] = given[column.name]
            elif column.name == "id" and column.primary_key:
                continue
            elif target is None:
                values[column.name] = self.value(column)
            elif not column.nullable:
                values[column.name] = self.row(target)
        made: Any = session().execute(insert(table).values(values))
        return made.inserted_primary_key[0]


class Read:
    """What rows say, whichever of the two entries they name, and whatever their version."""

    def __init__(self, merge: Merge, kept: int, duplicate: int) -> None:
        self.merge, self.kept, self.duplicate = merge, kept, duplicate

    def row(self, name: str, row: Row) -> Row:
        """One row of a table."""
        keys = db.metadata.tables[name].foreign_keys
        points = {key.parent.name for key in keys if key.column.table is self.merge.table}
        same = {one: self.kept if one in points and value == self.duplicate else value for one, value in row.items()}
        return {one: plain(value) for one, value in same.items() if one not in ("version", "table")}

    def everything(self) -> list[tuple[str, Row]]:
        """Every row but those that are merged, the history and the installation's own, with its table."""
        apart = (self.merge.table.name, "history", "instance", "calendar_change")
        tables = [table for table in db.metadata.sorted_tables if table.name not in apart]
        return [(one.name, self.row(one.name, row)) for one in tables for row in rows_of(one)]


def rows_of(table: Table) -> list[Row]:
    return [dict(row) for row in session().execute(select(table)).mappings()]


def named(table: Table, column: str, number: int) -> bool:
    return session().execute(select(table).where(table.c[column] == number)).first() is not None


def said_by(row: Row) -> Iterator[tuple[str, Any]]:
    """Column and value of all that a row says; where nothing stands nothing can be lost."""
    return ((name, value) for name, value in row.items() if value not in (None, "", [], False))


@every_merge
@given(data=st.data())
@settings(max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_a_merge_loses_no_record_whatever_tables_have_rows(app: Flask, merge: Merge, data: st.DataObject) -> None:
    """Each value of each row is there after it, pointing to the kept entry, or stands in the line of history."""
    chosen = data.draw(st.lists(st.tuples(st.sampled_from(merge.places()), st.booleans()), max_size=12))
    session().rollback()  # else what was read by the last example holds the tables
    empty_all_tables(app)
    filler = Filler()
    with transaction():
        kept, duplicate = (filler.row(merge.table, **merge.given) for _ in range(2))
        for (name, column), collides in chosen:
            table = db.metadata.tables[name]
            unique = [group for group, _where in only_one(table, table.c[column])]
            if (column,) in unique and named(table, column, duplicate):
                continue  # an entry stands there once only
            number = filler.row(table, **{column: duplicate})
            groups = [group for group in unique if group != ("id",) and len(group) > 1]
            if collides and name not in merge.alone and groups:
                made = select(table).where(next(iter(table.primary_key)) == number, table.c[column] == duplicate)
                twin = dict(session().execute(made).mappings().one())
                filler.row(table, **{one: twin[one] for one in groups[0]} | {column: kept})
    read = Read(merge, kept, duplicate)
    before = read.everything()
    merge.run(SYSTEM, kept, duplicate)
    after = read.everything()
    (line,) = (line for line in lines_of(merge.table.name, kept) if line.action == merge.action)
    assert line.new is not None
    told = [(row["table"], read.row(row["table"], row)) for row in [*line.new["joined"], *line.new["changed"]]]
    for name, row in before:
        keys = {column.name: row[column.name] for column in db.metadata.tables[name].primary_key}
        found = [each for table_name, each in after + told if table_name == name and keys.items() <= each.items()]
        for column, value in said_by(row):
            assert any(column in each and each[column] == value for each in found), (name, column, value)
    assert len(after) + len(line.new["joined"]) == len(before)
    for name, column in merge.places():
        assert not named(db.metadata.tables[name], column, duplicate)
    assert session().scalar(select(merge.table.c.merged_into_id).where(merge.table.c.id == duplicate)) == kept
    assert check_chain(session()).holds
