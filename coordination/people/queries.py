"""Reading persons and memberships."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind, Topic
from coordination.people.models import Membership, Person
from core.clock import today
from core.database import get_row, session
from core.errors import NotFound
from core.web import like
from core.words import holds


def get_person(person_id: int) -> Person:
    """The person, archived ones too. Raises NotFound, also for an entry that was merged into another."""
    found = get_row(Person, person_id)
    if found.merged_into_id is not None:
        raise NotFound
    return found


def merged_into(person_id: int) -> frozenset[int]:
    """The numbers of the entries that were merged into this person's."""
    return frozenset(session().scalars(select(Person.id).where(Person.merged_into_id == person_id)))


def get_by_key(key: str) -> Person:
    """The person with this short name. Raises NotFound."""
    found = find_by_key(key)
    if found is None:
        raise NotFound
    return found


def find_by_key(key: str) -> Person | None:
    """The person with this short name, or None. The name of an entry that was merged finds what it is now."""
    found = session().scalar(select(Person).where(Person.key == key))
    return found if found is None or found.merged_into_id is None else get_row(Person, found.merged_into_id)


def ids_by_key(keys: Collection[str]) -> dict[str, int]:
    """The ids of the persons with these short names as `find_by_key` finds them, unknown ones left out: one query."""
    now = func.coalesce(Person.merged_into_id, Person.id).label("id")
    rows = session().execute(select(Person.key, now).where(Person.key.in_(keys)))
    return {row.key: row.id for row in rows}


def known_people(keys: Collection[str], names: Sequence[str]) -> dict[str, tuple[int, dict[str, Any]]]:
    """By short name the id of each known person, and these columns; none of who was erased. One query."""
    columns = [getattr(Person, name) for name in names]
    rows = session().execute(select(Person.key, Person.id, Person.erased_at, *columns).where(Person.key.in_(keys)))
    return {
        key: (row_id, {} if erased_at else dict(zip(names, values, strict=True)))
        for key, row_id, erased_at, *values in rows
    }


def taken_addresses(emails: Collection[str]) -> frozenset[str]:
    """Those of these addresses (as `clean_email` gives them) under which an active person is reached: one query."""
    found = select(Person.email).where(Person.email.in_(emails), Person.email != "", Person.archived_at.is_(None))
    return frozenset(session().scalars(found))


def find_by_email(email: str) -> Person | None:
    """The active person who is reached under this address (as `clean_email` gives it), or None."""
    if not email:
        return None
    return session().scalar(select(Person).where(Person.email == email, Person.archived_at.is_(None)))


def search(text: str = "", organization_id: int | None = None, *, archived: bool = False) -> Select[Person]:
    """Persons whose name contains the text, members of the organization today where one is given; by family name."""
    found = select(Person).order_by(Person.family_name, Person.given_name, Person.id)
    kept = Person.archived_at.is_not(None) if archived else Person.archived_at.is_(None)
    found = found.where(kept, Person.erased_at.is_(None))
    if organization_id is not None:
        members = select(Membership.person_id).where(Membership.organization_id == organization_id, runs_on(today()))
        found = found.where(Person.id.in_(members))
    if text:
        whole_name = Person.given_name + " " + Person.family_name
        found = found.where(whole_name.ilike(like(text), escape="\\"))
    return found


def list_choices() -> list[tuple[int, str]]:
    """Id and name of all active persons, by family name, for a form."""
    return [(row.id, row.name) for row in session().scalars(search())]


def runs_on(day: date) -> ColumnElement[bool]:
    """The condition that a membership holds on this day (both ends inclusive, None open)."""
    return and_(
        or_(Membership.starts_on.is_(None), Membership.starts_on <= day),
        or_(Membership.ends_on.is_(None), Membership.ends_on >= day),
    )


def members_of(organization_id: int, day: date) -> list[Membership]:
    """The memberships that hold on this day, with their active persons, by family name: one query."""
    found = (
        select(Membership)
        .join(Membership.person)
        .options(contains_eager(Membership.person))
        .where(Membership.organization_id == organization_id, runs_on(day), Person.archived_at.is_(None))
        .order_by(Person.family_name, Person.given_name, Person.id, Membership.id)
    )
    return list(session().scalars(found))


def memberships_of(person_id: int) -> list[Membership]:
    """All memberships of the person, past ones too, with their organizations, by name: one query."""
    found = (
        select(Membership)
        .join(Membership.organization)
        .options(contains_eager(Membership.organization))
        .where(Membership.person_id == person_id)
        .order_by(Organization.name, Membership.starts_on, Membership.id)
    )
    return list(session().scalars(found))


def memberships_by_person(person_ids: Collection[int]) -> dict[int, list[Membership]]:
    """All memberships of these persons, past ones too, as `memberships_of` orders them: one query."""
    found = (
        select(Membership)
        .join(Membership.organization)
        .where(Membership.person_id.in_(person_ids))
        .order_by(Organization.name, Membership.starts_on, Membership.id)
    )
    by_person: dict[int, list[Membership]] = {}
    for row in session().scalars(found):
        by_person.setdefault(row.person_id, []).append(row)
    return by_person


def get_membership(person_id: int, membership_id: int) -> Membership:
    """This membership of this person. Raises NotFound, also where it is somebody else's."""
    found = select(Membership).options(joinedload(Membership.organization))
    row = session().scalar(found.where(Membership.id == membership_id, Membership.person_id == person_id))
    if row is None:
        raise NotFound
    return row


def find_membership(membership_id: int) -> Membership:
    """This membership with its person and organization, one that is running or to come. Raises NotFound."""
    found = (
        select(Membership)
        .join(Membership.person)
        .options(joinedload(Membership.organization), contains_eager(Membership.person))
    )
    found = found.where(
        Membership.id == membership_id,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= today()),
        Person.archived_at.is_(None),
    )
    row = session().scalar(found)
    if row is None:
        raise NotFound
    return row


def contacts(day: date, *, kind: Kind | None = None, organization_id: int | None = None) -> list[Membership]:
    """The members who are the contact for some topic on this day, of active organizations: one query.

    By organization, function and name. `kind` and `organization_id` narrow it.
    """
    found = (
        select(Membership)
        .join(Membership.organization)
        .join(Membership.person)
        .options(contains_eager(Membership.organization), contains_eager(Membership.person))
        .where(runs_on(day), Person.archived_at.is_(None), Organization.archived_at.is_(None))
        .where(or_(*(holds(Membership.topics, topic) for topic in Topic)))
        .order_by(Organization.name, Membership.function, Person.family_name, Person.given_name, Membership.id)
    )
    if kind is not None:
        found = found.where(Organization.kind == kind)
    if organization_id is not None:
        found = found.where(Membership.organization_id == organization_id)
    return list(session().scalars(found))


def by_topic(contacts: Iterable[Membership]) -> dict[Topic, list[Membership]]:
    """For each of the twelve topics those who are its contact, in the order given."""
    known = list(contacts)
    return {topic: [row for row in known if topic in row.topics] for topic in Topic}


def organizations_of(person_ids: Collection[int], day: date) -> dict[int, list[Organization]]:
    """For each of these persons the organizations they belong to on this day, by name: one query."""
    found = (
        select(Membership.person_id, Organization)
        .join(Membership.organization)
        .where(Membership.person_id.in_(person_ids), runs_on(day))
        .order_by(Organization.name, Organization.id)
    )
    belonging: dict[int, list[Organization]] = {person_id: [] for person_id in person_ids}
    for person_id, organization in session().execute(found):
        if organization not in belonging[person_id]:
            belonging[person_id].append(organization)
    return belonging
