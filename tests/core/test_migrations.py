"""The migrations make exactly the tables of the models, on both databases, and leave nothing half done."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from core.database import UtcDateTime, db
from core.schema import MIGRATIONS
from tests.conftest import new_database
from tests.conftest import test_app as make_app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Flask:
    """An application on a database without any table."""
    if database_kind == "sqlite":
        return make_app(tmp_path)
    address = new_database(request.getfixturevalue("postgres_server"), f"migrations_{tmp_path.name[:30]}".lower())
    return make_app(tmp_path, database=address)


def same_type(_context, _inspected, _column, found, wanted):
    """Our UTC column is a plain DateTime in the database."""
    return False if isinstance(wanted, UtcDateTime) else None


def test_the_migrations_make_the_models_tables(empty_database):
    with empty_database.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": same_type})
            assert compare_metadata(context, db.metadata) == []
        db.engine.dispose()


def test_committees_of_an_older_version_get_their_record_of_cooperation(empty_database):
    """Rows that were there before the record of cooperation keep what refers to them."""
    with empty_database.app_context():
        upgrade(revision="c92e2a186888")
        with db.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO organization (id, key, name, short_name, kind, own_label, about, email, website,"
                    " phone, version) VALUES (1, 'forum', 'Forum', '', 'committee', '', '', '', '', '', 1),"
                    " (2, 'chor', 'Chor', '', 'migrant_organisation', '', '', '', '', '', 1)"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO committee (id, slug, organization_id, kind, notice_days, quorum_rule, public,"
                    " publishes_attendance, version)"
                    " VALUES (1, 'forum', 1, 'network', 7, 'presence', true, false, 1)"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO seat (id, committee_id, label, position, organization_id, speaking_right,"
                    " motion_right, voting_right, starts_on, version)"
                    " VALUES (1, 1, 'MO 1', 1, 2, true, true, false, '2024-01-01', 1)"
                )
            )
        upgrade()
        with db.engine.connect() as connection:
            record = connection.execute(
                text(
                    "SELECT title, cooperation.figure, CAST(cooperation.starts_on AS VARCHAR(10)),"
                    " partner.organization_id"
                    " FROM committee JOIN cooperation ON cooperation.id = committee.cooperation_id"
                    " JOIN partner ON partner.cooperation_id = cooperation.id"
                )
            ).one()
            assert tuple(record) == ("Forum", "regular_exchange", "2024-01-01", 2)
            assert connection.scalar(text("SELECT count(*) FROM seat")) == 1
        downgrade(revision="c92e2a186888")
        with db.engine.connect() as connection:
            assert (
                connection.scalar(text("SELECT count(*) FROM seat JOIN committee ON committee.id = committee_id")) == 1
            )
        db.engine.dispose()


def test_project_ideas_that_an_older_version_called_off_are_known_as_turned_down(empty_database):
    """Told by the history: the first was an idea, the second was planned."""
    with empty_database.app_context():
        upgrade(revision="c4b81de20a75")
        with db.engine.begin() as connection:
            for number, before in ((1, "idea"), (2, "planned")):
                record = {
                    **{"id": number, "key": f"garten-{number}", "title": "Garten", "format": "project", "version": 1},
                    **{"status": "cancelled", "source": "project", "what_worked": "", "do_differently": ""},
                    **{"regular_exchange": False, "restricted": False},
                }
                project = {
                    **{"id": number, "cooperation_id": number, "title": "Garten", "state": "cancelled", "version": 1},
                    **{"text": "", "reason": "Kein Platz."},
                }
                line = {
                    **{"at": datetime(2026, 11, 1), "action": "projects.cancelled", "object_type": "project"},
                    **{"object_id": number, "old": {"state": before}, "new": {"state": "cancelled"}},
                    **{"salt": "", "digest": "", "chain": str(number)},
                }
                for table, row in (("cooperation", record), ("project", project), ("history", line)):
                    there = Table(table, MetaData(), autoload_with=connection)
                    connection.execute(insert(there).values(row))
        upgrade()
        with db.engine.connect() as connection:
            found = connection.execute(text("SELECT state FROM project ORDER BY id")).scalars().all()
            assert found == ["turned_down", "cancelled"]
        downgrade(revision="c4b81de20a75")
        with db.engine.connect() as connection:
            assert set(connection.scalars(text("SELECT state FROM project"))) == {"cancelled"}
        db.engine.dispose()


def test_event_ideas_of_an_older_version_of_which_nothing_came_are_known_as_turned_down(empty_database):
    """Told by their date, which stood in nobody's calendar: the second was planned before it was called off."""
    with empty_database.app_context():
        upgrade(revision="5e0a9c7d41b3")
        with db.engine.begin() as connection:
            for number, date_status in ((1, "draft"), (2, "cancelled")):
                record = {
                    **{"id": number, "key": f"fest-{number}", "title": "Fest", "format": "single_event", "version": 1},
                    **{"status": "cancelled", "source": "event", "what_worked": "", "do_differently": ""},
                    **{"regular_exchange": False, "restricted": False},
                }
                event = {
                    **{"id": number, "cooperation_id": number, "title": "Fest", "state": "cancelled", "version": 1},
                    **{"text": "", "languages": "", "public": True, "reason": "Kein Platz.", "uid": f"{number}@x"},
                    **{"sequence": 0, "status": date_status, "zone": "Europe/Berlin"},
                    **dict.fromkeys(("starts_local", "starts_at", "changed_at"), datetime(2026, 11, 1, 18)),
                }
                for table, row in (("cooperation", record), ("event", event)):
                    there = Table(table, MetaData(), autoload_with=connection)
                    connection.execute(insert(there).values(row))
        told = text(
            "SELECT event.state, cooperation.status FROM event"
            " JOIN cooperation ON cooperation.id = event.cooperation_id ORDER BY event.id"
        )
        upgrade()
        with db.engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(told)]
            assert found == [("turned_down", "turned_down"), ("cancelled", "cancelled")]
        downgrade(revision="5e0a9c7d41b3")
        with db.engine.connect() as connection:
            assert {tuple(row) for row in connection.execute(told)} == {("cancelled", "cancelled")}
        db.engine.dispose()


