"""Backup, restore, move: with the demonstration municipality, between both databases, while others write.

`house` is the demonstration, read once per kind of database by the ordinary import commands; `empty` makes a new
database without tables. Tests take a backup of the one and restore it into the other.
"""

import itertools
import json
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine
from alembic.script import ScriptDirectory
from flask import Flask, url_for
from flask_migrate import upgrade
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from coordination.accounts import erasing
from coordination.accounts.models import Account, Assignment
from coordination.accounts.operations import create_account
from coordination.organizations.operations import Profile, create_organization
from coordination.organizations.rules import Kind
from coordination.people import operations as people
from coordination.places import operations as places
from coordination.places.models import Place
from core.access import SYSTEM
from core.backup import operations
from core.backup.archive import tables_in
from core.backup.operations import back_up, move, restore
from core.backup.rules import TableSum, canonical
from core.database import db, session, transaction
from core.erasures import Erasure
from core.errors import Refused
from core.history import HistoryLine, check_chain
from meetings.minutes.models import Minutes
from meetings.sittings.models import Sitting
from participation.committees.models import Committee
from tests.conftest import TEST_NOW, PageClient
from tests.conftest import test_app as make_app

ROOT = Path(__file__).resolve().parents[2]
#: what is imported, and how many lines of it: the first of the longest files are enough
DEMONSTRATION = {
    "organizations": None,
    "people": None,
    "places": None,
    "committees": None,
    "seats": None,
    "sittings": None,
    "agenda": 60,
    "attendance": 60,
    "minutes": 60,
    "accounts": None,
}
WITHOUT_DATES = {"organizations", "places", "committees", "accounts"}

numbers = itertools.count()


@pytest.fixture(scope="module")
def kinds(request: pytest.FixtureRequest) -> list[str]:
    return ["sqlite"] if request.config.getoption("--without-postgres") else ["sqlite", "postgresql"]


@pytest.fixture(scope="module")
def other_kind(database_kind: str, kinds: list[str]) -> str:
    """The kind of database that this test did not begin with."""
    return next((kind for kind in kinds if kind != database_kind), database_kind)


