"""Alembic's way into the application: the same migrations on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection

from core import erasures
from core.database import UtcDateTime, db
from core.languages import _
from core.schema import Schema, schema_of, what_to_do


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our own column type as the plain one it is in the database."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def refuse_way_back(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:  # noqa: ARG001 - Alembic's names
    """Going back drops tables and columns with what people wrote: only where nobody's work is at stake.

    Raised within the transaction, so that the database stays as it is.
    """
    if not step.is_upgrade and current_app.config["SETTINGS"].mode in ("production", "demo"):
        raise CommandError(
            _("Going back to an older version would delete data. Restore the backup made before the upgrade instead.")
        )


def run() -> None:
    """Migrate in one transaction; an interrupted migration leaves nothing behind. Refuses a newer database.

    A restored backup of an older version is up to date only now: who was erased since is erased again. That is done
    also where nothing was to migrate, since the upgrade before may have been interrupted between the two.
    """
    with db.engine.connect().execution_options(writes=True) as connection, tables_may_be_rebuilt(connection):
        before = schema_of(connection, context.script)
        if before is Schema.NEWER:
            raise CommandError(what_to_do(Schema.NEWER))
        connection.rollback()
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
            render_item=render_item,
            on_version_apply=refuse_way_back,
        )
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise CommandError(_("After the migration rows point to nothing: nothing was changed."))
        after = schema_of(connection, context.script)
    if before is not Schema.EMPTY and after is Schema.CURRENT:
        erasures.replay()


@contextmanager
def tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, which no row that refers to it may prevent meanwhile.

    So references are checked once, at the end (https://www.sqlite.org/lang_altertable.html, section 7).
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.dbapi_connection  # asked directly: within a transaction the pragma does nothing
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        raw.execute("PRAGMA foreign_keys=ON")


if current_app:
    run()
