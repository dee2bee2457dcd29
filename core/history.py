"""The history: append-only, one line an operation, chained by hashes.

The chain covers a salted digest of old and new values, so erasure can blank names in them and the chain still
proves order and completeness.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import click
from flask.cli import AppGroup
from sqlalchemy import JSON, Connection, String, event, exists, inspect, select, table
from sqlalchemy import column as named_column
from sqlalchemy.orm import Mapped, Mapper, Session, SessionTransaction, mapped_column
from sqlalchemy.types import NullType

from core.access import Actor
from core.bulk import Columns, each, insert_columns, length, next_ids
from core.clock import now
from core.database import Identified, Model, UtcDateTime, Versioned, db, last_step, part_end, session
from core.instance import Instance, ensure_instance, finish_instance
from core.languages import _, _n


class HistoryLine(Identified, Model):
    """Who did what to which object. The actor is an account's number without a key: it stays after erasure."""

    __tablename__ = "history"
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_account: Mapped[int | None] = mapped_column()
    action: Mapped[str] = mapped_column(String(80), index=True)
    object_type: Mapped[str] = mapped_column(String(60))
    object_id: Mapped[int | None] = mapped_column(index=True)
    old: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    new: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    chain: Mapped[str] = mapped_column(String(64), unique=True)


#: the same table, for lines whose old and new are JSON already
_LINES = table(
    "history",
    *(
        named_column(one.name, NullType() if isinstance(one.type, JSON) else one.type)
        for one in HistoryLine.__table__.columns
    ),
)


#: no values, in JSON
NOTHING = "null"


class _Line(NamedTuple):
    """A line of this transaction, but for its place in the chain; old and new are the JSON of which the digest is
    made."""

    at: datetime
    actor_account: int | None
    action: str
    object_type: str
    object_id: int | None
    old: str
    new: str
    salt: str
    digest: str


@dataclass
class _Pending:
    actor: Actor
    action: str
    row: Any
    details: Mapping[str, Any] | None
    bare: bool


def record(
    actor: Actor, action: str, row: Any, *, details: Mapping[str, Any] | None = None, bare: bool = False
) -> None:
    """Within a transaction: one line for what was done to `row` (a model row), with its changed columns.

    `action` is `room.verb`. `details` adds facts that are no column of the row. Columns named in the model's
    `__unrecorded__` (secrets, long texts kept elsewhere) are left out. A versioned row that is edited or saved
    without any change leaves no line. `bare` leaves old and new out: that somebody was erased is said without names.
    """
    session().info.setdefault("history", []).append(_Pending(actor, action, row, details, bare))


def insert_all(actor: Actor, action: str, model: Any, columns: Columns) -> list[int]:
    """Within a transaction: insert many rows of a model at once, each with its line; their ids, in order.

    The session does not get to know them, so what else hangs on such a row (whether calendars change, who is told) is
    the caller's to do.
    """
    ids = next_ids(model, length(columns))
    if ids:
        insert_columns(model.__table__, {"id": ids, **columns})
        hidden = getattr(model, "__unrecorded__", ())
        shown = _json_rows({name: values for name, values in columns.items() if name not in hidden})
        settled, salts, at = session().info.setdefault("settled", []), secrets.token_hex(8 * len(ids)), now()
        for place, (row_id, new) in enumerate(zip(ids, shown, strict=True)):
            salt = salts[16 * place : 16 * place + 16]
            settled.append(_line(actor, action, model.__tablename__, row_id, salt=salt, new=new, at=at))
    return ids


def _json_rows(columns: Columns) -> Iterator[str]:
    """Each of these rows as `_json` writes it, made column by column."""
    names = sorted(columns)
    row = "{" + ", ".join(f"{_json(name)}: %s" for name in names) + "}"
    return map(row.__mod__, zip(*(each(_json, columns[name]) for name in names), strict=True))


def append(
    actor: Actor,
    action: str,
    object_type: str,
    object_id: int | None,
    new: dict[str, Any],
    *,
    at: datetime | None = None,
) -> None:
    """Within a transaction: one line for what the session does not notice, a row inserted in bulk or a read.

    `at` is when it was done, if not now.
    """
    settled = session().info.setdefault("settled", [])
    settled.append(_line(actor, action, object_type, object_id, new=_json(new) if new else NOTHING, at=at))


