"""Who may see and change what of persons, beyond the permissions of the routes."""

from core.access import Actor


def may_see_members(actor: Actor, organization_id: int) -> bool:
    """Who belongs to an organization can reveal origin or religion (GDPR, Art. 9): for staff and members alone."""
    return actor.may("people.read") or organization_id in actor.organizations


def may_change_memberships(actor: Actor, person_id: int) -> bool:
    """A membership gives a right to see an organization's dates; so only the administration changes its own."""
    if not actor.may("people.edit"):
        return False
    return actor.is_admin or actor.system or actor.person_id != person_id
