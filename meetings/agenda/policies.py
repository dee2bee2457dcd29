"""Who may see and change what of an agenda."""

from core.access import Actor
from meetings.agenda.models import AgendaItem
from meetings.agenda.queries import items_of
from meetings.sittings import policies as sittings
from meetings.sittings.models import Sitting


def may_edit(actor: Actor, sitting: Sitting) -> bool:
    """The clerk of the sitting's committee, or the administration."""
    return actor.may("agenda.edit") and sittings.may_edit(actor, sitting)


def visible_items(actor: Actor, sitting: Sitting) -> list[AgendaItem]:
    """The agenda as far as it exists for the actor, in order.

    Non-public items are for the committee's inner circle alone; nothing else on the page, no number and no count,
    tells others that there are any. Of a sitting that one may not see, nothing.
    """
    if not sittings.may_see(actor, sitting):
        return []
    return items_of(sitting.id, public_only=not sittings.may_see_inside(actor, sitting))
