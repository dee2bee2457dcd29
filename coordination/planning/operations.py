"""Planning together. Rights are judged by the caller (`policies`); what can never be is refused here.

What both sides agree on ends in the record, so that nothing is typed twice: who accepts becomes a partner, what the
municipality grants becomes its contribution, what both say afterwards becomes the result.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from coordination.cooperation import operations as cooperation
from coordination.cooperation.models import Cooperation
from coordination.cooperation.operations import Given, PartnerTerms, facts_of
from coordination.cooperation.rules import MOST_PARTICIPANTS, ContributionKind, PartnerRole
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from coordination.people.models import Person
from coordination.planning import mails, queries
from coordination.planning.models import (
    Agreement,
    Confirmation,
    Follower,
    Invitation,
    Need,
    Post,
    Request,
    Review,
    Section,
    Task,
)
from coordination.planning.rules import LONGEST_REASON, PLANNED_HERE, Answer, NeedKind, RequestState, joined
from core import history
from core.access import Actor
from core.clock import now
from core.database import check_version, get_row, session, transaction
from core.errors import NotFound, Outdated, Refused
from core.languages import _


@dataclass(frozen=True)
class Promise:
    """The four texts of an agreement; see the model."""

    subject: str = ""
    duties: str = ""
    money: str = ""
    gains: str = ""


@dataclass(frozen=True)
class Opinion:
    """What one side says afterwards; see the model."""

    participants: int | None = None
    what_worked: str = ""
    do_differently: str = ""


def open_workspace(actor: Actor, cooperation_id: int, *, proposer_id: int | None = None) -> None:
    """For events and projects, within the transaction that makes one: give it its programme, and who starts it.

    `proposer_id` is the organization that had the idea: it takes part at once, and the municipality is told.
    """
    with transaction() as current:
        row = _held(cooperation_id)
        current.add(Section(cooperation_id=row.id, title=_("Programme")))
        _follow(actor, row.id)
        if proposer_id is not None:
            proposer = get_row(Organization, proposer_id)
            accepted = Invitation(cooperation=row, organization=proposer, answer=Answer.ACCEPTED, answered_at=now())
            current.add(accepted)
            cooperation.add_partner(actor, row.id, terms=PartnerTerms(proposer.id))
            mails.tell_proposed(queries.officers_for_integration(), row, proposer.name)


def answer_idea(actor: Actor, cooperation_id: int, *, accepted: bool, reason: str) -> None:
    """For events and projects, within the transaction that plans or ends an idea: tell those who had it."""
    _refuse_long(reason, "reason")
    with transaction():
        row = _held(cooperation_id)
        _follow(actor, row.id)
        partners = [invited.organization_id for invited in queries.invitations(row.id)]
        mails.tell_decided(queries.speaks_for(partners), row, accepted=accepted, reason=reason)


def invite(
    actor: Actor, cooperation_id: int, *, organization_id: int, role: PartnerRole = PartnerRole.PARTNER
) -> Invitation:
    """Ask an organization to take part; who speaks for it gets a mail. One that could not before is asked again.

    Raises NotFound. Refused at `organization_id`: who was asked and has not declined, departments and committees.
    """
    with transaction() as current:
        row = _held(cooperation_id)
        organization = get_row(Organization, organization_id)
        if organization.kind in (Kind.DEPARTMENT, Kind.COMMITTEE):
            raise Refused(_("Please choose an organization that is no part of the municipality."), "organization_id")
        invitation = queries.find_invitation(row.id, organization.id)
        if invitation is None:
            invitation = Invitation(cooperation=row, organization=organization)
        elif invitation.answer != Answer.DECLINED:
            raise Refused(_("This organization was asked already."), "organization_id")
        invitation.role, invitation.answer, invitation.reason, invitation.answered_at = role, Answer.OPEN, "", None
        current.add(invitation)
        _follow(actor, row.id)
        mails.tell_invited(queries.speaks_for([organization.id]), invitation)
        history.record(actor, "planning.invite", invitation, details={"title": organization.name})
    return invitation


def answer(actor: Actor, invitation_id: int, *, answer: Answer, reason: str = "") -> Invitation:
    """An organization says whether it takes part, and may change its mind. Twice is as once.

    Accepting makes it a partner in the record, declining takes that back; the others who plan are told.
    """
    _refuse_long(reason, "reason")
    with transaction():
        invitation = get_row(Invitation, invitation_id)
        row = _held(invitation.cooperation_id)
        if (invitation.answer, invitation.reason) == (answer, reason):
            return invitation
        invitation.answer, invitation.reason, invitation.answered_at = answer, reason, now()
        partner = next((p for p in row.partners if p.organization_id == invitation.organization_id), None)
        if answer == Answer.ACCEPTED and partner is None:
            terms = PartnerTerms(invitation.organization_id, PartnerRole(invitation.role))
            cooperation.add_partner(actor, row.id, terms=terms)
        elif answer == Answer.DECLINED and partner is not None:
            cooperation.remove_partner(actor, partner.id)
        mails.tell_answered(_others(actor, row.id), invitation)
        history.record(actor, "planning.answer", invitation, details={"title": invitation.organization.name})
    return invitation


def add_task(
    actor: Actor,
    cooperation_id: int,
    *,
    title: str,
    organization_id: int | None = None,
    person_id: int | None = None,
    due_on: date | None = None,
) -> Task:
    """Something is to be done: by an organization and there by a person, where that is known, until a day."""
    with transaction() as current:
        row = _held(cooperation_id)
        _refuse_empty(title, "title")
        if organization_id is not None:
            get_row(Organization, organization_id)
        if person_id is not None:
            get_row(Person, person_id)
        task = Task(
            cooperation_id=row.id, title=title, organization_id=organization_id, person_id=person_id, due_on=due_on
        )
        current.add(task)
        _follow(actor, row.id)
        history.record(actor, "planning.add_task", task)
    return task


def edit_task(
    actor: Actor,
    task_id: int,
    *,
    version: int | None,
    title: str,
    organization_id: int | None,
    person_id: int | None,
    due_on: date | None,
) -> Task:
    """Save a task. Raises NotFound and Outdated."""
    _refuse_empty(title, "title")
    with transaction():
        task = get_row(Task, task_id)
        check_version(task, version)
        task.title, task.organization_id, task.person_id, task.due_on = title, organization_id, person_id, due_on
        history.record(actor, "planning.edit", task)
    return task


def tick_task(actor: Actor, task_id: int, *, done: bool) -> Task:
    """The task is done, or not after all. Twice is as once."""
    with transaction():
        task = get_row(Task, task_id)
        if _tick(task, done):
            history.record(
                actor, "planning.finish_task" if done else "planning.reopen_task", task, details=_called(task)
            )
    return task


def add_section(actor: Actor, cooperation_id: int, *, title: str, text: str = "") -> Section:
    """One more text that both sides write."""
    with transaction() as current:
        row = _held(cooperation_id)
        _refuse_empty(title, "title")
        section = Section(cooperation_id=row.id, title=title, text=text)
        current.add(section)
        _follow(actor, row.id)
        history.record(actor, "planning.add_section", section)
    return section


def edit_section(actor: Actor, section_id: int, *, version: int | None, title: str, text: str) -> Section:
    """Save a text. Raises Outdated where somebody else saved it meanwhile: nothing is overwritten unseen."""
    with transaction():
        section = get_row(Section, section_id)
        check_version(section, version)
        _refuse_empty(title, "title")
        section.title, section.text = title, text
        _follow(actor, section.cooperation_id)
        history.record(actor, "planning.edit", section)
    return section


def add_need(actor: Actor, cooperation_id: int, *, kind: NeedKind, note: str = "") -> Need:
    """People need something so that they can take part."""
    with transaction() as current:
        row = _held(cooperation_id)
        if kind == NeedKind.OTHER:
            _refuse_empty(note, "note")
        need = Need(cooperation_id=row.id, kind=kind, note=note)
        current.add(need)
        history.record(actor, "planning.add_need", need)
    return need


def tick_need(actor: Actor, need_id: int, *, done: bool) -> Need:
    """It is provided for, or not after all. Twice is as once."""
    with transaction():
        need = get_row(Need, need_id)
        if _tick(need, done):
            history.record(actor, "planning.meet_need" if done else "planning.reopen_need", need, details=_called(need))
    return need


def remove_need(actor: Actor, need_id: int) -> Cooperation:
    """Nobody needs it after all."""
    with transaction() as current:
        need = get_row(Need, need_id)
        row = _held(need.cooperation_id)
        history.record(actor, "planning.remove_need", row, details={"kind": need.kind, "note": need.note})
        current.delete(need)
    return row


def post(actor: Actor, cooperation_id: int, *, text: str, organization_id: int | None = None) -> Post:
    """Write to all who plan; the others get it by mail unless they want none."""
    _refuse_empty(text, "text")
    with transaction() as current:
        row = _held(cooperation_id)
        written = Post(cooperation_id=row.id, account_id=actor.account_id, organization_id=organization_id, text=text)
        current.add(written)
        _follow(actor, row.id)
        current.flush()
        account = written.account
        writer = account.person.name if account and account.person else _("Administration")
        mails.tell_posted(_others(actor, row.id), row, written, writer)
        history.record(actor, "planning.post", written)
    return written


def follow(actor: Actor, cooperation_id: int, *, wants_mail: bool) -> None:
    """Get mail about the discussion of this workspace, or none. Twice is as once."""
    with transaction():
        row = _held(cooperation_id)
        follower = _follow(actor, row.id)
        if follower is not None:
            follower.wants_mail = wants_mail


def ask(actor: Actor, cooperation_id: int, *, organization_id: int, kind: ContributionKind, wish: str = "") -> Request:
    """An organization that takes part asks the municipality for something; who is responsible gets a mail."""
    _refuse_long(wish, "wish")
    with transaction() as current:
        row = _held(cooperation_id)
        organization = get_row(Organization, organization_id)
        request = Request(cooperation_id=row.id, organization=organization, kind=kind, wish=wish)
        current.add(request)
        _follow(actor, row.id)
        mails.tell_requested(_others(actor, row.id, partners=False), row, request)
        history.record(actor, "planning.ask", request)
    return request


def answer_request(
    actor: Actor,
    request_id: int,
    *,
    version: int | None,
    state: RequestState,
    reason: str = "",
    department_id: int | None = None,
    amount: int | None = None,
) -> Request:
    """The municipality answers; what it grants becomes its contribution in the record, given by this department.

    `amount` is in cents. Refused: a refusal or half an answer without its reason ("reason"), a second answer.
    """
    _refuse_long(reason, "reason")
    with transaction():
        request = get_row(Request, request_id)
        row = _held(request.cooperation_id)
        check_version(request, version)
        if request.state != RequestState.OPEN:
            raise Refused(_("This was answered already."))
        if state in (RequestState.REFUSED, RequestState.PARTLY):
            _refuse_empty(reason, "reason")
        request.state, request.reason, request.answered_at = state, reason, now()
        if state in (RequestState.GRANTED, RequestState.PARTLY):
            given = Given(ContributionKind(request.kind), department_id, amount, request.wish[:200])
            cooperation.add_contribution(actor, row.id, given=given)
        _follow(actor, row.id)
        mails.tell_request_answered(queries.speaks_for([request.organization_id]), row, request)
        history.record(actor, "planning.answer_request", request)
    return request


def write_agreement(actor: Actor, cooperation_id: int, *, version: int | None, promise: Promise) -> Agreement:
    """Save what is agreed. A change makes every word given before void, and all who plan are asked again.

    Raises Outdated; `version` None writes the first one, and somebody else's first one is Outdated too.
    """
    _refuse_empty(promise.subject, "subject")
    with transaction() as current:
        row = _held(cooperation_id)
        agreement = queries.find_agreement(row.id)
        if agreement is None:
            agreement = Agreement(cooperation_id=row.id, revision=0)
        elif version is None:
            raise Outdated(_("Somebody else has saved this in the meantime. Please compare and save again."))
        check_version(agreement, version)
        told = {name: getattr(promise, name) for name in Promise.__dataclass_fields__}
        if agreement.revision and all(getattr(agreement, name) == text for name, text in told.items()):
            return agreement
        for name, text in told.items():
            setattr(agreement, name, text)
        agreement.revision += 1
        agreement.written_at = now()
        current.add(agreement)
        _follow(actor, row.id)
        mails.tell_agreement(_others(actor, row.id), row)
        history.record(actor, "planning.write_agreement", agreement)
    return agreement


def confirm_agreement(
    actor: Actor, cooperation_id: int, *, revision: int, organization_id: int | None = None
) -> Confirmation:
    """Give the word of an organization (None: the administration) for this revision. Twice is as once.

    Raises NotFound without an agreement, and Outdated where it was changed since it was read.
    """
    with transaction() as current:
        row = _held(cooperation_id)
        agreement = queries.find_agreement(row.id)
        if agreement is None:
            raise NotFound
        if agreement.revision != revision:
            raise Outdated(_("The agreement was changed in the meantime. Please read it again before you confirm it."))
        for given in agreement.confirmations:
            if (given.revision, given.organization_id) == (revision, organization_id):
                return given
        given = Confirmation(organization_id=organization_id, person_id=actor.person_id, revision=revision)
        agreement.confirmations.append(given)
        current.flush()
        details = {"organization_id": organization_id, "revision": revision}
        history.record(actor, "planning.confirm_agreement", agreement, details=details)
    return given


def review(
    actor: Actor, cooperation_id: int, *, version: int | None, opinion: Opinion, organization_id: int | None = None
) -> Review:
    """One side says how it was. Both sides' words together are the result in the record. Raises Outdated.

    Refused: a number of participants beyond reason ("participants").
    """
    if opinion.participants is not None and not 0 <= opinion.participants <= MOST_PARTICIPANTS:
        raise Refused(_("Please enter a number from 0 to %(max)d.", max=MOST_PARTICIPANTS), "participants")
    with transaction() as current:
        row = _held(cooperation_id)
        said = queries.find_review(row.id, organization_id)
        if said is None:
            said = Review(cooperation_id=row.id, organization_id=organization_id)
        else:
            check_version(said, version)
        for name in Opinion.__dataclass_fields__:
            setattr(said, name, getattr(opinion, name))
        current.add(said)
        history.record(actor, "planning.review", said)
        current.flush()
        _sum_up(actor, row)
    return said


def _sum_up(actor: Actor, row: Cooperation) -> None:
    """Write both sides' words into the record: the municipality's count first, else the highest of the others."""
    said = queries.reviews(row.id)
    counted = [one.participants for one in said if one.participants is not None and _is_own(one)]
    counted = counted or [one.participants for one in said if one.participants is not None]
    named = [(one.organization.name if one.organization else _("Administration"), one) for one in said]
    facts = replace(
        facts_of(row),
        participants=max(counted) if counted else row.participants,
        what_worked=joined((name, one.what_worked) for name, one in named) or row.what_worked,
        do_differently=joined((name, one.do_differently) for name, one in named) or row.do_differently,
    )
    cooperation.edit_cooperation(actor, row.id, version=None, facts=facts)


def _is_own(said: Review) -> bool:
    return said.organization is None or said.organization.kind == Kind.DEPARTMENT


def _held(cooperation_id: int) -> Cooperation:
    """The record of the workspace, kept from other writers until the commit. Raises NotFound, also for others."""
    row = session().get(Cooperation, cooperation_id, with_for_update={"of": Cooperation}, populate_existing=True)
    if row is None or row.source not in PLANNED_HERE:
        raise NotFound
    return row


def _follow(actor: Actor, cooperation_id: int) -> Follower | None:
    """Whoever does something gets mail from now on, unless they said otherwise."""
    if actor.account_id is None:
        return None
    found = select(Follower).where(Follower.cooperation_id == cooperation_id, Follower.account_id == actor.account_id)
    follower = session().scalar(found)
    if follower is None:
        follower = Follower(cooperation_id=cooperation_id, account_id=actor.account_id)
        session().add(follower)
    return follower


def _others(actor: Actor, cooperation_id: int, *, partners: bool = True) -> list[Any]:
    """Everybody who gets mail about this, but for whoever acts; staff alone without `partners`.

    Where no staff follow yet, those who hear of new ideas do.
    """
    listening = queries.listeners(cooperation_id)
    staff = queries.staff_among(listening) or queries.officers_for_integration()
    found = {account.id: account for account in [*(listening if partners else []), *staff]}
    return [account for key, account in found.items() if key != actor.account_id]


def _tick(row: Task | Need, done: bool) -> bool:
    if (row.done_at is not None) == done:
        return False
    row.done_at = now() if done else None
    return True


def _called(row: Task | Need) -> dict[str, str]:
    """What the history calls it."""
    return {"title": row.title} if isinstance(row, Task) else {"note": row.note}


def _refuse_empty(text: str, field: str) -> None:
    if not text.strip():
        raise Refused(_("Please fill in this field."), field)


def _refuse_long(text: str, field: str) -> None:
    if len(text) > LONGEST_REASON:
        raise Refused(_("Please use at most %(max)d characters.", max=LONGEST_REASON), field)
