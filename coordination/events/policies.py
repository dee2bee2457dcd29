"""Who may see, plan and move events."""

from coordination.events import queries
from coordination.events.models import Event
from coordination.events.rules import OVER, STEPS, State
from coordination.planning import policies as planning
from coordination.planning.rules import may_reach, next_states
from core.access import Actor, ensure


def may_see(actor: Actor, event: Event) -> bool:
    """Everybody sees what was announced to the public; who plans it, and members of who takes part, see it before."""
    if event.open_to_all or planning.may_read(actor, event.cooperation):
        return True
    return event.shown_in_calendars and planning.is_member(actor, event.cooperation)


def may_edit(actor: Actor, event: Event) -> bool:
    """Who takes part in planning it, as long as it is not over."""
    return event.state not in OVER and planning.may_work(actor, event.cooperation)


def steps_of(actor: Actor, event: Event) -> list[State]:
    """Where the actor may take the event from here."""
    return next_states(STEPS, planning.sides_of(actor, event.cooperation), State(event.state))


def get_visible(actor: Actor, event_id: int) -> Event:
    """The event, if it exists for the actor. Raises NotFound otherwise."""
    event = queries.get_event(event_id)
    ensure(may_see(actor, event))
    return event


def get_editable(actor: Actor, event_id: int) -> Event:
    """The event, if the actor may change it. Raises NotFound otherwise."""
    event = queries.get_event(event_id)
    ensure(may_edit(actor, event))
    return event


def ensure_step(actor: Actor, event_id: int, after: State) -> Event:
    """The event, if the actor's side may ever take it there. Raises NotFound otherwise."""
    event = queries.get_event(event_id)
    sides = planning.sides_of(actor, event.cooperation)
    ensure(may_reach(STEPS, sides, after))
    return event
