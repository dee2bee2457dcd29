"""Who may see and change what of persons, beyond the permissions of the routes."""

from coordination.people.models import Membership
from core.access import Actor


def may_see_members(actor: Actor, organization_id: int) -> bool:
    """Who belongs to an organization can reveal origin or religion (GDPR, Art. 9): for staff and members alone."""
    return actor.may("people.read") or organization_id in actor.organizations


def may_change_memberships(actor: Actor, person_id: int) -> bool:
    """A membership gives a right to see an organization's dates; so only the administration changes its own."""
    if not actor.may("people.edit"):
        return False
    return actor.is_admin or actor.system or actor.person_id != person_id


def may_set_topics(actor: Actor, membership: Membership) -> bool:
    """Staff, and who speaks for the organization. It gives nobody a right, so one may do so for oneself."""
    return actor.may("people.edit") or membership.organization_id in actor.organizations_as("representative")


def may_read_name(actor: Actor, contact: Membership) -> bool:
    """The name of a department's contact: for who is signed in; for everybody where the person said so."""
    return actor.signed_in or contact.name_public_since is not None


def may_publish_name(actor: Actor, membership: Membership) -> bool:
    """Nobody else can consent for a person."""
    return actor.person_id is not None and actor.person_id == membership.person_id


def may_hide_name(actor: Actor, membership: Membership) -> bool:
    """The person at any time; staff where the person asks them to."""
    return may_publish_name(actor, membership) or actor.may("people.edit")
