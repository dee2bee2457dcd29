"""Pages: /projekte/. Everybody reads what is announced; who plans starts a project and changes it."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.cooperation import queries as records
from coordination.cooperation.rules import LEAD_LABELS, Lead
from coordination.organizations.rules import TOPIC_LABELS
from coordination.planning import policies as planning
from coordination.planning import queries as workspaces
from coordination.planning.beginnings import origin_of
from coordination.projects import networks, operations, policies, queries
from coordination.projects.forms import ProjectForm, opened_with
from coordination.projects.models import Project
from coordination.projects.rules import OVER, STATE_KINDS, STATE_LABELS, phase_on, phases
from core.access import current_actor, demands, ensure, public
from core.clock import today
from core.database import first_rows
from core.languages import _
from core.qr_codes import shared
from core.web import flash_done, paginate

blueprint = Blueprint("projects", __name__)
#: so many of what somebody plans stand above what is announced
SHOWN = 10
LABELS: dict[str, Any] = {
    "states": STATE_LABELS,
    "state_kinds": STATE_KINDS,
    "topics": TOPIC_LABELS,
    "leads": LEAD_LABELS,
}


@blueprint.get("/")
@public
def index() -> str:
    """What is announced; and for who plans, what they plan."""
    actor, over = current_actor(), request.args.get("vergangen") == "1"
    planned, number = first_rows(queries.workspaces_of(actor), SHOWN) if actor.may("planning.work") else ([], 0)
    return render_template(
        "coordination/projects/index.html",
        page=paginate(queries.announced(over=over)),
        over=over,
        planned=planned,
        number=number,
        may_plan=actor.may("projects.plan"),
        may_propose=actor.may("projects.propose"),
        labels=LABELS,
    )


@blueprint.get("/geplant")
@demands("planning.work")
def planned() -> str:
    """All that whoever asks plans and that is not over."""
    page = paginate(queries.workspaces_of(current_actor()))
    return render_template("coordination/projects/planned.html", page=page, labels=LABELS)


@blueprint.route("/vorschlagen", methods=["GET", "POST"])
@demands("projects.propose")
def propose() -> str | Response:
    """An organization has an idea."""
    actor, made = current_actor(), list[Project]()
    found = workspaces.list_organizations(actor.organizations_as("representative"))
    ensure(bool(found))
    spoken_for = [(row.id, row.name) for row in found]
    form = ProjectForm(data={"lead": Lead.JOINT, "organization": spoken_for[0][0]})
    _offer(form, spoken_for)

    def save() -> None:
        made.append(operations.propose(actor, form.organization.data, plan=form.plan(), lead=form.lead.data))

    if form.try_to(save):
        flash_done(_("Thank you for your idea. The municipality was told, and will answer."))
        return to_workspace(made[0])
    return _form_page(form, None, _("Propose a project"))


@blueprint.route("/neu", methods=["GET", "POST"])
@demands("projects.plan")
def create() -> str | Response:
    """The municipality plans a project."""
    actor, made = current_actor(), list[Project]()
    form = ProjectForm(data={"lead": Lead.JOINT})
    _offer(form)

    def save() -> None:
        made.append(operations.create(actor, form.plan(), origin=origin_of(actor, form.lead.data)))

    if form.try_to(save):
        flash_done(_("The project was entered. Whom do you ask to take part?"))
        return redirect(url_for("planning.invite", cooperation_id=made[0].cooperation_id))
    return _form_page(form, None, _("Plan a project"))


@blueprint.get("/<int:project_id>")
@public
def show(project_id: int) -> str:
    """The announcement; who plans reads it before it is one."""
    actor = current_actor()
    project = policies.get_visible(actor, project_id)
    found = phases(project.cooperation.leads)
    return render_template(
        "coordination/projects/show.html",
        project=project,
        labels=LABELS,
        network=networks.find(project.network_id),
        partners=[partner.organization for partner in project.cooperation.partners],
        milestones=project.milestones,
        phases=found,
        now=phase_on(found, today()) if project.state not in OVER else None,
        today=today(),
        plans=actor.may("planning.work") and planning.may_open(actor, project.cooperation),
        **shared(url_for(".show", project_id=project_id, _external=True)),
    )


@blueprint.route("/<int:project_id>/bearbeiten", methods=["GET", "POST"])
@demands("planning.work")
def edit(project_id: int) -> str | Response:
    """Change what is planned."""
    actor = current_actor()
    project = policies.get_editable(actor, project_id)
    form = _form_on(project)

    def save() -> None:
        operations.edit(actor, project_id, version=form.version.data, plan=form.plan())

    if form.try_to(save, lambda: _form_on(queries.get_project(project_id), formdata=None)):
        flash_done(_("The project was saved."))
        return to_workspace(project)
    return _form_page(form, policies.get_editable(actor, project_id), _("Change the project"))


def to_workspace(project: Project, anchor: str | None = None) -> Response:
    """Back to where it is planned."""
    return redirect(url_for("planning.show", cooperation_id=project.cooperation_id, _anchor=anchor))


def _form_on(project: Project, **kwargs: Any) -> ProjectForm:
    form = ProjectForm(data=opened_with(project), **kwargs)
    _offer(form, before=project)
    del form.lead
    return form


def _offer(
    form: ProjectForm, organizations: list[tuple[int, str]] | None = None, *, before: Project | None = None
) -> None:
    """Networks of which everybody may know, and the one that it has; where that one is no such, without its name."""
    offered = [(one.organization_id, one.name) for one in networks.list_networks()]
    if before is not None and before.network and before.network_id not in dict(offered):
        offered.append((before.network.id, _("The network to which it belongs now")))
    form.offer(offered, [(topic.id, topic.name) for topic in records.list_own_topics()], organizations)


def _form_page(form: ProjectForm, project: Project | None, title: str) -> str:
    return render_template("coordination/projects/edit.html", form=form, project=project, title=title)
