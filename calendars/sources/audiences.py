"""Who belongs to what: the audiences that entries are made for, and those of a person on a day."""

from datetime import date

from sqlalchemy import or_, select

from calendars.entry import PUBLIC, Audience, Circle
from coordination.accounts.models import Account, Assignment
from coordination.accounts.rules import Role
from coordination.people.models import Membership
from coordination.people.queries import runs_on
from core.access import Actor
from core.database import session
from participation.committees.models import Committee
from participation.seats.queries import committees_of

#: what everybody may see
EVERYBODY = frozenset({PUBLIC})
#: roles in which somebody works or speaks for an organization, and so belongs to it
FOR_AN_ORGANIZATION = (Role.OFFICER, Role.REPRESENTATIVE)


def circle_of(committee_id: int) -> Audience:
    """The audience that is a committee's inner circle."""
    return Audience(Circle.COMMITTEE, committee_id)


def audiences_of(person_id: int, day: date) -> frozenset[Audience]:
    """Everything the person belongs to on the day: what they may see then, and not what they could see before.

    The public, committees on whose seats they sit or deputise or whose business they keep, organizations of
    which they are a member or for which they work or speak, and themselves. Three queries.
    """
    members = select(Membership.organization_id).where(Membership.person_id == person_id, runs_on(day))
    kept, spoken_for = _by_assignment(person_id, day)
    organizations = {*session().scalars(members), *spoken_for}
    return frozenset(
        {
            PUBLIC,
            Audience(Circle.PERSON, person_id),
            *(circle_of(committee_id) for committee_id in committees_of(person_id, day) | kept),
            *(Audience(Circle.ORGANIZATION, found) for found in organizations),
        }
    )


def own_organizations(actor: Actor) -> frozenset[Audience]:
    """The organizations of which the actor is a member today, or for which they work or speak."""
    spoken_for = (actor.organizations_as(role) for role in FOR_AN_ORGANIZATION)
    return frozenset(Audience(Circle.ORGANIZATION, found) for found in actor.organizations.union(*spoken_for))


def _by_assignment(person_id: int, day: date) -> tuple[frozenset[int], frozenset[int]]:
    """Committees whose business the person keeps, and organizations for which they work or speak: one query."""
    found = (
        select(Assignment.role, Assignment.organization_id, Committee.id)
        .join(Account, Account.id == Assignment.account_id)
        .outerjoin(Committee, Committee.organization_id == Assignment.organization_id)
        .where(
            Account.person_id == person_id,
            Account.active.is_(True),
            Assignment.role.in_((Role.CLERK, *FOR_AN_ORGANIZATION)),
            or_(Assignment.starts_on.is_(None), Assignment.starts_on <= day),
            or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
        )
    )
    rows = session().execute(found).all()
    return (
        frozenset(committee for role, _organization, committee in rows if role == Role.CLERK and committee is not None),
        frozenset(held for role, held, _committee in rows if role != Role.CLERK and held is not None),
    )