def lines_of(object_type: str, object_id: int, limit: int = 50) -> list[HistoryLine]:
    """The newest lines about one object, newest first."""
    found = select(HistoryLine).where(HistoryLine.object_type == object_type, HistoryLine.object_id == object_id)
    return list(session().scalars(found.order_by(HistoryLine.id.desc()).limit(limit)))


#: what a line says beside its moment, in the order in which the chain takes it
_CHAINED = ("actor_account", "action", "object_type", "object_id", "digest")
_facts = attrgetter(*_CHAINED)


def _chained(before: str, at: datetime, *facts: Any) -> str:
    """The hash of all this as a JSON list, put together here: an import asks for it a hundred thousand times."""
    *words, object_id, digest = facts
    number = "null" if object_id is None else object_id
    told = f'["{before}", "{at.isoformat()}", {_words(*words)}, {number}, "{digest}"]'
    return hashlib.sha256(told.encode()).hexdigest()


@lru_cache(maxsize=1024)
def _words(*words: Any) -> str:
    """Who did what to which kind of thing, as JSON: a few hundred."""
    return json.dumps(words)[1:-1]


def _said(value: Any) -> str:
    """What JSON has no way to write, as text."""
    return value.isoformat() if isinstance(value, date | time) else str(value)


_json = json.JSONEncoder(
    sort_keys=True, check_circular=False, default=_said
).encode  # in ASCII, as `core.traces` looks for names


@dataclass
class _Changes:
    """What became of a row in this transaction; it holds the row, so that no other gets its id()."""

    row: Any
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)
    touched: bool = False


@cache
def _columns(mapper: Mapper[Any]) -> tuple[Sequence[str], Sequence[str]]:
    """The names of the columns that are recorded, and those of the foreign keys among them."""
    hidden: frozenset[str] = getattr(mapper.class_, "__unrecorded__", frozenset())
    shown = {attr.key: attr.columns[0] for attr in mapper.column_attrs if attr.key not in hidden}
    return tuple(shown), tuple(name for name, column in shown.items() if column.foreign_keys)


@event.listens_for(db.session, "before_flush")
def _collect_changes(current: Session, *_: object) -> None:
    """Remember first old and last new value of each changed column, whenever the session flushes."""
    if current.info.get("writing"):
        for row in (*current.new, *current.dirty, *current.deleted):
            state = inspect(row)
            names, keys = _columns(state.mapper)
            if state.persistent:
                _load(row, keys)
            _collect(current, row, names)


@event.listens_for(db.session, "after_flush")
def _collect_keys(current: Session, *_: object) -> None:
    """The same for foreign keys: where a related row was assigned, only the flush fills in its id."""
    if current.info.get("writing"):
        for row in (*current.new, *current.dirty):
            _collect(current, row, _columns(inspect(row).mapper)[1])


def _collect(current: Session, row: Any, names: Sequence[str]) -> None:
    state = inspect(row)
    changes = current.info.setdefault("changes", {}).setdefault(id(row), _Changes(row))
    changes.touched |= not state.persistent or current.is_modified(row)
    for name in names:
        change = state.attrs[name].history
        if not change.has_changes():
            continue
        if change.deleted:
            changes.old.setdefault(name, change.deleted[0])
        changes.new[name] = change.added[0] if change.added else None


def _load(row: Any, keys: Sequence[str]) -> None:
    """Have the foreign keys at hand before the flush replaces them: else nobody knows what they were."""
    for name in inspect(row).unloaded.intersection(keys):
        getattr(row, name)


def _says_nothing(entry: _Pending, changes: _Changes | None) -> bool:
    """Whether a versioned row was edited without any change: what an archive, say, does to other rows does count."""
    edits = entry.action.rpartition(".")[2] in ("edit", "save")
    return edits and isinstance(entry.row, Versioned) and not entry.details and not (changes and changes.touched)


@event.listens_for(db.session, "after_soft_rollback")
def _forget(current: Session, ended: SessionTransaction) -> None:
    """What was undone leaves no line. Parts that were settled before a failed one stay, as their rows do."""
    for key in ("history", "changes"):
        current.info.pop(key, None)
    if ended.parent is None:
        for key in ("settled", "calendar_rows", "calendar_moved", "uid_host"):
            current.info.pop(key, None)


