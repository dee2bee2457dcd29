"""The database is away, read only or kept by others: a whole page says so, in the reader's language."""

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, event, func, select, text

from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile, create_organization
from coordination.organizations.rules import Kind
from core.access import SYSTEM
from core.database import db, session
from tests.conftest import PageClient
from tests.conftest import test_app as make_app
from tests.durability.house import ROOT, house_in

SAID = "Das konnte nicht gespeichert werden, und nichts wurde geändert."


@pytest.fixture
def away(tmp_path: Path) -> Iterator[PageClient]:
    """A browser with a session, at a site whose PostgreSQL does not answer."""
    app = make_app(tmp_path, database="postgresql+psycopg://127.0.0.1:9/nowhere")
    app.test_client_class = PageClient
    client = app.test_client()
    assert isinstance(client, PageClient)
    with client.session_transaction() as cookie:
        cookie.update(_user_id="somebody", _fresh=True)
    yield client
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Die Seite erreicht ihre Daten nicht."), ("en", "The site cannot reach its data.")]
)
def test_a_database_that_does_not_answer(away, language, said):
    for path in ("/", "/gremien/", "/organisationen/"):
        page = away.get(path, headers={"Accept-Language": language})
        assert (page.status_code, said in page.text) == (503, True)
    assert away.application.test_client().get("/healthz").status_code == 200


@pytest.fixture
def on_sqlite(app: Flask) -> Iterator[Callable[[str], None]]:
    """`on_sqlite("query_only=ON")`: the pragma for every connection from now on, until the end of the test."""
    set_so_far: list[Callable[..., None]] = []

    def pragma(setting: str) -> None:
        def put(connection: sqlite3.Connection, *_: Any) -> None:
            connection.execute(f"PRAGMA {setting}")

        event.listen(db.engine, "connect", put)
        set_so_far.append(put)
        db.session.remove()
        db.engine.dispose()

    yield pragma
    for put in set_so_far:
        event.remove(db.engine, "connect", put)
    db.session.remove()
    db.engine.dispose()


def number() -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(Organization)) or 0


@pytest.mark.one_database
def test_a_read_only_database(sign_in, on_sqlite):
    client = sign_in("officer")
    on_sqlite("query_only=ON")
    page = client.submit("/organisationen/neu", {"name": "Chor der Brücken", "kind": "association"})
    assert SAID in page.text
    assert "Chor der Brücken" in page.text, "what was typed is still there"
    assert number() == 0


@pytest.mark.one_database
def test_another_process_keeps_the_lock_for_too_long(sign_in, on_sqlite):
    client = sign_in("officer")
    on_sqlite("busy_timeout=50")
    with closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        page = client.submit("/organisationen/neu", {"name": "Chor der Brücken", "kind": "association"})
        assert SAID in page.text
        assert "locked" not in page.text
        other.execute("ROLLBACK")
    client.submit("/organisationen/neu", {"name": "Chor der Brücken", "kind": "association"})
    assert number() == 1


@pytest.mark.one_database
def test_every_connection_syncs_each_commit(app):
    """FULL: a commit is on the disk before it is acknowledged, so that no loss of power takes it back."""
    connections = [db.engine.connect() for _connection in range(8)]
    try:
        assert {found.scalar(text("PRAGMA synchronous")) for found in connections} == {2}
        assert {found.scalar(text("PRAGMA journal_mode")) for found in connections} == {"wal"}
    finally:
        for found in connections:
            found.close()


@pytest.mark.one_database
def test_a_reader_for_hours(app):
    """The write-ahead log grows while somebody reads an old state, and is folded back once they are gone."""
    with db.engine.connect() as reader:
        before = reader.scalar(select(func.count()).select_from(Organization))
        for place in range(30):
            create_organization(SYSTEM, Profile(name=f"Verein {place}", kind=Kind.OTHER))
        assert reader.scalar(select(func.count()).select_from(Organization)) == before
        assert unfolded() > 0
    assert unfolded() == 0


