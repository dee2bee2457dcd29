"""What this room shows on the pages of lower rooms."""

from flask import render_template
from markupsafe import Markup

from coordination.organizations.models import Organization
from coordination.organizations.rules import TOPIC_LABELS, Kind
from coordination.people import queries
from coordination.people.policies import may_see_members, may_set_topics
from core import reads
from core.access import Actor
from core.clock import today


def members_today(actor: Actor, organization: Organization) -> Markup | None:
    """The organization's members of today with their functions; nothing for those who may not see them."""
    if not may_see_members(actor, organization.id):
        return None
    members = queries.members_of(organization.id, today())
    if members:
        reads.note(actor, "read.members", organization)
    return _rendered(
        "coordination/people/members.html",
        organization=organization,
        members=members,
        labels=TOPIC_LABELS,
        may_set_topics=may_set_topics,
    )


def contacts_today(actor: Actor, organization: Organization) -> Markup | None:
    """On a department's page, for who is signed in and may not see all its members: who is the contact for what."""
    if not actor.signed_in or organization.kind != Kind.DEPARTMENT or may_see_members(actor, organization.id):
        return None
    contacts = queries.contacts(today(), organization_id=organization.id)
    return _rendered("coordination/people/contacts.html", contacts=contacts, labels=TOPIC_LABELS) if contacts else None


def who_is_responsible(actor: Actor, _subject: object) -> Markup | None:
    """On the start page of who speaks for an organization: the way to the page on who is responsible for what."""
    if not actor.organizations_as("representative"):
        return None
    return _rendered("coordination/people/responsible_line.html")


def _rendered(template: str, **context: object) -> Markup:
    return Markup(render_template(template, **context))  # noqa: S704 (our own templates have escaped the values)
