"""Making a project what a file says of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from coordination.cooperation import operations as cooperation
from coordination.cooperation.facts import PartnerTerms, facts_of, record_of
from coordination.cooperation.queries import find_by_key
from coordination.cooperation.rules import Lead
from coordination.planning import beginnings
from coordination.projects import milestones, operations, queries
from coordination.projects.milestones import Aim, aim_of, settle
from coordination.projects.models import Project
from coordination.projects.operations import Plan, held, keep, plan_of
from coordination.projects.rules import MAY_BE_ANNOUNCED, State
from core import history
from core.access import Actor
from core.clock import now
from core.database import transaction
from core.errors import Refused
from core.languages import _


@dataclass(frozen=True)
class Reached:
    """A milestone, and the day on which it was reached (None: not yet)."""

    aim: Aim
    reached_on: date | None = None


@dataclass(frozen=True)
class Told:
    """Everything that a file tells of a project; see the models."""

    plan: Plan
    state: State
    announced: bool = False
    reason: str = ""
    initiator_id: int | None = None
    leads: tuple[tuple[date, Lead], ...] = ()
    partners: tuple[PartnerTerms, ...] = ()
    milestones: tuple[Reached, ...] = ()


def same(project: Project, told: Told) -> bool:
    """Whether the project is what the file says already. Partners that it does not name stay as they are."""
    record, roles = project.cooperation, {p.organization_id: p.role for p in project.cooperation.partners}
    kept = Told(
        plan=plan_of(project),
        state=State(project.state),
        announced=project.announced_at is not None,
        reason=project.reason,
        initiator_id=record.initiator_id,
        leads=record_of(record).leads,
        partners=told.partners,
        milestones=_kept(project),
    )
    return kept == told and all(roles.get(terms.organization_id) == terms.role for terms in told.partners)


def put(actor: Actor, key: str, told: Told) -> Project:
    """Make the project with this key what the file says; a record that is known becomes its record.

    Nobody gets a mail. Refused as making and adopting are, and: an idea that is announced, or one called off.
    """
    if told.announced and told.state not in MAY_BE_ANNOUNCED:
        raise Refused(_("What is an idea or was called off cannot be announced."))
    with transaction():
        project = _project(actor, key, told)
        record = project.cooperation
        if told.initiator_id != record.initiator_id:
            facts = replace(facts_of(record), initiator_kind=None, initiator_id=told.initiator_id)
            cooperation.edit_cooperation(actor, record.id, version=None, facts=facts)
        cooperation.tell_leads(actor, record.id, leads=told.leads)
        beginnings.take_part(actor, record.id, parts=told.partners)
        _put_milestones(actor, project, told.milestones)
        history.record(actor, "projects.import", project)
    return project


def _project(actor: Actor, key: str, told: Told) -> Project:
    """The project with its plan, state and announcement as told."""
    project, record = queries.find_by_key(key), find_by_key(key)
    with transaction():
        if project is None and record is not None:
            project = operations.take_over(actor, record.id, plan=told.plan, state=told.state)
        elif project is None:
            project = operations.create(actor, told.plan, state=told.state, key=key)
        else:
            operations.overwrite(actor, project.id, plan=told.plan, state=told.state)
        project = held(project.id)
        project.reason = told.reason
        project.announced_at = (project.announced_at or now()) if told.announced else None
        settle(project)
        keep(actor, project)
    return project


def _put_milestones(actor: Actor, project: Project, wanted: Sequence[Reached]) -> None:
    known = {milestone.title: milestone for milestone in project.milestones}
    for title in set(known) - {one.aim.title for one in wanted}:
        milestones.remove(actor, known[title].id, also_over=True)
    for one in wanted:
        milestone = known.get(one.aim.title)
        if milestone is None:
            milestones.add(actor, project.id, aim=one.aim, reached_on=one.reached_on, also_over=True)
        elif Reached(aim_of(milestone), milestone.reached_on) != one:
            milestone.reached_on = one.reached_on
            milestones.edit(actor, milestone.id, version=None, aim=one.aim, also_over=True)
    settle(project)


def _kept(project: Project) -> tuple[Reached, ...]:
    found = [Reached(aim_of(milestone), milestone.reached_on) for milestone in project.milestones]
    return tuple(sorted(found, key=lambda one: (one.aim.due_on, one.aim.title)))
