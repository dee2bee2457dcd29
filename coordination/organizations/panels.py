"""What this room shows on the pages of rooms above."""

from flask import render_template
from markupsafe import Markup

from coordination.organizations import policies, queries
from core.access import Actor


def own(actor: Actor, _subject: object) -> Markup | None:
    """On the start page of who speaks for an organization: the way to its profile, and how much of it is shown."""
    ids = [number for number in sorted(actor.organizations) if policies.speaks_for(actor, number)]
    rows = queries.list_by_ids(ids) if ids else []
    if not rows:
        return None
    page = render_template(
        "coordination/organizations/own.html", organizations=rows, shown=queries.consents_in_force(ids)
    )
    return Markup(page)  # noqa: S704 - a rendered template is escaped already
