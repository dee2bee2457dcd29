"""Changing persons and memberships."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind, Topic
from coordination.people.models import Membership, Person
from coordination.people.queries import find_by_email
from coordination.people.rules import clean_email
from core import history
from core.access import Actor
from core.bulk import columns_of
from core.clock import now, today
from core.database import check_version, get_row, transaction
from core.errors import Refused
from core.instance import move_calendars
from core.languages import DEFAULT, _
from core.periods import check_days, days_overlap
from core.slugs import slugify


@dataclass(frozen=True)
class Profile:
    """What is kept of a person; see the model for the meaning of each."""

    family_name: str
    given_name: str = ""
    form_of_address: str = ""
    email: str = ""
    phone: str = ""
    language: str = DEFAULT


def profile_of(row: Person) -> Profile:
    """What is kept of this person now."""
    return Profile(**{name: getattr(row, name) for name in Profile.__dataclass_fields__})


def create_person(actor: Actor, profile: Profile, *, key: str = "") -> Person:
    """Enter a person; without a `key` one is made from the name, with a random end so that it tells no order.

    Refused at `email`: an address that is none, or that another active person has.
    """
    with transaction() as session:
        profile = _checked(profile)
        row = Person(key=key or _new_key(profile), **asdict(profile))
        session.add(row)
        history.record(actor, "people.create", row)
        _flush(session)
    return row


def prepared(key: str, profile: Profile) -> dict[str, Any]:
    """The columns of a new person, for `create_all`. Refused as in `create_person`, but for who has the address."""
    return {"key": key, **vars(_clean(profile))}


def create_all(actor: Actor, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Enter many `prepared` persons at once, each with its line of history. Their ids, in order.

    IntegrityError where two active ones would have one address.
    """
    with transaction():
        return history.insert_all(actor, "people.create", Person, columns_of(rows))


def edit_person(actor: Actor, person_id: int, *, version: int | None, profile: Profile) -> Person:
    """Save what is kept of the person. Refused as in `create_person`; Outdated when somebody saved since `version`."""
    with transaction() as session:
        row = _kept(person_id)
        check_version(row, version)
        profile = _checked(profile, row)
        if profile != profile_of(row):
            for name, value in asdict(profile).items():
                setattr(row, name, value)
            history.record(actor, "people.edit", row)
            _flush(session)
    return row


def archive_person(actor: Actor, person_id: int) -> Person:
    """Keep the person for the records only. Memberships end, and the rights that hang on them, at once.

    Running ones end with yesterday; those that have not begun before today are deleted. Twice is as once.
    """
    with transaction() as session:
        row = get_row(Person, person_id)
        if row.archived_at is None:
            row.archived_at = now()
            history.record(actor, "people.archive", row)
            _end_all_memberships(actor, session, person_id)
    return row


def restore_person(actor: Actor, person_id: int) -> Person:
    """Take an archived person back, without memberships. Twice is as once.

    Refused at `email` when another active person has the address by now.
    """
    with transaction() as session:
        row = _kept(person_id)
        if row.archived_at is not None:
            _refuse_second(row.email, row)
            row.archived_at = None
            history.record(actor, "people.restore", row)
            _flush(session)
    return row


def add_membership(
    actor: Actor,
    person_id: int,
    *,
    organization_id: int,
    function: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    topics: Collection[Topic] = (),
) -> Membership:
    """Make the person a member from–until (both inclusive, None open), and the contact for these topics.

    Refused: a last day before the first (at `ends_on`), and the same function twice at a time (at `function`).
    """
    with transaction() as session:
        row = Membership(
            person=_kept(person_id),
            organization=get_row(Organization, organization_id),
            function=function,
            starts_on=starts_on,
            ends_on=ends_on,
            topics=in_order(topics),
        )
        with session.no_autoflush:
            _check_membership(session, row)
        session.add(row)
        history.record(actor, "people.add_membership", row)
    return row


def prepared_membership(
    person_id: int,
    organization_id: int,
    *,
    function: str,
    starts_on: date | None,
    ends_on: date | None,
    topics: Collection[Topic],
) -> dict[str, Any]:
    """The columns of a new membership, for `add_memberships`. Refused at `ends_on`: a day before the first one."""
    check_days(starts_on, ends_on)
    return {
        "person_id": person_id,
        "organization_id": organization_id,
        "function": function,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "topics": in_order(topics),
    }


