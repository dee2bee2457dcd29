"""What this room shows on the pages of other rooms."""

from flask import render_template
from markupsafe import Markup

from coordination.cooperation.models import Cooperation
from coordination.events import policies, queries
from coordination.events.rules import STATE_KINDS, STATE_LABELS
from core.access import Actor
from core.clock import now
from core.hour_words import hour_hint, hour_rules
from core.languages import chosen_language


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
        begun=event.starts_at <= now(),
        hours=hour_hint(event.starts_local, hour_rules(), chosen_language()),
    )


def to_decide(actor: Actor, _subject: object) -> Markup | None:
    """On the start page: ideas that wait for the municipality's answer, and events whose time is over."""
    if not actor.may("events.plan"):
        return None
    ideas, over = queries.ideas(), queries.to_hold()
    if not ideas and not over:
        return None
    return _rendered("coordination/events/to_decide.html", ideas=ideas, over=over)


def _rendered(template: str, **context: object) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704 - a rendered template is escaped already
