"""What this room shows on the pages of other rooms."""

from flask import render_template
from markupsafe import Markup

from coordination.letters import queries
from coordination.letters.policies import may_object
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from core.access import Actor


def of_organization(actor: Actor, organization: Organization) -> Markup | None:
    """On a migrant organization's page: whether it wants letters, for its own people and for staff."""
    if organization.kind != Kind.MIGRANT_ORGANISATION or not may_object(actor, organization.id):
        return None
    return _rendered(
        "coordination/letters/of_organization.html",
        organization=organization,
        objected=queries.has_objected(organization.id),
    )


def of_contacts(actor: Actor, _subject: object) -> Markup | None:
    """On the contact log: the way to the letters."""
    return _rendered("coordination/letters/of_contacts.html") if actor.may("letters.write") else None


def _rendered(template: str, **context: object) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704 - a rendered template is escaped already
