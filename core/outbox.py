"""The outbox: mail is a row, written in the same transaction as its cause, and sent by a job afterwards.

Sent at least once, always with the same Message-ID, so that a crash between sending and noting it shows as one
mail. The row is the truth; the job queue only wakes.
"""

import secrets
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

import click
import structlog
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from core import jobs
from core.addresses import in_ascii
from core.clock import now
from core.database import Identified, Model, UtcDateTime, after_commit, session, transaction

log = structlog.get_logger()
LAST_TRY = 20


class OutboxMail(Identified, Model):
    """One mail to one person, with its state. Never holds more than the mail itself."""

    __tablename__ = "outbox"
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    to_address: Mapped[str] = mapped_column(String(320))
    to_name: Mapped[str] = mapped_column(String(200))
    #: where answers go; empty = to the sender
    reply_to: Mapped[str] = mapped_column(String(320), default="")
    subject: Mapped[str] = mapped_column(String(400))
    text: Mapped[str] = mapped_column(Text)
    #: iCalendar text and its METHOD, where the mail carries a date (RFC 6047)
    calendar: Mapped[str | None] = mapped_column(Text)
    method: Mapped[str | None] = mapped_column(String(20))
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    #: last answer of the mail server, for the administration
    failure: Mapped[str | None] = mapped_column(String(400))


@dataclass(frozen=True)
class Mail:
    """A mail as rooms hand it in: plain text, one recipient, perhaps a date."""

    to_address: str
    to_name: str
    subject: str
    text: str
    calendar: str | None = None
    method: str | None = None
    #: where answers go, if not to the sender
    reply_to: str = ""


def queue_mail(mail: Mail) -> OutboxMail:
    """Within a transaction: put the mail into the outbox and wake the job once that is committed.

    Line breaks in name and subject become blanks, so that no text can add a header.
    """
    host = mail_host()
    row = OutboxMail(
        message_id=f"<{secrets.token_urlsafe(18)}@{host}>",
        to_address=" ".join(mail.to_address.split()),
        to_name=" ".join(mail.to_name.split())[:200],
        reply_to=" ".join(mail.reply_to.split())[:320],
        subject=" ".join(mail.subject.split())[:400],
        text=mail.text,
        calendar=mail.calendar,
        method=mail.method,
    )
    session().add(row)
    after_commit(wake)
    return row


def wake() -> None:
    """Ask the consumer to send what is due. A lost wake-up is found by the sweep every minute."""
    jobs.wake("send-mail")


def mail_host() -> str:
    """The host of the sender's address, for Message-IDs."""
    return str(current_app.config["SETTINGS"].mail_from.rpartition("@")[2])


def send_due(limit: int = 500) -> int:
    """Send what is due and say how many were sent. Without a mail server configured everything waits.

    A refused mail is tried again, later each time (1 minute doubling to 12 hours), 20 times; others go on. A server
    that is away is no fault of any mail: the round ends, and the next sweep tries the rest as if it were new.
    """
    settings = current_app.config["SETTINGS"]
    if not settings.smtp_host:
        return 0
    due = select(OutboxMail.id).where(
        OutboxMail.sent_at.is_(None), OutboxMail.next_try_at <= now(), OutboxMail.tries < LAST_TRY
    )
    ids = list(session().scalars(due.order_by(OutboxMail.id).limit(limit)))
    if not ids:
        return 0
    sent = 0
    try:
        server = _connect()
    except OSError as error:  # smtplib's own errors are some of these
        log.warning("mail.server_away", reason=str(error))
        return 0
    with server:
        for mail_id in ids:
            sent += _send_one(server, mail_id)
            if server.sock is None:  # hung up
                break
    return sent


def _connect() -> smtplib.SMTP:
    settings = current_app.config["SETTINGS"]
    server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=30)
    if settings.smtp_starttls:
        server.starttls(context=ssl.create_default_context())
    if settings.smtp_user:
        server.login(settings.smtp_user, settings.smtp_password)
    return server


def _send_one(server: smtplib.SMTP, mail_id: int) -> int:
    row = session().get(OutboxMail, mail_id)
    if row is None or row.sent_at is not None:
        return 0
    try:
        message = message_of(row)
        session().rollback()  # nobody waits for us while the server takes its time
        server.send_message(message)
    except (smtplib.SMTPException, OSError, ValueError) as error:  # ValueError: nothing that could be sent
        _note(mail_id, str(error))
        return 0
    _note(mail_id, None)
    return 1


def _note(mail_id: int, failure: str | None) -> None:
    with transaction() as current:
        row = current.get(OutboxMail, mail_id)
        if row is None:  # erased while it was on its way
            return
        row.tries += 1
        row.failure = failure and failure[:400]
        if failure is None:
            row.sent_at = now()
        else:
            row.next_try_at = now() + min(timedelta(minutes=2 ** (row.tries - 1)), timedelta(hours=12))
            log.warning("mail.refused", mail=mail_id, tries=row.tries)


def message_of(row: OutboxMail) -> EmailMessage:
    """The mail itself: plain text and, with a date, a text/calendar alternative whose method equals the one inside,
    and the same as a file (RFC 6047; Outlook refuses a mismatch)."""
    settings = current_app.config["SETTINGS"]
    message = EmailMessage()
    message["Message-ID"] = row.message_id
    message["Date"] = format_datetime(row.queued_at)
    message["From"] = formataddr((settings.body_name, settings.mail_from))
    message["To"] = formataddr((row.to_name, in_ascii(row.to_address)))
    if row.reply_to:
        message["Reply-To"] = in_ascii(row.reply_to)
    message["Subject"] = row.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row.text)
    if row.calendar is not None:
        message.add_alternative(row.calendar, subtype="calendar", params={"method": row.method or "PUBLISH"})
        message.add_attachment(row.calendar.encode(), maintype="text", subtype="calendar", filename="termin.ics")
    return message


@dataclass(frozen=True)
class Waiting:
    """Mail that is not out: how much is still tried, the age of the oldest of it, how much was given up."""

    number: int
    oldest: timedelta
    given_up: int


def waiting_mail() -> Waiting:
    """The state of the outbox, for /readyz: one query."""
    tried = OutboxMail.tries < LAST_TRY
    found = select(
        func.count().filter(tried), func.min(OutboxMail.queued_at).filter(tried), func.count().filter(~tried)
    ).where(OutboxMail.sent_at.is_(None))
    number, oldest, given_up = session().execute(found).one()
    return Waiting(number, now() - oldest if oldest else timedelta(0), given_up)


def init_app(app: Flask) -> None:
    """Give the sending job its name."""
    jobs.register(app, "send-mail", send_due, every_minutes=1)


group = AppGroup("outbox", help="Mail that waits or was sent.")


@group.command("show")
@click.option("--last", default=5, show_default=True, help="How many mails, newest first.")
def show(last: int) -> None:
    """Print the newest mails as they go out: without a mail server (demonstration) this is where they are read."""
    for row in session().scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(last)):
        state = "sent" if row.sent_at else "waiting"
        click.echo(f"--- {row.id} {state}, to {row.to_address}: {row.subject}\n{row.text}\n")


@group.command("send")
def send() -> None:
    """Send what is due, in this process."""
    click.echo(send_due())
