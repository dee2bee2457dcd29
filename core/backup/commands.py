"""`flask backup`, `flask restore` and `flask database move`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from core import erasures
from core.backup import operations
from core.backup.operations import Restored
from core.backup.rules import TableSum
from core.database import db, session
from core.errors import Refused
from core.history import say_chain
from core.languages import _, _n
from core.schema import Schema, schema_of, what_to_do


@contextmanager
def _refusals() -> Iterator[None]:
    """What an operation refuses is said in one line, with exit status 1."""
    session().rollback()  # our own reading must not stand in our way
    try:
        yield
    except Refused as refused:
        raise click.ClickException(refused.message) from refused


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write every row into a new FILE, while people go on working. An existing file is never replaced."""
    with _refusals():
        tables = operations.back_up(db.engine, file)
    _print_tables(tables)
    size = file.stat().st_size / 1_000_000
    click.echo(_("The backup is complete: %(file)s (%(size).1f MB).", file=str(file), size=size))


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Give up what is in the database now.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def restore(file: Path, *, replace: bool, yes: bool) -> None:
    """Read FILE, a backup, into the database of the settings. Stop the server and the jobs first.

    Who was erased since the backup is erased again; after an older backup “flask db upgrade” does so.
    """
    address = db.engine.url.render_as_string(hide_password=True)
    question = _("Read %(file)s into %(database)s?", file=str(file), database=address)
    if replace:
        question = _("Delete everything in %(database)s and read %(file)s into it?", file=str(file), database=address)
    _ask(question, yes=yes)
    with _refusals():
        erasures.secure()
        result = operations.restore(db.engine, file, replace=replace)
    erased = 0 if result.outdated else erasures.replay()
    _report(result)
    if erased:
        click.echo(_n("%(num)d person was erased again.", "%(num)d people were erased again.", erased))


group = AppGroup("database", help="The database as a whole.")


@group.command("check")
def check() -> None:
    """Say whether the tables are those of this program; exit status 1 when not. A server asks before it starts."""
    try:
        schema = schema_of(session().connection())
    except SQLAlchemyError as error:
        raise click.ClickException(_("The database does not answer.")) from error
    if schema is not Schema.CURRENT:
        raise click.ClickException(what_to_do(schema))
    click.echo(_("The database is of this version of the program."))


@group.command("move")
@click.argument("address")
@click.option("--replace", is_flag=True, help="Give up what is in the other database now.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def move(address: str, *, replace: bool, yes: bool) -> None:
    """Copy everything into the database at ADDRESS (as for AUGENHOEHE_DATABASE). Stop the server and the jobs first.

    The present database stays as it is; the settings decide which one is used.
    """
    shown = _hidden(address)
    question = _("Copy everything into %(database)s?", database=shown)
    if replace:
        question = _("Delete everything in %(database)s and copy everything into it?", database=shown)
    _ask(question, yes=yes)
    with _refusals():
        erasures.replay()
        result = operations.move(db.engine, address, current_app.config["SETTINGS"].data, replace=replace)
    _report(
        result,
        lambda: click.echo(_("Now set AUGENHOEHE_DATABASE to this address, then start the server and the jobs.")),
    )


def _hidden(address: str) -> str:
    """An address as it may be shown; one that cannot be read is refused later, by name."""
    try:
        return make_url(address).render_as_string(hide_password=True)
    except Exception:
        return "?"


def _ask(question: str, *, yes: bool) -> None:
    if not yes:
        click.confirm(question, abort=True)


def _report(result: Restored, last_word: Callable[[], None] = lambda: None) -> None:
    """Say what arrived. Exit status 1 where the history breaks, although the rows are as the backup had them."""
    _print_tables(result.tables)
    click.echo(_("Every table holds the same rows as the backup."))
    for sentence in say_chain(result.history):
        click.echo(sentence)
    if result.outdated:
        click.echo(_("The backup is of an older version of this program: now run “flask db upgrade”."))
    last_word()
    if not result.history.holds:
        sys.exit(1)


def _print_tables(tables: list[TableSum]) -> None:
    width = max(len(found.name) for found in tables)
    for found in tables:
        click.echo(f"{found.name:<{width}}  {found.rows:>9}  {found.checksum[:16]}")
    rows = sum(found.rows for found in tables)
    click.echo(_n("%(num)d row", "%(num)d rows", rows))
