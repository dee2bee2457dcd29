"""What seats put into pages of the rooms below."""

from flask import render_template, url_for
from markupsafe import Markup

from coordination.organizations.models import Organization
from core.access import Actor
from core.clock import today
from core.languages import _
from core.panels import Tab
from participation.committees import policies as committees
from participation.committees.models import Committee
from participation.seats import policies, queries
from participation.seats.rules import RIGHT_LABELS


def committee_tab(_actor: Actor, committee: Committee) -> Tab:
    """The tab “Seats” of a committee's pages."""
    return Tab(_("Seats of the committee"), url_for("seats.index", slug=committee.slug))


def organization_seats(actor: Actor, organization: Organization) -> Markup | None:
    """On an organization's page: the seats it holds today, in the committees that the actor may see."""
    inside = policies.inner_circle_of(actor)
    seats = [
        seat
        for seat in queries.seats_of_organization(organization.id, today())
        if committees.may_see(actor, seat.committee, inside)
    ]
    if not seats:
        return None
    return Markup(  # noqa: S704 - a rendered template is escaped already
        render_template("participation/seats/organization.html", seats=seats, right_labels=RIGHT_LABELS)
    )
