"""Who may read aims and measures: what was adopted is everybody's, drafts are for those who edit them."""

from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from coordination.strategy.models import Aim, Measure
from core.access import Actor


def may_edit(actor: Actor) -> bool:
    """Department staff and the administration: a strategy is the whole municipality's."""
    return actor.may("strategy.edit")


def may_read(actor: Actor, item: Aim | Measure) -> bool:
    """Everybody what was adopted; a measure is adopted only where its aim is."""
    return item.adopted_on is not None or may_edit(actor)


def may_see_owner(actor: Actor, owner: Organization | None) -> bool:
    """Departments are public bodies. Other organizations are named to those who may look them up."""
    return owner is not None and (owner.kind == Kind.DEPARTMENT or actor.may("organizations.read"))
