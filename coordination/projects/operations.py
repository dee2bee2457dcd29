"""Changing projects. Rights are judged by the caller (`policies`); what can never be is refused here.

Every change goes to the record in the same transaction (`keep`), so the two never disagree. Who leads stands in the
record alone.
"""

from dataclasses import dataclass, replace
from datetime import date

from coordination.cooperation import operations as cooperation
from coordination.cooperation.facts import Kept, facts_of
from coordination.cooperation.rows import locked
from coordination.cooperation.rules import BEGINNING, Format, Lead, Source
from coordination.organizations.rules import Topic
from coordination.planning import beginnings
from coordination.planning import operations as planning
from coordination.planning.beginnings import UNKNOWN, About, Origin
from coordination.planning.workspaces import refuse_empty, refuse_long
from coordination.projects import networks
from coordination.projects.models import Project
from coordination.projects.rules import GOING_ON, OVER, State, record_status
from core import history
from core.access import Actor
from core.database import check_version, hold_row, transaction
from core.errors import Refused
from core.hour_words import check_year
from core.languages import _
from core.periods import check_days


@dataclass(frozen=True)
class Plan:
    """What can be said of a project; see the model for the meaning of each."""

    title: str
    starts_on: date | None = None
    ends_on: date | None = None
    text: str = ""
    #: id of the network's organization
    network_id: int | None = None
    topics: frozenset[Topic] = frozenset()
    #: ids of the municipality's own topics
    own_topics: frozenset[int] = frozenset()


def plan_of(project: Project) -> Plan:
    """The plan as it stands."""
    facts = facts_of(project.cooperation)
    return Plan(
        title=project.title,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        text=project.text,
        network_id=project.network_id,
        topics=facts.topics,
        own_topics=facts.own_topics,
    )


def propose(actor: Actor, organization_id: int, *, plan: Plan, lead: Lead = Lead.JOINT) -> Project:
    """An organization has an idea. It takes part from the start; the municipality is asked to answer.

    Refused as `create` does.
    """
    origin = Origin(initiator_id=organization_id, lead=lead)
    with transaction():
        project = _make(actor, plan, State.IDEA, origin, key="")
        planning.open_workspace(actor, project.cooperation_id, proposer_id=organization_id)
    return project


def create(
    actor: Actor, plan: Plan, *, origin: Origin = UNKNOWN, state: State = State.PLANNED, key: str = ""
) -> Project:
    """The municipality plans a project; who is asked to take part comes next.

    Refused: no title ("title"), a period that cannot be ("starts_on", "ends_on"), no such network ("network_id").
    """
    with transaction():
        project = _make(actor, plan, state, origin, key=key)
        planning.open_workspace(actor, project.cooperation_id)
    return project


def take_over(actor: Actor, cooperation_id: int, *, plan: Plan, state: State) -> Project:
    """A record that was entered or imported becomes a project that is planned here; its partners plan along.

    Refused as `create` does, and: a record that is no project's, or that belongs to something else already.
    """
    _refuse_impossible(plan, state)
    with transaction() as current:
        record = beginnings.take_over(actor, cooperation_id, source=Source.PROJECT)
        if record.format != Format.PROJECT:
            raise Refused(_("This record is not about a project."))
        project = Project(state=state, cooperation=record)
        _apply(project, plan)
        current.add(project)
        current.flush()
        keep(actor, project, plan)
        history.record(actor, "projects.create", project)
    return project


def edit(actor: Actor, project_id: int, *, version: int | None, plan: Plan) -> Project:
    """Save the plan. Raises Outdated. Refused as creating does, and: any change of what is over.

    `version` is that of the project and its record, which holds the topics (`version_of`).
    """
    with transaction():
        project = held(project_id)
        check_version(project, version, locked(project.cooperation_id))
        if project.state in OVER:
            raise Refused(_("This project is over. What came of it is told in its record."))
        _refuse_impossible(plan, State(project.state), before=project.network_id)
        renamed = project.title != plan.title
        _apply(project, plan)
        if renamed and project.shown_in_calendars:
            for milestone in project.milestones:  # its title stands in their entries
                milestone.announce_change()
        keep(actor, project, plan)
        history.record(actor, "projects.edit", project)
    return project