def add_memberships(actor: Actor, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Enter many `prepared_membership` at once, each with its line of history. Their ids, in order.

    That nobody gets the same function twice at a time is the caller's to see.
    """
    with transaction():
        ids = history.insert_all(actor, "people.add_membership", Membership, columns_of(rows))
        if ids:
            move_calendars()
    return ids


def date_membership(actor: Actor, membership_id: int, *, starts_on: date | None, ends_on: date | None) -> Membership:
    """Set first and last day of a membership. Refused as in `add_membership`."""
    with transaction() as session:
        row = get_row(Membership, membership_id)
        if (row.starts_on, row.ends_on) != (starts_on, ends_on):
            with session.no_autoflush:
                row.starts_on, row.ends_on = starts_on, ends_on
                _check_membership(session, row)
            history.record(actor, "people.date_membership", row)
    return row


def set_topics(
    actor: Actor, membership_id: int, *, version: int | None, function: str, topics: Collection[Topic]
) -> Membership:
    """Say what the member does there, and for which topics others turn to them.

    Refused: a function that the person has twice at a time (at `function`); Outdated when somebody saved since
    `version`.
    """
    with transaction() as session:
        row = get_row(Membership, membership_id)
        check_version(row, version)
        if (row.function, row.topics) != (function, in_order(topics)):
            with session.no_autoflush:
                row.function, row.topics = function, in_order(topics)
                _check_membership(session, row)
            history.record(actor, "people.set_topics", row)
    return row


def publish_name(actor: Actor, membership_id: int, *, publish: bool) -> Membership:
    """Let everybody read the name of a department's contact, from today on; or take that back. Twice is as once.

    Refused: a contact of an organization that is no department of the municipality, whose members nobody publishes.
    """
    with transaction():
        row = get_row(Membership, membership_id)
        if publish and row.organization.kind != Kind.DEPARTMENT:
            raise Refused(_("Only contacts of a department can be named in public."))
        if publish != (row.name_public_since is not None):
            row.name_public_since = today() if publish else None
            history.record(actor, "people.publish_name", row)
    return row


def end_membership(actor: Actor, membership_id: int, *, ends_on: date) -> Membership:
    """Let the membership end with this day (inclusive). Refused at `ends_on`: a day before the first one."""
    with transaction():
        row = get_row(Membership, membership_id)
        return date_membership(actor, membership_id, starts_on=row.starts_on, ends_on=ends_on)


def blank(row: Person, name: str) -> None:
    """Within a transaction: leave nothing of the person but number and key; `name` says what the row is now."""
    row.given_name = row.form_of_address = row.email = row.phone = ""
    row.family_name, row.language = name, DEFAULT
    row.archived_at = row.archived_at or now()
    row.erased_at = now()


def _kept(person_id: int) -> Person:
    """The person. Refused for who was erased: what is left is the office in the records."""
    row = get_row(Person, person_id)
    if row.erased_at is not None:
        raise Refused(_("This person was erased. What is left is the office in the records."))
    return row


def _checked(profile: Profile, row: Person | None = None) -> Profile:
    profile = _clean(profile)
    if row is None or row.archived_at is None:
        _refuse_second(profile.email, row)
    return profile


def _clean(profile: Profile) -> Profile:
    if not profile.family_name:
        raise Refused(_("Please fill in this field."), "family_name")
    email = clean_email(profile.email)
    return profile if email == profile.email else replace(profile, email=email)


def _refuse_second(email: str, row: Person | None) -> None:
    other = find_by_email(email)
    if other is not None and other is not row:
        raise Refused(_("Another person is already reached under this address: %(name)s.", name=other.name), "email")


def _flush(session: Session) -> None:
    """Write, and turn the index's complaint about an address that somebody else took just now into words."""
    try:
        session.flush()
    except IntegrityError as error:
        if "uq_person_active_email" not in str(error.orig):
            raise
        raise Refused(_("Another person is already reached under this address."), "email") from error


def _new_key(profile: Profile) -> str:
    return f"{slugify(f'{profile.given_name} {profile.family_name}')}-{secrets.token_hex(3)}"


def in_order(topics: Collection[Topic]) -> list[str]:
    """The words of the topics, each once, in the order of the survey."""
    return [topic.value for topic in Topic if topic in topics]


def _check_membership(session: Session, row: Membership) -> None:
    check_days(row.starts_on, row.ends_on)
    others = select(Membership).where(
        Membership.person_id == row.person.id,
        Membership.organization_id == row.organization.id,
        Membership.function == row.function,
        Membership.id != (row.id or 0),
    )
    for other in session.scalars(others):
        if days_overlap((row.starts_on, row.ends_on), (other.starts_on, other.ends_on)):
            raise Refused(_("This membership is entered already for that time."), "function")


def _end_all_memberships(actor: Actor, session: Session, person_id: int) -> None:
    day = today()
    running = or_(Membership.ends_on.is_(None), Membership.ends_on >= day)
    for row in session.scalars(select(Membership).where(Membership.person_id == person_id, running)):
        if row.starts_on is None or row.starts_on < day:
            row.ends_on = day - timedelta(days=1)
            history.record(actor, "people.date_membership", row)
        else:
            history.record(actor, "people.delete_membership", row, details={"organization_id": row.organization_id})
            session.delete(row)
