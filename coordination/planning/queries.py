"""Reading what is planned together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, false, literal, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from coordination.accounts.models import Account, Assignment
from coordination.accounts.queries import held_today, member_of
from coordination.accounts.rules import Role
from coordination.cooperation.models import Cooperation, MunicipalContribution, Partner
from coordination.cooperation.queries import WHOLE, get_cooperation, list_frequent
from coordination.cooperation.rules import OVER
from coordination.organizations import queries as organizations
from coordination.organizations.choosing import MOST_LISTED
from coordination.organizations.models import Organization
from coordination.organizations.publication import Audience, Reader
from coordination.organizations.rules import MUNICIPAL_KINDS, Kind
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
from coordination.planning.rules import PLANNED_HERE, PUBLIC_NEEDS, Answer, NeedKind
from core.access import Actor
from core.database import Row, get_row, session
from core.errors import NotFound
from core.history import HistoryLine

#: tables whose rows hang on a cooperation and whose history is that of the workspace
PARTS: Sequence[type[Any]] = (Invitation, Task, Section, Need, Post, Request, Agreement, Review)
_OF_THE_RECORD: Sequence[type[Any]] = (Partner, MunicipalContribution)

#: how each organization stands to each record. Who takes part is told by the record alone: an invitation that was
#: accepted counts no more once its organization was taken out there
_STANDINGS = union_all(
    select(Partner.cooperation_id, Partner.organization_id, literal(Answer.ACCEPTED.value, String).label("answer")),
    select(Invitation.cooperation_id, Invitation.organization_id, Invitation.answer).where(
        Invitation.answer != Answer.ACCEPTED
    ),
).subquery("standing")


@dataclass(frozen=True)
class Standing:
    """How an organization stands to what is planned; `partner`: its part, where it takes part."""

    organization: Organization
    answer: Answer
    reason: str = ""
    partner: Partner | None = None


def get_workspace(cooperation_id: int) -> Cooperation:
    """The record of an event or a project, with what its page shows. Raises NotFound, also for other records."""
    row = get_cooperation(cooperation_id)
    if row.source not in PLANNED_HERE:
        raise NotFound
    found = select(Cooperation).where(Cooperation.id == cooperation_id).options(*WHOLE)
    return session().scalars(found).one()


def get_part(model: type[Row], cooperation_id: int, key: int) -> Row:
    """A task, section or whatever of this workspace. Raises NotFound, also where it is another's."""
    row: Any = get_row(model, key)
    if row.cooperation_id != cooperation_id:
        raise NotFound
    return row  # type: ignore[no-any-return]


def invitations(cooperation_id: int) -> list[Invitation]:
    """Who was asked, in that order."""
    found = select(Invitation).where(Invitation.cooperation_id == cooperation_id)
    return list(session().scalars(found.options(joinedload(Invitation.organization)).order_by(Invitation.id)))


def find_invitation(cooperation_id: int, organization_id: int) -> Invitation | None:
    """The invitation of this organization, or None."""
    found = select(Invitation).where(Invitation.cooperation_id == cooperation_id)
    return session().scalar(found.where(Invitation.organization_id == organization_id))


def standings(row: Cooperation) -> list[Standing]:
    """Who takes part, then who was asked and has not answered or cannot. Who was taken out of the record is missing."""
    part = [Standing(one.organization, Answer.ACCEPTED, partner=one) for one in row.partners]
    inside = {one.organization for one in part}
    return part + [
        Standing(one.organization, Answer(one.answer), one.reason)
        for one in invitations(row.id)
        if one.answer != Answer.ACCEPTED and one.organization not in inside
    ]


def asked(actor: Actor, *answers: Answer) -> Select[int]:
    """Ids of the records to which an organization stands so for which the actor speaks (see `Standing`)."""
    spoken_for = actor.organizations_as(Role.REPRESENTATIVE)
    found = select(_STANDINGS.c.cooperation_id).where(_STANDINGS.c.organization_id.in_(spoken_for))
    return found.where(_STANDINGS.c.answer.in_(answers)) if answers else found


def of_members(actor: Actor) -> Select[int]:
    """`policies.is_member` as a condition: ids of the records."""
    return select(Partner.cooperation_id).where(Partner.organization_id.in_(actor.organizations))


def _standing_so(cooperation_id: int, *answers: Answer) -> Select[int]:
    """Ids of the organizations that stand so to this record."""
    found = select(_STANDINGS.c.organization_id).where(_STANDINGS.c.cooperation_id == cooperation_id)
    return found.where(_STANDINGS.c.answer.in_(answers)) if answers else found


def tasks(cooperation_id: int) -> list[Task]:
    """All tasks: what is still to be done first, the most urgent on top, those without a day last."""
    found = select(Task).where(Task.cooperation_id == cooperation_id)
    found = found.options(joinedload(Task.organization), joinedload(Task.person))
    in_order = (Task.done_at.is_not(None), Task.due_on.is_(None), Task.due_on, Task.id)
    return list(session().scalars(found.order_by(*in_order)))


