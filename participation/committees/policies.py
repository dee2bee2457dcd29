"""Who may do what to a committee."""

from core.access import Actor
from participation.committees.models import Committee


def may_see(actor: Actor, committee: Committee, inside: frozenset[int]) -> bool:
    """A public committee is for everybody; any other for its inner circle (`inside`: the actor's) and its keepers."""
    return committee.public or committee.id in inside or keeps(actor, committee)


def keeps(actor: Actor, committee: Committee) -> bool:
    """Whether the actor keeps this committee's business: its clerk, or the administration."""
    return actor.holds("clerk", committee.organization_id)


def may_edit(actor: Actor, committee: Committee) -> bool:
    """The clerk of this very committee, or the administration."""
    return actor.may("committees.edit") and keeps(actor, committee)


def may_archive(actor: Actor) -> bool:
    """Who may found committees may also archive them."""
    return actor.may("committees.create")
