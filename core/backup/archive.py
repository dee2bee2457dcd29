"""Tables and their rows, read and written the same way on SQLite, PostgreSQL and in a backup file.

Tables are taken as they stand in the database, not as the program's models describe them: so a backup can be made
between putting new program files in place and `flask db upgrade`, and an old backup can be read.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    Text,
    cast,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool
from sqlalchemy.types import Integer, TypeDecorator, TypeEngine

from core.backup.rules import TableSum
from core.errors import Refused
from core.languages import _

#: rows that are held in memory at a time
BATCH = 500
#: "Auge": marks a SQLite file as a backup (PRAGMA application_id); user_version is the number of its format
MARK = 0x41756765
FORMAT = 1
#: the table of Alembic with the one version of all others
VERSION = "alembic_version"

#: in the file: what the database held, as it was counted while it was read. Written last
contents = Table(
    "backup_contents",
    MetaData(),
    Column("name", String(80), primary_key=True),
    Column("rows", Integer, nullable=False),
    Column("checksum", String(64), nullable=False),
)


class JsonText(TypeDecorator[str]):
    """A JSON column of PostgreSQL, read and written as the very text that lies in it.

    As Python values, an empty cell and the JSON word null could not be told apart.
    """

    impl = Text
    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> Any:
        return cast(bindvalue, JSON)

    def column_expression(self, column: Any) -> Any:
        return cast(column, Text)


def tables_in(connection: Connection) -> list[Table]:
    """The tables of a database as they are, those that others point to first."""
    metadata = MetaData()
    json_type: TypeEngine[str] = JsonText() if connection.dialect.name == "postgresql" else Text()

    @event.listens_for(metadata, "column_reflect")
    def on_column(_inspector: Any, _table: Table, column: ReflectedColumn) -> None:
        if isinstance(column["type"], JSON):
            column["type"] = json_type

    metadata.reflect(connection)
    return metadata.sorted_tables


def batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table, some hundred at a time, in the order of their keys."""
    found = connection.execute(
        select(table).order_by(*table.primary_key.columns), execution_options={"yield_per": BATCH}
    )
    for batch in found.mappings().partitions():
        yield [dict(row) for row in batch]


def sum_of(connection: Connection, table: Table) -> TableSum:
    """Count and checksum of a table's rows."""
    result = TableSum(table.name)
    for batch in batches(connection, table):
        result.add(batch)
    return result


def copy_rows(source: Connection, table: Table, target: Connection, into: Table) -> TableSum:
    """Copy all rows and give their count and checksum, as they were read."""
    result = TableSum(table.name)
    for batch in batches(source, table):
        result.add(batch)
        target.execute(insert(into), batch)
    return result


def bare(table: Table, metadata: MetaData) -> Table:
    """The same columns for a backup file, without keys to other tables, rules and indexes: migrations know those."""
    columns = [Column(c.name, _portable(c.type), primary_key=c.primary_key, nullable=True) for c in table.columns]
    return Table(table.name, metadata, *columns)


def _portable(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return Text() if isinstance(kind, JsonText) else kind.as_generic()


@contextmanager
def new_archive(file: Path) -> Iterator[Connection]:
    """Write a backup file that exists and is empty, in one transaction; then check it.

    It has no journal: a file that was not finished is thrown away.
    """
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    try:
        with engine.begin() as connection:
            for pragma in ("journal_mode=OFF", "synchronous=OFF", f"application_id={MARK}", f"user_version={FORMAT}"):
                connection.exec_driver_sql(f"PRAGMA {pragma}")
            yield connection
        with engine.connect() as connection:
            _check_integrity(connection, file)
    finally:
        engine.dispose()


@contextmanager
def open_archive(file: Path) -> Iterator[Connection]:
    """Read a backup file; nothing is ever written to it, nor beside it.

    Refused where it is missing, damaged, not one of our backups, unfinished, or of a format made by a later program.
    """
    if not file.is_file():
        raise Refused(_("There is no file %(file)s.", file=str(file)))
    engine = _reading(file)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA trusted_schema=OFF")
            _check_archive(connection, file)
            yield connection
    finally:
        engine.dispose()


def _reading(file: Path) -> Engine:
    address = f"file:{quote(str(file.absolute()))}?mode=ro"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)


def _check_archive(connection: Connection, file: Path) -> None:
    try:
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
        number = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        finished = connection.dialect.has_table(connection, contents.name)
        if mark != MARK or not finished:
            raise Refused(_("%(file)s is not a finished backup of this program.", file=str(file)))
        if number > FORMAT:
            raise Refused(_("%(file)s was made by a newer version of this program.", file=str(file)))
        _check_integrity(connection, file)
    except DatabaseError as error:
        raise Refused(_("%(file)s is damaged or not a backup.", file=str(file))) from error


def _check_integrity(connection: Connection, file: Path) -> None:
    if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
        raise Refused(_("%(file)s is damaged or not a backup.", file=str(file)))
