"""What this room puts on the pages of a sitting."""

from flask import render_template, url_for
from markupsafe import Markup

from core.access import Actor
from core.languages import _
from core.panels import Tab
from meetings.agenda import policies
from meetings.sittings.models import Sitting


def sitting_tab(actor: Actor, sitting: Sitting) -> Tab | None:
    """The tab "agenda", for who keeps it."""
    if not policies.may_edit(actor, sitting):
        return None
    return Tab(_("Agenda"), url_for("agenda.edit", sitting_id=sitting.id))


def sitting_panel(actor: Actor, sitting: Sitting) -> Markup:
    """The agenda as the actor may see it."""
    return Markup(  # noqa: S704  a rendered template, escaped there
        render_template(
            "meetings/agenda/sitting_panel.html",
            sitting=sitting,
            items=policies.visible_items(actor, sitting),
            may_edit=policies.may_edit(actor, sitting),
        )
    )