@pytest.mark.one_database
def test_no_request_leaves_a_reader_behind(sign_in):
    client = sign_in("officer")
    for path in ("/", "/organisationen/", "/gibt-es-nicht"):
        client.get(path)
    create_organization(SYSTEM, Profile(name="Verein", kind=Kind.OTHER))
    session().rollback()
    assert unfolded() == 0


def unfolded() -> int:
    """Pages in the write-ahead log that no checkpoint can bring into the database yet."""
    with db.engine.connect() as connection:
        connection.rollback()
        driver: Any = connection.connection.driver_connection
        _busy, in_log, folded = driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return int(in_log - folded)


def test_nobody_shares_a_connection(app):
    """Each thread has its own session and its own connection."""
    seen: set[int] = set()
    together = threading.Barrier(4)

    def look() -> None:
        with app.app_context():
            seen.add(id(session().connection().connection.driver_connection))
            together.wait(timeout=60)
            db.session.remove()

    threads = [threading.Thread(target=look) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 4


TEN_COMMITS = """
from core.access import SYSTEM
from coordination.organizations.operations import Profile, create_organization
from coordination.organizations.rules import Kind
from wsgi import create_app

with create_app().app_context():
    for number in range(10):
        create_organization(SYSTEM, Profile(name=f"Verein {number}", kind=Kind.OTHER))
"""


def test_each_commit_reaches_the_disk(tmp_path):
    """Seen from below: ten commits are ten calls for the log to be written out.

    Needs strace, and that one process may watch another; where that is not so, `synchronous` above must do.
    """
    may_trace = subprocess.run(["sh", "-c", "strace -o /dev/null true"], check=False, capture_output=True)
    with house_in(tmp_path) as house:
        seen = tmp_path / "seen"
        watch = ["strace", "-f", "-y", "-e", "trace=fsync,fdatasync", "-o", str(seen)]
        command = [*(watch if may_trace.returncode == 0 else []), sys.executable, "-c", TEN_COMMITS]
        subprocess.run(command, env={**os.environ, **house.environment}, cwd=ROOT, check=True)
        with house.app.app_context():
            assert number() == 10
        if may_trace.returncode == 0:
            calls = seen.read_text().splitlines()
            assert sum("augenhoehe.db-wal" in call and "sync(" in call for call in calls) >= 10


@contextmanager
def answer_lost(*, after_commit: bool) -> Iterator[None]:
    """The server ends the connection that commits next: before it has committed, or when it has and nobody heard."""
    lost: list[int] = []

    def lose(connection: Connection) -> None:
        if lost:
            return
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        lost.append(process)
        if after_commit:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("SELECT 1")
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})

    event.listen(db.engine, "commit", lose)
    yield
    event.remove(db.engine, "commit", lose)
    assert lost


@pytest.mark.parametrize("after_commit", [False, True])
def test_a_connection_lost_while_committing_leaves_it_open_and_sent_again_it_is_done_once(
    sign_in, database_kind, after_commit
):
    if database_kind == "sqlite":
        pytest.skip("SQLite has no connection to lose")
    client = sign_in("officer")
    form = {"name": "Chor der Brücken", "kind": "association", "submission": "a-key-of-this-form-0001"}
    with answer_lost(after_commit=after_commit):
        page = client.submit("/organisationen/neu", form)
    assert "wissen wir nicht, ob gespeichert wurde" in page.text
    assert SAID not in page.text
    assert "Chor der Brücken" in page.text, "what was typed is still there"
    assert form["submission"] in page.text, "and the form's key, so that it can be sent again"
    assert number() == after_commit
    client.submit("/organisationen/neu", form)
    assert number() == 1


def test_a_database_that_was_started_again_is_noticed_by_nobody(sign_in, database_kind):
    if database_kind == "sqlite":
        pytest.skip("SQLite has no connection to lose")
    client = sign_in("officer")
    assert client.get("/organisationen/").status_code == 200
    db.session.remove()
    others = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        " AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    outside = create_engine(db.engine.url)
    with outside.connect() as connection:
        assert connection.execute(others).all(), "the house keeps connections open"
    outside.dispose()
    assert client.get("/organisationen/").status_code == 200
