"""One event as a file for a calendar: /veranstaltungen/<id>/termin.ics."""

from flask import Blueprint, Response

from calendars.ical import calendar, vevent
from calendars.sources.entries import entry_of_event
from calendars.sources.words import texts
from coordination.events import policies
from core.access import current_actor, public
from core.documents.filename import content_disposition

blueprint = Blueprint("event_dates", __name__)


@blueprint.get("/veranstaltungen/<int:event_id>/termin.ics")
@public
def download(event_id: int) -> Response:
    """This one date, to be put into a calendar by hand; for who may read its page. An idea has no date yet."""
    policies.get_visible(current_actor(), event_id)
    entry = entry_of_event(event_id)
    body = calendar(entry.summary, "", [vevent(entry, texts())], colour="steelblue")
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition("termin.ics")
    return response
