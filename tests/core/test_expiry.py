"""What is over is deleted by itself: with a shifted clock, and only what is over."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select, table, text
from structlog.testing import capture_logs

from coordination.people import operations as people
from core import expiry, outbox
from core.access import SYSTEM
from core.clock import now
from core.database import db, session, transaction
from core.history import HistoryLine, check_chain
from core.outbox import OutboxMail
from core.retention import PERIOD_LABELS, PERIODS, SUGGESTED_AFTER, Retention
from tests.conftest import TEST_NOW
from tests.test_personal_data import Circle
from wsgi import PERSONAL

DOCS = Path(__file__).resolve().parents[2] / "docs/retention.md"


@pytest.fixture
def circle(app) -> Circle:
    """Two people with a row in every table; their mails were sent, and Ada's subscription was ended."""
    made = Circle()
    with transaction() as writing:
        for row in writing.scalars(select(OutboxMail)):
            row.sent_at = now()
    people.date_membership(SYSTEM, made.membership_of(made.ada), starts_on=None, ends_on=now().date())
    return made


def counts() -> dict[str, int]:
    session().rollback()
    return {entry.table: session().scalar(select(func.count()).select_from(table(entry.table))) for entry in PERSONAL}


def after(**period: int):
    return time_machine.travel(TEST_NOW + timedelta(**period), tick=True)


def gone(before: dict[str, int]) -> set[str]:
    return {name for name, number in counts().items() if number < before[name]}


def test_nothing_goes_before_its_time(circle):
    before = counts()
    assert expiry.run() == 0
    with after(days=29):
        expiry.run()
    assert gone(before) <= {"submission"}


@pytest.mark.parametrize(
    ("days", "tables"),
    [
        (31, {"outbox"}),
        (400, {"outbox", "reply", "invitation"}),
        (3 * 365 + 2, {"outbox", "reply", "invitation", "membership", "contact_note", "letter", "letter_recipient"}),
    ],
)
def test_what_is_over_goes_and_nothing_else(circle, days, tables):
    before = counts()
    with after(days=days):
        expected = {found.entry.table: found.rows for found in expiry.due() if found.rows}
        assert counts() == before, "the report deletes nothing"
        deleted = expiry.run()
        assert gone(before) == tables
        assert deleted == sum(expected.values())
        assert {name: before[name] - number for name, number in counts().items() if name in tables} == expected
        assert expiry.run() == 0
    assert check_chain(session()).holds


def test_a_membership_that_goes_on_stays(circle):
    with after(days=20 * 365):
        expiry.run()
    assert counts()["membership"] == 1


def test_the_history_says_how_many_went_and_not_whose(circle):
    with after(days=31):
        expiry.run()
    line = session().scalars(select(HistoryLine).where(HistoryLine.action == "retention.run")).one()
    assert (line.object_type, line.object_id, line.old, set(line.new)) == ("outbox", None, None, {"rows"})


def test_many_rows_go_in_several_transactions(app):
    with transaction():
        for number in range(expiry.BATCH + 1):
            outbox.queue_mail(outbox.Mail(f"a{number}@example.org", "", "Hallo", "Text")).sent_at = now()
    with after(days=31):
        assert expiry.run() == expiry.BATCH + 1
    lines = session().scalars(select(HistoryLine).where(HistoryLine.action == "retention.run").order_by(HistoryLine.id))
    assert [line.new["rows"] for line in lines] == [expiry.BATCH, 1]


@pytest.fixture
def held_memberships(circle):
    """A table of another program, in our database, points to memberships: they cannot be deleted."""
    session().rollback()
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE keeper (held INTEGER REFERENCES membership (id))"))
        connection.execute(text("INSERT INTO keeper SELECT id FROM membership"))
    yield
    session().rollback()
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE keeper"))


def test_a_table_that_cannot_be_deleted_from_holds_up_no_other(app, held_memberships):
    before = counts()
    with after(days=3 * 365 + 2), capture_logs() as lines:
        said = app.test_cli_runner().invoke(expiry.group, ["run"])
    assert gone(before) == {"outbox", "reply", "invitation", "contact_note", "letter", "letter_recipient"}
    assert [line["table"] for line in lines if line["event"] == "retention.failed"] == ["membership"]
    assert said.exit_code == 1
    assert "membership" in said.output.splitlines()[-1]
    assert check_chain(session()).holds


def test_mail_that_waits_is_never_over(app):
    with transaction():
        outbox.queue_mail(outbox.Mail("a@example.org", "", "Hallo", "Text"))
    with after(days=400):
        assert expiry.run() == 0


def test_the_report_of_the_command(app, circle):
    people.archive_person(SYSTEM, circle.eva.person.id)
    before = counts()
    session().rollback()
    with after(days=SUGGESTED_AFTER.days + 2):
        said = app.test_cli_runner().invoke(expiry.group, ["run", "--dry-run"]).output
        assert re.search(r"^mail +outbox +30 +[1-9]", said, re.MULTILINE)
        assert re.search(r"^ended +membership +1095 +[12]$", said, re.MULTILINE)
        assert "1 Person ist seit mehr als 3 Jahren im Archiv" in said
        assert counts() == before
        session().rollback()
        app.test_cli_runner().invoke(expiry.group, ["run"])
        assert gone(before) >= {"outbox", "reply", "invitation", "membership"}


def test_the_document_says_what_the_program_does():
    """Each class with its tables and its period."""
    rows = re.findall(r"^\| `(\w+)` \|[^|]*\| ([^|]*) \| ([^|]*) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    said = {name: (set(re.findall(r"`(\w+)`", tables)), period) for name, tables, period in rows}
    assert said.keys() == {str(name) for name in Retention}
    for name, (tables, period) in said.items():
        wanted = PERIODS[Retention(name)]
        assert tables == {entry.table for entry in PERSONAL if entry.retention == name}, name
        assert period.startswith("not deleted" if wanted is None else f"{wanted.days} days"), name
    assert PERIOD_LABELS.keys() == PERIODS.keys() == set(Retention)
