"""What this room shows on the pages of lower rooms."""

from flask import render_template, url_for
from markupsafe import Markup

from coordination.events.models import Event
from coordination.planning import policies as planning
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
    page = render_template(
        "calendars/overview/event.html",
        event=event,
        by_itself=own and actor.person_id is not None,
    )
    return Markup(page)  # noqa: S704 (our own template has escaped the values)
