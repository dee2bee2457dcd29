"""What this room shows on the pages of other rooms."""

from flask import render_template
from markupsafe import Markup

from coordination.organizations.models import Organization
from coordination.support import policies, queries
from coordination.support.rules import AREA_LABELS, FORM_LABELS, Area, told_people
from core.access import Actor

#: how many entries of each area stand on an organization's page
SHOWN = 10


def of_organization(actor: Actor, organization: Organization) -> Markup | None:
    """On an organization's page, for staff and who speaks for it: what it asked for, got and was refused."""
    if not policies.may_read_of(actor, organization.id):
        return None
    areas = (Area.FUNDING, Area.ROOM, Area.ADVICE)
    entries = {area: queries.newest_of(area, organization.id, SHOWN) for area in areas}
    if not any(entries.values()):
        return None
    page = render_template(
        "coordination/support/of_organization.html",
        organization=organization,
        entries=entries,
        areas=AREA_LABELS,
        forms=FORM_LABELS,
        told_people=told_people,
        shown=SHOWN,
        may_edit=actor.may("support.edit"),
    )
    return Markup(page)  # noqa: S704 - a rendered template is escaped already
