"""Reading: accounts, and the actor that a signed-in account is today."""

from collections.abc import Iterable
from datetime import date

from flask import current_app
from flask_login import current_user
from sqlalchemy import BindParameter, ColumnElement, Date, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from coordination.accounts.addresses import normal_address
from coordination.accounts.models import Account, Assignment, EndedSession
from coordination.accounts.rules import PERMISSIONS, Role, hash_of
from coordination.organizations.models import Organization
from coordination.people.models import Membership, Person
from core.access import ANONYMOUS, Actor, Grant
from core.clock import today
from core.database import get_row, session
from core.errors import NotFound, Refused
from core.history import HistoryLine
from core.web import like


def _held_on(dated: type[Assignment] | type[Membership], day: date | BindParameter[date]) -> ColumnElement[bool]:
    """The condition that a row from–until (both days inclusive, open where None) is in force on the day."""
    return and_(
        or_(dated.starts_on.is_(None), dated.starts_on <= day), or_(dated.ends_on.is_(None), dated.ends_on >= day)
    )


# Every page asks these three. Made once: making a statement takes longer than sending it
_OF_SESSION = (
    select(Account)
    .where(Account.fs_uniquifier == bindparam("uniquifier"))
    .where(~exists().where(EndedSession.key == bindparam("key")))
    .options(joinedload(Account.person))
)
_GRANTS = select(Assignment.role, Assignment.organization_id).where(
    Assignment.account_id == bindparam("account_id"), _held_on(Assignment, bindparam("day", type_=Date))
)
_MEMBER_OF = select(Membership.organization_id).where(
    Membership.person_id == bindparam("person_id"), _held_on(Membership, bindparam("day", type_=Date))
)


def find_by_session(uniquifier: str, key: str) -> Account | None:
    """The account with this mark and its person, unless the session with this key was signed out; one query."""
    return session().scalar(_OF_SESSION, {"uniquifier": uniquifier, "key": hash_of(key)})


def build_actor() -> Actor:
    """The actor of this request: rights of today only; an account that was deactivated has none.

    Nor has an administrator whom the settings tell to have a second factor, before it is set up.
    """
    if not current_user.is_authenticated or not current_user.active:
        return ANONYMOUS
    actor = actor_of(current_user)
    if is_factor_demanded(actor) and current_user.second_factor_since is None:
        return Actor(account_id=actor.account_id, first="second_factor.set_up")
    return actor


def is_factor_demanded(actor: Actor) -> bool:
    """Whether the settings tell the actor to have a second factor."""
    return actor.is_admin and bool(current_app.config["SETTINGS"].second_factor == "administration")


def actor_of(account: Account) -> Actor:
    """The actor that the account is today: two queries."""
    held = session().execute(_GRANTS, {"account_id": account.id, "day": today()})
    grants = frozenset(Grant(str(role), organization_id) for role, organization_id in held)
    return Actor(
        account_id=account.id,
        person_id=account.person_id,
        permissions=frozenset().union(*(PERMISSIONS[Role(grant.role)] for grant in grants)),
        grants=grants,
        organizations=member_of(account.person_id),
        is_admin=any(grant.role == Role.ADMIN for grant in grants),
    )


def held_today(dated: type[Assignment] | type[Membership]) -> ColumnElement[bool]:
    """The condition that a row from–until (both days inclusive, open where None) is in force today."""
    return _held_on(dated, today())


def member_of(person_id: int | None) -> frozenset[int]:
    """The organizations in which the person is a member today."""
    if person_id is None:
        return frozenset()
    return frozenset(session().scalars(_MEMBER_OF, {"person_id": person_id, "day": today()}))


def has_voice(organization_id: int) -> bool:
    """Whether somebody with an active account speaks for the organization today and is its member: one query."""
    found = (
        select(Account.id)
        .join(Assignment, Assignment.account_id == Account.id)
        .join(Membership, Membership.person_id == Account.person_id)
        .where(Account.active, Assignment.role == Role.REPRESENTATIVE, held_today(Assignment), held_today(Membership))
        .where(Assignment.organization_id == organization_id, Membership.organization_id == organization_id)
    )
    return session().scalars(found.limit(1)).first() is not None


def get_account(account_id: int) -> Account:
    """The account, deactivated ones too. Raises NotFound, also for one that was erased."""
    row = get_row(Account, account_id)
    if row.erased_at is not None:
        raise NotFound
    return row


def get_assignment(account_id: int, assignment_id: int) -> Assignment:
    """The assignment, if it is one of this account. Raises NotFound."""
    row = get_row(Assignment, assignment_id)
    if row.account_id != account_id:
        raise NotFound
    return row


def find_account(email: str) -> Account | None:
    """The account with this address, however it is spelled (see `addresses`); None also for what is no address."""
    try:
        address = normal_address(email)
    except Refused:
        return None
    return session().scalar(select(Account).where(Account.email == address))


def find_by_uniquifier(uniquifier: str) -> Account | None:
    """The account whose sessions and links carry this mark, or None."""
    return session().scalar(select(Account).where(Account.fs_uniquifier == uniquifier))


def find_first_with(role: Role) -> Account | None:
    """The oldest active account that holds the role today, or None."""
    found = select(Account).join(Assignment).where(Account.active, Assignment.role == role, held_today(Assignment))
    return session().scalar(found.order_by(Account.id).limit(1))


def search(text: str = "") -> Select[Account]:
    """Accounts whose address or person's name contains the text, by address; with what a list shows of them."""
    found = select(Account).options(
        selectinload(Account.assignments).selectinload(Assignment.organization), selectinload(Account.person)
    )
    found = found.where(Account.erased_at.is_(None))
    if text:
        pattern = like(text)
        name = Person.given_name + " " + Person.family_name
        found = found.outerjoin(Account.person).where(
            or_(Account.email.ilike(pattern, escape="\\"), name.ilike(pattern, escape="\\"))
        )
    return found.order_by(Account.email)


def list_people_without_account(besides: int | None = None) -> list[tuple[int, str]]:
    """Id and name of the people who may still get an account, by name; and of the one given."""
    taken = select(Account.person_id).where(Account.person_id.is_not(None))
    free = and_(Person.archived_at.is_(None), Person.id.not_in(taken))
    found = select(Person).where(or_(free, Person.id == besides)).order_by(Person.family_name, Person.given_name)
    return [(person.id, person.name) for person in session().scalars(found)]


def list_organizations() -> list[tuple[int, str]]:
    """Id and name of all active organizations, committees too, by name."""
    found = select(Organization.id, Organization.name).where(Organization.archived_at.is_(None))
    return [(row.id, row.name) for row in session().execute(found.order_by(Organization.name, Organization.id))]


def history_lines(*, reads: bool = False) -> Select[HistoryLine]:
    """The history, newest first: what was done or, with `reads`, who read which list of people."""
    of_reads = HistoryLine.action.startswith("read.")
    return select(HistoryLine).where(of_reads if reads else ~of_reads).order_by(HistoryLine.id.desc())


def addresses_of(account_ids: Iterable[int | None]) -> dict[int | None, str]:
    """The addresses of these accounts, as far as they are still kept: one query."""
    wanted = {number for number in account_ids if number is not None}
    kept = select(Account.id, Account.email).where(Account.id.in_(wanted), Account.erased_at.is_(None))
    found = session().execute(kept)
    return {row.id: row.email for row in found}
