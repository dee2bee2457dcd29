"""Pages of a workspace: tasks, texts and what people need."""

from typing import Any

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from coordination.cooperation.models import Cooperation
from coordination.organizations import queries as organizations
from coordination.organizations.rules import Kind
from coordination.planning import needs, policies, queries, sections, tasks
from coordination.planning.forms import NeedForm, NewTaskForm, SectionForm, TaskForm
from coordination.planning.models import Need, Section, Task
from coordination.planning.views import form_page
from core.access import current_actor, demands
from core.languages import _
from core.web import flash_done, said_yes

blueprint = Blueprint("planning_work", __name__)


@blueprint.route("/<int:cooperation_id>/aufgaben/neu", methods=["GET", "POST"])
@demands("planning.work")
def add_task(cooperation_id: int) -> str | Response:
    """One more task."""
    row, form = policies.get_workable(current_actor(), cooperation_id), NewTaskForm()
    _offer(form, row)
    if form.try_to(lambda: tasks.add_task(current_actor(), cooperation_id, **form.told())):
        flash_done(_("The task was added."))
        return _back(cooperation_id, "aufgaben")
    return form_page(form, row, _("Add a task"))


@blueprint.route("/<int:cooperation_id>/aufgaben/<int:task_id>", methods=["GET", "POST"])
@demands("planning.work")
def edit_task(cooperation_id: int, task_id: int) -> str | Response:
    """Change a task."""
    row = policies.get_workable(current_actor(), cooperation_id)

    def form_on(**kwargs: Any) -> TaskForm:
        task = queries.get_part(Task, cooperation_id, task_id)
        made = TaskForm(obj=task, **kwargs)
        _offer(made, row, task)
        return made

    form = form_on()

    def save() -> None:
        tasks.edit_task(current_actor(), task_id, version=form.version.data, **form.told())

    if form.try_to(save, lambda: form_on(formdata=None)):
        flash_done(_("The task was saved."))
        return _back(cooperation_id, "aufgaben")
    return form_page(form, row, _("Change the task"))


@blueprint.post("/<int:cooperation_id>/aufgaben/<int:task_id>/erledigt")
@demands("planning.work")
def tick_task(cooperation_id: int, task_id: int) -> Response:
    """The task is done, or not after all."""
    policies.get_workable(current_actor(), cooperation_id)
    queries.get_part(Task, cooperation_id, task_id)
    done = said_yes("done")
    tasks.tick_task(current_actor(), task_id, done=done)
    flash_done(_("The task is done.") if done else _("The task is open again."))
    return _back(cooperation_id, "aufgaben")


@blueprint.route("/<int:cooperation_id>/texte/neu", methods=["GET", "POST"])
@demands("planning.work")
def add_section(cooperation_id: int) -> str | Response:
    """One more text."""
    row, form = policies.get_workable(current_actor(), cooperation_id), SectionForm()

    def save() -> None:
        told = {"title": form.title.data or "", "text": form.text.data or ""}
        sections.add_section(current_actor(), cooperation_id, **told)

    if form.try_to(save):
        flash_done(_("The text was saved."))
        return _back(cooperation_id, "texte")
    return form_page(form, row, _("Add a text"))


@blueprint.route("/<int:cooperation_id>/texte/<int:section_id>", methods=["GET", "POST"])
@demands("planning.work")
def edit_section(cooperation_id: int, section_id: int) -> str | Response:
    """Write a text together: who comes second sees what the first saved, beside their own words."""
    row = policies.get_workable(current_actor(), cooperation_id)

    def form_on(**kwargs: Any) -> SectionForm:
        return SectionForm(obj=queries.get_part(Section, cooperation_id, section_id), **kwargs)

    form = form_on()

    def save() -> None:
        told = {"title": form.title.data or "", "text": form.text.data or ""}
        sections.edit_section(current_actor(), section_id, version=form.version.data, **told)

    if form.try_to(save, lambda: form_on(formdata=None)):
        flash_done(_("The text was saved."))
        return _back(cooperation_id, "texte")
    return form_page(form, row, _("Change the text"))


@blueprint.route("/<int:cooperation_id>/bedarf/neu", methods=["GET", "POST"])
@demands("planning.work")
def add_need(cooperation_id: int) -> str | Response:
    """People need something."""
    row, form = policies.get_workable(current_actor(), cooperation_id), NeedForm()

    def save() -> None:
        needs.add_need(current_actor(), cooperation_id, kind=form.kind.data, note=form.note.data or "")

    if form.try_to(save):
        flash_done(_("It was added to what is needed."))
        return _back(cooperation_id, "bedarf")
    return form_page(form, row, _("What people need so that they can come"))


@blueprint.post("/<int:cooperation_id>/bedarf/<int:need_id>/erledigt")
@demands("planning.work")
def tick_need(cooperation_id: int, need_id: int) -> Response:
    """It is provided for, or not after all."""
    policies.get_workable(current_actor(), cooperation_id)
    queries.get_part(Need, cooperation_id, need_id)
    done = said_yes("done")
    needs.tick_need(current_actor(), need_id, done=done)
    flash_done(_("It is provided for.") if done else _("It is open again."))
    return _back(cooperation_id, "bedarf")


@blueprint.post("/<int:cooperation_id>/bedarf/<int:need_id>/entfernen")
@demands("planning.work")
def remove_need(cooperation_id: int, need_id: int) -> Response:
    """Nobody needs it after all."""
    policies.get_workable(current_actor(), cooperation_id)
    queries.get_part(Need, cooperation_id, need_id)
    needs.remove_need(current_actor(), need_id)
    flash_done(_("It was removed."))
    return _back(cooperation_id, "bedarf")


def _offer(form: TaskForm, row: Cooperation, task: Task | None = None) -> None:
    """Who can take a task on: partners, departments, and the people who plan; and whoever has it now."""
    partners = [(partner.organization_id, partner.organization.name) for partner in row.partners]
    people = queries.list_people(row.id)
    if task and task.person and task.person_id not in dict(people):
        people.append((task.person.id, task.person.name))
    if task and task.organization and task.organization_id not in dict(partners):
        partners.append((task.organization.id, task.organization.name))
    departments = [pair for pair in organizations.list_choices(Kind.DEPARTMENT) if pair not in partners]
    form.offer([*partners, *departments], people)


def _back(cooperation_id: int, anchor: str) -> Response:
    return redirect(url_for("planning.show", cooperation_id=cooperation_id, _anchor=anchor))
