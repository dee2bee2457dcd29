"""The outbox: mail in the transaction of its cause, sent by real SMTP, at least once, always as the same mail."""

import socket
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from sqlalchemy import select

from core import outbox
from core.clock import now
from core.database import session, transaction
from core.errors import Refused
from core.outbox import Mail, OutboxMail, queue_mail, send_due, waiting_mail


def put(address: str = "aylin@example.org", **changes: Any) -> int:
    with transaction() as writing:
        row = queue_mail(Mail(address, "Aylin Öz", changes.pop("subject", "Einladung"), "Guten Tag", **changes))
        writing.flush()
        return row.id


def test_a_mail_goes_out_once(mailbox):
    put()
    assert send_due() == 1
    assert send_due() == 0
    (mail,) = mailbox.mails
    assert mail["To"].addresses[0].display_name == "Aylin Öz"
    assert mail["Subject"] == "Einladung"


def test_no_mail_without_its_cause(mailbox):
    with pytest.raises(Refused), transaction():
        queue_mail(Mail("aylin@example.org", "Aylin", "Einladung", "Guten Tag"))
        raise Refused("the cause fails")
    assert send_due() == 0


def test_one_refused_recipient_does_not_stop_the_others(mailbox):
    put("niemand@example.org")
    put()
    assert send_due() == 1
    waiting = session().scalar(select(OutboxMail).where(OutboxMail.sent_at.is_(None)))
    assert "no such person" in waiting.failure
    assert waiting.next_try_at > now()


def test_a_mail_that_cannot_be_written_does_not_stop_the_others(mailbox):
    """Its address came in before such were refused, or by a file."""
    put("jürgen@example.org")
    put()
    assert send_due() == 1
    waiting = session().scalar(select(OutboxMail).where(OutboxMail.sent_at.is_(None)))
    assert waiting.tries == 1
    assert waiting.failure


def test_a_domain_with_umlauts_is_written_as_servers_know_it(mailbox):
    put("gruss@münchen.example", reply_to="amt@köln.example")
    assert send_due() == 1
    (mail,) = mailbox.mails
    assert mail["To"].addresses[0].addr_spec == "gruss@xn--mnchen-3ya.example"
    assert mail["Reply-To"].addresses[0].addr_spec == "amt@xn--kln-sna.example"


def test_while_the_server_is_away_mail_waits_and_no_try_is_counted(mailbox, app):
    put()
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, smtp_port=9)
    assert send_due() == 0
    app.config["SETTINGS"] = settings
    with time_machine.travel(now() + timedelta(hours=1)):
        assert waiting_mail().oldest >= timedelta(hours=1)
        assert send_due() == 1
    assert session().scalar(select(OutboxMail.tries)) == 1


def test_a_crash_between_sending_and_noting_repeats_the_same_message(mailbox, monkeypatch):
    put()
    with monkeypatch.context() as patched:
        patched.setattr(outbox, "_note", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            send_due()
    send_due()
    assert len(mailbox.mails) == 2
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 1


@pytest.mark.parametrize(
    "nasty", ["Einladung\r\nBcc: alle@example.org", "Einladung\u2028Bcc: x", "Einladung\x85Bcc: x"]
)
def test_no_text_adds_a_header(mailbox, nasty):
    put(subject=nasty)
    send_due()
    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert str(mail["Subject"]).startswith("Einladung")


def test_a_date_comes_with_the_method_that_stands_inside(mailbox):
    put(calendar="BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n", method="REQUEST")
    send_due()
    (mail,) = mailbox.mails
    (part,) = [p for p in mail.walk() if p.get_content_type() == "text/calendar" and not p.get_filename()]
    assert part.get_param("method") == "REQUEST"
    assert "METHOD:REQUEST" in part.get_content()


def test_no_mail_goes_to_a_server_whose_certificate_nobody_vouches_for(mailbox, app):
    """Nor a password: the mail waits."""
    strange = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    strange.load_cert_chain(Path(__file__).with_name("stranger.pem"))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    stranger = Controller(mailbox, hostname="127.0.0.1", port=port, tls_context=strange)
    stranger.start()
    changes = {"smtp_port": port, "smtp_starttls": True, "smtp_user": "rathaus", "smtp_password": "geheim"}
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], **changes)
    put()
    assert send_due() == 0
    stranger.stop()
    assert mailbox.mails == []
    assert session().scalar(select(OutboxMail)).sent_at is None