def sections(cooperation_id: int) -> list[Section]:
    """The texts, oldest first."""
    return list(session().scalars(select(Section).where(Section.cooperation_id == cooperation_id).order_by(Section.id)))


def needs(cooperation_id: int) -> list[Need]:
    """What people need, oldest first."""
    return list(session().scalars(select(Need).where(Need.cooperation_id == cooperation_id).order_by(Need.id)))


def provided(cooperation_id: int) -> list[NeedKind]:
    """What is provided for those who come, in the order of `PUBLIC_NEEDS`; notes on it are for those who plan alone."""
    found = {need.kind for need in needs(cooperation_id) if need.done_at}
    return [kind for kind in PUBLIC_NEEDS if kind in found]


def posts(cooperation_id: int) -> list[Post]:
    """The discussion, oldest first."""
    found = select(Post).where(Post.cooperation_id == cooperation_id)
    writers = (joinedload(Post.account).joinedload(Account.person), joinedload(Post.organization))
    return list(session().scalars(found.options(*writers).order_by(Post.id)))


def requests(cooperation_id: int) -> list[Request]:
    """What was asked of the municipality, oldest first."""
    found = select(Request).where(Request.cooperation_id == cooperation_id)
    return list(session().scalars(found.options(joinedload(Request.organization)).order_by(Request.id)))


def find_agreement(cooperation_id: int) -> Agreement | None:
    """The agreement with all words given for it, or None while nobody has written one."""
    given = selectinload(Agreement.confirmations)
    named = (given.joinedload(Confirmation.organization), given.joinedload(Confirmation.person))
    return session().scalar(select(Agreement).where(Agreement.cooperation_id == cooperation_id).options(*named))


def reviews(cooperation_id: int) -> list[Review]:
    """How each side found it, oldest first."""
    found = select(Review).where(Review.cooperation_id == cooperation_id)
    return list(session().scalars(found.options(joinedload(Review.organization)).order_by(Review.id)))


def find_review(cooperation_id: int, organization_id: int | None) -> Review | None:
    """What this organization said afterwards (None: the administration as such), or None."""
    return next((row for row in reviews(cooperation_id) if row.organization_id == organization_id), None)


def departments_of(actor: Actor) -> list[Organization]:
    """The departments for which the actor works here, by name."""
    return list_organizations(actor.organizations_as(Role.OFFICER))


def list_organizations(ids: Collection[int]) -> list[Organization]:
    """These organizations, by name."""
    found = select(Organization).where(Organization.id.in_(ids) if ids else false())
    return list(session().scalars(found.order_by(Organization.name, Organization.id)))


def partners_of(actor: Actor, cooperation_id: int, *answers: Answer) -> list[Organization]:
    """The organizations for which the actor speaks and which stand so to this record (`Standing`), by name."""
    standing = _standing_so(cooperation_id, *answers)
    spoken_for = actor.organizations_as(Role.REPRESENTATIVE)
    found = select(Organization).where(Organization.id.in_(standing), Organization.id.in_(spoken_for))
    return list(session().scalars(found.order_by(Organization.name, Organization.id)))


def speaks_for(organization_ids: Collection[int]) -> list[Account]:
    """The active accounts that speak for one of these organizations today, with their people."""
    return _accounts(_speaks_for(Assignment.organization_id.in_(organization_ids)))


def speaks_in(cooperation_id: int, *answers: Answer) -> list[Account]:
    """The active accounts that speak for an organization that stands so to this record (see `Standing`)."""
    return _accounts(_speaks_for(Assignment.organization_id.in_(_standing_so(cooperation_id, *answers))))


def _speaks_for(organizations: ColumnElement[bool]) -> ColumnElement[bool]:
    held = select(Assignment.account_id).where(
        Assignment.role == Role.REPRESENTATIVE, organizations, held_today(Assignment)
    )
    return Account.id.in_(held)


def officers_for_integration() -> list[Account]:
    """Who hears of new ideas: staff of the integration department; without any, the administration."""
    department = select(Organization.id).where(Organization.integration_department)
    held = select(Assignment.account_id).where(held_today(Assignment))
    officers = held.where(Assignment.role == Role.OFFICER, Assignment.organization_id.in_(department))
    return _accounts(Account.id.in_(officers)) or _accounts(Account.id.in_(held.where(Assignment.role == Role.ADMIN)))


def listeners(cooperation_id: int) -> list[Account]:
    """Who gets mail about the discussion: who speaks for a partner or has yet to answer for an organization, and who
    works on it, unless they want none."""
    standing = _standing_so(cooperation_id, Answer.OPEN, Answer.ACCEPTED)
    follows = select(Follower.account_id).where(Follower.cooperation_id == cooperation_id)
    silent = follows.where(Follower.wants_mail.is_(False))
    works_on_it = and_(Account.id.in_(follows), Account.id.in_(_staff()))
    may_read = or_(_speaks_for(Assignment.organization_id.in_(standing)), works_on_it)
    return _accounts(and_(may_read, Account.id.not_in(silent)))


