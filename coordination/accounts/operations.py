"""Changing accounts and their assignments."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from coordination.accounts.addresses import normal_address
from coordination.accounts.mails import queue_invitation, queue_sign_in_link
from coordination.accounts.models import Account, Assignment, EndedSession
from coordination.accounts.queries import get_assignment, held_today
from coordination.accounts.rules import Role, check_holder, hash_of
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from coordination.people.models import Person
from core import history
from core.access import Actor
from core.clock import now, today
from core.database import get_row, hold_row, session, transaction
from core.errors import NotFound, Refused
from core.languages import LANGUAGES, _
from core.periods import check_days

#: so long a signed cookie is taken at the most (see `lasting.LONGEST`: 30 days), and two days more
COOKIE_TIME = timedelta(days=32)


@dataclass(frozen=True)
class Duty:
    """A role, the organization for which it is held (None for the administration), first and last day."""

    role: Role
    organization_id: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def new_uniquifier() -> str:
    """A new mark for sessions: whoever carries the old one is signed out."""
    return secrets.token_hex(32)


def create_account(
    actor: Actor,
    email: str,
    *,
    person_id: int | None = None,
    duty: Duty | None = None,
    password_hash: str | None = None,
    invite: bool = False,
) -> Account:
    """Enter an account, with its first assignment; `invite` sends a mail that leads to the sign-in page.

    Refused: no address, one that has an account, a person who has one, a role that does not fit its organization.
    """
    address = normal_address(email)
    with transaction() as writing:
        if writing.scalar(select(Account.id).where(Account.email == address)) is not None:
            raise Refused(_("There is already an account with this address."), "email")
        person = _free_person(person_id)
        row = Account(
            email=address,
            active=True,
            password=password_hash,
            fs_uniquifier=new_uniquifier(),
            links_used=0,
            person=person,
            language=person.language if person and person.language in LANGUAGES else None,
        )
        writing.add(row)
        history.record(actor, "accounts.invite" if invite else "accounts.create", row)
        try:
            writing.flush()
        except IntegrityError as error:  # somebody else entered it between our look and our write
            raise Refused(_("There is already an account with this address."), "email") from error
        if duty is not None:
            assign(actor, row.id, duty)
        if invite:
            queue_invitation(row)
    return row


def assign(actor: Actor, account_id: int, duty: Duty) -> Assignment:
    """Give the account a role. Held before for the same organization, it gets the new period. Refused as in rules."""
    with transaction() as writing:
        account = locked(account_id)
        organization = get_row(Organization, duty.organization_id) if duty.organization_id is not None else None
        check_holder(duty.role, Kind(organization.kind) if organization else None)
        check_days(duty.starts_on, duty.ends_on)
        row = writing.scalar(
            select(Assignment).where(
                Assignment.account_id == account.id,
                Assignment.role == duty.role,
                Assignment.organization_id.is_(None)
                if organization is None
                else Assignment.organization_id == organization.id,
            )
        )
        if row is None:
            row = Assignment(account_id=account.id, role=duty.role, organization_id=duty.organization_id)
            writing.add(row)
        row.starts_on, row.ends_on = duty.starts_on, duty.ends_on
        if row in writing.new or writing.is_modified(row):
            history.record(actor, "accounts.assign", row)
        keep_an_administrator(row)
    return row


def end_assignment(actor: Actor, account_id: int, assignment_id: int, *, last_day: date | None = None) -> None:
    """End an assignment after `last_day` (inclusive); without it at once, so that yesterday was the last.

    Raises NotFound when it is another account's. Refused: a last day before the first, and the end of the last
    administration. One that ends at once before it was held for a whole day is taken out of the list; the history
    keeps it.
    """
    with transaction() as writing:
        locked(account_id)
        row = get_assignment(account_id, assignment_id)
        at_once = last_day is None
        row.ends_on = last_day or today() - timedelta(days=1)
        if at_once and row.starts_on is not None and row.starts_on > row.ends_on:
            facts = {"account_id": account_id, "role": row.role, "organization_id": row.organization_id}
            history.record(actor, "accounts.end_assignment", row, details={**facts, "starts_on": row.starts_on})
            writing.delete(row)
        else:
            check_days(row.starts_on, row.ends_on)
            history.record(actor, "accounts.end_assignment", row)
        keep_an_administrator(row)


def deactivate_account(actor: Actor, account_id: int) -> Account:
    """Nobody can sign in with the account any more, and its sessions end. Refused for the last administrator."""
    with transaction():
        row = locked(account_id)
        if row.active:
            row.active = False
            row.fs_uniquifier = new_uniquifier()
            history.record(actor, "accounts.deactivate", row)
            for assignment in row.assignments:
                keep_an_administrator(assignment)
    return row


def activate_account(actor: Actor, account_id: int) -> Account:
    """The account may sign in again. Twice is as once."""
    with transaction():
        row = locked(account_id)
        if not row.active:
            row.active = True
            history.record(actor, "accounts.activate", row)
    return row


def link_person(actor: Actor, account_id: int, person_id: int | None) -> Account:
    """Say which person signs in with the account (None: nobody known). Refused for one who has another account."""
    with transaction():
        row = locked(account_id)
        if row.person_id != person_id:
            row.person = _free_person(person_id)
            history.record(actor, "accounts.link_person", row)
    return row


def set_language(actor: Actor, language: str | None) -> None:
    """Keep the language in which the actor reads the pages; None for the browser's. Refused for one we do not have."""
    if language is not None and language not in LANGUAGES:
        raise Refused(_("The pages do not exist in this language."), "language")
    if actor.account_id is None:
        return
    with transaction():
        row = locked(actor.account_id)
        if row.language != language:
            row.language = language
            history.record(actor, "accounts.language", row)


