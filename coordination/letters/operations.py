"""Writing letters and sending them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from flask import current_app

from coordination.contacts import operations as contacts
from coordination.contacts.operations import Contact
from coordination.contacts.rules import Channel
from coordination.letters.models import Letter, LetterObjection, LetterRecipient
from coordination.letters.queries import Wanted, recipients_of
from coordination.letters.rules import MOST_LINES, Recipient, Way, lines_of, state_of
from coordination.organizations.models import Organization
from coordination.organizations.policies import reader_of
from coordination.organizations.rules import TOPIC_LABELS, Kind, Topic
from core import history
from core.access import Actor
from core.clock import now, to_local, to_utc, today
from core.database import check_version, get_row, transaction
from core.errors import Refused
from core.languages import DEFAULT, _, in_language
from core.outbox import Mail, queue_mail

#: of the day on which a letter went out without this program, nobody knows the hour
NOON = time(12)
CHANNELS = {Way.MAIL: Channel.MAIL, Way.POST: Channel.LETTER}


@dataclass(frozen=True)
class Draft:
    """What a letter says, and for which department."""

    department_id: int
    subject: str
    text: str


def write_letter(actor: Actor, wanted: Wanted, draft: Draft) -> Letter:
    """Keep a new letter as a draft. Refused: a department that is none, and a text that is longer than a page."""
    _check(draft)
    with transaction() as session:
        row = Letter(topic=wanted.topic, language=wanted.language, account_id=actor.account_id, **asdict(draft))
        session.add(row)
        history.record(actor, "letters.write", row)
    return row


def edit_letter(actor: Actor, letter_id: int, *, version: int | None, draft: Draft) -> Letter:
    """Change a draft. Refused as in `write_letter`, and when it was sent; Outdated when somebody saved since."""
    _check(draft)
    with transaction():
        row = _draft(letter_id)
        check_version(row, version)
        for name, value in asdict(draft).items():
            setattr(row, name, value)
        history.record(actor, "letters.edit", row)
    return row


def discard_letter(actor: Actor, letter_id: int) -> None:
    """Throw a draft away. Refused when it was sent."""
    with transaction() as session:
        row = _draft(letter_id)
        history.record(actor, "letters.remove", row)
        session.delete(row)


def send_letter(actor: Actor, letter_id: int, *, version: int | None, recipients: str) -> Letter:
    """Send a draft: a mail to each address through the outbox, a sheet for each organization reached by post.

    Each organization that it goes to gets a line in the contact log. Twice is as once. `recipients` is the state
    (`rules.state_of`) that somebody has confirmed. Refused: when it is another by now, and when nobody is reached;
    Outdated when the letter was changed since `version`.
    """
    with transaction():
        row = get_row(Letter, letter_id)
        if row.sent_at is not None:
            return row
        check_version(row, version)
        found = recipients_of(reader_of(actor), Wanted(row.topic, row.language))
        if state_of(found) != recipients:
            raise Refused(_("Whom this letter reaches has changed meanwhile. Please look at the list again."))
        if not any(one.way in CHANNELS for one in found):
            raise Refused(_("This letter reaches nobody."))
        _sent(actor, row, found, at=now())
        for one in found:
            _mail(row, one)
    return row


def keep_sent_letter(actor: Actor, wanted: Wanted, draft: Draft, *, day: date) -> Letter:
    """Keep a letter that went out on an earlier day without this program: to whom it would go now, noted in the
    contact log of that day. Nobody gets a mail. Refused as in `write_letter`, and a day that is still to come."""
    if day > today():
        raise Refused(_("This day is still to come."))
    with transaction():
        row = write_letter(actor, wanted, draft)
        _sent(actor, row, recipients_of(reader_of(actor), wanted), at=to_utc(datetime.combine(day, NOON)))
    return row


def object_to_letters(actor: Actor, organization_id: int, *, objects: bool) -> None:
    """Note that the organization wants no letters, or that it wants them again. Twice is as once."""
    with transaction() as session:
        organization = get_row(Organization, organization_id)
        row = session.get(LetterObjection, organization_id)
        if objects and row is None:
            session.add(LetterObjection(organization_id=organization_id, since=today()))
        elif not objects and row is not None:
            session.delete(row)
        if objects == (row is None):
            history.record(actor, "letters.object", organization, details={"wants_letters": not objects})


def _draft(letter_id: int) -> Letter:
    row = get_row(Letter, letter_id)
    if row.sent_at is not None:
        raise Refused(_("This letter was sent already and stays as it is."))
    return row


def _check(draft: Draft) -> None:
    if get_row(Organization, draft.department_id).kind != Kind.DEPARTMENT:
        raise Refused(_("Please choose a department of the municipality."), "department_id")
    if (lines := lines_of(draft.text)) > MOST_LINES:
        message = _(
            "This is longer than a page: about %(lines)d lines, and %(most)d fit.", lines=lines, most=MOST_LINES
        )
        raise Refused(message, "text")


def _sent(actor: Actor, row: Letter, found: Sequence[Recipient], *, at: datetime) -> None:
    """Write down that the letter went to these."""
    row.sent_at = at
    for one in found:
        row.recipients += _sent_to(row, one)
        _note(actor, row, one, to_local(at).date())
    ways = [one.way for one in found]
    counted = {"mails": sum(len(one.mails) for one in found), "sheets": ways.count(Way.POST)}
    history.record(actor, "letters.send", row, details=counted)


def _sent_to(row: Letter, one: Recipient) -> list[LetterRecipient]:
    def kept(address: str = "", person_id: int | None = None) -> LetterRecipient:
        return LetterRecipient(
            letter=row, organization_id=one.organization_id, way=one.way, address=address, person_id=person_id
        )

    if one.way is Way.MAIL:
        return [kept("" if to.person_id else to.email, to.person_id) for to in one.mails]
    return [kept("\n".join(one.post))]


def _mail(row: Letter, one: Recipient) -> None:
    for to in one.mails:
        with in_language(to.language or DEFAULT):
            queue_mail(Mail(to.email, to.name, row.subject, mail_text(row), reply_to=row.department.email))


def mail_text(row: Letter) -> str:
    """The letter as it goes into a mail, with who writes and why, and how to get no more of them."""
    department = row.department
    sender = "\n".join(filter(None, [department.name, current_app.config["SETTINGS"].body_name]))
    reached = " · ".join(filter(None, [department.phone, department.email]))
    return "\n\n".join(filter(None, [row.text, "\n".join(filter(None, [sender, reached])), "--\n" + reason(row)]))


def reason(row: Letter) -> str:
    """Why somebody gets this letter, in the language of the moment."""
    if row.topic is not None:
        why = _("This letter goes to organizations that work on this topic: %(topic)s.", topic=TOPIC_LABELS[row.topic])
    else:
        why = _("This letter goes to all migrant organizations that are known to the municipality.")
    return why + "\n" + _("If you want no such letters, please tell us.")


def _note(actor: Actor, row: Letter, one: Recipient, day: date) -> None:
    channel = CHANNELS.get(one.way)
    if channel is None:
        return
    with in_language(DEFAULT):
        about = _("Letter to several organizations: %(subject)s", subject=row.subject)
    topics: list[Topic] = [row.topic] if row.topic else []
    contacts.note_contact(actor, one.organization_id, Contact(day, channel, about, topics, row.department_id))
