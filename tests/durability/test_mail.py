"""Mail when the mail server is moody, away for a day, or when the wake-up is lost."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from coordination.accounts.operations import create_account
from core import jobs
from core.access import SYSTEM
from core.clock import now
from core.database import db, session, transaction
from core.outbox import Mail, OutboxMail, queue_mail, send_due, waiting_mail
from tests.conftest import Mailbox
from tests.conftest import test_app as make_app
from tests.durability.house import free_port

LATER = timedelta(minutes=2)


class MoodyMailbox(Mailbox):
    """Fails once, at its n-th command from a client, in one of several ways."""

    def __init__(self, nth: int, mood: str) -> None:
        super().__init__()
        self.nth, self.mood, self.commands = nth, mood, 0

    def _in_the_mood(self) -> bool:
        self.commands += 1
        return self.commands == self.nth

    async def handle_MAIL(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self._in_the_mood():
            return self._fail(server)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, *args: Any) -> str:  # noqa: N802
        return self._fail(server) if self._in_the_mood() else await super().handle_RCPT(server, *args)

    async def handle_DATA(self, server: Any, *args: Any) -> str:  # noqa: N802
        if self.mood == "hangs up after taking the mail" and self.commands + 1 == self.nth:
            await super().handle_DATA(server, *args)
        return self._fail(server) if self._in_the_mood() else await super().handle_DATA(server, *args)

    def _fail(self, server: Any) -> str:
        if self.mood.startswith("hangs up"):
            server.transport.abort()
        return {"is busy": "451 try again later", "closes": "421 closing"}.get(self.mood, "250 OK")


@contextmanager
def serving(app: Flask, box: Mailbox, port: int) -> Iterator[None]:
    controller = Controller(box, hostname="127.0.0.1", port=port)
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, smtp_host="127.0.0.1", smtp_port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()
        app.config["SETTINGS"] = settings


def put(*addresses: str) -> None:
    with transaction():
        for address in addresses:
            queue_mail(Mail(address, "Ada", "Einladung", "Guten Tag"))


def arrivals(box: Mailbox) -> Counter[tuple[str, str]]:
    """How often each mail came: address and Message-ID."""
    return Counter((mail["To"].addresses[0].addr_spec, str(mail["Message-ID"])) for mail in box.mails)


@pytest.mark.parametrize("mood", ["is busy", "closes", "hangs up", "hangs up after taking the mail"])
def test_each_command_fails_once(app, mood):
    """Nine commands for three mails, each made to fail: every mail comes, and only what was taken comes twice."""
    for nth in range(1, 10):
        box = MoodyMailbox(nth, mood)
        with serving(app, box, free_port()):
            put(*(f"{nth}-{number}@example.org" for number in range(3)))
            send_due()
            with time_machine.travel(now() + nth * LATER, tick=True):
                while send_due():
                    session().rollback()
        assert box.commands > 9
        assert len(arrivals(box)) == 3
        assert sum(arrivals(box).values()) == (4 if mood.endswith("taking the mail") and nth % 3 == 0 else 3)


@pytest.fixture
def sweep_at(app: Flask) -> Callable[[timedelta], None]:
    """`sweep_at(timedelta(hours=3))`: what the consumer does in that minute."""
    began = now()

    def sweep(later: timedelta) -> None:
        with time_machine.travel(began + later, tick=True):
            jobs.sweep_due()
            session().rollback()

    return sweep


def test_the_mail_server_is_away_for_a_day(app, sweep_at):
    """Fifty mails, one refused for good: when the server is back, all others arrive in the next minute, once."""
    box, port = Mailbox(), free_port()
    addresses = {f"person{number}@example.org" for number in range(49)}
    put(box.refused, *addresses)
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, smtp_host="127.0.0.1", smtp_port=port)
    try:
        for hour in range(24):
            sweep_at(timedelta(hours=hour))
            sweep_at(timedelta(hours=hour, minutes=1))
    finally:
        app.config["SETTINGS"] = settings
    assert box.mails == []
    with time_machine.travel(now() + timedelta(days=1)):
        assert waiting_mail().oldest >= timedelta(days=1), "/readyz tells of it"
    with serving(app, box, port):
        for minute in range(5):
            sweep_at(timedelta(days=1, minutes=minute))
            assert Counter(address for address, _id in arrivals(box)) == Counter(addresses)
            assert set(arrivals(box).values()) == {1}
    refused = session().scalars(select(OutboxMail).where(OutboxMail.sent_at.is_(None))).one()
    assert refused.to_address == box.refused
    assert 2 <= refused.tries <= 3, "not each minute"


def test_a_lost_wake_up_is_found_by_the_sweep(app, mailbox, sweep_at):
    create_account(SYSTEM, "neu@example.org", invite=True)
    assert app.extensions["queue"].pending_count() > 0
    app.extensions["queue"].flush()
    sweep_at(timedelta(minutes=1))
    assert len(mailbox.mails) == 1


def test_a_broken_queue_undoes_nothing(tmp_path: Path):
    """The queue only wakes: where it takes nothing, the operation is done all the same and its mail goes out."""
    app, box = make_app(tmp_path), Mailbox()
    with app.app_context():
        db.create_all()
        with closing(sqlite3.connect(tmp_path / "jobs.db")) as queue:
            queue.execute("DROP TABLE task")
        create_account(SYSTEM, "neu@example.org", invite=True)
        with serving(app, box, free_port()):
            jobs.sweep_due()
        assert len(box.mails) == 1
        db.session.remove()
        db.engine.dispose()
