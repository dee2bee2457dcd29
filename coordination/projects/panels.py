"""What this room shows on the pages of other rooms."""

from datetime import timedelta
from typing import Any

from flask import render_template
from markupsafe import Markup

from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import LEAD_LABELS
from coordination.projects import networks, policies, queries
from coordination.projects.rules import MAY_BE_ANNOUNCED, STATE_KINDS, STATE_LABELS, State, phase_on, phases
from core.access import Actor
from core.clock import today
from core.database import first_rows

#: milestones of the next days stand on the start page
SOON = timedelta(days=14)
#: so many stand on the start page; all are on the list of what is planned
SHOWN = 10


def workspace_state(_actor: Actor, row: Cooperation) -> str | None:
    """In the line under the title of its workspace: how far the project has come."""
    project = queries.find_by_cooperation(row.id)
    return None if project is None else str(STATE_LABELS[State(project.state)])


def workspace_head(actor: Actor, row: Cooperation) -> Markup | None:
    """On top of its workspace: how far the project has come, its milestones, who leads, and the next step."""
    project = queries.find_by_cooperation(row.id)
    if project is None:
        return None
    state, found = State(project.state), phases(row.leads)
    return _rendered(
        "coordination/projects/head.html",
        project=project,
        network=networks.find(project.network_id),
        milestones=project.milestones,
        lead=phase_on(found, today()),
        moved=len(found) > 1,
        states=STATE_LABELS,
        state_kinds=STATE_KINDS,
        leads=LEAD_LABELS,
        steps=policies.steps_of(actor, project),
        may_edit=policies.may_edit(actor, project),
        may_move_lead=policies.may_move_lead(actor, project),
        may_announce=policies.may_announce(actor) and (project.announced_at or state in MAY_BE_ANNOUNCED),
        begun=project.starts_on is None or project.starts_on <= today(),
        today=today(),
    )


def to_decide(actor: Actor, _subject: object) -> Markup | None:
    """On the start page of staff: ideas that wait for the municipality's answer, and projects whose time is over."""
    if not actor.may("projects.plan"):
        return None
    rows, number = first_rows(queries.to_decide(today()), SHOWN)
    if not rows:
        return None
    return _rendered("coordination/projects/to_decide.html", rows=rows, more=number - len(rows))


def due(actor: Actor, _subject: object) -> Markup | None:
    """On the start page of those who plan: milestones that should be reached by now or soon."""
    if not actor.may("planning.work"):
        return None
    rows = queries.milestones_due(actor, today() + SOON)
    return _rendered("coordination/projects/due.html", rows=rows, today=today()) if rows else None


def of_network(_actor: Actor, committee: Any) -> Markup | None:
    """On the page of a network: the announced projects that belong to it. `committee` has an `organization_id`."""
    rows, number = first_rows(queries.of_network(committee.organization_id), SHOWN)
    if not rows:
        return None
    told = {"states": STATE_LABELS, "state_kinds": STATE_KINDS, "more": number - len(rows)}
    return _rendered("coordination/projects/of_network.html", rows=rows, **told)


def _rendered(template: str, **context: object) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704 - a rendered template is escaped already
