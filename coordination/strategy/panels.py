"""What this room shows on the pages of other rooms."""

from flask import render_template
from markupsafe import Markup

from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from coordination.strategy import policies, queries
from coordination.strategy.rules import STATE_LABELS
from core.access import Actor


def of_organization(actor: Actor, organization: Organization) -> Markup | None:
    """On an organization's page: the measures to which it sees, as far as the actor may read them."""
    if organization.kind == Kind.COMMITTEE:
        return None
    rows = queries.owned_by(organization.id, drafts=policies.may_edit(actor))
    return _rendered("coordination/strategy/of_organization.html", rows=rows, states=STATE_LABELS) if rows else None


def overdue(actor: Actor, _subject: object) -> Markup | None:
    """On the start page of staff: how many measures should have been reached by now."""
    number = queries.count_overdue() if policies.may_edit(actor) else 0
    return _rendered("coordination/strategy/overdue.html", number=number) if number else None


def _rendered(template: str, **context: object) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704 - a rendered template is escaped already
