"""Tasks: who does what until when."""

from datetime import date

from coordination.organizations.models import Organization
from coordination.people.models import Person
from coordination.planning import queries
from coordination.planning.models import Task
from coordination.planning.workspaces import held, keep_posted, refuse_empty
from core import history
from core.access import Actor
from core.clock import now
from core.database import check_version, get_row, transaction
from core.errors import Refused
from core.languages import _


def add_task(
    actor: Actor,
    cooperation_id: int,
    *,
    title: str,
    organization_id: int | None = None,
    person_id: int | None = None,
    due_on: date | None = None,
) -> Task:
    """Something is to be done: by an organization and there by a person, where that is known, until a day.

    Refused at "person_id": somebody of another organization.
    """
    with transaction() as current:
        row = held(cooperation_id)
        refuse_empty(title, "title")
        _refuse_stranger(organization_id, person_id)
        task = Task(
            cooperation_id=row.id, title=title, organization_id=organization_id, person_id=person_id, due_on=due_on
        )
        current.add(task)
        keep_posted(actor, row.id)
        history.record(actor, "planning.add_task", task)
    return task


def edit_task(
    actor: Actor,
    task_id: int,
    *,
    version: int | None,
    title: str,
    organization_id: int | None,
    person_id: int | None,
    due_on: date | None,
) -> Task:
    """Save a task. Raises NotFound and Outdated. Refused as adding is; who has it already may keep it."""
    refuse_empty(title, "title")
    with transaction():
        task = get_row(Task, task_id)
        check_version(task, version)
        if (organization_id, person_id) != (task.organization_id, task.person_id):
            _refuse_stranger(organization_id, person_id)
        task.title, task.organization_id, task.person_id, task.due_on = title, organization_id, person_id, due_on
        history.record(actor, "planning.edit", task)
    return task


def _refuse_stranger(organization_id: int | None, person_id: int | None) -> None:
    """Refuse a person of another organization than the one that is named. Raises NotFound where either is unknown."""
    organization = None if organization_id is None else get_row(Organization, organization_id)
    person = None if person_id is None else get_row(Person, person_id)
    if organization is not None and person is not None and not queries.acts_for(organization, person.id):
        raise Refused(
            _(
                "%(person)s does not belong to “%(organization)s”. Please choose somebody of that organization, or "
                "leave one of the two fields empty.",
                person=person.name,
                organization=organization.name,
            ),
            "person_id",
        )


def tick_task(actor: Actor, task_id: int, *, done: bool) -> Task:
    """The task is done, or not after all. Twice is as once."""
    with transaction():
        task = get_row(Task, task_id)
        if (task.done_at is not None) != done:
            task.done_at = now() if done else None
            action = "planning.finish_task" if done else "planning.reopen_task"
            history.record(actor, action, task, details={"title": task.title})
    return task
