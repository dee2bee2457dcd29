"""What waits for somebody in all that they plan: words to give, tasks, and how it went."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from coordination.accounts.rules import Role
from coordination.cooperation.models import Cooperation, Partner
from coordination.cooperation.rules import OVER, Status
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from coordination.planning.models import Agreement, Confirmation, Follower, Review, Task
from coordination.planning.rules import PLANNED_HERE
from core.access import Actor
from core.database import session


def tasks_of(actor: Actor, limit: int, *, staff: bool) -> list[tuple[Task, Cooperation]]:
    """What the actor still has to do in all that they plan, the most urgent first: one query."""
    own = and_(Task.person_id.is_(None), Task.organization_id.in_({grant.organization_id for grant in actor.grants}))
    mine = and_(Task.done_at.is_(None), or_(and_(Task.person_id.is_not(None), Task.person_id == actor.person_id), own))
    found = select(Task, Cooperation).join(Cooperation, Cooperation.id == Task.cooperation_id)
    works_in = true() if staff else _part_of(actor).exists()
    found = found.where(mine, works_in, Cooperation.status.not_in(OVER - {Status.HELD}))
    rows = session().execute(found.order_by(Task.due_on.is_(None), Task.due_on, Task.id).limit(limit))
    return [(task, row) for task, row in rows]


def agreements_to_confirm(actor: Actor, limit: int, *, staff: bool) -> list[Cooperation]:
    """Where a word of the actor's side on the agreement as it stands is missing, oldest first: one query.

    Of the municipality one word is enough; its staff are asked where they take part in planning.
    """
    said = select(Confirmation.id).where(
        Confirmation.agreement_id == Agreement.id, Confirmation.revision == Agreement.revision
    )
    unsaid = ~said.where(Confirmation.organization_id == Partner.organization_id).exists()
    waiting: ColumnElement[bool] = _part_of(actor).where(unsaid).exists()
    if staff:
        follows = select(Follower.id).where(
            Follower.cooperation_id == Cooperation.id, Follower.account_id == actor.account_id
        )
        departments = select(Organization.id).where(Organization.kind == Kind.DEPARTMENT)
        own = or_(Confirmation.organization_id.is_(None), Confirmation.organization_id.in_(departments))
        waiting = or_(waiting, and_(follows.exists(), ~said.where(own).exists()))
    found = select(Cooperation).join(Agreement, Agreement.cooperation_id == Cooperation.id)
    found = found.where(Cooperation.status.not_in(OVER), waiting)
    return list(session().scalars(found.order_by(Agreement.written_at, Agreement.id).limit(limit)))


def to_review(actor: Actor, since: date, limit: int) -> list[Cooperation]:
    """What ended on that day or later and of which no organization of the actor has said how it went.

    One query, or none where the actor speaks for nobody.
    """
    spoken_for = actor.organizations_as(Role.REPRESENTATIVE)
    if not spoken_for:
        return []
    said = select(Review.id).where(Review.cooperation_id == Cooperation.id, Review.organization_id.in_(spoken_for))
    found = select(Cooperation).where(
        Cooperation.source.in_(PLANNED_HERE), Cooperation.status == Status.HELD, Cooperation.ends_on >= since
    )
    found = found.where(_part_of(actor).exists(), ~said.exists())
    return list(session().scalars(found.order_by(Cooperation.ends_on.desc(), Cooperation.id.desc()).limit(limit)))


def _part_of(actor: Actor) -> Select[int]:
    """The parts that organizations for which the actor speaks take in the cooperation of the query round it."""
    spoken_for = actor.organizations_as(Role.REPRESENTATIVE)
    return select(Partner.id).where(Partner.cooperation_id == Cooperation.id, Partner.organization_id.in_(spoken_for))
