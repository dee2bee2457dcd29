"""The one commit: a reader that becomes a writer, refusals that leave nothing, two writers at once."""

import sqlite3
import threading
from contextlib import closing

import pytest
from sqlalchemy import text

from coordination.cooperation.own_topics import create_own_topic
from coordination.organizations import operations, queries
from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile
from coordination.organizations.rules import Kind, Topic
from coordination.places import operations as places
from coordination.strategy import operations as strategy
from core.access import SYSTEM
from core.database import after_commit, db, get_row, hold_row, session, transaction
from core.errors import NotFound, Outdated, Refused

CLUB = Profile(name="Verein", kind=Kind.ASSOCIATION)


def test_a_reader_becomes_a_writer_though_somebody_wrote_in_between(app):
    """The knot: on SQLite a read transaction that turns to writing fails at once when another has committed."""
    row = operations.create_organization(SYSTEM, CLUB)
    assert queries.get_organization(row.id).name == "Verein"  # this connection holds a read transaction now

    def other_writer():
        with app.app_context():
            operations.create_organization(SYSTEM, Profile(name="Anderer", kind=Kind.ASSOCIATION))

    thread = threading.Thread(target=other_writer)
    thread.start()
    thread.join()
    operations.edit_organization(SYSTEM, row.id, version=None, profile=Profile(name="Neu", kind=Kind.ASSOCIATION))
    assert queries.get_organization(row.id).name == "Neu"


def test_a_signed_in_request_writes_beside_another_writer(app, sign_in):
    """The user loader reads before the operation writes; thirty writers in between do no harm."""
    client = sign_in("officer")
    stop = threading.Event()

    def keep_writing():
        with app.app_context():
            number = 0
            while not stop.is_set() and number < 500:
                operations.create_organization(SYSTEM, Profile(name=f"Nebenbei {number}", kind=Kind.OTHER))
                db.session.remove()
                number += 1

    thread = threading.Thread(target=keep_writing)
    thread.start()
    try:
        for number in range(10):
            page = client.submit("/organisationen/neu", {"name": f"Verein {number}", "kind": "association"})
            assert page.status_code == 200
            assert f"„Verein {number}“ wurde eingetragen." in page.text
    finally:
        stop.set()
        thread.join()
    assert session().query(Organization).filter(Organization.kind == Kind.ASSOCIATION).count() == 10


def test_an_error_leaves_nothing_behind(app):
    called = []
    with pytest.raises(Refused), transaction() as writing:
        writing.add(Organization(key="x", name="X", kind=Kind.OTHER))
        after_commit(lambda: called.append("mail"))
        writing.flush()
        raise Refused("not today")
    assert session().query(Organization).count() == 0
    assert called == []


def test_an_inner_transaction_joins_the_outer_one(app):
    with pytest.raises(Refused), transaction():
        operations.create_organization(SYSTEM, CLUB)
        raise Refused("the outer one fails")
    assert session().query(Organization).count() == 0


def test_what_is_not_there_is_not_found(app):
    with pytest.raises(NotFound):
        queries.get_organization(4711)


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63, 10**20, None])
@pytest.mark.parametrize("read", [get_row, hold_row])
def test_a_number_that_is_no_id_is_not_found(app, read, number):
    with pytest.raises(NotFound), transaction():
        read(Organization, number)


@pytest.mark.parametrize("number", ["0", str(2**31), "9" * 20, "9" * 400])
def test_a_page_of_a_number_that_is_no_id_is_not_found(sign_in, number):
    client = sign_in("officer")
    assert client.get(f"/organisationen/{number}").status_code == 404
    assert client.submit(f"/organisationen/{number}/bearbeiten", {"name": "X", "kind": "other"}).status_code == 404


@pytest.mark.parametrize(
    ("enter", "field"),
    [
        (lambda name: places.create_place(SYSTEM, places.Profile(name)).key, "name"),
        (lambda name: strategy.create_aim(SYSTEM, strategy.Terms(name)).key, "title"),
        (lambda name: create_own_topic(SYSTEM, name=name, topic=Topic.OTHER).key, "name"),
    ],
    ids=["place", "aim", "own topic"],
)
def test_of_two_who_enter_one_name_at_once_nobody_sees_an_error(app, enter, field):
    """PostgreSQL lets both look for a free key at once: then the second is told. SQLite lets one wait: it gets -2."""
    said: list[str | None] = []
    together = threading.Barrier(2)

    def do(name):
        with app.app_context():
            together.wait(timeout=60)
            try:
                said.append(enter(name))
            except Refused as refused:
                said.append(refused.field)

    for number in range(4):
        threads = [threading.Thread(target=do, args=(f"Neu {number}",)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert f"neu-{number}" in said
    assert len(said) == 8
    assert {word for word in said if not word.startswith("neu-")} <= {field}


def test_sqlite_is_set_up_for_a_server(app):
    if db.engine.dialect.name != "sqlite":
        # the tests' server does not wait for the disk; no connection of ours may say so for itself
        source = text("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
        assert session().scalar(source) not in ("session", "client", "database", "user", "database user")
        return
    found = {name: session().scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert session().scalar(text("PRAGMA busy_timeout")) >= 10_000


def test_a_write_transaction_on_sqlite_takes_its_lock_first(app_of):
    """Before any statement of the operation, nobody else can begin to write."""
    with app_of("sqlite").app_context(), transaction():
        with closing(sqlite3.connect(db.engine.url.database, timeout=0)) as other:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")


def test_a_faster_writer_on_postgresql_makes_the_slower_one_outdated(app_of):
    """PostgreSQL lets both read; the version of the row tells the second that it saved on an old state."""
    with app_of("postgresql").app_context():
        row = operations.create_organization(SYSTEM, CLUB)
        with pytest.raises(Outdated), transaction():
            loaded = session().get_one(Organization, row.id)
            with db.engine.begin() as other:
                other.execute(text("UPDATE organization SET name = 'Schneller', version = version + 1"))
            loaded.name = "Langsamer"
        assert queries.get_organization(row.id).name == "Schneller"
