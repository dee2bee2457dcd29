"""What one actor may see in calendars, and what waits for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from calendars.entry import Audience, Entry
from calendars.invitations.models import Invitation
from calendars.invitations.queries import ANSWERED
from calendars.sources.audiences import EVERYBODY, audiences_of, circle_of, own_organizations
from calendars.sources.entries import entries
from coordination.events.queries import of_project
from coordination.organizations.models import Organization
from coordination.projects.models import Project
from core.access import Actor
from core.clock import now, today
from core.database import session
from core.dated import Status
from core.errors import NotFound
from meetings.attendance.models import Reply
from meetings.minutes.queries import Owed, owed_by
from meetings.sittings.models import Sitting
from participation.committees import access as committee_access
from participation.committees.models import Committee
from participation.committees.queries import list_visible
from participation.seats.models import Seat
from participation.seats.queries import Health, health, rosters_on

#: how far ahead the start page looks
AHEAD = timedelta(days=120)
#: a sitting within this time that nobody is invited to yet is the clerk's to do
TO_INVITE = timedelta(days=42)


def my_audiences(actor: Actor) -> frozenset[Audience]:
    """Everything that the actor belongs to today: as a person, as a clerk, as the administration."""
    own = audiences_of(actor.person_id, today()) if actor.person_id is not None else EVERYBODY
    return own | own_organizations(actor) | {circle_of(committee_id) for committee_id in committee_access.inside(actor)}


def dates_of_project(actor: Actor, project: Project) -> list[Entry]:
    """The milestones and events of a project that are to come and that the actor may see."""
    rows = [f"milestone:{row.id}" for row in project.milestones]
    rows += [f"event:{row.id}" for row in of_project(actor, project.id)]
    found = entries(today(), audiences=my_audiences(actor), rows=rows) if rows else []
    return [entry for entry in found if not entry.cancelled]


def visible_committees(actor: Actor) -> list[Committee]:
    """The active committees that the actor may see, by name."""
    return list_visible(committee_access.inside(actor))


def organizations_in(committees: Collection[Committee], shown: Collection[Entry]) -> list[tuple[int, str]]:
    """Id and name of the active organizations that hold a seat in one of these committees, or take part in one of the
    entries that are not a committee's, by name: one query."""
    seated = select(Seat.organization_id).where(Seat.committee_id.in_([row.id for row in committees]))
    taking_part = {number for entry in shown if not entry.committee for number in entry.organization_ids}
    found = (
        select(Organization.id, Organization.name)
        .where(
            or_(Organization.id.in_(seated), Organization.id.in_(taking_part)),
            Organization.archived_at.is_(None),
        )
        .order_by(Organization.name)
    )
    return [(organization_id, name) for organization_id, name in session().execute(found)]


def filtered(found: list[Entry], *, committee: str, organization_id: int | None, kind: str) -> list[Entry]:
    """The entries of this committee (slug, "" = all) and kind ("" = any) in which this organization (None = any)
    takes part."""
    return [
        entry
        for entry in found
        if (not committee or entry.committee == committee)
        and (organization_id is None or organization_id in entry.organization_ids)
        and (not kind or entry.kind == kind)
    ]


def get_committee_named(committees: Collection[Committee], slug: str) -> Committee:
    """The committee with this slug among those that the actor may see. Raises NotFound."""
    for committee in committees:
        if committee.slug == slug:
            return committee
    raise NotFound


@dataclass(frozen=True)
class Asked:
    """A sitting to which a person is invited, and what they answered so far."""

    invitation: Invitation
    answer: str | None


def invitations_of(person_id: int) -> list[Asked]:
    """The coming sittings to which the person is invited, by start, with the answer that counts: one query."""
    found = (
        select(Invitation, Reply)
        .join(Sitting, Sitting.id == Invitation.sitting_id)
        .outerjoin(Reply, ANSWERED)
        .where(
            Invitation.person_id == person_id,
            Invitation.told_cancelled.is_(False),
            Sitting.starts_at > now(),
            Sitting.status != Status.CANCELLED,
        )
        .order_by(Sitting.starts_at)
        .options(joinedload(Invitation.sitting), joinedload(Invitation.seat))
    )
    return [
        Asked(invitation, reply.answer if reply is not None and reply.holds else None)
        for invitation, reply in session().execute(found)
    ]


def coming(actor: Actor, *, inner_only: bool) -> list[Entry]:
    """The next dates: of the actor's own circles, or everything that they may see."""
    seen = my_audiences(actor)
    if inner_only:
        seen -= EVERYBODY
    return [entry for entry in entries(today(), today() + AHEAD, audiences=seen) if not entry.cancelled]


@dataclass(frozen=True)
class ClerkDesk:
    """What waits for a clerk: sittings to invite to, records that are owed, seats that need care."""

    to_invite: list[Sitting]
    owed: list[Owed]
    health: list[tuple[Committee, Health]]


def clerk_desk(actor: Actor) -> ClerkDesk | None:
    """What waits in the committees that the actor keeps as a clerk; None for who keeps none."""
    offices = actor.organizations_as("clerk")
    kept = list(session().scalars(select(Committee).where(Committee.organization_id.in_(offices)))) if offices else []
    if not kept:
        return None
    ids = [committee.id for committee in kept]
    rosters = rosters_on(ids, today())
    care = [(committee, health(rosters[committee.id], today())) for committee in kept]
    return ClerkDesk(
        to_invite=_without_invitation(ids),
        owed=owed_by(ids, days=92)[:8],
        health=[
            (committee, found) for committee, found in care if found.vacant or found.without_deputy or found.ending
        ],
    )


def _without_invitation(committee_ids: Collection[int]) -> list[Sitting]:
    invited = select(func.count(Invitation.id)).where(Invitation.sitting_id == Sitting.id).scalar_subquery()
    found = select(Sitting).where(
        Sitting.committee_id.in_(committee_ids),
        Sitting.status.in_([Status.TENTATIVE, Status.CONFIRMED]),
        Sitting.starts_at > now(),
        Sitting.starts_at < now() + TO_INVITE,
        invited == 0,
    )
    return list(session().scalars(found.order_by(Sitting.starts_at)))
