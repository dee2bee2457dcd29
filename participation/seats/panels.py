"""What seats put into pages of the rooms below."""

from flask import render_template, url_for
from markupsafe import Markup

from coordination.organizations.models import Organization
from coordination.people.models import Person
from core.access import Actor
from core.clock import today
from core.languages import _
from core.panels import Tab
from participation.committees import policies as committees
from participation.committees.models import Committee
from participation.seats import policies, queries
from participation.seats.models import Seat
from participation.seats.rules import RIGHT_LABELS


def committee_tab(_actor: Actor, committee: Committee) -> Tab:
    """The tab “Seats” of a committee's pages."""
    return Tab(_("Seats of the committee"), url_for("seats.index", slug=committee.slug))


def committee_seats(actor: Actor, committee: Committee) -> Markup | None:
    """On a committee's overview: how many seats there are today and for whom; for its clerk, what needs care."""
    roster = queries.roster_on(committee.id, today())
    if not roster:
        return None
    organizations = {h.seat.organization.name: h.seat.organization for h in roster if h.seat.organization}
    return _rendered(
        "participation/seats/overview.html",
        committee=committee,
        seats=len(roster),
        voting_seats=sum(holding.seat.voting_right for holding in roster),
        organizations=sorted(organizations),
        health=queries.health(roster, today()) if policies.may_edit(actor, committee) else None,
    )


def organization_seats(actor: Actor, organization: Organization) -> Markup | None:
    """On an organization's page: the seats it holds today, in the committees that the actor may see."""
    seats = queries.seats_of_organization(organization.id, today())
    return _seat_list(actor, seats, _("Seats that this organization holds today"))


def person_seats(actor: Actor, person: Person) -> Markup | None:
    """On a person's page: the seats on which the person sits or deputises today, where the actor may see them."""
    seats = [appointment.seat for appointment in queries.seats_of_person(person.id, today())]
    return _seat_list(actor, seats, _("Seats of this person today"))


def _seat_list(actor: Actor, seats: list[Seat], caption: str) -> Markup | None:
    inside = policies.inner_circle_of(actor) if seats else frozenset()
    visible = [seat for seat in seats if committees.may_see(actor, seat.committee, inside)]
    if not visible:
        return None
    return _rendered("participation/seats/list.html", seats=visible, caption=caption, right_labels=RIGHT_LABELS)


def _rendered(template: str, **context: object) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704 - a rendered template is escaped already