def end_sessions(actor: Actor, account_id: int) -> Account:
    """Sign the account out everywhere. Links and remembered devices end with it."""
    with transaction():
        row = locked(account_id)
        row.fs_uniquifier = new_uniquifier()
        history.record(actor, "accounts.end_sessions", row)
    return row


def send_link(account: Account, token: str, target: str) -> None:
    """Queue the mail with the sign-in link; `target` is where the person wanted to go, a path within the site."""
    with transaction():
        queue_sign_in_link(locked(account.id), token, target)


def end_session(key: str) -> None:
    """End the session with this key, and it alone: its cookie, and a copy of it, sign nobody in. Twice is as once."""
    with suppress(IntegrityError), transaction() as current:  # signed out from two pages at the same moment
        current.merge(EndedSession(key=hash_of(key), ended_at=now()))


def forget_ended_sessions() -> int:
    """Delete what is known of sessions whose cookies are too old by now; says how many."""
    with transaction() as current:
        old = delete(EndedSession).where(EndedSession.ended_at < now() - COOKIE_TIME).returning(EndedSession.key)
        return len(current.scalars(old).all())


def use_link(account_id: int, number: int) -> Account:
    """Use a sign-in link up: all that were sent before this moment end. Refused when one was used before."""
    with transaction():
        row = locked(account_id)
        if not row.active or row.links_used != number:
            raise Refused(_("This link is no longer valid. Please ask for a new one."))
        row.links_used += 1
        row.confirmed_at = row.confirmed_at or now()
        deed = "sign_in_by_link" if row.second_factor_since is None else "use_link"  # a code is still to come
        history.record(Actor(account_id=row.id), f"accounts.{deed}", row)
    return row


def locked(account_id: int) -> Account:
    """The account as it is now, within a transaction kept from others until its end. Raises NotFound."""
    row = hold_row(Account, account_id)
    if row.erased_at is not None:
        raise NotFound
    return row


def _free_person(person_id: int | None) -> Person | None:
    if person_id is None:
        return None
    if session().scalar(select(Account.id).where(Account.person_id == person_id)) is not None:
        raise Refused(_("This person has another account already."), "person")
    return get_row(Person, person_id)


def keep_an_administrator(changed: Assignment) -> None:
    """Refuse a change of this assignment that leaves nobody who administers from today on without an end.

    The administrators' rows are locked first, so that two of them cannot take the role from one another at once.
    """
    if changed.role != Role.ADMIN:
        return
    current = session()
    current.flush()
    current.scalars(select(Assignment).where(Assignment.role == Role.ADMIN).with_for_update()).all()
    found = (
        select(Assignment.id)
        .join(Account)
        .where(Account.active, Assignment.role == Role.ADMIN, held_today(Assignment), Assignment.ends_on.is_(None))
    )
    if current.scalar(found.limit(1)) is None:
        raise Refused(
            _("Nobody would be left who administers this site for good. Please give somebody else the role first.")
        )
