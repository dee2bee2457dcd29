"""Who may read and change records of cooperation."""

from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import KEPT_ELSEWHERE, Reach
from core.access import Actor


def reach_of(actor: Actor) -> Reach:
    """What the actor may read: staff all; who speaks for an organization what it is a partner in; others nothing.

    Records of committees that are not public are the administration's alone: those who sit in them have the
    committee's own page.
    """
    if actor.may("cooperation.edit"):
        return Reach(everything=True, restricted=actor.is_admin or actor.system)
    if actor.may("cooperation.read"):
        return Reach(organizations=actor.organizations_as("representative"))
    return Reach()


def may_read(actor: Actor, row: Cooperation) -> bool:
    """Whether the record lies within the actor's reach."""
    reach = reach_of(actor)
    if row.restricted and not reach.restricted:
        return False
    return reach.everything or any(partner.organization_id in reach.organizations for partner in row.partners)


def may_edit(actor: Actor, row: Cooperation) -> bool:
    """Staff who may read the record."""
    return actor.may("cooperation.edit") and may_read(actor, row)


def may_change_what_is_kept(row: Cooperation) -> bool:
    """Whether title, period and status are the record's own, and not those of an event, project or committee."""
    return row.source not in KEPT_ELSEWHERE
