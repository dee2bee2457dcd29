"""What this room shows on the pages of other rooms."""

from flask import render_template
from markupsafe import Markup

from coordination.contacts import queries
from coordination.contacts.rules import CHANNEL_LABELS, silent_before
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from core.access import Actor
from core.clock import today

#: how many notes stand on an organization's page
SHOWN = 5


def of_organization(actor: Actor, organization: Organization) -> Markup | None:
    """On an organization page, for who keeps the log: the newest contacts, and whether there was none of late."""
    if not actor.may("contacts.edit") or organization.kind == Kind.DEPARTMENT:
        return None
    notes, total = queries.newest(organization.id, SHOWN)
    return _rendered(
        "coordination/contacts/of_organization.html",
        organization=organization,
        notes=notes,
        total=total,
        silent=not notes or notes[0].happened_on < silent_before(today()),
        channels=CHANNEL_LABELS,
    )


def silent(actor: Actor, _subject: object) -> Markup | None:
    """On the start page of those who keep the log: with how many organizations nobody was in contact of late."""
    number = queries.count_silent() if actor.may("contacts.edit") else 0
    return _rendered("coordination/contacts/silent_line.html", number=number) if number else None


def _rendered(template: str, **context: object) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704 - a rendered template is escaped already
