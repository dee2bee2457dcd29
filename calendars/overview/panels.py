"""What this room shows on the pages of lower rooms."""

from flask import url_for

from core.access import Actor
from core.languages import _
from core.panels import Tab
from participation.committees.models import Committee


def committee_tab(_actor: Actor, committee: Committee) -> Tab | None:
    """The way to the committee's calendar, where everybody may subscribe to it."""
    return Tab(_("Subscribe"), url_for("calendar.subscribe", gremium=committee.slug)) if committee.public else None
