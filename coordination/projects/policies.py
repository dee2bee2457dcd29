"""Who may see, plan and move projects."""

from coordination.planning import policies as planning
from coordination.planning.rules import may_reach, next_states
from coordination.projects import queries
from coordination.projects.models import Project
from coordination.projects.rules import OVER, STEPS, State
from core.access import Actor, ensure


def may_see(actor: Actor, project: Project) -> bool:
    """Everybody sees what is announced; who plans it, and members of who takes part, see it before."""
    if project.announced_at is not None or planning.may_read(actor, project.cooperation):
        return True
    return project.shown_in_calendars and planning.is_member(actor, project.cooperation)


def may_edit(actor: Actor, project: Project) -> bool:
    """Who takes part in planning it, as long as it is not over."""
    return project.state not in OVER and planning.may_work(actor, project.cooperation)


def may_announce(actor: Actor) -> bool:
    """Whether the actor may let everybody know of projects, and take that back: staff."""
    return actor.may("projects.plan")


def may_move_lead(actor: Actor, project: Project) -> bool:
    """Who led counts in the analysis, so staff write it down, also of what is over. Both sides read it."""
    return planning.is_staff(actor) and planning.may_open(actor, project.cooperation)


def steps_of(actor: Actor, project: Project) -> list[State]:
    """Where the actor may take the project from here."""
    return next_states(STEPS, planning.sides_of(actor, project.cooperation), State(project.state))


def get_visible(actor: Actor, project_id: int) -> Project:
    """The project, if it exists for the actor. Raises NotFound otherwise."""
    project = queries.get_project(project_id)
    ensure(may_see(actor, project))
    return project


def get_open(actor: Actor, project_id: int) -> Project:
    """The project, if the actor sees what is planned of it. Raises NotFound otherwise."""
    project = queries.get_project(project_id)
    ensure(planning.may_read(actor, project.cooperation))
    return project


def get_editable(actor: Actor, project_id: int) -> Project:
    """The project, if the actor may change it. Raises NotFound otherwise."""
    project = queries.get_project(project_id)
    ensure(may_edit(actor, project))
    return project


def ensure_step(actor: Actor, project_id: int, after: State) -> Project:
    """The project, if the actor's side may ever take it there. Raises NotFound otherwise."""
    project = queries.get_project(project_id)
    sides = planning.sides_of(actor, project.cooperation)
    ensure(may_reach(STEPS, sides, after))
    return project
