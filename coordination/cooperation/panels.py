"""What this room shows on the pages of other rooms."""

from flask import render_template
from markupsafe import Markup

from coordination.cooperation import policies, queries
from coordination.cooperation.queries import Wanted
from coordination.cooperation.questions import first_question
from coordination.cooperation.rules import FORMAT_LABELS, LEAD_LABELS, STATUS_LABELS
from coordination.organizations.models import Organization
from coordination.strategy.models import Measure
from core.access import Actor
from core.panels import kept_here

#: how many of an organization's records stand on its page
SHOWN = 10
#: how many records the start page asks about
ASKED_AT_ONCE = 3


def of_organization(actor: Actor, organization: Organization) -> Markup | None:
    """On an organization's page: its newest cooperations, as far as the actor may read them."""
    reach, wanted = policies.reach_of(actor), Wanted(organization_id=organization.id)
    rows, total = queries.newest(reach, wanted, SHOWN)
    if not rows:
        return None
    return _rendered(
        "coordination/cooperation/of_organization.html",
        organization=organization,
        rows=rows,
        total=total,
        formats=FORMAT_LABELS,
        statuses=STATUS_LABELS,
        leads=LEAD_LABELS,
    )


def of_measure(actor: Actor, measure: Measure) -> Markup | None:
    """On a measure's page: what serves it. Everybody reads how many; titles, who may read the records."""
    reach, wanted = policies.reach_of(actor), Wanted(measure_id=measure.id)
    rows, total = queries.newest(reach, wanted, SHOWN)
    number = queries.count_of_measure(measure.id)
    if not rows and not number:
        return None
    return _rendered(
        "coordination/cooperation/of_measure.html",
        measure=measure,
        number=number,
        rows=rows,
        total=total,
        formats=FORMAT_LABELS,
        statuses=STATUS_LABELS,
        leads=LEAD_LABELS,
    )


def to_complete(actor: Actor, _subject: object) -> Markup | None:
    """On the start page of staff: what was held and waits for a few words, each with its next question."""
    if not actor.may("cooperation.edit"):
        return None
    reach = policies.reach_of(actor)
    rows, number = queries.to_complete(reach, ASKED_AT_ONCE)
    refused, question = kept_here("question") or (None, None)
    if refused is not None and refused not in rows:
        rows.insert(0, refused)
    if not rows:
        return None
    return _rendered(
        "coordination/cooperation/to_complete.html",
        number=number,
        waiting=[(row, question if row is refused else first_question(row)) for row in rows],
    )


def _rendered(template: str, **context: object) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704 - a rendered template is escaped already
