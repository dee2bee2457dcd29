"""Changing events. Rights are judged by the caller (`policies`); what can never be is refused here.

Every change goes to the record in the same transaction (`_keep`), so the two never disagree.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from coordination.cooperation import operations as cooperation
from coordination.cooperation.facts import Kept, facts_of
from coordination.cooperation.rows import locked
from coordination.cooperation.rules import Format, Lead, Source
from coordination.events.models import Event
from coordination.events.rules import (
    ONLY_AN_IDEA,
    OVER,
    STATE_LABELS,
    STEPS,
    TAKES_PLACE,
    State,
    called_off,
    date_status,
    record_status,
)
from coordination.organizations.rules import Topic
from coordination.places import operations as places
from coordination.planning import beginnings
from coordination.planning import operations as planning
from coordination.planning.beginnings import UNKNOWN, About, Origin
from coordination.planning.workspaces import refuse_empty, refuse_long
from core import history
from core.access import Actor
from core.clock import now
from core.database import check_version, hold_row, session, transaction
from core.errors import Refused
from core.hour_words import check_year
from core.languages import _


@dataclass(frozen=True)
class Plan:
    """What can be said of an event; see the model for the meaning of each. Wall times are naive."""

    title: str
    #: None: the day of an idea is not known yet
    start: datetime | None = None
    #: None: open end
    end: datetime | None = None
    text: str = ""
    languages: str = ""
    public: bool = True
    place_id: int | None = None
    topics: frozenset[Topic] = frozenset()
    #: ids of the municipality's own topics
    own_topics: frozenset[int] = frozenset()
    #: of which it is a part
    project_id: int | None = None


def plan_of(event: Event) -> Plan:
    """The plan as it stands."""
    facts = facts_of(event.cooperation)
    return Plan(
        title=event.title,
        start=event.starts_local,
        end=event.ends_local,
        text=event.text,
        languages=event.languages,
        public=event.public,
        place_id=event.place_id,
        topics=facts.topics,
        own_topics=facts.own_topics,
        project_id=event.project_id,
    )


def propose(actor: Actor, organization_id: int, *, plan: Plan, lead: Lead = Lead.JOINT) -> Event:
    """An organization has an idea. It takes part from the start; the municipality is asked to answer.

    Refused as `create` does.
    """
    origin = Origin(initiator_id=organization_id, lead=lead)
    return _make(actor, plan, State.IDEA, origin, proposer_id=organization_id)


def create(actor: Actor, plan: Plan, *, origin: Origin = UNKNOWN, state: State = State.PLANNED, key: str = "") -> Event:
    """The municipality plans an event; who is asked to take part comes next.

    Refused: no title ("title"), no day of what is more than an idea ("date"), a time that cannot be ("start", "end"),
    a room that is taken ("place").
    """
    return _make(actor, plan, state, origin, key=key)


def take_over(actor: Actor, cooperation_id: int, *, plan: Plan, state: State) -> Event:
    """A record that was entered or imported becomes an event that is planned here; its partners plan along.

    Refused as `create` does, and: a record of another form, or one that belongs to something else already.
    """
    _refuse_impossible(plan, state)
    with transaction() as current:
        record = beginnings.take_over(actor, cooperation_id, source=Source.EVENT)
        if record.format != Format.SINGLE_EVENT:
            raise Refused(_("This record is not about a single event."))
        event = _new(plan, state)
        event.cooperation = record
        current.add(event)
        current.flush()
        _keep(actor, event, plan)
        history.record(actor, "events.create", event)
    return event


def edit(actor: Actor, event_id: int, *, version: int | None, plan: Plan) -> Event:
    """Save the plan. Another time or place of what stands in calendars is taken by them as a new state.

    `version` is that of the event and its record, which holds the topics (`version_of`). Raises Outdated. Refused as
    creating does, and: any change of what is over.
    """
    with transaction() as current:
        event = _held(event_id)
        check_version(event, version, locked(event.cooperation_id))
        if event.state in OVER:
            raise Refused(_("This event is over. What came of it is told in its record."))
        _refuse_impossible(plan, State(event.state))
        before = _promise(event)
        _apply(event, plan)
        if current.is_modified(event):
            event.changed_at = now()
        if event.shown_in_calendars and _promise(event) != before:
            event.announce_change()
        _keep(actor, event, plan)
        history.record(actor, "events.edit", event)
    return event


def accept(actor: Actor, event_id: int, *, reason: str = "") -> Event:
    """Take an idea up: it is planned from now on, its room is taken, and those who had it are told.

    Refused: an idea whose day is not known yet.
    """
    with transaction():
        event = _held(event_id)
        idea = event.state == State.IDEA
        if idea and event.starts_at is None:
            raise Refused(_("Please set the day first. Then the idea can be taken up."), "date")
        _step(actor, event_id, State.PLANNED, reason)
        if idea:
            planning.answer_idea(actor, event.cooperation_id, accepted=True, reason=reason)
    return event


def announce(actor: Actor, event_id: int) -> Event:
    """Everybody it is for may know of it now: the public where it is public, else who takes part. They are told."""
    with transaction():
        before = _held(event_id).state
        event = _step(actor, event_id, State.ANNOUNCED)
        if event.state != before:
            planning.tell_step(actor, event.cooperation_id, state=STATE_LABELS[State.ANNOUNCED])
    return event


def hold(actor: Actor, event_id: int) -> Event:
    """It took place; those who plan it are asked how it went. Refused before it began."""
    with transaction():
        event = _held(event_id)
        before = event.state
        if event.starts_at is not None and event.starts_at > now():
            raise Refused(_("This event has not begun yet."))
        _step(actor, event_id, State.HELD)
        if event.state != before:
            planning.tell_held(actor, event.cooperation_id)
    return event


def cancel(actor: Actor, event_id: int, *, reason: str = "") -> Event:
    """Call it off, or do not take the idea up; the reason is told to those who plan it. Its room is free again.

    Refused: an idea that is turned down without a reason ("reason").
    """
    with transaction():
        event = _held(event_id)
        before, after = State(event.state), called_off(State(event.state))
        if before == State.IDEA:
            refuse_empty(reason, "reason")
        _step(actor, event_id, after, reason)
        if before == State.IDEA:
            planning.answer_idea(actor, event.cooperation_id, accepted=False, reason=reason)
        elif before != after:
            planning.tell_step(actor, event.cooperation_id, state=STATE_LABELS[after], reason=reason)
    return event


def _make(
    actor: Actor, plan: Plan, state: State, origin: Origin, *, proposer_id: int | None = None, key: str = ""
) -> Event:
    _refuse_impossible(plan, state)
    with transaction() as current:
        event = _new(plan, state)
        about = About(plan.topics, plan.own_topics)
        record = beginnings.begin(actor, _kept(event), source=Source.EVENT, origin=origin, about=about, key=key)
        event.cooperation = record
        _keep_booking(event)
        current.add(event)
        planning.open_workspace(actor, record.id, proposer_id=proposer_id)
        history.record(actor, "events.create", event)
    return event


def _new(plan: Plan, state: State) -> Event:
    """The row of an event that is entered in this state. What is called off by then was announced before."""
    known = state in (State.ANNOUNCED, State.HELD, State.CANCELLED)
    event = Event(state=state, status=date_status(state), announced_at=now() if known else None)
    _apply(event, plan)
    return event


def _step(actor: Actor, event_id: int, after: State, reason: str = "") -> Event:
    """Take the event one step on. Refused where the table of steps has none. Twice is as once."""
    refuse_long(reason, "reason")
    with transaction():
        event = _held(event_id)
        if event.state == after:
            return event
        if (State(event.state), after) not in STEPS:
            raise Refused(
                _(
                    "This is not possible: the event is in the state “%(state)s”.",
                    state=STATE_LABELS[State(event.state)],
                )
            )
        shown, firm = event.shown_in_calendars, event.status
        event.state, event.reason = after, reason
        event.status = date_status(after)
        if after == State.ANNOUNCED:
            event.announced_at = now()
        if shown and event.status != firm:  # that it was held is no news to a calendar
            event.announce_change()
        elif event.shown_in_calendars and not shown:
            event.changed_at = now()
        _keep(actor, event)
        history.record(actor, f"events.{after}", event)
    return event


def _keep(actor: Actor, event: Event, plan: Plan | None = None) -> None:
    """Let booking and record say what the event says."""
    _keep_booking(event)
    cooperation.keep_in_step(actor, event.cooperation_id, source=Source.EVENT, kept=_kept(event))
    if plan is not None:
        record = event.cooperation
        facts = facts_of(record)
        told = replace(facts, topics=plan.topics, own_topics=plan.own_topics)
        if told != facts:
            cooperation.edit_cooperation(actor, record.id, version=None, facts=told)


def _kept(event: Event) -> Kept:
    first = event.starts_local
    last = event.ends_local or first
    return Kept(
        title=event.title,
        format=Format.SINGLE_EVENT,
        status=record_status(State(event.state)),
        starts_on=first and first.date(),
        ends_on=last and last.date(),
        starts_local=first,
    )


def _held(event_id: int) -> Event:
    """The event, kept from other writers until the commit. Raises NotFound."""
    return hold_row(Event, event_id, key_share=True)


def _apply(event: Event, plan: Plan) -> None:
    if plan.start is None:
        event.leave_open()
    else:
        event.set_period(plan.start, plan.end)
    event.title, event.text, event.languages = plan.title, plan.text, plan.languages
    event.public, event.place_id, event.project_id = plan.public, plan.place_id, plan.project_id


def _promise(event: Event) -> tuple[object, ...]:
    """What people rely on: when and where."""
    return (event.starts_at, event.ends_at, event.place_id)


def _keep_booking(event: Event) -> None:
    """Take, move or free the place, so that the booking says what the event says."""
    if event.place_id is not None and event.starts_at is not None and event.state in TAKES_PLACE:
        if event.booking_id is None:
            event.booking_id = places.book(event.place_id, event.starts_at, event.ends_at).id
        else:
            places.rebook(event.booking_id, event.place_id, event.starts_at, event.ends_at)
    elif event.booking_id is not None:
        booking_id, event.booking_id = event.booking_id, None
        session().flush()  # the row lets go first: the booking may be deleted then
        places.release(booking_id)


def _refuse_impossible(plan: Plan, state: State) -> None:
    refuse_empty(plan.title, "title")
    if plan.start is not None:
        check_year(plan.start, "date")
    elif plan.end is not None or state not in ONLY_AN_IDEA:
        raise Refused(_("Please say on which day it is."), "date")
    if plan.end is not None:
        check_year(plan.end, "end")
    refuse_long(plan.title, "title", 200)
    refuse_long(plan.languages, "languages", 200)
