"""Who may invite to a sitting and see who was."""

from core.access import Actor, ensure
from meetings.sittings import policies as sittings
from meetings.sittings.models import Sitting


def may_invite(actor: Actor, sitting: Sitting) -> bool:
    """The clerk of the sitting's committee, and the administration."""
    return actor.may("invitations.send") and actor.holds("clerk", sitting.committee.organization_id)


def get_inviting(actor: Actor, sitting_id: int) -> Sitting:
    """The sitting, if the actor may invite to it. Raises NotFound otherwise."""
    sitting = sittings.get_visible(actor, sitting_id)
    ensure(may_invite(actor, sitting))
    return sitting
