"""Who writes and who reads minutes."""

from core.access import Actor
from meetings.minutes.models import Minutes
from meetings.minutes.niederschrift import newest_release
from meetings.minutes.rules import Sight, sight
from meetings.sittings import policies as sittings
from meetings.sittings.models import Sitting


def may_edit(actor: Actor, sitting: Sitting) -> bool:
    """The clerk of the sitting's committee, or the administration."""
    return actor.may("minutes.edit") and actor.holds("clerk", sitting.committee.organization_id)


def sight_of(actor: Actor, sitting: Sitting, minutes: Minutes | None) -> Sight:
    """How much of the sitting's minutes the actor reads today: see `rules.sight`."""
    if not sittings.may_see(actor, sitting):
        return Sight.NOTHING
    insider, released = sittings.may_see_inside(actor, sitting), minutes is not None and minutes.released_at is not None
    return sight(
        keeps=may_edit(actor, sitting),
        insider=insider,
        released=released,
        public=sitting.public and sitting.committee.public,
        before=insider and minutes is not None and not released and newest_release(sitting.id) is not None,
    )
