"""What this room shows on the pages of lower rooms."""

from flask import render_template, url_for
from markupsafe import Markup

from calendars.overview.queries import dates_of_project
from coordination.events.models import Event
from coordination.planning import policies as planning
from coordination.projects.models import Project
from core.access import Actor
from core.clock import now
from core.languages import _
from core.panels import Tab
from participation.committees.models import Committee


def committee_tab(_actor: Actor, committee: Committee) -> Tab | None:
    """The way to the committee's calendar, where everybody may subscribe to it."""
    return Tab(_("Subscribe"), url_for("calendar.subscribe", gremium=committee.slug)) if committee.public else None


def event_date(actor: Actor, event: Event) -> Markup | None:
    """On an event's page: how its date comes into one's own calendar, as long as it is to come."""
    last = event.ends_at or event.starts_at
    if not event.shown_in_calendars or event.cancelled or last is None or last < now():
        return None
    own = not event.open_to_all or planning.is_member(actor, event.cooperation)
    by_itself = _("Your personal calendar has this date by itself, and follows every change.")
    return _dates(
        _("Save the date"),
        url_for("saved_dates.event", event_id=event.id),
        by_itself if own and actor.person_id is not None else "",
    )


def project_dates(actor: Actor, project: Project) -> Markup | None:
    """On a project's page: how its milestones and events come into one's own calendar, where some are to come."""
    if not dates_of_project(actor, project):
        return None
    own = project.announced_at is None or planning.is_member(actor, project.cooperation)
    by_itself = _("Your personal calendar has these dates by themselves, and follows every change.")
    return _dates(
        _("Save the dates"),
        url_for("saved_dates.project", project_id=project.id),
        by_itself if own and actor.person_id is not None else "",
    )


def _dates(label: str, url: str, by_itself: str) -> Markup:
    page = render_template("calendars/overview/dates.html", label=label, url=url, by_itself=by_itself)
    return Markup(page)  # noqa: S704 (our own template has escaped the values)
