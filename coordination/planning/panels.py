"""What this room shows on the pages of other rooms."""

from datetime import timedelta

from flask import render_template
from markupsafe import Markup

from coordination.cooperation.models import Cooperation
from coordination.planning import policies, queries, waiting
from core.access import Actor
from core.clock import today

#: so many of each kind stand on the start page
SHOWN = 5
#: for so long after the end a side is asked there how it went
ASKED_FOR = timedelta(days=60)


def asked(actor: Actor, _subject: object) -> Markup | None:
    """On the start page: to what the actor's organizations are asked and have not answered."""
    rows = queries.open_invitations(actor.organizations_as("representative"))
    if not rows:
        return None
    return Markup(render_template("coordination/planning/asked.html", rows=rows))  # noqa: S704 - escaped there


def to_do(actor: Actor, _subject: object) -> Markup | None:
    """On the start page: agreements to confirm, tasks, and what took place and nobody of the own side has judged."""
    if not actor.may("planning.work"):
        return None
    staff = policies.is_staff(actor)
    found = {
        "agreements": waiting.agreements_to_confirm(actor, SHOWN, staff=staff),
        "tasks": waiting.tasks_of(actor, SHOWN, staff=staff),
        "reviews": waiting.to_review(actor, today() - ASKED_FOR, SHOWN),
    }
    if not any(found.values()):
        return None
    page = render_template("coordination/planning/to_do.html", today=today(), **found)
    return Markup(page)  # noqa: S704 - escaped there


def of_record(actor: Actor, row: Cooperation) -> Markup | None:
    """On the page of a record: the way to where the event or project is planned."""
    if not policies.may_open(actor, row):
        return None
    return Markup(render_template("coordination/planning/of_record.html", cooperation=row))  # noqa: S704 - escaped there
