"""Who may do what with sittings. Asked again at every use, since rights begin and end by date."""

from core.access import Actor, ensure
from core.dated import Status
from meetings.sittings.models import Sitting
from meetings.sittings.queries import get_sitting
from meetings.sittings.rules import Sight, within_sight
from participation.committees.models import Committee
from participation.seats.policies import is_insider


def may_schedule(actor: Actor, committee: Committee) -> bool:
    """The clerk of this committee and the administration plan its sittings."""
    return actor.may("sittings.edit") and actor.holds("clerk", committee.organization_id)


def may_edit(actor: Actor, sitting: Sitting) -> bool:
    """Who may move, cancel and edit the sitting: whoever plans its committee's sittings."""
    return may_schedule(actor, sitting.committee)


def sight_of(actor: Actor, committee: Committee) -> Sight:
    """How much of the committee's sittings the actor sees today."""
    if may_schedule(actor, committee):
        return Sight.EVERYTHING
    if is_insider(actor, committee):
        return Sight.INSIDE
    return Sight.PUBLIC if committee.public else Sight.NOTHING


def may_see(actor: Actor, sitting: Sitting) -> bool:
    """Whether the sitting exists for the actor: see `rules.Sight`."""
    sight = sight_of(actor, sitting.committee)
    return within_sight(sight, draft=sitting.status == Status.DRAFT, public=sitting.public)


def may_see_inside(actor: Actor, sitting: Sitting) -> bool:
    """Whether the actor sees what is not for the public: the video room, non-public agenda items."""
    return may_see(actor, sitting) and sight_of(actor, sitting.committee) >= Sight.INSIDE


def get_visible(actor: Actor, sitting_id: int) -> Sitting:
    """The sitting as far as it exists for the actor. Raises NotFound otherwise."""
    sitting = get_sitting(sitting_id)
    ensure(may_see(actor, sitting))
    return sitting


def get_editable(actor: Actor, sitting_id: int) -> Sitting:
    """The sitting, if the actor may change it. Raises NotFound otherwise."""
    sitting = get_sitting(sitting_id)
    ensure(may_edit(actor, sitting))
    return sitting
