"""What this room shows on the pages of other rooms."""

from flask import render_template
from markupsafe import Markup

from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import LEAD_LABELS, lead_on
from coordination.events import policies, queries
from coordination.events.models import Event
from coordination.events.rules import STATE_KINDS, STATE_LABELS, State
from coordination.planning import policies as planning
from coordination.projects.models import Project
from coordination.projects.rules import OVER as PROJECT_OVER
from core.access import Actor
from core.clock import now, today
from core.database import first_rows
from core.hour_words import HourHint, hour_hint, hour_rules
from core.languages import chosen_language, say_period

#: so many stand on the start page; all are on the list of what is planned
SHOWN = 10


def workspace_state(_actor: Actor, row: Cooperation) -> str | None:
    """In the line under the title of its workspace: how far the event has come."""
    event = queries.find_by_cooperation(row.id)
    return None if event is None else str(STATE_LABELS[State(event.state)])


def workspace_when(_actor: Actor, row: Cooperation) -> str | None:
    """In the same line, and in the draft of the agreement: from when to when the event is, where that is known."""
    event = queries.find_by_cooperation(row.id)
    return None if event is None or event.starts_local is None else say_period(event.starts_local, event.ends_local)


def workspace_head(actor: Actor, row: Cooperation) -> Markup | None:
    """On top of its workspace: when and where the event is, how far it has come, and the next step."""
    event = queries.find_by_cooperation(row.id)
    if event is None:
        return None
    return _rendered(
        "coordination/events/head.html",
        event=event,
        states=STATE_LABELS,
        state_kinds=STATE_KINDS,
        steps=policies.steps_of(actor, event),
        may_edit=policies.may_edit(actor, event),
        begun=event.starts_at is not None and event.starts_at <= now(),
        hours=hours_of(event),
        lead=lead_on(row.leads, row.starts_on or today()),
        leads=LEAD_LABELS,
    )


def hours_of(event: Event) -> HourHint | None:
    """What its start asks of people who volunteer; None where nobody knows it yet."""
    if event.starts_local is None:
        return None
    return hour_hint(event.starts_local, hour_rules(), chosen_language())


def of_project(actor: Actor, project: Project) -> Markup | None:
    """On the pages of a project: its events, as far as the actor may see them, and the way to one more."""
    rows = queries.of_project(actor, project.id)
    plans = project.state not in PROJECT_OVER and planning.may_work(actor, project.cooperation)
    more = ("events.create" if actor.may("events.plan") else "events.propose") if plans else ""
    if not rows and not more:
        return None
    return _rendered(
        "coordination/events/of_project.html",
        project=project,
        rows=rows,
        more=more,
        states=STATE_LABELS,
        state_kinds=STATE_KINDS,
    )


def to_decide(actor: Actor, _subject: object) -> Markup | None:
    """On the start page: ideas that wait for the municipality's answer, and events whose time is over."""
    if not actor.may("events.plan"):
        return None
    rows, number = first_rows(queries.to_decide(), SHOWN)
    if not rows:
        return None
    return _rendered("coordination/events/to_decide.html", rows=rows, more=number - len(rows))


def _rendered(template: str, **context: object) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704 - a rendered template is escaped already
