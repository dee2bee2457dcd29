"""Reading projects."""

from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import joinedload

from coordination.accounts.rules import Role
from coordination.cooperation.models import Cooperation, MunicipalContribution
from coordination.organizations.choosing import MOST_LISTED
from coordination.planning import queries as planning
from coordination.planning.models import Follower
from coordination.planning.rules import Answer
from coordination.projects.models import Milestone, Project
from coordination.projects.rules import GOING_ON, ONLY_AN_IDEA, OVER, State
from core.access import Actor
from core.database import LARGEST_ID, get_row, session
from core.errors import NotFound

_FIRST_TO_BEGIN = (Project.starts_on.asc().nulls_last(), Project.id)


def get_project(project_id: int) -> Project:
    """The project. Raises NotFound. Who may see it is for policies."""
    return get_row(Project, project_id)


def get_milestone(project_id: int, milestone_id: int) -> Milestone:
    """This milestone of this project. Raises NotFound, also where it is another's."""
    row = get_row(Milestone, milestone_id)
    if row.project_id != project_id:
        raise NotFound
    return row


def find_by_cooperation(cooperation_id: int) -> Project | None:
    """The project of this record, or None where the record belongs to something else."""
    return session().scalar(select(Project).where(Project.cooperation_id == cooperation_id))


def find_by_key(key: str) -> Project | None:
    """The project whose record has this short name, or None."""
    return session().scalar(select(Project).join(Project.cooperation).where(Cooperation.key == key))


def open_to_all() -> ColumnElement[bool]:
    """The condition that everybody may know of a project."""
    return Project.announced_at.is_not(None)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """`policies.may_see` as a condition."""
    if actor.may("cooperation.edit"):
        return true()
    asked = planning.asked(actor, Answer.OPEN, Answer.ACCEPTED)
    inside = and_(Project.state.not_in(ONLY_AN_IDEA), Project.cooperation_id.in_(planning.of_members(actor)))
    return or_(open_to_all(), Project.cooperation_id.in_(asked), inside)


def announced(*, over: bool = False) -> Select[Project]:
    """What everybody may know of: what goes on or is to come, the first to begin on top; or what is over, newest
    first. What has no such day stands at the end."""
    found = select(Project).where(open_to_all())
    if over:
        return found.where(Project.state.in_(OVER)).order_by(Project.ends_on.desc().nulls_last(), Project.id.desc())
    return found.where(Project.state.not_in(OVER)).order_by(*_FIRST_TO_BEGIN)


def workspaces_of(actor: Actor) -> Select[Project]:
    """The projects that the actor was asked to plan and that are not over: by their first day. Staff plan all."""
    found = select(Project).where(Project.state.not_in(OVER), _planned_by(actor, Answer.OPEN, Answer.ACCEPTED))
    return found.order_by(*_FIRST_TO_BEGIN)


def choices_for(actor: Actor, chosen: int | None = None) -> list[tuple[int, str]]:
    """Id and title of projects in whose planning the actor takes part and that are not over, by title: of many the
    newest, and with them the one that is `chosen` (whoever comes from a project's page has chosen it)."""
    found = select(Project.id, Project.title).where(Project.state.not_in(OVER), _planned_by(actor, Answer.ACCEPTED))
    first = chosen if chosen and 0 < chosen <= LARGEST_ID else 0
    rows = session().execute(found.order_by(Project.id != first, Project.id.desc()).limit(MOST_LISTED)).all()
    return [(row.id, row.title) for row in sorted(rows, key=lambda row: (row.title, row.id))]


def of_network(organization_id: int) -> Select[Project]:
    """The announced projects of a network that are not called off, newest first, those without a day on top."""
    found = select(Project).where(Project.network_id == organization_id, open_to_all())
    found = found.where(Project.state != State.CANCELLED)
    return found.order_by(Project.starts_on.desc().nulls_first(), Project.id.desc())


def to_decide(day: date) -> Select[Project]:
    """What waits for staff: ideas on top, then what nobody has completed though its last day lies before this day;
    each by their last day."""
    over = and_(Project.state.in_(GOING_ON), Project.ends_on < day)
    waiting = select(Project).where(or_(Project.state == State.IDEA, over))
    return waiting.order_by(Project.state != State.IDEA, Project.ends_on.nulls_last(), Project.id)


def milestones_due(actor: Actor, until: date) -> list[Milestone]:
    """What the actor's running projects should have reached until this day (inclusive), the oldest on top.

    Of staff these are the projects on which they work, or to which their department gives something.
    """
    found = select(Milestone).join(Milestone.project).options(joinedload(Milestone.project))
    own = _worked_on_by(actor) if actor.may("cooperation.edit") else _planned_by(actor, Answer.ACCEPTED)
    found = found.where(Project.state == State.RUNNING, own)
    found = found.where(Milestone.reached_on.is_(None), Milestone.starts_local <= datetime.combine(until, time()))
    return list(session().scalars(found.order_by(Milestone.starts_at, Milestone.id)))


def _worked_on_by(actor: Actor) -> ColumnElement[bool]:
    follows = select(Follower.cooperation_id).where(Follower.account_id == actor.account_id)
    departments = actor.organizations_as(Role.OFFICER)
    gives = select(MunicipalContribution.cooperation_id).where(MunicipalContribution.department_id.in_(departments))
    return or_(Project.cooperation_id.in_(follows), Project.cooperation_id.in_(gives))


def _planned_by(actor: Actor, *answers: Answer) -> ColumnElement[bool]:
    """The actor speaks for an organization that stands so to the project (`planning.asked`). Staff plan all."""
    if actor.may("cooperation.edit"):
        return true()
    return Project.cooperation_id.in_(planning.asked(actor, *answers))