def test_answers_of_an_older_version_count_for_the_time_that_holds_now(database_of_last_year):
    evening = datetime(2026, 12, 1, 18, 30)
    with db.engine.begin() as connection:
        add(connection, "person", id=1, key="ada")
        add(connection, "seat", id=1, committee_id=1)
        add(connection, "sitting", id=1, committee_id=1, starts_local=evening)
        add(connection, "sitting", id=2, committee_id=1, uid="2", starts_local=datetime(2026, 12, 8, 18, 30))
        add(connection, "reply", id=1, sitting_id=1, seat_id=1, person_id=1, answer="coming")
    upgrade()
    with db.engine.connect() as connection:
        reply = Table("reply", MetaData(), autoload_with=connection)
        assert not reply.c.for_start.nullable
        assert connection.execute(select(reply.c.answer, reply.c.for_start)).all() == [("coming", evening)]
    downgrade(revision=LAST_YEAR)
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT answer FROM reply")) == "coming"


def test_there_is_a_way_back(empty_database):
    with empty_database.app_context():
        upgrade()
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        db.engine.dispose()


def test_an_interrupted_migration_leaves_nothing(empty_database):
    """A statement in the middle fails: no table of it is there afterwards, and the next run goes through."""
    with empty_database.app_context():
        upgrade()
        downgrade(revision="base")
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE sitting (id INTEGER)"))
        with pytest.raises(Exception, match="sitting"):
            upgrade()
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version", "sitting"}
        with db.engine.begin() as connection:
            connection.execute(text("DROP TABLE sitting"))
        upgrade()
        assert "attendance" in inspect(db.engine).get_table_names()
        db.engine.dispose()


#: the first version that anybody ran; its migration never changes
LAST_YEAR = "c92e2a186888"
THIS_YEAR = """
import sqlalchemy as sa
from alembic import op
revision = "this year"
down_revision = {head!r}
def upgrade():
    op.create_table("shoe", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size", sa.Integer()))
    with op.batch_alter_table("organization", recreate="auto") as batch_op:
        batch_op.add_column(sa.Column("shoes", sa.Integer(), nullable=False, server_default="0"))
        batch_op.alter_column("phone", type_=sa.String(80), existing_type=sa.String(60), existing_nullable=False)
    op.execute("UPDATE organization SET shoes = 2")
    op.execute("INSERT INTO shoe (id, size) SELECT id, 40 FROM organization")
    with op.batch_alter_table("shoe") as batch_op:
        batch_op.create_index("ix_shoe_size", ["size"])
def downgrade():
    op.drop_table("shoe")
    with op.batch_alter_table("organization") as batch_op:
        batch_op.drop_column("shoes")
"""
#: An upgrade that is killed (SIGKILL), each time in a process of its own: before some of the many statements of the
#: years, by chance, then before each statement of the newest migration; the last one goes through. After each the
#: tables and rows are told.
KILLED = """
import itertools, json, os, random, signal, sys
from flask_migrate import upgrade
from sqlalchemy import event, inspect, text
from core.database import db
from wsgi import create_app

folder, seed = sys.argv[1:]
reading, writing = os.pipe()

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def at_the_newest(number, statement):
    if "shoe" in statement:
        os.write(writing, str(number).encode())
        die()

def at(wanted):
    return lambda number, _statement: number == wanted and die()

def killed(when):
    child = os.fork()
    if not child:
        seen = itertools.count(1)
        event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: when(next(seen), statement))
        event.listen(db.engine, "commit", lambda _connection: when(next(seen), "COMMIT"))
        upgrade(directory=folder)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps({"status": status, **told()}), flush=True)
    return status == -signal.SIGKILL

def told():
    found = inspect(db.engine)
    columns = {name: [c["name"] for c in found.get_columns(name)] for name in ("organization", "committee")}
    with db.engine.connect() as connection:
        rows = [list(row) for row in connection.execute(text("SELECT organization_id, name FROM committee JOIN "
            "organization ON organization.id = organization_id"))]
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    tables = sorted(found.get_table_names())
    db.engine.dispose()  # a process that is forked must not get our connection
    return {"tables": tables, "columns": columns, "rows": rows, "version": version}

with create_app().app_context():
    print(json.dumps({"status": 0, **told()}))
    killed(at_the_newest)
    newest = int(os.read(reading, 10))
    for number in random.Random(seed).sample(range(1, newest), 10):
        killed(at(number))
    while killed(at(newest)):
        newest += 1
"""


