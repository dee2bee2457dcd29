"""Pages: /projekte/<id>/…, a project's steps: from the idea on to what came of it, and its announcement."""

from collections.abc import Callable

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from coordination.planning.words import said_no
from coordination.projects import policies, queries, steps
from coordination.projects.forms import CompleteForm, ReasonForm
from coordination.projects.models import Project
from coordination.projects.rules import State
from coordination.projects.views import to_workspace
from core.access import current_actor, demands, ensure
from core.clock import today
from core.languages import _
from core.web import flash_done

blueprint = Blueprint("projects_progress", __name__)


@blueprint.post("/<int:project_id>/annehmen")
@demands("projects.plan")
def accept(project_id: int) -> Response:
    """Take an idea up."""
    project = policies.ensure_step(current_actor(), project_id, State.PLANNED)
    return _done(project, steps.accept, _("The idea is taken up. Now you plan it together."))


@blueprint.post("/<int:project_id>/beginnen")
@demands("planning.work")
def start(project_id: int) -> Response:
    """It has begun, or goes on."""
    project = policies.ensure_step(current_actor(), project_id, State.RUNNING)
    return _done(project, steps.start, _("The project is running. All who plan it were told."))


@blueprint.route("/<int:project_id>/unterbrechen", methods=["GET", "POST"])
@demands("planning.work")
def pause(project_id: int) -> str | Response:
    """Interrupt it, with a reason."""
    project = _at_step(project_id, State.PAUSED)
    form = ReasonForm()
    if form.try_to(lambda: steps.pause(current_actor(), project_id, reason=form.reason.data or "")):
        flash_done(_("The project is interrupted. All who plan it were told why."))
        return to_workspace(project)
    return render_template("coordination/projects/pause.html", form=form, project=project)


@blueprint.route("/<int:project_id>/abschliessen", methods=["GET", "POST"])
@demands("planning.work")
def complete(project_id: int) -> str | Response:
    """It has come to its end."""
    project = _at_step(project_id, State.COMPLETED)
    planned = project.ends_on
    form = CompleteForm(data={"last_day": planned if planned is not None and planned <= today() else today()})
    if form.try_to(lambda: steps.complete(current_actor(), project_id, last_day=form.last_day.data)):
        flash_done(_("The project is completed. Please say how it went."))
        return to_workspace(project)
    left = [one for one in project.milestones if one.reached_on is None]
    return render_template("coordination/projects/complete.html", form=form, project=project, left=left)


@blueprint.route("/<int:project_id>/absagen", methods=["GET", "POST"])
@demands("planning.work")
def cancel(project_id: int) -> str | Response:
    """Call it off, or do not take the idea up, with a reason."""
    after, form = steps.called_off(queries.get_project(project_id)), ReasonForm()
    project = _at_step(project_id, after)
    answers = State.PLANNED in policies.steps_of(current_actor(), project)
    if form.try_to(lambda: steps.cancel(current_actor(), project_id, reason=form.reason.data or "")):
        if after == State.CANCELLED:
            flash_done(_("The project is called off. All who plan it were told."))
        else:
            flash_done(said_no(municipality=answers))
        return to_workspace(project)
    return render_template("coordination/projects/cancel.html", form=form, project=project, answers=answers)


@blueprint.post("/<int:project_id>/ankuendigen")
@demands("projects.plan")
def announce(project_id: int) -> Response:
    """Let everybody know of it."""
    project = policies.get_open(current_actor(), project_id)
    return _done(project, steps.announce, _("The project is announced: everybody may read its page."))


@blueprint.post("/<int:project_id>/ankuendigung-zuruecknehmen")
@demands("projects.plan")
def conceal(project_id: int) -> Response:
    """Take the announcement back."""
    project = policies.get_open(current_actor(), project_id)
    return _done(project, steps.conceal, _("The announcement is taken back: only those who plan it see it."))


def _at_step(project_id: int, after: State) -> Project:
    """The project, where the actor can take this step now. Raises NotFound otherwise."""
    project = policies.ensure_step(current_actor(), project_id, after)
    ensure(after in policies.steps_of(current_actor(), queries.get_project(project_id)))
    return project


def _done(project: Project, step: Callable[..., Project], message: str) -> Response:
    step(current_actor(), project.id)
    flash_done(message)
    return to_workspace(project)
