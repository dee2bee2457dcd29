"""What this room keeps of people: who wrote a letter, to which contact it went, and names in what it says."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from coordination.letters.models import Letter, LetterRecipient
from coordination.letters.rules import WAY_LABELS
from core.database import session
from core.languages import _l
from core.named import named, replace_names
from core.personal import PersonalTable, Subject, is_of, plain_rows
from core.retention import Retention

TEXTS = ("subject", "text")


def _written(subject: Subject) -> ColumnElement[bool]:
    return is_of(Letter.account_id, subject.account_id)


def _received(subject: Subject) -> ColumnElement[bool]:
    return is_of(LetterRecipient.person_id, subject.person_id)


def _erase_letters(subject: Subject) -> None:
    for row in session().scalars(select(Letter).where(_written(subject))):
        row.account_id = None
    session().flush()
    replace_names(Letter, TEXTS)(subject)


def _erase_recipients(subject: Subject) -> None:
    for row in session().scalars(select(LetterRecipient).where(_received(subject))):
        row.person_id = None


def _old(before: datetime) -> Select[Letter]:
    return select(Letter).where(or_(Letter.sent_at < before, Letter.sent_at.is_(None) & (Letter.written_at < before)))


def _old_recipients(before: datetime) -> Select[LetterRecipient]:
    return select(LetterRecipient).join(LetterRecipient.letter).where(Letter.sent_at < before)


RECIPIENT = PersonalTable(
    model=LetterRecipient,
    holds=_l("Letters of the municipality that went to the person as an organization’s contact"),
    rows=_received,
    tell=lambda subject: plain_rows(
        LetterRecipient,
        _received(subject),
        loading=[joinedload(LetterRecipient.letter), joinedload(LetterRecipient.organization)],
        adding=lambda row: {"organization": row.organization.name, "subject": row.letter.subject},
    ),
    erase=_erase_recipients,
    retention=Retention.ENDED,
    expired=_old_recipients,
    words={"way": WAY_LABELS},
)
LETTER = PersonalTable(
    model=Letter,
    holds=_l("Letters to organizations that the person wrote, or in which the name stands"),
    rows=lambda subject: or_(_written(subject), named(Letter, TEXTS, subject)),
    erase=_erase_letters,
    retention=Retention.ENDED,
    expired=_old,
)
ALL = (RECIPIENT, LETTER)
