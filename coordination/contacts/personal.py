"""What this room keeps of people: with whom somebody was in contact, who wrote it down, and names in what they wrote.

A note belongs to the organization, so it stays; who was erased is taken out of it.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import joinedload

from coordination.contacts.models import ContactNote
from coordination.contacts.rules import CHANNEL_LABELS
from core.clock import to_local
from core.database import session
from core.languages import DEFAULT, _, _l, in_language
from core.named import without_names
from core.personal import PersonalTable, Subject, is_of, plain_rows
from core.retention import Retention
from core.web import like


def _notes(subject: Subject) -> ColumnElement[bool]:
    return or_(is_of(ContactNote.person_id, subject.person_id), is_of(ContactNote.account_id, subject.account_id))


def _named(subject: Subject) -> ColumnElement[bool]:
    return or_(false(), *(ContactNote.about.like(like(name), escape="\\") for name in subject.names))


def _erase_notes(subject: Subject) -> None:
    with in_language(DEFAULT):
        instead = _("Erased person")
    for row in session().scalars(select(ContactNote).where(or_(_notes(subject), _named(subject)))):
        if subject.person_id is not None and row.person_id == subject.person_id:
            row.person_id = None
        if subject.account_id is not None and row.account_id == subject.account_id:
            row.account_id = None
        row.about = without_names(row.about, subject.names, instead)


def _old_notes(before: datetime) -> Select[ContactNote]:
    return select(ContactNote).where(ContactNote.happened_on < to_local(before).date())


CONTACT_NOTE = PersonalTable(
    model=ContactNote,
    holds=_l("Contacts of the municipality with an organization, in which the person took part"),
    rows=_notes,
    tell=lambda subject: plain_rows(
        ContactNote,
        _notes(subject),
        loading=[joinedload(ContactNote.organization)],
        adding=lambda row: {"organization": row.organization.name},
    ),
    erase=_erase_notes,
    retention=Retention.ENDED,
    expired=_old_notes,
    words={"channel": CHANNEL_LABELS},
)
