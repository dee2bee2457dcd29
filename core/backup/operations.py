"""Backup, restore, move.

A backup is read within one snapshot of the database while people go on working, and is a portable SQLite file
whatever the database is. A restore goes through SQL, in one transaction, never by swapping database files: an old
write-ahead log beside a new file would corrupt it.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError

from core.backup.archive import VERSION, bare, contents, copy_rows, new_archive, open_archive, sum_of, tables_in
from core.backup.rules import TableSum
from core.database import db, prepare_sqlite
from core.errors import Refused
from core.history import Chain, check_chain
from core.languages import _
from core.schema import MIGRATIONS

#: how long a restore waits for others to leave the tables it replaces, in milliseconds
PATIENCE = 15_000


@dataclass(frozen=True)
class Restored:
    """What a restore brought: its tables, whether the history holds, and whether `flask db upgrade` is due."""

    tables: list[TableSum]
    history: Chain
    outdated: bool


def back_up(engine: Engine, file: Path) -> list[TableSum]:
    """Write every row of the database into a new file and say what is in it, table by table.

    All is read within one snapshot: what was acknowledged before is in it, what others write meanwhile is not, and
    nobody waits. The file appears under its name only when it is whole, checked and on the disk; only its owner
    may read it. Refused where the file exists already, where its folder cannot be written or is full, and for a
    database that was never migrated.
    """
    if os.path.lexists(file):
        raise _exists(file)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)  # mode 0600
        os.close(handle)
        part = Path(name)
        try:
            result = _write_archive(engine, part)
            _put_in_place(part, file)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(_("%(file)s cannot be written: %(reason)s", file=str(file), reason=str(error))) from error
    return result


def _write_archive(engine: Engine, part: Path) -> list[TableSum]:
    with snapshot(engine) as source:
        tables = tables_in(source)
        if VERSION not in {table.name for table in tables}:
            raise Refused(_("The database has no tables of this program yet. Run “flask db upgrade”."))
        metadata = MetaData()
        try:
            with new_archive(part) as archive:
                result = []
                for table in tables:
                    copy = bare(table, metadata)
                    copy.create(archive)
                    result.append(copy_rows(source, table, archive, copy))
                contents.create(archive)
                archive.execute(insert(contents), [_entry(found) for found in result])
        except OperationalError as error:  # SQLite's way to say that the disk is full
            raise OSError(str(error.orig)) from error
    return result


def _entry(found: TableSum) -> dict[str, object]:
    return {"name": found.name, "rows": found.rows, "checksum": found.checksum}


def _put_in_place(part: Path, file: Path) -> None:
    """Bring the bytes to the disk, then give them their name, without ever replacing another file."""
    _sync(part)
    try:
        file.hardlink_to(part)
    except FileExistsError as error:
        raise _exists(file) from error
    _sync(file.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _exists(file: Path) -> Refused:
    return Refused(_("%(file)s exists already. A backup never replaces a file.", file=str(file)))


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Read the database as it is at one moment, however long that takes.

    On SQLite (write-ahead log) any read transaction is a snapshot; PostgreSQL must be asked for one.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


def restore(engine: Engine, file: Path, *, replace: bool = False) -> Restored:
    """Read a backup into a database, in one transaction: after any refusal the database is what it was.

    Its tables are made anew by the migrations, up to the version of the backup. Every table is then read back, and
    its count and checksum must be those taken when the backup was made. A history that was broken before is restored
    as it was; the answer says so.

    Refused: a file that is damaged, unfinished, no backup or made by a newer program; a database with rows, unless
    `replace`; a database with tables that are not ours; one that others are using.
    """
    scripts = ScriptDirectory(str(MIGRATIONS))
    with open_archive(file) as archive:
        version = _version_of(archive, file, scripts)
        with _replacing(engine) as target:
            _clear(target, {table.name for table in tables_in(archive)}, replace=replace)
            _migrate(target, scripts, version)
            tables = _load(archive, target)
            history = check_chain(target)
    return Restored(tables, history, outdated=version != scripts.get_current_head())


def _version_of(archive: Connection, file: Path, scripts: ScriptDirectory) -> str:
    try:
        version = archive.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        scripts.get_revision(version)
    except CommandError as error:
        raise Refused(_("%(file)s was made by a newer version of this program.", file=str(file))) from error
    except SQLAlchemyError as error:
        raise Refused(_("%(file)s is damaged or not a backup.", file=str(file))) from error
    return str(version)


@contextmanager
def _replacing(engine: Engine) -> Iterator[Connection]:
    """One transaction that replaces tables. Refused where the database is away, in use, or does not take a row."""
    try:
        with engine.connect().execution_options(writes=True) as target:
            if engine.dialect.name == "sqlite":
                target.connection.execute(f"PRAGMA busy_timeout={PATIENCE}")
            with target.begin():
                if engine.dialect.name == "postgresql":
                    target.exec_driver_sql(f"SET LOCAL lock_timeout = {PATIENCE}")
                yield target
    except OperationalError as error:
        raise Refused(
            _(
                "The database is away or in use. Stop the server and the jobs, then try again. (%(reason)s)",
                reason=str(error.orig),
            )
        ) from error
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error))
        raise Refused(_("The database did not take the backup: %(reason)s", reason=reason)) from error


def _clear(target: Connection, expected: set[str], *, replace: bool) -> None:
    """Drop the tables that the backup brings anew, after looking whether anything would be lost."""
    tables = tables_in(target)
    ours = expected | set(db.metadata.tables) | {VERSION}
    if strange := sorted({table.name for table in tables} - ours):
        raise Refused(
            _("The database holds tables that are not of this program: %(tables)s", tables=", ".join(strange))
        )
    filled = [table.name for table in tables if table.name != VERSION and _has_rows(target, table)]
    if filled and not replace:
        raise Refused(_("The database is not empty. Add --replace to give up what is in it."))
    for table in reversed(tables):
        table.drop(target)


def _has_rows(target: Connection, table: Table) -> bool:
    return target.execute(select(*table.primary_key.columns).limit(1)).first() is not None


def _migrate(target: Connection, scripts: ScriptDirectory, version: str) -> None:
    """Make the tables of this version, within the transaction that is open."""
    environment = EnvironmentContext(
        Config(), scripts, fn=lambda now_at, _context: scripts._upgrade_revs(version, now_at)
    )
    with environment:
        environment.configure(connection=target, target_metadata=db.metadata, transactional_ddl=True)
        environment.run_migrations()


def _load(archive: Connection, target: Connection) -> list[TableSum]:
    """Copy the rows, those that others point to first, and compare what arrived with what the backup recorded."""
    sources = {table.name: table for table in tables_in(archive)}
    recorded = {row.name: (row.rows, row.checksum) for row in archive.execute(select(contents))}
    tables = tables_in(target)
    if not {table.name for table in tables} == sources.keys() - {contents.name} == recorded.keys():
        raise Refused(_("The tables of the backup are not those of its version."))
    with _keys_checked_at_the_end(target, tables):
        for table in tables:
            if table.name != VERSION:  # that one is written by the migrations
                copy_rows(archive, sources[table.name], target, table)
                _go_on_counting(target, table)
    result = [sum_of(target, table) for table in tables]
    differing = [found.name for found in result if recorded[found.name] != (found.rows, found.checksum)]
    if differing:
        tables_named = ", ".join(differing)
        raise Refused(_("Rows did not arrive as the backup has them, in: %(tables)s", tables=tables_named))
    return result


@contextmanager
def _keys_checked_at_the_end(target: Connection, tables: list[Table]) -> Iterator[None]:
    """Rows may point to rows that come later in the same table: look at foreign keys when all are there.

    SQLite does so until the commit; PostgreSQL needs the keys themselves changed, and changed back.
    """
    keys: list[tuple[str, object]] = []
    if target.dialect.name == "postgresql":
        keys = [(table.name, key.name) for table in tables for key in table.foreign_key_constraints]
    else:
        target.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for table, key in keys:
        target.exec_driver_sql(f'ALTER TABLE "{table}" ALTER CONSTRAINT "{key}" DEFERRABLE INITIALLY DEFERRED')
    yield
    if keys:
        target.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table, key in keys:
        target.exec_driver_sql(f'ALTER TABLE "{table}" ALTER CONSTRAINT "{key}" NOT DEFERRABLE')


def _go_on_counting(target: Connection, table: Table) -> None:
    """PostgreSQL counts ids beside the table: set its counter behind the largest one, so that new rows fit."""
    if target.dialect.name != "postgresql" or "id" not in table.columns:
        return
    sequence = "SELECT pg_get_serial_sequence(:name, 'id')"
    name = target.scalar(text(sequence), {"name": f'"{table.name}"'})
    if name is not None:
        ids = f'SELECT setval(:sequence, COALESCE(MAX(id), 1), MAX(id) IS NOT NULL) FROM "{table.name}"'  # noqa: S608
        target.execute(text(ids), {"sequence": name})


def move(engine: Engine, address: str, folder: Path, *, replace: bool = False) -> Restored:
    """Copy everything into the database at another SQLAlchemy address; this one stays as it is.

    The copy on the way lies in `folder`, readable by its owner alone, and is removed. Refused as in `restore`, and
    for an address that is none or is that of this database.
    """
    try:
        if make_url(address) == engine.url:
            raise Refused(_("This is the address of the present database."))
        other = create_engine(address)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise Refused(
            _("This is not the address of a database: it begins with sqlite:/// or postgresql+psycopg://")
        ) from error
    if other.dialect.name == "sqlite":
        prepare_sqlite(other)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix="move-") as between:
            file = Path(between) / "move.backup"
            back_up(engine, file)
            return restore(other, file, replace=replace)
    finally:
        other.dispose()
