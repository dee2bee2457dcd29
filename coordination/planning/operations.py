"""A workspace: who is asked to take part, and the discussion. Rights are judged by the caller (`policies`).

What both sides agree on ends in the record, so that nothing is typed twice: who accepts becomes a partner, what the
municipality grants becomes its contribution (`requests`), what both say afterwards becomes the result (`reviews`).
What can never be is refused here.
"""

from typing import Any

from coordination.cooperation import partners
from coordination.cooperation.facts import PartnerTerms
from coordination.organizations.models import Organization
from coordination.organizations.rules import MUNICIPAL_KINDS, PartnerRole
from coordination.planning import mails, queries
from coordination.planning.models import Invitation, Post, Section
from coordination.planning.rules import Answer
from coordination.planning.workspaces import held, keep_posted, others, refuse_empty, refuse_long, refuse_over
from core import history
from core.access import Actor
from core.clock import now
from core.database import get_row, transaction
from core.errors import NotFound, Refused
from core.languages import _, _l


def open_workspace(actor: Actor, cooperation_id: int, *, proposer_id: int | None = None) -> None:
    """For events and projects, within the transaction that makes one: give it its programme, and who starts it.

    `proposer_id` is the organization that had the idea: it takes part at once, and the municipality is told.
    """
    with transaction() as current:
        row = held(cooperation_id)
        current.add(Section(cooperation_id=row.id, title=_("Programme")))
        keep_posted(actor, row.id)
        if proposer_id is not None:
            proposer = get_row(Organization, proposer_id)
            partners.add_partner(actor, row.id, terms=PartnerTerms(proposer.id))
            mails.tell_proposed(queries.officers_for_integration(), row, proposer.name)


def answer_idea(actor: Actor, cooperation_id: int, *, accepted: bool, reason: str) -> None:
    """For events and projects, within the transaction that plans or ends an idea: tell those who had it.

    When one of them takes it back, the others and the municipality hear of that.
    """
    refuse_long(reason, "reason")
    with transaction():
        row = held(cooperation_id)
        keep_posted(actor, row.id)
        told = queries.speaks_in(row.id, Answer.OPEN, Answer.ACCEPTED)
        if actor.account_id in {account.id for account in told}:
            mails.tell_step(others(actor, row.id), row, state=_l("Withdrawn"), reason=reason)
        else:
            mails.tell_decided(told, row, accepted=accepted, reason=reason)


def tell_step(actor: Actor, cooperation_id: int, *, state: Any, reason: str = "") -> None:
    """For events and projects, within the transaction of a step: those who plan hear of it, but for whoever took it.

    `state` is its lazy label, said in the language of each reader.
    """
    refuse_long(reason, "reason")
    with transaction():
        row = held(cooperation_id)
        keep_posted(actor, row.id)
        mails.tell_step(others(actor, row.id), row, state=state, reason=reason)


def tell_held(actor: Actor, cooperation_id: int) -> None:
    """For events and projects, within the transaction that closes one: those who plan are asked how it went."""
    with transaction():
        row = held(cooperation_id)
        keep_posted(actor, row.id)
        mails.tell_held(others(actor, row.id), row)


def invite(
    actor: Actor, cooperation_id: int, *, organization_id: int, role: PartnerRole = PartnerRole.PARTNER
) -> Invitation:
    """Ask an organization to take part; who speaks for it gets a mail. One that could not before, or was taken out of
    the record, is asked again.

    Raises NotFound. Refused: what is over; at `organization_id` who takes part or has yet to answer, departments and
    committees.
    """
    with transaction() as current:
        row = held(cooperation_id)
        refuse_over(row)
        organization = get_row(Organization, organization_id)
        if organization.kind in MUNICIPAL_KINDS:
            raise Refused(_("Please choose an organization that is no part of the municipality."), "organization_id")
        if any(partner.organization_id == organization.id for partner in row.partners):
            raise Refused(_("This organization takes part already."), "organization_id")
        invitation = queries.find_invitation(row.id, organization.id)
        if invitation is None:
            invitation = Invitation(cooperation=row, organization=organization)
        elif invitation.answer == Answer.OPEN:
            raise Refused(_("This organization was asked already."), "organization_id")
        invitation.role, invitation.answer, invitation.reason, invitation.answered_at = role, Answer.OPEN, "", None
        current.add(invitation)
        keep_posted(actor, row.id)
        mails.tell_invited(queries.speaks_for([organization.id]), invitation)
        history.record(actor, "planning.invite", invitation, details={"title": organization.name})
    return invitation


def answer(actor: Actor, cooperation_id: int, *, organization_id: int, answer: Answer, reason: str = "") -> Invitation:
    """An organization says whether it takes part, and may change its mind. Twice is as once.

    Accepting makes it a partner in the record, declining takes that back; the others who plan are told.
    Raises NotFound for one that was not asked, and for one that was taken out of the record since. Refused: another
    answer when it is over.
    """
    refuse_long(reason, "reason")
    with transaction() as current:
        row = held(cooperation_id)
        invitation = queries.find_invitation(row.id, organization_id)
        partner = next((p for p in row.partners if p.organization_id == organization_id), None)
        if invitation is None and partner is not None:  # entered in the record without being asked here
            invitation = Invitation(cooperation=row, organization=partner.organization, role=partner.role)
            current.add(invitation)
        if invitation is None or (partner is None and invitation.answer == Answer.ACCEPTED):
            raise NotFound
        before = invitation.answer if partner is None else Answer.ACCEPTED
        if (before, invitation.reason) == (answer, reason):
            return invitation
        refuse_over(row)
        invitation.answer, invitation.reason, invitation.answered_at = answer, reason, now()
        if answer == Answer.ACCEPTED and partner is None:
            partners.add_partner(actor, row.id, terms=PartnerTerms(organization_id, PartnerRole(invitation.role)))
        elif answer == Answer.DECLINED and partner is not None:
            partners.remove_partner(actor, partner.id)
        mails.tell_answered(others(actor, row.id), invitation)
        history.record(actor, "planning.answer", invitation, details={"title": invitation.organization.name})
    return invitation


def post(actor: Actor, cooperation_id: int, *, text: str, organization_id: int | None = None) -> Post:
    """Write to all who plan; the others get it by mail unless they want none."""
    refuse_empty(text, "text")
    with transaction() as current:
        row = held(cooperation_id)
        written = Post(cooperation_id=row.id, account_id=actor.account_id, organization_id=organization_id, text=text)
        current.add(written)
        keep_posted(actor, row.id)
        current.flush()
        account = written.account
        writer = account.person.name if account and account.person else _("Administration")
        mails.tell_posted(others(actor, row.id), row, written, writer)
        history.record(actor, "planning.post", written)
    return written


def follow(actor: Actor, cooperation_id: int, *, wants_mail: bool) -> None:
    """Get mail about the discussion of this workspace, or none. Twice is as once."""
    with transaction():
        row = held(cooperation_id)
        if queries.wants_mail(actor, row.id) == wants_mail:
            return
        follower = keep_posted(actor, row.id)
        if follower is not None:
            follower.wants_mail = wants_mail
