"""Who may read what support an organization has asked for and had."""

from core.access import Actor


def may_read_of(actor: Actor, organization_id: int) -> bool:
    """What an organization asked for, got and was refused is its own business and the staff's: who speaks for it
    reads it, its members and everybody else do not."""
    return actor.may("support.edit") or organization_id in actor.organizations_as("representative")
