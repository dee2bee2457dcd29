"""Who belongs to a committee, and who may see and do what with its seats."""

from datetime import date

from sqlalchemy import select

from core.access import Actor
from core.clock import today
from core.database import session
from participation.committees import policies as committees
from participation.committees.models import Committee
from participation.seats import queries


def is_insider(actor: Actor, committee: Committee, day: date | None = None) -> bool:
    """Whether the actor belongs to the inner circle on the day (None: today).

    That is who sits or deputises on that day, the committee's clerks, and the administration. A seat or an
    appointment that ended the day before or begins the day after gives nothing.
    """
    if committees.keeps(actor, committee):
        return True
    return actor.person_id is not None and committee.id in queries.committees_of(actor.person_id, day or today())


def inner_circle_of(actor: Actor) -> frozenset[int]:
    """The ids of all committees to whose inner circle the actor belongs today: at most two queries."""
    kept: frozenset[int] = frozenset()
    if actor.system or actor.is_admin:
        return frozenset(session().scalars(select(Committee.id)))
    if organizations := actor.organizations_as("clerk"):
        kept = frozenset(session().scalars(select(Committee.id).where(Committee.organization_id.in_(organizations))))
    return kept if actor.person_id is None else kept | queries.committees_of(actor.person_id, today())


def may_edit(actor: Actor, committee: Committee) -> bool:
    """The clerk of this very committee, or the administration."""
    return actor.may("seats.edit") and committees.keeps(actor, committee)


def may_see_names(actor: Actor, *, insider: bool) -> bool:
    """Who sees the names of persons on seats: the inner circle, and staff who may read persons.

    Everybody else sees seats, organizations and roles. That somebody sits for a migrant organization can reveal
    origin, religion or political opinion (Art. 9 GDPR), so names are not for the public.
    """
    return insider or actor.may("people.read")
