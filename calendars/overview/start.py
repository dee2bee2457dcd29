"""The start page: signed out, the public calendar; signed in, what is next for me."""

from flask import Blueprint, render_template

from calendars.overview import queries
from core.access import current_actor, public
from core.clock import today
from meetings.attendance.rules import ANSWER_LABELS, Answer
from participation.seats.queries import seats_of_person, vacant_on

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
@public
def start() -> str:
    """What is next for whoever is asking."""
    actor = current_actor()
    if not actor.signed_in:
        return render_template(
            "calendars/overview/welcome.html",
            entries=queries.coming(actor, inner_only=False)[:6],
            committees=queries.visible_committees(actor),
        )
    asked = queries.invitations_of(actor.person_id) if actor.person_id is not None else []
    inner = queries.coming(actor, inner_only=True)
    return render_template(
        "calendars/overview/start.html",
        owed=[each.invitation for each in asked if each.answer is None],
        answered={
            each.invitation.sitting.uid: ANSWER_LABELS[Answer(each.answer)] for each in asked if each.answer is not None
        },
        entries=(inner or queries.coming(actor, inner_only=False))[:6],
        own=bool(inner),
        seats=seats_of_person(actor.person_id, today()) if actor.person_id is not None else [],
        desk=queries.clerk_desk(actor),
        vacant=vacant_on(today()) if actor.organizations_as("officer") or actor.is_admin else [],
    )
