"""Reading events."""

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from coordination.cooperation.models import Cooperation
from coordination.events.models import Event
from coordination.events.rules import OVER, State
from coordination.planning import queries as planning
from coordination.planning.rules import Answer
from core.access import Actor
from core.clock import now
from core.database import get_row, session
from core.dated import Status

#: soonest first; ideas whose day nobody knows yet come last
_SOONEST_FIRST = (Event.starts_at.is_(None), Event.starts_at, Event.id)


def get_event(event_id: int) -> Event:
    """The event. Raises NotFound. Who may see it is for policies."""
    return get_row(Event, event_id)


def find_by_cooperation(cooperation_id: int) -> Event | None:
    """The event of this record, or None where the record belongs to something else."""
    return session().scalar(select(Event).where(Event.cooperation_id == cooperation_id))


def find_by_key(key: str) -> Event | None:
    """The event whose record has this short name, or None."""
    return session().scalar(select(Event).join(Event.cooperation).where(Cooperation.key == key))


def open_to_all() -> ColumnElement[bool]:
    """`Event.open_to_all` as a condition."""
    return and_(Event.public.is_(True), Event.announced_at.is_not(None))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """`policies.may_see` as a condition."""
    if actor.may("cooperation.edit"):
        return true()
    asked = planning.asked(actor, Answer.OPEN, Answer.ACCEPTED)
    inside = and_(Event.status != Status.DRAFT, Event.cooperation_id.in_(planning.of_members(actor)))
    return or_(open_to_all(), Event.cooperation_id.in_(asked), inside)


def of_project(actor: Actor, project_id: int) -> list[Event]:
    """The events of a project that the actor may see, soonest first, those without a day last: one query."""
    found = select(Event).where(Event.project_id == project_id, visible_to(actor))
    return list(session().scalars(found.order_by(*_SOONEST_FIRST)))


def announced(*, past: bool = False) -> Select[Event]:
    """What everybody may know of: what is to come, soonest first; or what is over, newest first."""
    found = select(Event).where(open_to_all())
    if past:
        return found.where(Event.starts_at < now()).order_by(Event.starts_at.desc(), Event.id.desc())
    return found.where(Event.starts_at >= now()).order_by(Event.starts_at, Event.id)


def workspaces_of(actor: Actor) -> Select[Event]:
    """The events in which the actor plans and that are not over: soonest first, those without a day last. Staff plan
    all."""
    found = select(Event).where(Event.state.not_in(OVER))
    if not actor.may("cooperation.edit"):
        found = found.where(Event.cooperation_id.in_(planning.asked(actor, Answer.OPEN, Answer.ACCEPTED)))
    return found.order_by(*_SOONEST_FIRST)


def to_decide() -> Select[Event]:
    """What waits for staff: ideas on top, then announced events whose time is over, of which somebody must say that
    they were held; each by their time."""
    over = and_(Event.state == State.ANNOUNCED, func.coalesce(Event.ends_at, Event.starts_at) <= now())
    waiting = select(Event).where(or_(Event.state == State.IDEA, over))
    return waiting.order_by(Event.state != State.IDEA, *_SOONEST_FIRST)
