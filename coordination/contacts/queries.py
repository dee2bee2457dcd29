"""Reading the contact log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import joinedload

from coordination.accounts.models import Account
from coordination.contacts.models import ContactNote
from coordination.contacts.rules import Channel, silent_before
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind, Topic
from core.clock import today
from core.database import first_rows, get_row, session
from core.web import like
from core.words import holds

#: what a list shows of each note, fetched with it
WHOLE = (
    joinedload(ContactNote.organization),
    joinedload(ContactNote.department),
    joinedload(ContactNote.account).joinedload(Account.person),
    joinedload(ContactNote.person),
)


@dataclass(frozen=True)
class Wanted:
    """What the log is narrowed to; None and "" narrow nothing."""

    text: str = ""
    channel: Channel | None = None
    topic: Topic | None = None
    organization_id: int | None = None
    department_id: int | None = None


def search(wanted: Wanted) -> Select[ContactNote]:
    """The notes that are wanted, newest first. The text is looked for in what it was about, and in names."""
    found = select(ContactNote).join(ContactNote.organization).options(*WHOLE)
    if wanted.text:
        pattern = like(wanted.text)
        found = found.where(
            ContactNote.about.ilike(pattern, escape="\\") | Organization.name.ilike(pattern, escape="\\")
        )
    if wanted.channel is not None:
        found = found.where(ContactNote.channel == wanted.channel)
    if wanted.topic is not None:
        found = found.where(holds(ContactNote.topics, wanted.topic))
    if wanted.organization_id is not None:
        found = found.where(ContactNote.organization_id == wanted.organization_id)
    if wanted.department_id is not None:
        found = found.where(ContactNote.department_id == wanted.department_id)
    return found.order_by(ContactNote.happened_on.desc(), ContactNote.id.desc())


def newest(organization_id: int, number: int) -> tuple[list[ContactNote], int]:
    """The newest so many notes about one organization, and how many there are in all."""
    return first_rows(search(Wanted(organization_id=organization_id)), number)


def get_note(contact_note_id: int) -> ContactNote:
    """The note. Raises NotFound."""
    return get_row(ContactNote, contact_note_id)


def find_note(organization_id: int, happened_on: date, channel: Channel) -> ContactNote | None:
    """The first note about this organization on this day by this way, or None."""
    found = select(ContactNote).where(
        ContactNote.organization_id == organization_id,
        ContactNote.happened_on == happened_on,
        ContactNote.channel == channel,
    )
    return session().scalars(found.order_by(ContactNote.id).limit(1)).first()


def in_touch(since: date) -> ColumnElement[bool]:
    """The condition that somebody was in contact with the organization on this day or later."""
    return exists().where(ContactNote.organization_id == Organization.id, ContactNote.happened_on >= since)


def silent() -> Select[Organization]:
    """The active migrant organizations without any contact for six months, by name. Sittings are no contact here."""
    of_these = and_(Organization.kind == Kind.MIGRANT_ORGANISATION, Organization.archived_at.is_(None))
    found = select(Organization).where(of_these, ~in_touch(silent_before(today())))
    return found.order_by(Organization.name, Organization.id)


def count_silent() -> int:
    """How many they are: one query."""
    return session().scalar(select(func.count()).select_from(silent().order_by(None).subquery())) or 0


def last_contacts(organization_ids: Collection[int]) -> dict[int, date]:
    """The day of the last contact with each of these organizations that had any: one query."""
    found = select(ContactNote.organization_id, func.max(ContactNote.happened_on))
    found = found.where(ContactNote.organization_id.in_(organization_ids)).group_by(ContactNote.organization_id)
    return {row[0]: row[1] for row in session().execute(found)}


def list_spoken_with() -> list[tuple[int, str]]:
    """Id and name of the organizations of which there are notes, by name: one query."""
    found = select(Organization.id, Organization.name)
    found = found.where(Organization.id.in_(select(ContactNote.organization_id)))
    return [(row.id, row.name) for row in session().execute(found.order_by(Organization.name, Organization.id))]
