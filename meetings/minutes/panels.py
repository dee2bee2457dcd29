"""What this room shows on the pages of a sitting."""

from flask import url_for

from core.access import Actor
from core.dated import Status
from core.languages import _
from core.panels import Tab
from meetings.minutes import policies
from meetings.minutes.queries import find_minutes
from meetings.minutes.rules import Sight
from meetings.sittings.models import Sitting


def sitting_tab(actor: Actor, sitting: Sitting) -> Tab | None:
    """The way to the minutes: to write them, or to read what one may."""
    if sitting.status == Status.DRAFT:
        return None
    if policies.may_edit(actor, sitting):
        return Tab(_("Minutes"), url_for("minutes.edit", sitting_id=sitting.id))
    if policies.sight_of(actor, sitting, find_minutes(sitting.id)) is Sight.NOTHING:
        return None
    return Tab(_("Minutes"), url_for("minutes.show", sitting_id=sitting.id))
