"""Who may see and record who was there. Names say who sits for whom, so they are for the inner circle."""

from core.access import Actor
from meetings.sittings import policies as sittings
from meetings.sittings.models import Sitting
from participation.committees.models import Committee
from participation.seats.policies import is_insider


def may_see(actor: Actor, sitting: Sitting) -> bool:
    """Who may see the attendance of a sitting: the committee's inner circle, as far as the sitting exists for them."""
    return is_insider(actor, sitting.committee) and sittings.may_see(actor, sitting)


def may_record(actor: Actor, sitting: Sitting) -> bool:
    """Who records it: the committee's clerk and the administration."""
    keeps = actor.holds("clerk", sitting.committee.organization_id)
    return actor.system or (actor.may("attendance.edit") and keeps)


def may_see_overview(actor: Actor, committee: Committee) -> bool:
    """Who sees a committee's attendance over a period: its inner circle; of a public committee, staff as well."""
    return (committee.public and actor.may("attendance.read")) or is_insider(actor, committee)
