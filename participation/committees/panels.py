"""What this room shows on the pages of other rooms."""

from flask import render_template
from markupsafe import Markup

from coordination.cooperation.models import Cooperation
from core.access import Actor
from participation.committees import policies, queries


def of_record(actor: Actor, row: Cooperation) -> Markup | None:
    """On the page of a record: the way to the committee that keeps it."""
    committee = queries.find_by_cooperation(row.id)
    if committee is None or not policies.may_see(actor, committee, frozenset()):
        return None
    page = render_template("participation/committees/of_record.html", committee=committee)
    return Markup(page)  # noqa: S704 - a rendered template is escaped already
