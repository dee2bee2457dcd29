"""Who may see, keep and publish what of an organization."""

from coordination.organizations import queries, voices
from coordination.organizations.models import Organization
from coordination.organizations.publication import Audience, Reader
from coordination.organizations.rules import MUNICIPAL_KINDS
from core.access import Actor
from core.database import once


def reader_of(actor: Actor) -> Reader:
    """What the actor is to organizations: those who keep the profiles see all, departments what is shared with them,
    who works here the names, everybody what is public; and all of them what is their own."""
    own = actor.organizations | actor.organizations_as("representative")
    if keeps_profiles(actor):
        return Reader(Audience.OWN, own)
    if actor.may("organizations.edit"):
        return Reader(Audience.ADMINISTRATION, own)
    if actor.may("organizations.read"):
        return Reader(Audience.COLLEAGUES, own)
    return Reader(Audience.EVERYBODY, own)


def keeps_profiles(actor: Actor) -> bool:
    """Staff of the integration department, to whom organizations give their data, and the administration. Where no
    department is named as the integration department, all department staff."""
    if actor.is_admin or actor.system:
        return True
    if not actor.may("organizations.edit"):
        return False
    departments = once("integration departments", queries.integration_department_ids)
    return not departments or bool(departments & actor.organizations_as("officer"))


def speaks_for(actor: Actor, organization_id: int) -> bool:
    """A representative of the organization who is its member today."""
    return organization_id in actor.organizations and organization_id in actor.organizations_as("representative")


def may_keep(actor: Actor, organization_id: int) -> bool:
    """Change the profile: who speaks for the organization, and who keeps the profiles."""
    return keeps_profiles(actor) or speaks_for(actor, organization_id)


def needs_consent(organization: Organization) -> bool:
    """Departments and committees are public bodies; nobody consents for them."""
    return organization.kind not in MUNICIPAL_KINDS


def may_consent(actor: Actor, organization: Organization) -> bool:
    """Agree to publication: the organization's own people alone, never an officer for them."""
    return needs_consent(organization) and speaks_for(actor, organization.id)


def may_note_paper(actor: Actor, organization: Organization) -> bool:
    """Note a consent that was signed on paper: staff, and only as long as nobody of the organization has an account to
    do it. Else officers could decide over the heads of those who can be asked."""
    return needs_consent(organization) and keeps_profiles(actor) and not voices.has_voice(organization.id)


def may_withdraw(actor: Actor, organization: Organization) -> bool:
    """Take a consent back: its own people, and staff whom they have asked to, by phone or at the counter."""
    return needs_consent(organization) and may_keep(actor, organization.id)
