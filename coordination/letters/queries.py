"""Reading letters, and whom one would reach."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from coordination.accounts.models import Account
from coordination.letters.models import Letter, LetterObjection, LetterRecipient
from coordination.letters.rules import Address, Recipient, Way, way_to
from coordination.organizations.models import Organization
from coordination.organizations.publication import Field, Reader
from coordination.organizations.queries import field_shown
from coordination.organizations.rules import Kind, Topic
from coordination.people import queries as people
from coordination.people.models import Membership
from core.access import Actor
from core.clock import today
from core.database import get_row, session
from core.words import holds

#: what a list shows of each letter, fetched with it
WHOLE = (joinedload(Letter.department), joinedload(Letter.account).joinedload(Account.person))


@dataclass(frozen=True)
class Wanted:
    """To whom a letter is meant to go; None and "" narrow nothing."""

    topic: Topic | None = None
    language: str = ""


def search(actor: Actor) -> Select[Letter]:
    """What this actor may read: drafts as `policies.may_change` says, then all that was sent, newest first."""
    own = or_(Letter.account_id == actor.account_id, Letter.department_id.in_(actor.organizations_as("officer")))
    found = select(Letter).options(*WHOLE)
    if not (actor.is_admin or actor.system):
        found = found.where(or_(Letter.sent_at.is_not(None), own))
    return found.order_by(
        Letter.sent_at.is_not(None), Letter.sent_at.desc(), Letter.written_at.desc(), Letter.id.desc()
    )


def get_letter(letter_id: int) -> Letter:
    """The letter. Raises NotFound."""
    return get_row(Letter, letter_id)


def find_letter(department_id: int, subject: str) -> Letter | None:
    """The department's letter with this subject, or None; the first of several."""
    found = select(Letter).where(Letter.department_id == department_id, Letter.subject == subject)
    return session().scalars(found.order_by(Letter.id).limit(1)).first()


def sent_to(letter_id: int) -> Select[LetterRecipient]:
    """To whom a letter went and whom it did not reach, by organization."""
    return (
        select(LetterRecipient)
        .join(LetterRecipient.organization)
        .options(joinedload(LetterRecipient.organization), joinedload(LetterRecipient.person))
        .where(LetterRecipient.letter_id == letter_id)
        .order_by(Organization.name, LetterRecipient.id)
    )


def by_post(reader: Reader, letter_id: int, *, first: int, most: int) -> list[LetterRecipient]:
    """Of a sent letter what is to be printed: to whom it went by post, if the reader may see the address now."""
    return list(session().scalars(_by_post(reader, letter_id).offset(first).limit(most)))


def count_by_post(reader: Reader, letter_id: int) -> int:
    """How many sheets of a sent letter the reader may print."""
    found = _by_post(reader, letter_id).order_by(None).subquery()
    return session().scalar(select(func.count()).select_from(found)) or 0


def _by_post(reader: Reader, letter_id: int) -> Select[LetterRecipient]:
    return sent_to(letter_id).where(LetterRecipient.way == Way.POST, _address_shown(reader))


def with_address(reader: Reader, rows: Collection[LetterRecipient]) -> frozenset[int]:
    """The ids of those of these rows whose address the reader may see now: it was shared with whom it was shared with,
    not with all who read the letter."""
    found = select(LetterRecipient.id).join(LetterRecipient.organization)
    return frozenset(
        session().scalars(found.where(LetterRecipient.id.in_([row.id for row in rows]), _address_shown(reader)))
    )


def _address_shown(reader: Reader) -> ColumnElement[bool]:
    post = LetterRecipient.way == Way.POST
    return or_(and_(post, field_shown(reader, Field.ADDRESS)), and_(~post, field_shown(reader, Field.EMAIL)))


def ways_of(letter_ids: Collection[int]) -> dict[int, dict[Way, int]]:
    """How many mails and sheets each of these letters made, and whom it did not reach, as numbers: one query."""
    rows = session().execute(
        select(LetterRecipient.letter_id, LetterRecipient.way, func.count())
        .where(LetterRecipient.letter_id.in_(letter_ids))
        .group_by(LetterRecipient.letter_id, LetterRecipient.way)
    )
    found: dict[int, dict[Way, int]] = {letter_id: {} for letter_id in letter_ids}
    for letter_id, way, number in rows:
        found[letter_id][Way(way)] = number
    return found


def recipients_of(reader: Reader, wanted: Wanted) -> list[Recipient]:
    """The active migrant organizations that a letter is meant for and how each is reached, by name: three queries.

    An organization works on a topic if it says so itself, or names a contact for it. A mail goes to its own address;
    where it has none, to each of its contacts for the topic (without a topic: to each contact). Whoever writes reaches
    those only whose topics and addresses they may see: to write to an organization needs no consent to publication,
    but its address belongs to those to whom it gave it.
    """
    contacts = _contacts_by_organization(wanted.topic)
    found = select(Organization, field_shown(reader, Field.EMAIL), field_shown(reader, Field.ADDRESS)).where(
        Organization.kind == Kind.MIGRANT_ORGANISATION, Organization.archived_at.is_(None)
    )
    if wanted.topic is not None:
        says_so = and_(holds(Organization.topics, wanted.topic), field_shown(reader, Field.TOPICS))
        found = found.where(or_(says_so, Organization.id.in_(contacts)))
    if wanted.language:
        found = found.where(holds(Organization.languages, wanted.language), field_shown(reader, Field.LANGUAGES))
    objected = set(session().scalars(select(LetterObjection.organization_id)))
    return [
        _recipient(
            row,
            row.email if email_shown else "",
            row.address if address_shown else "",
            contacts.get(row.id, []),
            objected=row.id in objected,
        )
        for row, email_shown, address_shown in session().execute(found.order_by(Organization.name, Organization.id))
    ]


def _contacts_by_organization(topic: Topic | None) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = {}
    for row in people.contacts(today(), kind=Kind.MIGRANT_ORGANISATION):
        if topic is None or topic in row.topics:
            found.setdefault(row.organization_id, []).append(row)
    return found


def _recipient(row: Organization, email: str, address: str, contacts: list[Membership], *, objected: bool) -> Recipient:
    mails = (Address(email, row.name),) if email else _to_persons(contacts)
    post = tuple(line.strip() for line in address.splitlines() if line.strip())
    way = way_to(mails, post, objected=objected, hidden=(email, address) != (row.email, row.address))
    return Recipient(row.id, row.name, way, mails if way is Way.MAIL else (), post if way is Way.POST else ())


def _to_persons(contacts: list[Membership]) -> tuple[Address, ...]:
    """One mail to each person, also to who has several functions."""
    persons = {row.person_id: row.person for row in contacts if row.person.email}
    return tuple(Address(one.email, one.name, one.id, one.language) for one in persons.values())


def has_objected(organization_id: int) -> bool:
    """Whether the organization wants no letters."""
    return session().get(LetterObjection, organization_id) is not None
