"""Faults in turn: the n-th step of an operation fails once, for n = 1, 2, … until the operation goes through.

A step is a statement that writes or locks, or a commit. The fault is the driver's own: PostgreSQL's connection is
closed under the statement, SQLite breaks the statement off; only SQLite's commit has no handle to make it fail, so
there the error is raised in its place.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.exc import OperationalError

from core.database import db

WRITES = ("INSERT", "UPDATE", "DELETE")
#: more steps than any operation has
MOST = 400


class Fault:
    """Counts the steps of an operation and makes the n-th fail; `came` tells whether there was an n-th."""

    def __init__(self, nth: int) -> None:
        self.nth, self.steps = nth, 0

    @property
    def came(self) -> bool:
        return self.steps >= self.nth

    @contextmanager
    def in_place(self, engine: Engine) -> Iterator["Fault"]:
        event.listen(engine, "before_cursor_execute", self._before_statement)
        event.listen(engine, "commit", self._before_commit)
        try:
            yield self
        finally:
            event.remove(engine, "before_cursor_execute", self._before_statement)
            event.remove(engine, "commit", self._before_commit)

    def _before_statement(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(WRITES) or "FOR UPDATE" in statement or "FOR NO KEY UPDATE" in statement:
            self.steps += 1
            if self.steps == self.nth:
                _break_off(connection)

    def _before_commit(self, connection: Connection) -> None:
        self.steps += 1
        if self.steps == self.nth:
            if connection.dialect.name == "sqlite":
                raise OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error"))
            _break_off(connection)


def _break_off(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        driver.close()
        return

    def once() -> int:
        driver.set_progress_handler(None, 1)
        return 1

    driver.set_progress_handler(once, 1)


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, history and outbox too."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in db.metadata.sorted_tables
        }
