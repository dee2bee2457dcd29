"""Keeping the contact log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from coordination.contacts.models import ContactNote
from coordination.contacts.rules import Channel
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind, Topic
from coordination.people.models import Person
from core import history
from core.access import Actor
from core.clock import today
from core.database import check_version, get_row, transaction
from core.errors import Refused
from core.languages import _

#: of the words about a contact, in characters
LONGEST_WORDS = 1000


@dataclass(frozen=True)
class Contact:
    """When, how, about what, for which department and with whom; see the model for the meaning of each."""

    happened_on: date
    channel: Channel
    about: str
    topics: Collection[Topic] = ()
    department_id: int | None = None
    person_id: int | None = None


def note_contact(actor: Actor, organization_id: int, contact: Contact) -> ContactNote:
    """Note a contact with an organization.

    Refused: a day that is still to come (at `happened_on`), and a department that is none (at `department_id`).
    """
    with transaction() as session:
        row = ContactNote(organization=get_row(Organization, organization_id), account_id=actor.account_id)
        with session.no_autoflush:
            _fill(row, contact)
        session.add(row)
        history.record(actor, "contacts.note", row)
    return row


def edit_note(actor: Actor, contact_note_id: int, *, version: int | None, contact: Contact) -> ContactNote:
    """Correct a note. Refused as in `note_contact`; Outdated when somebody saved since `version`."""
    with transaction():
        row = get_row(ContactNote, contact_note_id)
        check_version(row, version)
        _fill(row, contact)
        history.record(actor, "contacts.edit", row)
    return row


def remove_note(actor: Actor, contact_note_id: int) -> None:
    """Take back a note that was entered by mistake. Raises NotFound."""
    with transaction() as session:
        row = get_row(ContactNote, contact_note_id)
        history.record(actor, "contacts.remove", row)
        session.delete(row)


def _fill(row: ContactNote, contact: Contact) -> None:
    if contact.happened_on > today():
        raise Refused(_("This day is still to come. Please enter the day of the contact."), "happened_on")
    department = get_row(Organization, contact.department_id) if contact.department_id is not None else None
    if department is not None and department.kind != Kind.DEPARTMENT:
        raise Refused(_("Please choose a department of the municipality."), "department_id")
    row.happened_on, row.channel, row.about = contact.happened_on, contact.channel, contact.about
    row.topics = [topic.value for topic in Topic if topic in contact.topics]
    row.department_id = contact.department_id
    row.person = get_row(Person, contact.person_id) if contact.person_id is not None else None
