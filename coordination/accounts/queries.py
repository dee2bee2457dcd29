"""Reading: accounts, and the actor that a signed-in account is today."""

from flask_login import current_user
from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from coordination.accounts.models import Account, Assignment
from coordination.accounts.rules import PERMISSIONS, Role
from coordination.people.models import Membership
from core.access import ANONYMOUS, Actor, Grant
from core.clock import today
from core.database import session


def build_actor() -> Actor:
    """The actor of this request: rights of today only; an account that was deactivated has none."""
    if not current_user.is_authenticated or not current_user.active:
        return ANONYMOUS
    return actor_of(current_user)


def actor_of(account: Account) -> Actor:
    """The actor that the account is today: two queries."""
    day = today()
    held = session().execute(
        select(Assignment.role, Assignment.organization_id).where(
            Assignment.account_id == account.id,
            or_(Assignment.starts_on.is_(None), Assignment.starts_on <= day),
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
        )
    )
    grants = frozenset(Grant(str(role), organization_id) for role, organization_id in held)
    return Actor(
        account_id=account.id,
        person_id=account.person_id,
        permissions=frozenset().union(*(PERMISSIONS[Role(grant.role)] for grant in grants)),
        grants=grants,
        organizations=member_of(account.person_id),
        is_admin=any(grant.role == Role.ADMIN for grant in grants),
    )


def member_of(person_id: int | None) -> frozenset[int]:
    """The organizations in which the person is a member today."""
    if person_id is None:
        return frozenset()
    day = today()
    found = select(Membership.organization_id).where(
        Membership.person_id == person_id,
        or_(Membership.starts_on.is_(None), Membership.starts_on <= day),
        or_(Membership.ends_on.is_(None), Membership.ends_on >= day),
    )
    return frozenset(session().scalars(found))


def find_account(email: str) -> Account | None:
    """The account with this address, whatever the case of its letters."""
    return session().scalar(select(Account).where(func.lower(Account.email) == email.strip().lower()))


def list_accounts() -> list[Account]:
    """All accounts with their assignments, by address: three queries."""
    found = select(Account).options(
        selectinload(Account.assignments).selectinload(Assignment.organization), selectinload(Account.person)
    )
    return list(session().scalars(found.order_by(Account.email)))
