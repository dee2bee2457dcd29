"""Two rows that mean the same thing in the world become one, and nothing that hung on either is lost.

What points to a row is found in the metadata, so a new table is moved without being named here. Where a table allows
only one row of a kind (one partner in a cooperation), the two are joined by the table's rule; the one that goes is
written down whole. The table of labels and rules stands in wsgi.py.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from flask import Flask, current_app
from flask_babel import LazyString
from sqlalchemy import (
    ColumnElement,
    Index,
    Table,
    UniqueConstraint,
    and_,
    delete,
    func,
    literal,
    select,
    union_all,
    update,
)

from core.database import db, get_row, hold_row, session, transaction
from core.errors import Refused
from core.instance import move_calendars
from core.languages import _
from core.personal import plain

Row = Mapping[str, Any]
#: from the row that stays and the one that goes, what changes in the one that stays; None: they are not the same
Rule = Callable[[Row, Row], Mapping[str, Any] | None]
#: of a partial index; None: it looks at all rows
Condition = Any


class Mergeable(Protocol):
    """A row that can lead to another one, which means the same and has all that hung on this one."""

    id: Any
    merged_into_id: Any
    archived_at: Any


Entry = TypeVar("Entry", bound=Mergeable)


@dataclass(frozen=True)
class Merged:
    """How one table takes part: what its rows are in words, and what becomes of two that cannot both stay."""

    label: LazyString
    rule: Rule | None = None
    #: columns that make two rows the same where the database would allow both
    same: tuple[str, ...] = ()
    #: two columns that must not name the same row: what would belong to itself goes
    loop: tuple[str, str] | None = None
    #: what is said where there can be only one and no rule joins two
    refusal: LazyString | None = None


@dataclass
class Report:
    """What a merge did: how many rows of which table moved, each row that was joined into another, whole, and of that
    other what it said before where it says something else now."""

    moved: Counter[str] = field(default_factory=Counter)
    joined: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)

    def note(self, table: Table, row: Row) -> None:
        """A row goes; this is what it said."""
        self.joined.append(_told(table, row))

    def note_change(self, table: Table, row: Row, changes: Row) -> None:
        """A row stays and says something else from now on; this is what it said."""
        names = {column.name for column in table.primary_key}
        names |= {name for name, value in changes.items() if value != row[name]}
        self.changed.append(_told(table, {name: row[name] for name in row if name in names}))

    def said(self) -> dict[str, Any]:
        """All of it, for a line of the history."""
        return {"moved": dict(self.moved), "joined": self.joined, "changed": self.changed}


def _told(table: Table, row: Row) -> dict[str, Any]:
    return {"table": table.name, **{name: plain(value) for name, value in row.items()}}


def init_app(app: Flask, table: Mapping[str, Merged]) -> None:
    """Take the table of wsgi.py."""
    app.extensions["merging"] = table


def label_of(table: str) -> str:
    """The rows of a table in words."""
    found = _rules().get(table)
    return str(found.label) if found else _("Other entries")


def merge_pair(
    model: type[Entry],
    kept_id: int,
    duplicate_id: int,
    *,
    state: str | None,
    check: Callable[[Entry, Entry], None],
    join: Callable[[Entry, Entry], None],
) -> Entry:
    """Of two entries the first is kept, and `join` makes the second one with it. Twice is as once.

    Raises NotFound, and whatever `check` raises of the two. Refused: one with itself, one that was merged or (the kept
    one) archived; and when anything has changed since somebody has looked (`state_of`).
    """
    with transaction():
        rows = {number: hold_row(model, number) for number in sorted({kept_id, duplicate_id})}
        kept, duplicate = rows[kept_id], rows[duplicate_id]
        if duplicate.merged_into_id == kept_id:
            return kept
        if kept is duplicate:
            raise Refused(_("Please choose another entry than this one."))
        if kept.merged_into_id is not None or duplicate.merged_into_id is not None:
            raise Refused(_("One of the two entries was merged already."))
        check(kept, duplicate)
        if kept.archived_at is not None:
            raise Refused(_("The entry that is kept is in the archive. Please take it back first."))
        if state is not None and state != state_of(model, hanging_on(model, kept_id, duplicate_id)):
            raise Refused(_("One of the two entries has changed meanwhile. Please compare them again."))
        join(kept, duplicate)
    return kept


def find_merged_into(model: type[Entry], number: int) -> int | None:
    """Where to look for what an entry meant that was merged into another; None for one of its own. Raises NotFound."""
    found: int | None = get_row(model, number).merged_into_id
    return found


def merge_rows(model: Any, *, kept: int, duplicate: int) -> Report:
    """Within a transaction: everything that points to the duplicate points to the row that is kept.

    The duplicate itself stays, with nothing that hangs on it. Refused where two rows cannot be joined by rule.
    """
    session().flush()
    report = Report()
    _move_all(model.__table__, kept, duplicate, report)
    session().expire_all()
    move_calendars()
    return report


def hanging_on(model: Any, *ids: int) -> dict[int, dict[str, int]]:
    """For each of these rows, how many rows of which table point to it: one query."""
    parts = [
        select(column.label("target"), literal(table.name).label("name"), func.count().label("number"))
        .where(column.in_(ids))
        .group_by(column)
        for table, column in references(model.__table__)
    ]
    found: dict[int, dict[str, int]] = {row_id: {} for row_id in ids}
    for row_id, name, number in session().execute(union_all(*parts)):
        found[row_id][name] = found[row_id].get(name, 0) + number
    return found


def say_hanging(hanging: Mapping[int, Mapping[str, int]], *ids: int) -> list[tuple[str, list[int]]]:
    """What `hanging_on` has found, in words: a line for each table, by label, with a number for each of these rows."""
    tables = sorted({name for counted in hanging.values() for name in counted}, key=label_of)
    return [(label_of(name), [hanging[number].get(name, 0) for number in ids]) for name in tables]


def state_of(model: Any, hanging: Mapping[int, Mapping[str, int]]) -> str:
    """A short sum over rows and what hangs on them (`hanging_on`): another one where anything of that changed."""
    rows = session().execute(select(model.id, model.version).where(model.id.in_(hanging)).order_by(model.id))
    facts = [(row.id, row.version, sorted(hanging[row.id].items())) for row in rows]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def references(target: Table) -> Iterator[tuple[Table, ColumnElement[Any]]]:
    """Every table and column that points to rows of this one."""
    for table in db.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            if key.column.table is target:
                yield table, key.parent


def only_one(table: Table, column: ColumnElement[Any]) -> Iterator[tuple[tuple[str, ...], Condition]]:
    """Columns of which each combination stands once, the column among them; and on which rows an index looks at all."""
    groups: list[tuple[tuple[str, ...], Condition]] = [(tuple(one.name for one in table.primary_key), None)]
    groups += [
        (tuple(one.name for one in c.columns), None) for c in table.constraints if isinstance(c, UniqueConstraint)
    ]
    groups += [(tuple(one.name for one in index.columns), _condition(index)) for index in table.indexes if index.unique]
    same = _rules()[table.name].same if table.name in _rules() else ()
    yield from ((group, where) for group, where in [*groups, (same, None)] if column.name in group)


def _condition(index: Index) -> Condition:
    found: Condition = index.dialect_options["sqlite"].get("where")
    return found


def _rules() -> Mapping[str, Merged]:
    found: Mapping[str, Merged] = current_app.extensions["merging"]
    return found


def _move_all(target: Table, kept: int, duplicate: int, report: Report) -> None:
    for table, column in references(target):
        rows = select(table).where(column == duplicate).order_by(*table.primary_key)
        for row in [dict(row) for row in session().execute(rows).mappings()]:
            _move(table, column, kept, row, report)


def _move(table: Table, column: ColumnElement[Any], kept: int, row: Row, report: Report) -> None:
    """Point one row to what is kept; or join it into the one that is there already."""
    moved = {**row, column.name: kept}
    rule = _rules().get(table.name)
    if rule and rule.loop and len({moved[name] for name in rule.loop}) == 1:
        report.note(table, row)
        session().execute(delete(table).where(_is(table, row)))
        return
    if _meet(table, column, row, moved, report):
        return
    session().execute(update(table).where(_is(table, row)).values({column.name: kept, **_next_version(table)}))
    report.moved[table.name] += 1


def _meet(table: Table, column: ColumnElement[Any], row: Row, moved: Row, report: Report) -> bool:
    """Join a row into one that means the same once it is moved, and that into the next to which it has grown.

    False where none does.
    """
    for other in _others(table, column, row, moved):
        if _join(table, other, row, report):
            grown = dict(session().execute(select(table).where(_is(table, other))).mappings().one())
            _meet(table, column, grown, grown, report)
            return True
    return False


def _others(table: Table, column: ColumnElement[Any], row: Row, moved: Row) -> Iterator[Row]:
    """The rows that stand where this one would come to stand; what is not told (NULL) collides with nothing."""
    for group, where in only_one(table, column):
        if any(moved[name] is None for name in group):
            continue
        found = select(table).where(*(table.c[name] == moved[name] for name in group), ~_is(table, row))
        if where is not None:
            if session().execute(select(table).where(_is(table, row), where)).first() is None:
                continue
            found = found.where(where)
        for other in session().execute(found.order_by(*table.primary_key)).mappings().all():
            yield dict(other)


def _join(table: Table, other: Row, row: Row, report: Report) -> bool:
    """Join the row into the other by rule, with all that points to it. False where the rule says they are two."""
    entry = _rules().get(table.name)
    if entry is None or entry.rule is None:
        meeting = _(
            "Both have an entry of which there can be only one: %(what)s. Please join them first.",
            what=label_of(table.name),
        )
        raise Refused(str((entry and entry.refusal) or meeting))
    changes = entry.rule(other, row)
    if changes is None:
        return False
    report.note(table, row)
    if "id" in row:
        _move_all(table, other["id"], row["id"], report)
    session().execute(delete(table).where(_is(table, row)))
    if changes:
        report.note_change(table, other, changes)
        values = {**changes, **_next_version(table)}
        session().execute(update(table).where(_is(table, other)).values(values))
    return True


def _is(table: Table, row: Row) -> ColumnElement[bool]:
    return and_(*(column == row[column.name] for column in table.primary_key))


def _next_version(table: Table) -> dict[str, Any]:
    """A form that was opened before knows then that it is outdated."""
    return {"version": table.c.version + 1} if "version" in table.c else {}


def keep(_kept: Row, _duplicate: Row) -> Mapping[str, Any]:
    """A rule: the row that is kept says it all."""
    return {}


def fill_empty(*names: str) -> Rule:
    """A rule: where the row that is kept says nothing in these columns, it takes what the other says."""

    def rule(kept: Row, duplicate: Row) -> Mapping[str, Any]:
        return {
            name: duplicate[name] for name in names if kept[name] in (None, "") and duplicate[name] not in (None, "")
        }

    return rule


def join_texts(*names: str, fill: Sequence[str] = ()) -> Rule:
    """A rule: texts that differ stand one below the other; `fill` as in `fill_empty`."""
    filled = fill_empty(*names, *fill)

    def rule(kept: Row, duplicate: Row) -> Mapping[str, Any]:
        both = [name for name in names if kept[name] and duplicate[name] and kept[name] != duplicate[name]]
        return {**(filled(kept, duplicate) or {}), **{name: f"{kept[name]}\n{duplicate[name]}" for name in both}}

    return rule
