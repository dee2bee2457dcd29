"""What this room shows on the pages of lower rooms."""

from flask import render_template
from markupsafe import Markup

from coordination.organizations.models import Organization
from coordination.people import queries
from coordination.people.policies import may_see_members
from core import reads
from core.access import Actor
from core.clock import today


def members_today(actor: Actor, organization: Organization) -> Markup | None:
    """The organization's members of today with their functions; nothing for those who may not see them."""
    if not may_see_members(actor, organization.id):
        return None
    members = queries.members_of(organization.id, today())
    if members:
        reads.note(actor, "read.members", organization)
    page = render_template("coordination/people/members.html", organization=organization, members=members)
    return Markup(page)  # noqa: S704 (our own template has escaped the values)