@part_end
def _settle(current: Session) -> None:
    """Turn the pending entries into the lines that they will be, but for their place in the chain."""
    changes: dict[int, _Changes] = current.info.pop("changes", {})
    entries: list[_Pending] = current.info.pop("history", [])
    settled = current.info.setdefault("settled", [])
    for entry in entries:
        row, found = entry.row, changes.get(id(entry.row))
        if _says_nothing(entry, found):
            continue
        if found is None or entry.bare:
            found = _Changes(row)
        old, new = (_json(told) if told else NOTHING for told in (found.old, {**found.new, **(entry.details or {})}))
        row_id = getattr(row, "id", None)
        settled.append(_line(entry.actor, entry.action, row.__tablename__, row_id, old=old, new=new))


def _line(
    actor: Actor,
    action: str,
    object_type: str,
    object_id: int | None,
    *,
    new: str,
    old: str = NOTHING,
    salt: str = "",
    at: datetime | None = None,
) -> _Line:
    """A line with its digest; old and new in JSON."""
    salt = salt or secrets.token_hex(8)
    digest = hashlib.sha256(f"{salt}[{old}, {new}]".encode()).hexdigest()
    return _Line(at or now(), actor.account_id, action, object_type, object_id, old, new, salt, digest)


@last_step
def _write(current: Session) -> None:
    """Write the lines and move the instance's row: the last statements before the commit."""
    _settle(current)
    lines: list[_Line] = current.info.pop("settled", [])
    moved = frozenset(current.info.pop("calendar_moved", ()))
    if not lines and not moved:
        return
    ensure_instance(current)
    head = current.scalar(select(Instance.history_head).where(Instance.id == 1).with_for_update()) or ""
    chain = [head := _chained(head, line.at, *_facts(line)) for line in lines]
    if lines:
        insert_columns(_LINES, {**dict(zip(_Line._fields, zip(*lines, strict=True), strict=True)), "chain": chain})
    finish_instance(current, head=head if lines else None, moved=moved)


@dataclass
class Chain:
    """What a walk along the whole history found."""

    #: how many lines there are
    lines: int = 0
    #: how many of them do not follow from the line before
    broken: int = 0
    #: the ids of the first of those
    examples: list[int] = field(default_factory=list)
    #: whether the last line is the one that the installation's row names
    complete: bool = True

    @property
    def holds(self) -> bool:
        return self.complete and not self.broken


#: how many broken lines are named
NAMED = 20


def check_chain(reader: Session | Connection) -> Chain:
    """Walk the whole history and check each link, and that no line is missing at the end.

    The head comes with the lines in one statement: so lines written meanwhile do no harm, on either database. Some
    hundred lines are in memory at a time, however long the history is.
    """
    head = select(Instance.history_head).where(Instance.id == 1).scalar_subquery()
    facts = [getattr(HistoryLine, name) for name in ("id", "at", "actor_account", "action", "object_type")]
    facts += [HistoryLine.object_id, HistoryLine.digest, HistoryLine.chain, head.label("head")]
    chain, before = Chain(), ""
    for line in reader.execute(select(*facts).order_by(HistoryLine.id), execution_options={"yield_per": 500}):
        chain.lines += 1
        if line.chain != _chained(before, line.at, *_facts(line)):
            chain.broken += 1
            chain.examples += [line.id] if len(chain.examples) < NAMED else []
        before = line.chain
        chain.complete = line.head == before
    if not chain.lines:
        orphaned = select(Instance.id).where(Instance.history_head != "", ~exists().select_from(HistoryLine))
        chain.complete = reader.execute(orphaned).first() is None
    return chain


def say_chain(chain: Chain) -> list[str]:
    """What a walk found, in sentences."""
    intact = chain.lines - chain.broken
    said = [_n("%(num)d line of the history holds.", "%(num)d lines of the history hold.", intact)]
    if chain.broken:
        numbers = ", ".join(str(number) for number in chain.examples)
        numbers += ", …" if chain.broken > len(chain.examples) else ""
        said.append(
            _n(
                "%(num)d line does not follow from the line before: %(numbers)s",
                "%(num)d lines do not follow from the line before: %(numbers)s",
                chain.broken,
                numbers=numbers,
            )
        )
    if not chain.complete:
        said.append(_("The newest lines are missing, or others were added behind them."))
    return said


group = AppGroup("history", help="The history of all operations.")


@group.command("verify")
def verify() -> None:
    """Check that no line of the history was changed, left out or added. Exit status 1 where it was."""
    chain = check_chain(session())
    for sentence in say_chain(chain):
        click.echo(sentence)
    if not chain.holds:
        raise SystemExit(1)
