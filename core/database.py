"""Rows and the only commit.

`transaction()` is the one way to write. By the time an operation runs, the user loader has read, so the
connection holds a read transaction; on SQLite an UPDATE after that fails at once when somebody else wrote in
between, whatever the busy timeout says. So it ends the read transaction and begins anew with IMMEDIATE.
"""

import json
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

import structlog
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    DateTime,
    Engine,
    MetaData,
    Select,
    event,
    func,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, SessionTransaction, declared_attr, mapped_column
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from core.errors import NotFound, NotSaved, Outdated, Refused
from core.languages import _

log = structlog.get_logger()
#: how drivers say that the database is away, its disk is full, or that somebody held it for too long
AWAY = (OperationalError, InterfaceError)
#: how PostgreSQL says that there is such a key already (SQLSTATE)
UNIQUE_VIOLATION = "23505"


class _Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=_Base)
Row = TypeVar("Row")
Found = TypeVar("Found")

if TYPE_CHECKING:

    class Model(_Base):
        """Base of every table."""

        __abstract__ = True
else:
    Model = db.Model


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware UTC in Python, naive UTC in the database (SQLite knows no zones)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=UTC)


class Identified:
    """A row with a number of its own."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)


class Versioned(Identified):
    """A row that two people may edit at once; each save must name the version it was made from."""

    version: Mapped[int] = mapped_column(default=1, sort_order=90)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def session() -> Session:
    """The session of this request or command, for reading."""
    return cast(Session, db.session())


@contextmanager
def transaction() -> Iterator[Session]:
    """Write: begin, first statements, yield the session, last statements, commit; on any error nothing is changed.

    Raises NotSaved when the database does not take it or went away so that nobody knows whether it did, and
    Outdated when another writer was faster.
    Load what you change inside it, by id. Used within another transaction it joins that one, so that an
    operation may use another and there is still one commit; its rows are flushed at its end.
    """
    current = session()
    if current.info.get("writing"):
        yield current
        current.flush()
        return
    current.rollback()
    current.info["writing"] = True
    committing = False
    try:
        current.connection(execution_options={"writes": True})
        for step in _first_steps:
            step(current)
        yield current
        current.flush()
        for step in _last_steps:
            step(current)
        committing = True
        current.commit()
    except StaleDataError as error:  # PostgreSQL: another writer was faster between our reading and our saving
        current.rollback()
        raise Outdated(_outdated()) from error
    except AWAY as error:
        current.rollback()
        log_away(error)
        # a connection that breaks while it commits takes the answer along, whatever it was
        raise NotSaved(_unknown() if committing and error.connection_invalidated else _not_saved()) from error
    except BaseException:
        current.rollback()
        raise
    finally:
        current.info["writing"] = False
        afterwards = current.info.pop("afterwards", [])
    for call in afterwards:
        call()


def _not_saved() -> str:
    return _("This could not be saved, and nothing was changed. Please try again in a few minutes.")


def _unknown() -> str:
    return _(
        "The connection to the database broke while this was being saved, so we do not know whether it was saved. "
        "Please look before you change anything. You may send it again as it is: it is carried out once."
    )


def log_away(error: DBAPIError) -> None:
    """Note what the database said, for the administration; never the values of a statement."""
    log.error("database.away", reason=str(error.orig).partition("\n")[0])


@contextmanager
def part() -> Iterator[None]:
    """Within a transaction: a part that may fail by itself. What it did is undone then; all before it stays.

    Its lines of history are settled at its end, so that each part tells of its own changes only.
    """
    current = session()
    afterwards = list(current.info.get("afterwards", ()))
    try:
        with current.begin_nested():
            yield
            current.flush()
            for step in _part_ends:
                step(current)
    except StaleDataError as error:
        current.info["afterwards"] = afterwards
        raise Outdated(_outdated()) from error
    except BaseException:
        current.info["afterwards"] = afterwards
        raise


@contextmanager
def free_key_kept(field: str) -> Iterator[None]:
    """Within a transaction: write what takes a key that was free when we looked. On PostgreSQL somebody else may have
    taken it since, by entering the same; refused at this field then."""
    try:
        yield
        session().flush()
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != UNIQUE_VIOLATION:
            raise
        raise Refused(
            _("Somebody else has just entered something of this name. Please look whether it is the same."), field
        ) from error


_first_steps: list[Callable[[Session], None]] = []
_last_steps: list[Callable[[Session], None]] = []
_part_ends: list[Callable[[Session], None]] = []


def first_step(step: Callable[[Session], None]) -> Callable[[Session], None]:
    """Register what every transaction does as its first statements; what it raises ends the transaction."""
    _first_steps.append(step)
    return step


def last_step(step: Callable[[Session], None]) -> Callable[[Session], None]:
    """Register what every transaction does as its last statements before the commit."""
    _last_steps.append(step)
    return step


def part_end(step: Callable[[Session], None]) -> Callable[[Session], None]:
    """Register what every part of a transaction does once its rows are flushed."""
    _part_ends.append(step)
    return step


def after_commit(call: Callable[[], None]) -> None:
    """Within a transaction: call this once it is committed (never after a rollback)."""
    pending = session().info.setdefault("afterwards", [])
    if call not in pending:
        pending.append(call)


def once(key: Hashable, read: Callable[[], Found]) -> Found:
    """What `read` gives; within one reading transaction it is asked once, since a page needs the same right often.

    Nothing is kept beyond the transaction, nor over a flush, nor in a transaction that writes.
    """
    current = session()
    if current.info.get("writing"):
        return read()
    known: dict[Hashable, Found] = current.info.setdefault("once", {})
    if key not in known:
        known[key] = read()
    return known[key]


@event.listens_for(db.session, "after_transaction_end")
def _forget_what_was_read(current: Session, _ended: SessionTransaction) -> None:
    current.info.pop("once", None)


LARGEST_ID = 2**31 - 1


def get_row(model: type[Row], key: int | None) -> Row:
    """The row with this id. Raises NotFound, also for a number that no database would take as an id."""
    row = session().get(model, key) if 0 < (key or 0) <= LARGEST_ID else None
    if row is None:
        raise NotFound
    return row


def hold_row(model: type[Row], key: int | None, *, key_share: bool = False) -> Row:
    """Within a transaction: the row with this id, changed by nobody else until the commit, so that what is checked now
    still holds then. With `key_share` others may enter rows that refer to it meanwhile. Raises NotFound as `get_row`.

    SQLite lets one write at a time anyway.
    """
    held = {"of": model, "key_share": key_share}
    known = 0 < (key or 0) <= LARGEST_ID
    row = session().get(model, key, with_for_update=held, populate_existing=True) if known else None
    if row is None:
        raise NotFound
    return row


def first_rows(found: Select[Row], number: int) -> tuple[list[Row], int]:
    """The first so many rows, and how many there are in all (0 where there is none): one query."""
    rows = session().execute(found.add_columns(func.count().over()).limit(number)).unique().all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def version_of(*rows: Versioned) -> int:
    """The version of a form that covers all these rows: it grows whenever one of them is saved."""
    return sum(row.version for row in rows)


def check_version(row: Versioned, version: int | None, *others: Versioned) -> None:
    """Raise Outdated when the row was saved by somebody else since the form with `version` was opened.

    A form that covers `others` as well names the version of all of them (`version_of`).
    """
    if version is not None and version_of(row, *others) != version:
        raise Outdated(_outdated())


def _outdated() -> str:
    return _("Somebody else has saved this in the meantime. Please compare and save again.")


def init_app(app: Flask) -> None:
    """Bind the database of this application and set SQLite up for a server: WAL, FULL, foreign keys, timeout."""
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["SETTINGS"].database_url
    # no rows in messages; and a database that was started again is noticed by nobody
    options = {"hide_parameters": True, "pool_pre_ping": True, "json_serializer": _json}
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", options)
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            prepare_sqlite(db.engine)


def _json(value: Any) -> str:
    """JSON for a column. Most lists of words are empty, and an import writes a hundred thousand of them."""
    return "[]" if value == [] else json.dumps(value)


def prepare_sqlite(engine: Engine) -> None:
    """Set every connection of this engine up for a server, and let a write transaction begin IMMEDIATE."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours, see on_begin
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
