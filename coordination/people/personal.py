"""What this room keeps of people: name and contact, and memberships."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from coordination.people.models import Membership, Person
from coordination.people.operations import blank
from core.clock import to_local
from core.database import session
from core.languages import DEFAULT, LANGUAGES, _, _l, in_language
from core.personal import PersonalTable, Subject, delete_rows, is_of, plain_rows
from core.retention import Retention


def _entries(subject: Subject) -> ColumnElement[bool]:
    return Person.id.in_(subject.person_ids)


def _memberships(subject: Subject) -> ColumnElement[bool]:
    return is_of(Membership.person_id, subject.person_id)


def _with_organization(row: Membership) -> dict[str, Any]:
    return {"organization": row.organization.name}


def _blank_person(subject: Subject) -> None:
    """The row stays without its person, so that its number is never given to anybody else; see docs/retention.md.
    Those that were merged into it lose the key, too."""
    for row in session().scalars(select(Person).where(_entries(subject))):
        with in_language(DEFAULT):
            blank(row, _("Erased person"))
        row.key = f"erased-{secrets.token_hex(8)}"


def _ended(before: datetime) -> Select[Membership]:
    return select(Membership).where(Membership.ends_on < to_local(before).date())


def _long_archived(before: datetime) -> Select[Person]:
    return select(Person).where(Person.archived_at < before, Person.erased_at.is_(None))


PERSON = PersonalTable(
    model=Person,
    holds=_l("Name, and ways to be reached"),
    rows=_entries,
    erase=_blank_person,
    retention=Retention.PARTICIPATION,
    words={"language": LANGUAGES},
    suggested=_long_archived,
)
MEMBERSHIP = PersonalTable(
    model=Membership,
    holds=_l("Memberships in organizations, with functions"),
    rows=_memberships,
    tell=lambda subject: plain_rows(
        Membership, _memberships(subject), loading=[joinedload(Membership.organization)], adding=_with_organization
    ),
    erase=lambda subject: delete_rows(Membership, _memberships(subject)),
    retention=Retention.ENDED,
    expired=_ended,
)
