"""Whether the tables of the database are those that this program was written for."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from core.languages import _

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


class Schema(StrEnum):
    """How the tables stand to the program."""

    CURRENT = "current"
    EMPTY = "empty"
    OLDER = "older"
    NEWER = "newer"


@cache
def our_scripts() -> ScriptDirectory:
    """The migrations of this program."""
    return ScriptDirectory(str(MIGRATIONS))


def schema_of(connection: Connection, scripts: ScriptDirectory | None = None) -> Schema:
    """How the tables stand to these migrations: NEWER means that the database names one that they do not know."""
    scripts = scripts or our_scripts()
    found = MigrationContext.configure(connection).get_current_revision()
    if found is None:
        return Schema.EMPTY
    if found == scripts.get_current_head():
        return Schema.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return Schema.OLDER if found in known else Schema.NEWER


def what_to_do(schema: Schema) -> str:
    """What the administration has to do about it; nothing for a database that is as it should be."""
    return {
        Schema.CURRENT: "",
        Schema.EMPTY: _("The database has no tables of this program yet. Run “flask db upgrade”."),
        Schema.OLDER: _(
            "The database is of an older version of this program. Make a backup, then run “flask db upgrade”."
        ),
        Schema.NEWER: _(
            "The database is of a newer version of this program. Start that version again, or restore the backup "
            "made before the upgrade."
        ),
    }[schema]