@pytest.fixture(scope="module")
def empty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Flask]]:
    """`empty("postgresql")`: an application on a new database without any table, or on a copy of that of another."""
    made: list[Flask] = []

    def make(kind: str, copy_of: Flask | None = None) -> Flask:
        folder, address = tmp_path_factory.mktemp("home"), ""
        if kind == "sqlite" and copy_of:
            shutil.copy(copy_of.config["SETTINGS"].data / "augenhoehe.db", folder)
        if kind == "postgresql":
            server = request.getfixturevalue("postgres_server")
            name = f"backup_{next(numbers)}"
            engine = create_engine(server, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                like = f"TEMPLATE {database_of(copy_of)}" if copy_of else ""
                connection.execute(text(f"CREATE DATABASE {name} {like}"))
            engine.dispose()
            base, _, query = server.partition("?")
            address = f"{base.rpartition('/')[0]}/{name}?{query}"
        made.append(make_app(folder, database=address))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def database_of(app: Flask) -> str | None:
    """Name of the database of an application."""
    return make_url(app.config["SETTINGS"].database_url).database


@pytest.fixture(scope="module")
def migrated(empty: Callable[..., Flask], database_kind: str) -> Flask:
    """An application with tables and no row, that nobody changes: the migrations take a while."""
    app = empty(database_kind)
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return app


@pytest.fixture
def small(empty: Callable[..., Flask], migrated: Flask, database_kind: str) -> Iterator[Flask]:
    """An application with tables and two organizations, within its context."""
    app = empty(database_kind, copy_of=migrated)
    with app.app_context(), time_machine.travel(TEST_NOW, tick=True):
        for name in ("Chor der Brücken", "Verein 𝄞 „Nord“"):
            create_organization(SYSTEM, Profile(name=name, kind=Kind.ASSOCIATION))
        yield app
        db.session.remove()


@pytest.fixture(scope="module")
def house(
    empty: Callable[[str], Flask], database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The application with the demonstration municipality; the clock stands at TEST_NOW and ticks."""
    app, folder = empty(database_kind), tmp_path_factory.mktemp("csv")
    as_of = (ROOT / "demo/AS_OF").read_text(encoding="utf-8").strip()
    with time_machine.travel(TEST_NOW, tick=True):
        with app.app_context():
            upgrade()
        runner = app.test_cli_runner()
        for room, most in DEMONSTRATION.items():
            lines = (ROOT / f"demo/{room}.csv").read_text(encoding="utf-8").splitlines()
            (folder / f"{room}.csv").write_text("\n".join(lines[:most]) + "\n", encoding="utf-8")
            options = [] if room in WITHOUT_DATES else ["--as-of", as_of]
            options += ["--release"] if room == "minutes" else []
            done = runner.invoke(args=[room, "import", "--quiet", *options, str(folder / f"{room}.csv")])
            assert done.exit_code == 0, done.output
        done = runner.invoke(args=["invitations", "invite", "--within", "28", "--reason", "Anlass"])
        assert done.exit_code == 0, done.output
        yield app


def in_context(app: Flask, do: Callable[..., object], *arguments: object, **named: object):
    """Do this with the database of an application, leaving no session open."""
    with app.app_context():
        try:
            return do(db.engine, *arguments, **named)
        finally:
            db.session.remove()


def sums(tables: list[TableSum]) -> dict[str, tuple[int, str]]:
    return {found.name: (found.rows, found.checksum) for found in tables}


def contents_of(app: Flask, file: Path) -> dict[str, tuple[int, str]]:
    """What is in a database now, by making a backup of it."""
    return sums(in_context(app, back_up, file))


# ---- rules


def test_a_checksum_does_not_depend_on_the_order_of_rows_or_columns():
    rows = [{"id": 1, "name": "Ä", "at": datetime(2026, 11, 16)}, {"id": 2, "name": None, "at": date(2026, 1, 1)}]
    one, other = TableSum("a"), TableSum("a")
    one.add(rows)
    other.add([dict(reversed(row.items())) for row in reversed(rows)])
    assert (one.rows, one.checksum) == (2, other.checksum)


def test_different_rows_have_different_texts():
    rows = [{"a": "1", "b": None}, {"a": 1, "b": None}, {"a": None, "b": "1"}, {"a": "1", "b": ""}, {"a": True}]
    assert len({canonical(row) for row in rows}) == len(rows)
    with pytest.raises(TypeError):
        canonical({"a": b"bytes"})


def test_the_same_row_twice_is_not_the_same_as_none():
    twice = TableSum("a")
    twice.add([{"id": 1}, {"id": 1}])
    assert twice.checksum != TableSum("a").checksum


# ---- the drill


def address_book(app: Flask) -> dict[str, str]:
    """Eight pages: name → address."""
    with app.app_context():
        told = session().scalars(select(Minutes).where(Minutes.released_at.is_not(None)).order_by(Minutes.id)).first()
        sitting = session().get(Sitting, told.sitting_id)
        slug = session().get(Committee, sitting.committee_id).slug
        with app.test_request_context():
            return {
                "start": url_for("overview.start"),
                "calendar": url_for("calendar.index"),
                "committee": url_for("committees.show", slug=slug),
                "seats": url_for("seats.index", slug=slug),
                "sitting": url_for("sittings.show", sitting_id=sitting.id),
                "feed": url_for("feeds.committee", slug=slug, alle=1),
                "minutes": url_for("minutes.show", sitting_id=told.sitting_id),
                "organizations": url_for("organizations.index"),
            }


def pages_of(app: Flask, addresses: dict[str, str]) -> dict[str, str]:
    """The pages as an officer sees them, without what is new at every visit."""
    with app.app_context():
        officer = session().scalars(
            select(Account).join(Assignment, Assignment.account_id == Account.id).where(Assignment.role == "officer")
        )
        key = officer.first().fs_uniquifier
        db.session.remove()
    app.test_client_class = PageClient
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    with client.session_transaction() as cookies:
        cookies.update(_user_id=key, _fresh=True)
    pages = {}
    for name, address in addresses.items():
        answer = client.get(address)
        assert answer.status_code == 200, (name, address, answer.status)
        assert len(answer.text) > 1_000, name
        pages[name] = re.sub(r'(name="(?:csrf_token|submission)"[^>]*value=")[^"]+', r"\1", answer.text)
    return pages


class Writer(threading.Thread):
    """Somebody who goes on writing: `acknowledged` are the names of places whose commit came back."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self.app, self.acknowledged, self.stopping = app, [], threading.Event()
        self.three = threading.Event()

    def run(self) -> None:
        with self.app.app_context():
            while not self.stopping.is_set():
                name = f"Ort {len(self.acknowledged)}"
                places.create_place(SYSTEM, places.Profile(name=name))
                self.acknowledged.append(name)
                if len(self.acknowledged) >= 3:
                    self.three.set()

    def __enter__(self) -> "Writer":
        self.start()
        assert self.three.wait(60)
        return self

    def __exit__(self, *error: object) -> None:
        self.stopping.set()
        self.join()


def test_the_drill(house, empty, other_kind, tmp_path):
    """Backup while somebody writes, restore into the other kind of database: nothing is missing, pages are equal."""
    with Writer(house) as writer:
        for number in range(10):  # until something was written just while the backup was made
            before, file = list(writer.acknowledged), tmp_path / f"drill{number}.backup"
            made = in_context(house, back_up, file)
            after = list(writer.acknowledged)
            if len(after) > len(before) + 1:
                break
        assert len(after) > len(before) + 1, "nobody wrote meanwhile"
        seen_at_least = len(after)
        while len(writer.acknowledged) < seen_at_least + 2:
            assert writer.is_alive()
            writer.three.wait(0.01)
    other = empty(other_kind)
    result = in_context(other, restore, file)
    assert sums(result.tables) == sums(made)
    assert (result.history.holds, result.outdated) == (True, False)
    with other.app_context():
        names = set(session().scalars(select(Place.name).where(Place.name.startswith("Ort "))))
        created = select(func.count()).where(HistoryLine.action == "places.create", HistoryLine.actor_account.is_(None))
        lines = session().scalar(created)
        places_there = session().scalar(select(func.count()).select_from(Place))
        db.session.remove()
    assert set(before) <= names, "what was acknowledged before is there"
    assert not names & set(writer.acknowledged[seen_at_least + 1 :]), "what came later is not"
    assert lines == places_there, "each row with its line of the history: one moment"
    addresses = address_book(house)
    assert len(addresses) == 8
    restored = pages_of(other, addresses)
    for name, page in pages_of(house, addresses).items():
        assert restored[name] == page, name


def test_there_and_back_nothing_changes(house, empty, other_kind, database_kind, tmp_path):
    """SQLite → PostgreSQL → SQLite (or the other way round), each table compared by count and checksum."""
    original = contents_of(house, tmp_path / "original")
    assert {"sitting", "appointment", "minutes_revision", "invitation", "outbox"} <= {
        name for name, (rows, _) in original.items() if rows
    }
    there, back = empty(other_kind), empty(database_kind)
    for source, target in ((house, there), (there, back)):
        with target.app_context():
            address = db.engine.url.render_as_string(hide_password=False)
        result = in_context(source, move, address, tmp_path)
        assert sums(result.tables) == original
        assert result.history.holds
        assert not [left for left in tmp_path.iterdir() if left.name.startswith("move-")]
    assert contents_of(back, tmp_path / "back") == original


# ---- backup


def test_a_backup_is_for_its_owner_alone_and_replaces_nothing(small, tmp_path):
    file = tmp_path / "today.backup"
    back_up(db.engine, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    with pytest.raises(Refused, match=r"ersetzt nie|never replaces"):
        back_up(db.engine, file)
    assert file.read_bytes() == before
    assert [found.name for found in tmp_path.iterdir()] == ["today.backup"], "nothing half done lies about"


def test_a_backup_that_cannot_be_written_says_why(small, tmp_path):
    with pytest.raises(Refused, match="No such file"):
        back_up(db.engine, tmp_path / "nowhere" / "today.backup")


def test_a_full_disk_leaves_no_file(small, tmp_path, monkeypatch):
    """The limit on a file's size stands for the disk; SQLite meets it as it would meet a full one."""
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    session().rollback()
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(Refused, match=re.escape(str(tmp_path))):
            back_up(db.engine, tmp_path / "today.backup")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_has_nothing_to_back_up(empty, database_kind, tmp_path):
    with pytest.raises(Refused, match="flask db upgrade"):
        in_context(empty(database_kind), back_up, tmp_path / "today.backup")
    assert list(tmp_path.iterdir()) == []


# ---- restore


def test_new_rows_fit_behind_the_restored_ones(small, empty, other_kind, tmp_path):
    back_up(db.engine, tmp_path / "b")
    other = empty(other_kind)
    in_context(other, restore, tmp_path / "b")
    with other.app_context():
        row = create_organization(SYSTEM, Profile(name="Neu", kind=Kind.ASSOCIATION))
        assert row.id == 3
        db.session.remove()


def test_rows_are_given_up_only_when_asked(small, tmp_path):
    back_up(db.engine, tmp_path / "b")
    create_organization(SYSTEM, Profile(name="Später", kind=Kind.ASSOCIATION))
    later = sums(back_up(db.engine, tmp_path / "later"))
    session().rollback()
    with pytest.raises(Refused, match="--replace"):
        restore(db.engine, tmp_path / "b")
    assert sums(back_up(db.engine, tmp_path / "same")) == later
    result = restore(db.engine, tmp_path / "b", replace=True)
    assert sums(result.tables)["organization"][0] == 2


def test_tables_that_are_not_ours_are_never_touched(small, empty, database_kind, tmp_path):
    back_up(db.engine, tmp_path / "b")
    other = empty(database_kind)
    with other.app_context():
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE recipe (id INTEGER PRIMARY KEY)"))
        with pytest.raises(Refused, match="recipe"):
            restore(db.engine, tmp_path / "b", replace=True)
        assert inspect(db.engine).get_table_names() == ["recipe"]


def damage(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE organization SET name = 'anders' WHERE id = 1", "organization"),
        ("DELETE FROM history WHERE id = 1", "history"),
        ("UPDATE alembic_version SET version_num = 'ffffffffffff'", "neuer|newer"),
        ("PRAGMA user_version = 2", "neuer|newer"),
        ("PRAGMA application_id = 1", "Sicherung|backup"),
        ("DROP TABLE backup_contents", "Sicherung|backup"),
        ("DROP TABLE outbox", "outbox|Tabellen|tables"),
        ("UPDATE organization SET name = NULL", "name"),
        ("INSERT INTO assignment (id, account_id, role) VALUES (1, 77, 'admin')", "assignment"),
        ("DELETE FROM alembic_version", "damaged|beschädigt"),
        ("DROP TABLE alembic_version", "damaged|beschädigt"),
        ("ALTER TABLE organization DROP COLUMN phone", "phone"),
    ],
)
def test_a_changed_backup_is_refused_and_the_database_stays(small, tmp_path, statement, reason):
    before = sums(back_up(db.engine, tmp_path / "b"))
    session().rollback()
    damage(tmp_path / "b", statement)
    with pytest.raises(Refused, match=reason):
        restore(db.engine, tmp_path / "b", replace=True)
    assert sums(back_up(db.engine, tmp_path / "after")) == before


def test_a_column_that_no_migration_made_is_not_lost_in_silence(small, empty, other_kind, tmp_path):
    with transaction() as writing:
        writing.execute(text("ALTER TABLE organization ADD COLUMN shoe_size INTEGER"))
    back_up(db.engine, tmp_path / "b")
    other = empty(other_kind)
    with pytest.raises(Refused, match="organization"):
        in_context(other, restore, tmp_path / "b")
    with other.app_context():
        assert inspect(db.engine).get_table_names() == []


@pytest.mark.parametrize("bytes_left", [0, 10, 5_000, -4_096])
def test_half_a_file_is_no_backup(small, tmp_path, bytes_left):
    file = tmp_path / "b"
    back_up(db.engine, file)
    session().rollback()
    file.write_bytes(file.read_bytes()[:bytes_left])
    with pytest.raises(Refused, match=re.escape(str(file))):
        restore(db.engine, file, replace=True)


def test_what_is_no_backup_is_refused(small, tmp_path):
    (tmp_path / "text").write_text("name;ort\n" * 1_000)
    for file in (tmp_path / "text", tmp_path / "missing", tmp_path):
        with pytest.raises(Refused, match=re.escape(str(file))):
            restore(db.engine, file, replace=True)


NEXT_MIGRATION = """
import sqlalchemy as sa
from alembic import op
revision = "next"
down_revision = {head!r}
def upgrade():
    with op.batch_alter_table("organization") as batch_op:
        batch_op.add_column(sa.Column("shoe_size", sa.Integer(), nullable=True))
"""


def test_an_older_backup_is_restored_and_then_upgraded(small, tmp_path, monkeypatch):
    """A later program has one migration more than the backup knows."""
    later = tmp_path / "migrations"
    shutil.copytree(operations.MIGRATIONS, later, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(later)).get_current_head()
    (later / "versions/next.py").write_text(NEXT_MIGRATION.format(head=head))
    made = sums(back_up(db.engine, tmp_path / "b"))
    session().rollback()
    upgrade(directory=str(later))
    monkeypatch.setattr(operations, "MIGRATIONS", later)
    result = restore(db.engine, tmp_path / "b", replace=True)
    assert result.outdated
    assert sums(result.tables) == made
    upgrade(directory=str(later))
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT name, shoe_size FROM organization ORDER BY id")).all()
    assert rows == [("Chor der Brücken", None), ("Verein 𝄞 „Nord“", None)]
    newer = sums(back_up(db.engine, tmp_path / "newer"))
    monkeypatch.undo()
    with pytest.raises(Refused, match=r"neuer|newer"):
        restore(db.engine, tmp_path / "newer", replace=True)
    assert sums(back_up(db.engine, tmp_path / "same")) == newer


def test_a_restore_does_not_tear_the_tables_from_under_a_writer(small, tmp_path, monkeypatch):
    monkeypatch.setattr(operations, "PATIENCE", 200)
    before = sums(back_up(db.engine, tmp_path / "b"))
    with db.engine.connect().execution_options(writes=True) as writer:
        writer.execute(text("UPDATE organization SET phone = '1'"))
        with pytest.raises(Refused, match=r"Server|server"):
            restore(db.engine, tmp_path / "b", replace=True)
    assert sums(back_up(db.engine, tmp_path / "after")) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from core.backup import operations
from core.database import db
from wsgi import create_app

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

setattr(operations, sys.argv[1], die)
with create_app().app_context():
    if sys.argv[2] == "backup":
        operations.back_up(db.engine, Path(sys.argv[3]))
    else:
        operations.restore(db.engine, Path(sys.argv[3]), replace=True)
"""


@pytest.mark.parametrize(("moment", "what"), [("_put_in_place", "backup"), ("check_chain", "restore")])
def test_killed_at_the_last_moment_nothing_has_changed(small, tmp_path, moment, what):
    """kill -9 when all rows are written, before the file has its name or the transaction is committed."""
    file = tmp_path / "b"
    if what == "restore":
        back_up(db.engine, file)
        create_organization(SYSTEM, Profile(name="Später", kind=Kind.ASSOCIATION))
    before = sums(back_up(db.engine, tmp_path / "before"))
    session().rollback()
    settings = small.config["SETTINGS"]
    environment = {
        "AUGENHOEHE_MODE": "test",
        "AUGENHOEHE_SECRET_KEY": settings.secret_key,
        "AUGENHOEHE_DATA": str(settings.data),
        "AUGENHOEHE_DATABASE": db.engine.url.render_as_string(hide_password=False),
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-c", KILLED, moment, what, str(file)]
    done = subprocess.run(command, env=environment, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert file.exists() == (what == "restore")
    assert sums(back_up(db.engine, tmp_path / "after")) == before
    back_up(db.engine, file.with_name("again"))


def test_rows_that_point_to_later_rows_of_their_table(small, empty, other_kind, tmp_path):
    """Foreign keys are looked at when all rows are there, and at once again afterwards."""
    metadata = MetaData()
    name = "fk_chain_next_id_chain"
    links = Table(
        "chain",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("next_id", ForeignKey("chain.id", name=name)),
    )
    other = empty(other_kind)
    with other.app_context(), db.engine.connect().execution_options(writes=True) as connection:
        metadata.create_all(connection)
        with operations._keys_checked_at_the_end(connection, [links]):
            connection.execute(insert(links), [{"id": 1, "next_id": 2}, {"id": 2, "next_id": None}])
        connection.get_transaction().commit()
    with other.app_context():
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.execute(insert(links), {"id": 3, "next_id": 4})


def test_a_broken_history_is_restored_as_it_was_and_told(small, tmp_path):
    with transaction() as writing:
        writing.execute(text("UPDATE history SET action = 'nothing' WHERE id = 1"))
    made = sums(back_up(db.engine, tmp_path / "b"))
    session().rollback()
    result = restore(db.engine, tmp_path / "b", replace=True)
    assert sums(result.tables) == made
    assert result.history.examples == [1]


def test_the_restored_tables_are_those_of_the_migrations(small, empty, database_kind, tmp_path):
    """Keys, rules and indexes too, with foreign keys checked at once as before."""

    def described(app: Flask) -> object:
        with app.app_context(), db.engine.connect() as connection:
            inspector = inspect(connection)
            return {
                table.name: (
                    *(
                        sorted(json.dumps(found, default=str, sort_keys=True) for found in look(table.name))
                        for look in (
                            inspector.get_columns,
                            inspector.get_foreign_keys,
                            inspector.get_indexes,
                            inspector.get_unique_constraints,
                            inspector.get_check_constraints,
                        )
                    ),
                )
                for table in tables_in(connection)
            }

    back_up(db.engine, tmp_path / "b")
    other = empty(database_kind)
    in_context(other, restore, tmp_path / "b")
    assert described(other) == described(small)


@pytest.mark.parametrize("address", ["", "nonsense", "mysql://here/there", "sqlite:////nowhere/at/all.db"])
def test_an_address_that_leads_nowhere_is_refused(small, tmp_path, address):
    with pytest.raises(Refused):
        move(db.engine, address, tmp_path)
    with pytest.raises(Refused):
        move(db.engine, db.engine.url.render_as_string(hide_password=False), tmp_path)
    assert list(tmp_path.iterdir()) == []


# ---- commands


@pytest.fixture
def run(small):
    """`run("backup", file)`: the command as one types it; gives its exit status and what it said."""
    from core.backup import commands

    def invoke(command: str, *arguments: object, answer: str | None = None):
        session().rollback()
        chosen = commands.group if command == "database" else getattr(commands, command)
        done = small.test_cli_runner().invoke(chosen, [str(found) for found in arguments], input=answer)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return invoke


def test_backup_and_restore_on_the_command_line(run, tmp_path):
    file = tmp_path / "b"
    status, said = run("backup", file)
    assert (status, str(file) in said) == (0, True)
    assert re.search(r"^organization +2 +[0-9a-f]{16}$", said, re.MULTILINE)
    assert run("backup", file)[0] == 1
    assert run("restore", file, "--replace", answer="n\n")[0] == 1
    assert run("restore", file, "--yes")[0] == 1
    status, said = run("restore", file, "--replace", "--yes")
    assert status == 0
    assert "Verlauf" in said or "history" in said


def test_a_broken_history_ends_a_restore_with_status_1(run, tmp_path):
    with transaction() as writing:
        writing.execute(text("UPDATE history SET action = 'nothing' WHERE id = 2"))
    run("backup", tmp_path / "b")
    assert run("restore", tmp_path / "b", "--replace", "--yes")[0] == 1


def test_move_on_the_command_line(run, empty, other_kind):
    with empty(other_kind).app_context():
        address = db.engine.url.render_as_string(hide_password=False)
    status, said = run("database", "move", address, "--yes")
    assert (status, "AUGENHOEHE_DATABASE" in said) == (0, True)
    assert run("database", "move", address, "--yes")[0] == 1, "it is not empty any more"
    assert run("database", "move", "nonsense", "--yes")[0] == 1


# ---- who was erased stays erased


@pytest.fixture
def erased(small, tmp_path):
    """A backup in which Ada still is; in the database she was erased since."""
    person = people.create_person(SYSTEM, people.Profile("Ahorn", "Ada", email="ada@example.org"), key="ada")
    create_account(SYSTEM, "ada@example.org", person_id=person.id)
    back_up(db.engine, tmp_path / "old")
    erasing.erase(SYSTEM, erasing.subject_of(person_id=person.id))
    session().rollback()
    return tmp_path / "old"


def traces_of_ada() -> list[str]:
    session().rollback()
    with db.engine.connect() as connection:
        rows = [str(row) for table in db.metadata.sorted_tables for row in connection.execute(table.select())]
    return [row for row in rows if "Ahorn" in row or "ada@example.org" in row]


def test_a_restored_backup_does_not_bring_back_who_was_erased(run, erased):
    restore(db.engine, erased, replace=True)
    assert len(traces_of_ada()) >= 4, "she is in the backup"
    status, said = run("restore", erased, "--replace", "--yes")
    assert (status, traces_of_ada()) == (0, [])
    assert re.search(r"^1 Person", said, re.MULTILINE)
    assert check_chain(session()).holds


def test_the_list_is_taken_from_the_database_where_its_file_is_lost(small, run, erased):
    file = small.config["SETTINGS"].data / "erased.txt"
    file.unlink()
    assert run("restore", erased, "--replace", "--yes")[0] == 0
    assert traces_of_ada() == []
    assert len(file.read_text().split()) == 2


def test_newer_backups_carry_the_list(small, run, erased, tmp_path):
    """The machine is lost with its data folder: after the newer backup, an older one brings nobody back either."""
    assert run("backup", tmp_path / "new")[0] == 0
    (small.config["SETTINGS"].data / "erased.txt").unlink()
    restore(db.engine, erased, replace=True)
    for file in (tmp_path / "new", erased):
        assert run("restore", file, "--replace", "--yes")[0] == 0
        assert traces_of_ada() == []


def test_an_upgrade_erases_again_who_came_with_an_older_version(run, erased, tmp_path, monkeypatch):
    later = tmp_path / "migrations"
    shutil.copytree(operations.MIGRATIONS, later, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(later)).get_current_head()
    (later / "versions/next.py").write_text(NEXT_MIGRATION.format(head=head))
    monkeypatch.setattr(operations, "MIGRATIONS", later)
    assert run("restore", erased, "--replace", "--yes")[0] == 0
    assert traces_of_ada() != []
    upgrade(directory=str(later))
    assert traces_of_ada() == []


def test_an_upgrade_interrupted_before_it_erased_again_is_made_up_for(erased):
    """Killed between its commit and the erasing, it leaves up-to-date tables, and Ada: the next one ends it."""
    restore(db.engine, erased, replace=True)
    assert traces_of_ada() != []
    upgrade(directory=str(operations.MIGRATIONS))
    assert traces_of_ada() == []


def test_a_move_takes_nobody_along_who_was_erased(run, erased, empty, other_kind):
    restore(db.engine, erased, replace=True)
    other = empty(other_kind)
    with other.app_context():
        address = db.engine.url.render_as_string(hide_password=False)
    assert run("database", "move", address, "--yes")[0] == 0
    with other.app_context():
        assert traces_of_ada() == []
        assert session().scalar(select(func.count()).select_from(Erasure)) == 2
        db.session.remove()