@pytest.fixture
def migrations_of_this_year(tmp_path: Path) -> str:
    """The migrations, and one more that makes, changes and fills tables."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = ScriptDirectory(str(folder)).get_current_head()
    (folder / "versions/this_year.py").write_text(THIS_YEAR.format(head=head))
    return str(folder)


def add(connection: Connection, table_name: str, /, **values: object) -> None:
    """A row in a table as it was: what must be there and is not given is empty."""
    table = Table(table_name, MetaData(), autoload_with=connection)
    empty = {int: 0, str: "", bool: False, datetime: datetime(2025, 11, 21), date: date(2025, 11, 21)}
    needed = {column.name: empty[column.type.python_type] for column in table.columns if not column.nullable}
    connection.execute(insert(table).values({**needed, **values}))


@pytest.fixture
def database_of_last_year(empty_database: Flask) -> Iterator[Flask]:
    """With an organization and, pointing to it, its committee."""
    with empty_database.app_context():
        upgrade(revision=LAST_YEAR)
        with db.engine.begin() as connection:
            add(connection, "organization", id=1, key="rat", name="Integrationsrat")
            add(connection, "committee", id=1, organization_id=1)
        db.engine.dispose()
        yield empty_database
        db.session.remove()
        db.engine.dispose()


def environment_of(app: Flask, **more: str) -> dict[str, str]:
    settings = app.config["SETTINGS"]
    return {
        "AUGENHOEHE_MODE": "test",
        "AUGENHOEHE_SECRET_KEY": settings.secret_key,
        "AUGENHOEHE_DATA": str(settings.data),
        "AUGENHOEHE_DATABASE": settings.database_url,
        "FLASK_APP": str(ROOT / "wsgi.py"),
        "PATH": os.environ["PATH"],
        **more,
    }


def test_an_upgrade_killed_at_any_statement_leaves_last_years_database(database_of_last_year, migrations_of_this_year):
    seed = str(random.SystemRandom().randrange(2**32))
    done = subprocess.run(
        [sys.executable, "-c", KILLED, migrations_of_this_year, seed],
        env=environment_of(database_of_last_year),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"seed {seed}\n{done.stderr}"
    before, *killed, after = (json.loads(line) for line in done.stdout.splitlines())
    assert before["version"] == LAST_YEAR
    unlike = [told for told in killed if told != {**before, "status": -signal.SIGKILL}]
    done_with = {**after, "status": -signal.SIGKILL}
    assert all(told == done_with for told in unlike), f"killed after the commit: all is done (seed {seed})"
    assert len(killed) - len(unlike) > 18
    assert (after["status"], after["version"], after["rows"]) == (0, "this year", [[1, "Integrationsrat"]])
    assert "shoe" in after["tables"]


@pytest.mark.parametrize("mode", ["production", "demo"])
def test_the_way_back_is_refused_where_people_work(database_of_last_year, mode):
    """By the command that runs it, with a sentence instead of a trace, and nothing is changed."""
    more = {"AUGENHOEHE_MODE": mode, "AUGENHOEHE_PUBLIC_URL": "https://x.example", "AUGENHOEHE_SMTP_HOST": "x.example"}
    done = subprocess.run(
        [sys.executable, "-m", "flask", "db", "downgrade", "base"],
        env=environment_of(database_of_last_year, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "would delete data" in done.stderr or "Daten löschen" in done.stderr
    assert "Traceback" not in done.stderr
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM organization")) == "Integrationsrat"
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == LAST_YEAR


def test_an_older_program_leaves_a_newer_database_alone(database_of_last_year, migrations_of_this_year, capfd):
    upgrade(directory=migrations_of_this_year)
    with pytest.raises(SystemExit):
        upgrade()
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "this year"
        assert connection.scalar(text("SELECT count(*) FROM shoe")) == 1


def test_a_migration_that_leaves_rows_pointing_to_nothing_is_undone(database_of_last_year, migrations_of_this_year):
    (Path(migrations_of_this_year) / "versions/worse.py").write_text(
        "from alembic import op\nrevision = 'worse'\ndown_revision = 'this year'\n"
        "def upgrade():\n    op.execute('DELETE FROM organization')\n"
    )
    with pytest.raises((SystemExit, IntegrityError)):
        upgrade(directory=migrations_of_this_year)
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM organization")) == 1
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == LAST_YEAR
