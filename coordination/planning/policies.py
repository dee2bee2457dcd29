"""Who may open a workspace, work in it, and speak for which side."""

from coordination.cooperation.models import Cooperation
from coordination.planning import queries
from coordination.planning.rules import PLANNED_HERE, Answer, Side
from core.access import Actor, ensure


def is_staff(actor: Actor) -> bool:
    """Officers of any department and the administration: they see and plan everything."""
    return actor.may("cooperation.edit")


def may_open(actor: Actor, row: Cooperation) -> bool:
    """Staff, and who speaks for an organization that takes part or was asked, whatever it answered."""
    if row.source not in PLANNED_HERE:
        return False
    return is_staff(actor) or bool(queries.partners_of(actor, row.id))


def may_read(actor: Actor, row: Cooperation) -> bool:
    """Whether the actor sees what is inside: staff, partners, and who is still to answer."""
    return is_staff(actor) or bool(queries.partners_of(actor, row.id, Answer.OPEN, Answer.ACCEPTED))


def may_work(actor: Actor, row: Cooperation) -> bool:
    """Whether the actor takes part in planning: staff, and who speaks for an organization that takes part."""
    return is_staff(actor) or bool(queries.partners_of(actor, row.id, Answer.ACCEPTED))


def is_member(actor: Actor, row: Cooperation) -> bool:
    """Whether the actor is today a member of an organization that takes part, whoever speaks for it."""
    return not actor.organizations.isdisjoint(partner.organization_id for partner in row.partners)


def sides_of(actor: Actor, row: Cooperation) -> frozenset[Side]:
    """On which side the actor plans it; on none where they take no part. The idea was its initiator's, who takes part
    in it."""
    if is_staff(actor):
        return frozenset({Side.MUNICIPALITY})
    partners = {one.id for one in queries.partners_of(actor, row.id, Answer.ACCEPTED)}
    if row.initiator_id in partners:
        return frozenset({Side.PARTNER, Side.PROPOSER})
    return frozenset({Side.PARTNER}) if partners else frozenset()


def voices_of(actor: Actor, row: Cooperation) -> list[tuple[int | None, str]]:
    """For whom the actor can give a word, id and name: partners first, then departments.

    The administration without a department speaks for itself: its id is None.
    """
    partners = queries.partners_of(actor, row.id, Answer.ACCEPTED)
    found: list[tuple[int | None, str]] = [(one.id, one.name) for one in partners]
    if is_staff(actor):
        found += [(one.id, one.name) for one in queries.departments_of(actor)] or [(None, "")]
    return found


def get_open(actor: Actor, cooperation_id: int) -> Cooperation:
    """The record of a workspace that the actor may open. Raises NotFound otherwise."""
    row = queries.get_workspace(cooperation_id)
    ensure(may_open(actor, row))
    return row


def get_workable(actor: Actor, cooperation_id: int) -> Cooperation:
    """The record of a workspace in which the actor takes part. Raises NotFound otherwise."""
    row = queries.get_workspace(cooperation_id)
    ensure(may_work(actor, row))
    return row
