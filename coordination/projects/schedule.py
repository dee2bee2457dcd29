"""Pages: /projekte/<id>/…, a project's milestones, and who led when."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.cooperation.forms import LeadForm
from coordination.projects import milestones, operations, policies, queries
from coordination.projects.forms import MilestoneForm
from coordination.projects.models import Milestone, Project
from coordination.projects.rules import OVER, phase_on, phases
from coordination.projects.views import LABELS, to_workspace
from core.access import current_actor, demands, ensure
from core.clock import today
from core.languages import _
from core.web import flash_done, said_yes

blueprint = Blueprint("projects_schedule", __name__)


@blueprint.route("/<int:project_id>/meilensteine/neu", methods=["GET", "POST"])
@demands("planning.work")
def add_milestone(project_id: int) -> str | Response:
    """One more milestone."""
    project, form = policies.get_editable(current_actor(), project_id), MilestoneForm()
    if form.try_to(lambda: milestones.add(current_actor(), project_id, aim=form.aim())):
        flash_done(_("The milestone was added."))
        return to_workspace(project, "meilensteine")
    return _milestone_page(form, project, _("Add a milestone"))


@blueprint.route("/<int:project_id>/meilensteine/<int:milestone_id>", methods=["GET", "POST"])
@demands("planning.work")
def edit_milestone(project_id: int, milestone_id: int) -> str | Response:
    """Change a milestone."""
    project = policies.get_editable(current_actor(), project_id)

    def form_on(**kwargs: Any) -> MilestoneForm:
        return MilestoneForm(obj=queries.get_milestone(project_id, milestone_id), **kwargs)

    form = form_on()

    def save() -> None:
        milestones.edit(current_actor(), milestone_id, version=form.version.data, aim=form.aim())

    if form.try_to(save, lambda: form_on(formdata=None)):
        flash_done(_("The milestone was saved."))
        return to_workspace(project, "meilensteine")
    milestone = queries.get_milestone(project_id, milestone_id)
    return _milestone_page(form, project, _("Change the milestone"), milestone)


@blueprint.post("/<int:project_id>/meilensteine/<int:milestone_id>/erreicht")
@demands("planning.work")
def reach_milestone(project_id: int, milestone_id: int) -> Response:
    """It was reached, or not after all."""
    project = policies.get_editable(current_actor(), project_id)
    queries.get_milestone(project_id, milestone_id)
    reached = said_yes("reached")
    milestones.reach(current_actor(), milestone_id, reached=reached)
    flash_done(_("The milestone is reached.") if reached else _("The milestone is open again."))
    return to_workspace(project, "meilensteine")


@blueprint.post("/<int:project_id>/meilensteine/<int:milestone_id>/entfernen")
@demands("planning.work")
def remove_milestone(project_id: int, milestone_id: int) -> Response:
    """It is no aim any more."""
    project = policies.get_editable(current_actor(), project_id)
    queries.get_milestone(project_id, milestone_id)
    milestones.remove(current_actor(), milestone_id)
    flash_done(_("The milestone was removed."))
    return to_workspace(project, "meilensteine")


@blueprint.route("/<int:project_id>/federfuehrung", methods=["GET", "POST"])
@demands("planning.work")
def lead(project_id: int) -> str | Response:
    """Who led when; staff write down when it moves."""
    actor, form = current_actor(), LeadForm()
    project = policies.get_open(actor, project_id)
    may_move = policies.may_move_lead(actor, project)
    ensure(may_move or request.method == "GET")

    def save() -> None:
        operations.move_lead(actor, project_id, lead=form.lead.data, since=form.since.data)

    if form.try_to(save):
        flash_done(_("The lead was saved."))
        return redirect(url_for(".lead", project_id=project_id))
    found = phases(project.cooperation.leads)
    going_on = project.state not in OVER
    return render_template(
        "coordination/projects/lead.html",
        form=form if may_move else None,
        project=project,
        phases=found,
        now=phase_on(found, today()) if going_on else None,
        labels=LABELS,
    )


def _milestone_page(form: MilestoneForm, project: Project, title: str, milestone: Milestone | None = None) -> str:
    return render_template(
        "coordination/projects/milestone.html", form=form, project=project, title=title, milestone=milestone
    )
