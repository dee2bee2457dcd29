"""Dates as a file, to be put into a calendar by hand: of one event, and of one project."""

from collections.abc import Sequence

from flask import Blueprint, Response

from calendars.entry import Entry
from calendars.ical import MEDIA_TYPE, calendar, vevent
from calendars.overview.queries import dates_of_project
from calendars.sources.entries import entry_of_event
from calendars.sources.words import texts
from coordination.events import policies as events
from coordination.projects import policies as projects
from core.access import current_actor, ensure, public
from core.downloads import file_response

blueprint = Blueprint("saved_dates", __name__)


@blueprint.get("/veranstaltungen/<int:event_id>/termin.ics")
@public
def event(event_id: int) -> Response:
    """This one date, for who may read its page. An idea has no date yet."""
    events.get_visible(current_actor(), event_id)
    entry = entry_of_event(event_id)
    return _file(entry.summary, [entry], "termin.ics")


@blueprint.get("/projekte/<int:project_id>/termine.ics")
@public
def project(project_id: int) -> Response:
    """What is to come of a project, for who may read its page: milestones and events. Not found where there is none."""
    row = projects.get_visible(current_actor(), project_id)
    found = dates_of_project(current_actor(), row)
    ensure(bool(found))
    return _file(row.title, found, "termine.ics")


def _file(name: str, entries: Sequence[Entry], filename: str) -> Response:
    body = calendar(name, "", [vevent(entry, texts()) for entry in entries], colour="steelblue")
    return file_response(body, MEDIA_TYPE, filename)
