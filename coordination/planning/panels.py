"""What this room shows on the pages of other rooms."""

from flask import render_template
from markupsafe import Markup

from coordination.planning import queries
from core.access import Actor


def asked(actor: Actor, _subject: object) -> Markup | None:
    """On the start page: to what the actor's organizations are asked and have not answered."""
    rows = queries.open_invitations(actor.organizations_as("representative"))
    if not rows:
        return None
    return Markup(render_template("coordination/planning/asked.html", rows=rows))  # noqa: S704 - escaped there
