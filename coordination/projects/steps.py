"""Taking a project a step on, and letting everybody know of it. Rights are judged by the caller (`policies`)."""

from datetime import date

from coordination.planning import operations as planning
from coordination.planning.workspaces import refuse_empty, refuse_long
from coordination.projects.milestones import settle
from coordination.projects.models import Project
from coordination.projects.operations import held, keep
from coordination.projects.rules import MAY_BE_ANNOUNCED, ONLY_AN_IDEA, STATE_LABELS, STEPS, State
from core import history
from core.access import Actor
from core.clock import now, today
from core.database import transaction
from core.errors import Refused
from core.languages import _, say_date
from core.periods import check_days


def accept(actor: Actor, project_id: int, *, reason: str = "") -> Project:
    """Take an idea up: it is planned from now on, and those who had it are told."""
    with transaction():
        project = held(project_id)
        if _step(actor, project, State.PLANNED, reason):
            planning.answer_idea(actor, project.cooperation_id, accepted=True, reason=reason)
    return project


def start(actor: Actor, project_id: int) -> Project:
    """It has begun, or goes on after a break. Without a first day it is today. Refused before its first day."""
    with transaction():
        project = held(project_id)
        if project.starts_on is not None and project.starts_on > today():
            raise Refused(
                _("It begins on %(day)s. If it has begun already, please change its period.", day=_said(project))
            )
        if project.starts_on is None and project.state == State.PLANNED:
            project.starts_on = today()
        if _step(actor, project, State.RUNNING):
            planning.tell_step(actor, project.cooperation_id, state=STATE_LABELS[State.RUNNING])
    return project


def pause(actor: Actor, project_id: int, *, reason: str) -> Project:
    """It is interrupted, and meant to go on; who plans it reads why. Refused without a reason ("reason")."""
    refuse_empty(reason, "reason")
    with transaction():
        project = held(project_id)
        if _step(actor, project, State.PAUSED, reason):
            planning.tell_step(actor, project.cooperation_id, state=STATE_LABELS[State.PAUSED], reason=reason)
    return project


def complete(actor: Actor, project_id: int, *, last_day: date) -> Project:
    """It has come to its end on this day; both sides are asked how it went.

    Refused at "last_day": a day to come, a day before the project began.
    """
    with transaction():
        project = held(project_id)
        if last_day > today():
            raise Refused(_("This day is still to come."), "last_day")
        check_days(project.starts_on, last_day, "last_day")
        if project.state != State.COMPLETED:
            project.ends_on = last_day
        if _step(actor, project, State.COMPLETED):
            planning.tell_held(actor, project.cooperation_id)
    return project


def cancel(actor: Actor, project_id: int, *, reason: str) -> Project:
    """Call it off, or do not take the idea up; who plans it is told why. Refused without a reason ("reason")."""
    refuse_empty(reason, "reason")
    with transaction():
        project = held(project_id)
        idea = project.state in ONLY_AN_IDEA
        moved = _step(actor, project, called_off(project), reason)
        if moved and idea:
            planning.answer_idea(actor, project.cooperation_id, accepted=False, reason=reason)
        elif moved:
            planning.tell_step(actor, project.cooperation_id, state=STATE_LABELS[State.CANCELLED], reason=reason)
    return project


def called_off(project: Project) -> State:
    """What calling it off makes of it."""
    return State.TURNED_DOWN if project.state in ONLY_AN_IDEA else State.CANCELLED


def announce(actor: Actor, project_id: int) -> Project:
    """Everybody may know of it from now on. Twice is as once. Refused: an idea, and what was called off."""
    with transaction():
        project = held(project_id)
        if project.announced_at is None:
            if project.state not in MAY_BE_ANNOUNCED:
                raise _not_from(project)
            project.announced_at = now()
            history.record(actor, "projects.announce", project.cooperation, details={"title": project.title})
    return project


def conceal(actor: Actor, project_id: int) -> Project:
    """Take the announcement back: its page, its dates in public calendars and every list are as before. Twice is as
    once."""
    with transaction():
        project = held(project_id)
        if project.announced_at is not None:
            project.announced_at = None
            history.record(actor, "projects.conceal", project.cooperation, details={"title": project.title})
    return project


def _step(actor: Actor, project: Project, after: State, reason: str = "") -> bool:
    """Take the project one step on; False where it stands there already. Refused where the table has no such step."""
    refuse_long(reason, "reason")
    before = State(project.state)
    if before == after:
        return False
    if (before, after) not in STEPS:
        raise _not_from(project)
    with transaction():
        project.state, project.reason = after, reason
        settle(project)
        keep(actor, project)
        history.record(actor, f"projects.{after}", project)
        if (before, after) in ((State.RUNNING, State.PAUSED), (State.PAUSED, State.RUNNING)):
            # its record runs on, so that the history of the workspace would not tell
            history.record(actor, f"projects.{after}", project.cooperation, details={"note": reason})
    return True


def _not_from(project: Project) -> Refused:
    label = STATE_LABELS[State(project.state)]
    return Refused(_("This is not possible: the project is in the state “%(state)s”.", state=label))


def _said(project: Project) -> str:
    return say_date(project.starts_on) if project.starts_on else ""
