"""Changing milestones. Rights are judged by the caller (`policies`)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from coordination.planning.workspaces import refuse_empty, refuse_long
from coordination.projects.models import Milestone, Project
from coordination.projects.operations import held
from coordination.projects.rules import OVER, State, date_status
from core import history
from core.access import Actor
from core.clock import now, today
from core.database import check_version, get_row, transaction
from core.errors import Refused
from core.hour_words import check_year
from core.languages import _


@dataclass(frozen=True)
class Aim:
    """What is to be reached, and by when (that day inclusive)."""

    title: str
    due_on: date


def aim_of(milestone: Milestone) -> Aim:
    """The aim as it stands."""
    return Aim(milestone.title, milestone.due_on)


def add(
    actor: Actor, project_id: int, *, aim: Aim, reached_on: date | None = None, also_over: bool = False
) -> Milestone:
    """One more milestone. Refused: no title, a year in which no date lies ("due_on"), and a project that is over,
    unless a file tells of it afterwards (`also_over`)."""
    _refuse_impossible(aim)
    with transaction() as current:
        project = _open(project_id, also_over=also_over)
        milestone = Milestone(project=project, reached_on=reached_on)
        _apply(milestone, aim)
        milestone.status = date_status(State(project.state), reached=reached_on is not None)
        current.add(milestone)
        current.flush()
        _tell(actor, "projects.add_milestone", milestone)
    return milestone


def edit(actor: Actor, milestone_id: int, *, version: int | None, aim: Aim, also_over: bool = False) -> Milestone:
    """Save a milestone. Another day is taken by calendars as a new state. Raises Outdated; refused as adding is."""
    _refuse_impossible(aim)
    with transaction():
        milestone = get_row(Milestone, milestone_id)
        _open(milestone.project_id, also_over=also_over)
        check_version(milestone, version)
        before = aim_of(milestone)
        if before != aim:
            _apply(milestone, aim)
            milestone.changed_at = now()
            if milestone.shown_in_calendars and before.due_on != aim.due_on:
                milestone.announce_change()
            _tell(actor, "projects.edit_milestone", milestone)
    return milestone


def reach(actor: Actor, milestone_id: int, *, reached: bool) -> Milestone:
    """It was reached today, or not after all. Twice is as once. Refused: a project that is over."""
    with transaction():
        milestone = get_row(Milestone, milestone_id)
        if (milestone.reached_on is not None) == reached:
            return milestone
        project = _open(milestone.project_id)
        milestone.reached_on = today() if reached else None
        milestone.changed_at = now()
        settle(project)
        _tell(actor, "projects.reach_milestone" if reached else "projects.reopen_milestone", milestone)
    return milestone


def remove(actor: Actor, milestone_id: int, *, also_over: bool = False) -> Project:
    """It is no aim any more, and leaves all calendars. Refused: a project that is over."""
    with transaction():
        milestone = get_row(Milestone, milestone_id)
        project = _open(milestone.project_id, also_over=also_over)
        _tell(actor, "projects.remove_milestone", milestone)
        project.milestones.remove(milestone)
    return project


def settle(project: Project) -> None:
    """Within a transaction: how firm the milestones are follows from the project; calendars learn what changed."""
    for milestone in project.milestones:
        state = date_status(State(project.state), reached=milestone.reached_on is not None)
        if milestone.status != state:
            before, milestone.status = milestone.shown_in_calendars, state
            if before:
                milestone.announce_change()


def _open(project_id: int, *, also_over: bool = False) -> Project:
    project = held(project_id)
    if project.state in OVER and not also_over:
        raise Refused(_("This project is over. What came of it is told in its record."))
    return project


def _apply(milestone: Milestone, aim: Aim) -> None:
    day = datetime.combine(aim.due_on, time())
    milestone.title = aim.title
    milestone.set_period(day, day + timedelta(days=1))


def _tell(actor: Actor, action: str, milestone: Milestone) -> None:
    """A line on the milestone, and one in the history of the workspace, which both sides read."""
    history.record(actor, action, milestone)
    told = {"title": milestone.title, "due_on": milestone.due_on.isoformat()}
    history.record(actor, action, milestone.project.cooperation, details=told)


def _refuse_impossible(aim: Aim) -> None:
    refuse_empty(aim.title, "title")
    refuse_long(aim.title, "title", 200)
    check_year(aim.due_on, "due_on")
