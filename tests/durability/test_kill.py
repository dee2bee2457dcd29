"""kill -9 at any moment, of the server, the consumer, an import, a migration, a backup: afterwards all is whole, and
what was begun can be done again."""

import os
import random
import signal
import smtplib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import event, func, insert, inspect, select, text

from coordination.accounts.models import Account
from coordination.accounts.operations import create_account
from coordination.organizations.models import Organization
from core import jobs, outbox
from core.access import SYSTEM
from core.backup.archive import open_archive, sum_of, tables_in
from core.backup.operations import MIGRATIONS
from core.database import db, session, transaction
from core.history import HistoryLine
from core.importing import AT_ONCE
from core.outbox import Mail, OutboxMail, queue_mail, send_due
from core.pages.models import TextPage
from tests.conftest import Mailbox
from tests.durability.house import House, forks, house_in
from tests.durability.kill import mail_server, run
from wsgi import create_app


@pytest.fixture
def chance() -> random.Random:
    """Chances of this run; the seed is shown when the test fails."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    return random.Random(seed)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with house_in(tmp_path) as made:
        yield made


def killed(house: House, *command: str, when: Callable[[], bool], after: float) -> int | None:
    """Start the command, wait until `when`, a moment longer, and kill it; gives its exit status."""
    process = house.start(*command)
    try:
        house.until(lambda: when() or process.exitcode is not None)
        process.join(after)
    finally:
        process.kill()
        process.join()
    return process.exitcode


def count(house: House, table: type) -> int:
    with house.app.app_context():
        db.session.rollback()
        return session().scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.timeout(1200)  # so many starts of a server take long where others work on the machine
def test_the_server(tmp_path, empty_database):
    """Twenty times on SQLite, eight on PostgreSQL; a thousand with `python tests/durability/kill.py`."""
    seed, cycles = random.SystemRandom().randrange(2**32), 8 if empty_database else 20
    print(f"repeat with: python tests/durability/kill.py --cycles {cycles} --seed {seed}")
    tally = run(tmp_path, cycles=cycles, seed=seed, database=empty_database)
    print(tally)
    assert tally.kills == cycles
    assert tally.acknowledged > cycles


def is_writing(house: House) -> bool:
    """Whether somebody holds the write lock of the database."""
    with closing(sqlite3.connect(house.folder / "augenhoehe.db", timeout=0)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        return False


def test_an_import(house, tmp_path, chance):
    """Killed within its first batch of lines and after it, then run again: each line once, each with its history."""
    file, lines = tmp_path / "organizations.csv", 5 * AT_ONCE + 50
    rows = "".join(f"o{n},Verein {n},association\n" for n in range(lines))
    file.write_text(f"key,name,kind\n{rows}", encoding="utf-8")
    command = ("organizations", "import", "--quiet", str(file))
    for when in (lambda: is_writing(house), lambda: count(house, Organization) >= AT_ONCE):
        assert killed(house, *command, when=when, after=chance.uniform(0, 0.1)) == -signal.SIGKILL
        house.assert_whole()
        assert count(house, Organization) == count(house, HistoryLine)
        assert count(house, Organization) % AT_ONCE in (0, lines % AT_ONCE), "no batch is half there"
    assert house.flask(*command) == 0, house.said
    assert count(house, Organization) == count(house, HistoryLine) == lines
    house.assert_whole()


def tables(house: House) -> set[str]:
    with house.app.app_context():
        return set(inspect(db.engine).get_table_names())


@pytest.mark.parametrize("since", ["nothing", "the first version"])
def test_a_migration(tmp_path, chance, since):
    """Killed while it works: the tables are those of before or those of after, and the next run goes through."""
    house = House(tmp_path)
    if since == "the first version":
        (first,) = ScriptDirectory(str(MIGRATIONS)).get_bases()
        assert house.flask("db", "upgrade", first) == 0, house.said
        with house.app.app_context(), db.engine.begin() as old:
            old.execute(text("INSERT INTO text_page VALUES (1, 'impressum', 'de', 'Text vom Vorjahr', 1)"))
    before = tables(house) - {"alembic_version"}
    for _attempt in range(2):
        killed(house, "db", "upgrade", when=lambda: is_writing(house), after=chance.uniform(0, 0.3))
        assert tables(house) - {"alembic_version"} in (before, set(db.metadata.tables))
        with closing(sqlite3.connect(tmp_path / "augenhoehe.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert house.flask("db", "upgrade") == 0, house.said
    assert tables(house) == {*db.metadata.tables, "alembic_version"}
    if before:
        with house.app.app_context():
            assert session().scalar(text("SELECT text FROM text_page")) == "Text vom Vorjahr"
    house.close()


def test_a_backup(house, tmp_path, chance):
    """Killed while it writes: no file under the name that was asked for, or a whole one; the database is as it was."""
    with house.app.app_context(), db.engine.begin() as connection:
        row = {"version": 1, "language": "de", "text": "x" * 400}
        connection.execute(insert(TextPage), [row | {"name": f"seite-{n}"} for n in range(5_000)])

    def sums() -> object:
        with house.app.app_context(), db.engine.connect() as connection:
            return [sum_of(connection, table) for table in tables_in(connection)]

    before = sums()
    for number in range(3):
        file = tmp_path / f"backup-{number}"

        def begun(file: Path = file) -> bool:
            return any(tmp_path.glob(f".{file.name}.*.part"))

        ended = killed(house, "backup", str(file), when=begun, after=chance.uniform(0, 0.2))
        if file.exists():
            with open_archive(file):
                pass
        else:
            assert ended == -signal.SIGKILL, house.said
            assert house.flask("backup", str(file)) == 0, house.said
        assert sums() == before
    house.assert_whole()


@pytest.fixture
def post() -> Iterator[tuple[Mailbox, int]]:
    with mail_server() as found:
        yield found


def assert_arrived(house: House, box: Mailbox, addresses: set[str]) -> None:
    """Send what waits; then every mail has come, and what came twice carries the same Message-ID."""
    with house.app.app_context():
        while send_due():
            db.session.rollback()
        assert session().scalar(select(func.count()).where(OutboxMail.sent_at.is_(None))) == 0
    arrived = {(mail["To"].addresses[0].addr_spec, mail["Message-ID"]) for mail in box.mails}
    assert Counter(address for address, _id in arrived) == Counter(addresses)


def test_the_consumer(tmp_path, post, chance):
    """Killed three times while it sends."""
    box, port = post
    addresses = {f"person{number}@example.org" for number in range(90)}
    with house_in(tmp_path, smtp_host="127.0.0.1", smtp_port=port) as house:
        with house.app.app_context(), transaction():
            for address in sorted(addresses):
                queue_mail(Mail(address, "Ada", "Einladung", "Guten Tag"))
        for more in (chance.randrange(1, 25) for _kill in range(3)):
            with house.app.app_context():
                jobs.wake("send-mail")
            wanted = len(box.mails) + more
            ended = killed(house, "jobs", "run", when=lambda n=wanted: len(box.mails) >= n, after=0)
            assert ended == -signal.SIGKILL
        house.assert_whole()
        assert_arrived(house, box, addresses)


def _invite_and_die(point: str, environment: Mapping[str, str]) -> None:
    """In a process of its own: invite somebody, send the mail, and die at one of four points."""

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    os.environ.update(environment)
    with create_app().app_context():
        if point == "before the commit":
            event.listen(db.engine, "commit", die)
        if point == "before the wake-up":
            jobs.wake = die  # type: ignore[assignment]
        create_account(SYSTEM, "neu@example.org", invite=True)
        if point == "before it is noted":
            outbox._note = die  # type: ignore[assignment]
        if point == "after it is noted":
            smtplib.SMTP.quit = smtplib.SMTP.__exit__ = die  # type: ignore[assignment,method-assign]
        send_due()


@pytest.mark.parametrize(
    ("point", "arrivals"),
    [("before the commit", 0), ("before the wake-up", 1), ("before it is noted", 2), ("after it is noted", 1)],
)
def test_between_a_commit_and_its_mail(tmp_path, post, point, arrivals):
    """Nothing was promised, or the mail comes: once, or twice as the same."""
    box, port = post
    with house_in(tmp_path, smtp_host="127.0.0.1", smtp_port=port) as house:
        process = forks.Process(target=_invite_and_die, args=(point, house.environment))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        assert count(house, Account) == count(house, OutboxMail) == min(arrivals, 1)
        assert_arrived(house, box, {"neu@example.org"} if arrivals else set())
        assert len(box.mails) == arrivals
        house.assert_whole()