def overwrite(actor: Actor, project_id: int, *, plan: Plan, state: State) -> Project:
    """For imports: plan and state are what a file says, whatever steps there are. Refused as creating is."""
    _refuse_impossible(plan, state)
    with transaction():
        project = held(project_id)
        _apply(project, plan)
        project.state = state
        keep(actor, project, plan)
        history.record(actor, "projects.edit", project)
    return project


def move_lead(actor: Actor, project_id: int, *, lead: Lead, since: date | None = None) -> Project:
    """From this day on (None: from the beginning) it is led so. Kept in the record, and nowhere else.

    Of its first day, or one before, the beginning is meant, unless something else was told of these days. Refused at
    "since": a day after its last, a year in which no date lies.
    """
    with transaction():
        project = held(project_id)
        record, starts_on = project.cooperation, project.starts_on
        if since is not None:
            check_year(since, "since")
            if project.ends_on is not None and since > project.ends_on:
                raise Refused(_("The project ends before this day."), "since")
            if starts_on is not None and since <= starts_on:
                told = [dated.since for dated in record.leads if BEGINNING < dated.since <= starts_on]
                since = since if told else None
        cooperation.move_lead(actor, record.id, lead=lead, since=since or BEGINNING)
    return project


def held(project_id: int) -> Project:
    """Within a transaction: the project, kept from other writers until the commit. Raises NotFound."""
    return hold_row(Project, project_id, key_share=True)


def keep(actor: Actor, project: Project, plan: Plan | None = None) -> None:
    """Within a transaction that changes the project: let its record say what it says."""
    cooperation.keep_in_step(actor, project.cooperation_id, source=Source.PROJECT, kept=_kept(project))
    if plan is not None:
        facts = facts_of(project.cooperation)
        told = replace(facts, topics=plan.topics, own_topics=plan.own_topics)
        if told != facts:
            cooperation.edit_cooperation(actor, project.cooperation_id, version=None, facts=told)


def _make(actor: Actor, plan: Plan, state: State, origin: Origin, *, key: str) -> Project:
    _refuse_impossible(plan, state)
    with transaction() as current:
        project = Project(state=state)
        _apply(project, plan)
        about = About(plan.topics, plan.own_topics)
        project.cooperation = beginnings.begin(
            actor, _kept(project), source=Source.PROJECT, origin=origin, about=about, key=key
        )
        current.add(project)
        current.flush()
        history.record(actor, "projects.create", project)
    return project


def _apply(project: Project, plan: Plan) -> None:
    project.title, project.text = plan.title, plan.text
    project.starts_on, project.ends_on = plan.starts_on, plan.ends_on
    project.network_id = plan.network_id


def _kept(project: Project) -> Kept:
    return Kept(
        title=project.title,
        format=Format.PROJECT,
        status=record_status(State(project.state)),
        starts_on=project.starts_on,
        ends_on=project.ends_on,
    )


def _refuse_impossible(plan: Plan, state: State, *, before: int | None = None) -> None:
    refuse_empty(plan.title, "title")
    refuse_long(plan.title, "title", 200)
    for field, day in (("starts_on", plan.starts_on), ("ends_on", plan.ends_on)):
        if day is not None:
            check_year(day, field)
    if plan.starts_on is None and (plan.ends_on is not None or state in GOING_ON or state == State.COMPLETED):
        raise Refused(_("Please say when it begins."), "starts_on")
    check_days(plan.starts_on, plan.ends_on)
    if plan.network_id not in (None, before) and networks.find(plan.network_id) is None:
        raise Refused(_("Please choose one of these."), "network_id")