def staff_among(accounts: Sequence[Account]) -> list[Account]:
    """Those of these accounts that work for the municipality today."""
    staff = set(session().scalars(_staff().where(Assignment.account_id.in_([account.id for account in accounts]))))
    return [account for account in accounts if account.id in staff]


def _staff() -> Select[int]:
    """Ids of the accounts that work for the municipality today."""
    return select(Assignment.account_id).where(Assignment.role.in_((Role.OFFICER, Role.ADMIN)), held_today(Assignment))


def wants_mail(actor: Actor, cooperation_id: int) -> bool:
    """Whether the actor is among those who get mail about the discussion."""
    return any(account.id == actor.account_id for account in listeners(cooperation_id))


def history_of(cooperation_id: int, limit: int = 100) -> list[tuple[HistoryLine, Account | None]]:
    """The newest lines about the record and its parts, newest first, with who did it: two queries."""
    own = and_(HistoryLine.object_type == "cooperation", HistoryLine.object_id == cooperation_id)
    about = or_(own, *(_lines_about(model, cooperation_id) for model in (*PARTS, *_OF_THE_RECORD)))
    lines = list(session().scalars(select(HistoryLine).where(about).order_by(HistoryLine.id.desc()).limit(limit)))
    people = {row.id: row for row in _accounts(Account.id.in_({line.actor_account for line in lines}), active=False)}
    return [(line, people.get(line.actor_account or 0)) for line in lines]


def list_people(cooperation_id: int) -> list[tuple[int, str]]:
    """Id and name of the people who plan here and can take a task on: who speaks for a partner, and staff at work."""
    follows = select(Follower.account_id).where(Follower.cooperation_id == cooperation_id)
    at_work = and_(Account.id.in_(follows), Account.id.in_(_staff()))
    found = [*speaks_in(cooperation_id, Answer.ACCEPTED), *_accounts(at_work)]
    people = {account.person.id: account.person.name for account in found if account.person}
    return sorted(people.items(), key=lambda pair: pair[1])


def acts_for(organization: Organization, person_id: int) -> bool:
    """Whether the person is a member of the organization today or has a role for it. The administration acts for
    every department."""
    role = Assignment.organization_id == organization.id
    if organization.kind == Kind.DEPARTMENT:
        role = or_(role, Assignment.role == Role.ADMIN)
    held = select(Assignment.account_id).where(role, held_today(Assignment))
    account = select(Account.id).where(Account.person_id == person_id, Account.id.in_(held))
    return organization.id in member_of(person_id) or session().scalar(account.limit(1)) is not None


def whom_to_ask(named: str = "") -> Select[Organization]:
    """Organizations named so that can be asked to take part, by name: all but departments and committees."""
    found = organizations.listed(Reader(Audience.COLLEAGUES), organizations.Wanted(text=named))
    return found.where(Organization.kind != Kind.DEPARTMENT)


def choices_of_who() -> list[tuple[int, str]]:
    """Id and name of those to list: all where they are few, else those that take part in most records."""
    found = list(session().scalars(whom_to_ask().limit(MOST_LISTED + 1)))
    if len(found) > MOST_LISTED:
        found = [row for row in list_frequent() if row.kind not in MUNICIPAL_KINDS]
    return [(row.id, row.name) for row in found]


def _lines_about(model: type[Any], cooperation_id: int) -> ColumnElement[bool]:
    of_this = select(model.id).where(model.cooperation_id == cooperation_id)
    return and_(HistoryLine.object_type == model.__tablename__, HistoryLine.object_id.in_(of_this))


def _accounts(condition: ColumnElement[bool], *, active: bool = True) -> list[Account]:
    found = select(Account).where(condition, Account.erased_at.is_(None)).options(joinedload(Account.person))
    return list(session().scalars((found.where(Account.active) if active else found).order_by(Account.id)))


def open_invitations(organization_ids: Collection[int]) -> list[Invitation]:
    """Invitations that these organizations have not answered, oldest first: one query."""
    if not organization_ids:
        return []
    found = select(Invitation).where(Invitation.organization_id.in_(organization_ids), Invitation.answer == Answer.OPEN)
    takes_part = select(Partner.id).where(
        Partner.cooperation_id == Invitation.cooperation_id, Partner.organization_id == Invitation.organization_id
    )
    found = found.where(~takes_part.exists())
    found = found.join(Invitation.cooperation).where(Cooperation.status.not_in(OVER))
    loaded = found.options(joinedload(Invitation.organization), joinedload(Invitation.cooperation))
    return list(session().scalars(loaded.order_by(Invitation.id)))
