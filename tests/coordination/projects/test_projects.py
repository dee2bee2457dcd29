"""A project from the idea to its end, its milestones, who leads, and who may see it."""

from dataclasses import replace
from datetime import date

import pytest

from coordination.cooperation import operations as cooperation
from coordination.cooperation import partners
from coordination.cooperation.facts import Facts, PartnerTerms, facts_of
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import BEGINNING, Format, Lead, Source, Status
from coordination.organizations.rules import Topic
from coordination.planning import operations as planning
from coordination.planning import queries as workspaces
from coordination.planning.policies import may_work
from coordination.projects import milestones, operations, policies, queries, steps
from coordination.projects.milestones import Aim
from coordination.projects.models import Project
from coordination.projects.operations import Plan, plan_of
from coordination.projects.panels import SHOWN
from coordination.projects.rules import State
from core.access import ANONYMOUS, SYSTEM
from core.database import session, version_of
from core.dated import Status as DateStatus
from core.errors import NotFound, Outdated, Refused
from core.instance import calendar_counter
from core.outbox import OutboxMail
from participation.committees.operations import Charter, charter_of, create_committee, edit_committee
from participation.committees.rules import Kind

TODAY = date(2026, 11, 16)


def led(project) -> list[tuple[date, str]]:
    return [(dated.since, dated.lead) for dated in project.cooperation.leads]


def test_an_idea_of_an_organization_becomes_a_project_that_is_completed(circle, idea, mailbox):
    chor, officer = circle.act(circle.of_chor), circle.act(circle.officer)
    record = idea.cooperation
    assert (record.source, record.format, record.status) == (Source.PROJECT, Format.PROJECT, Status.IDEA)
    assert [partner.organization_id for partner in record.partners] == [circle.chor.id]
    assert (record.initiator_id, led(idea)) == (circle.chor.id, [(BEGINNING, Lead.JOINT)])

    steps.accept(officer, idea.id, reason="Das passt gut.")
    steps.start(chor, idea.id)
    assert (idea.state, record.status) == (State.RUNNING, Status.RUNNING)
    steps.complete(chor, idea.id, last_day=date(2026, 11, 10))
    assert (record.status, record.ends_on, idea.ends_on) == (Status.HELD, date(2026, 11, 10), date(2026, 11, 10))
    steps.complete(chor, idea.id, last_day=TODAY)
    assert idea.ends_on == date(2026, 11, 10), "twice is as once"
    with pytest.raises(Refused):
        operations.edit(officer, idea.id, version=None, plan=plan_of(idea))


def test_a_project_that_is_interrupted_says_why_and_goes_on(circle, running):
    officer = circle.act(circle.officer)
    with pytest.raises(Refused) as refused:
        steps.pause(officer, running.id, reason=" ")
    assert refused.value.field == "reason"
    steps.pause(officer, running.id, reason="Die Förderung kommt später.")
    assert (running.state, running.cooperation.status) == (State.PAUSED, Status.RUNNING)
    steps.start(circle.act(circle.of_chor), running.id)
    assert (running.state, running.reason) == (State.RUNNING, "")
    told = [line.action for line, _account in workspaces.history_of(running.cooperation_id)]
    assert [action for action in told if action.startswith("projects.")] == ["projects.running", "projects.paused"]


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (lambda who, key: steps.complete(who, key, last_day=date(2026, 11, 17)), "last_day"),
        (lambda who, key: steps.complete(who, key, last_day=date(2026, 2, 28)), "last_day"),
        (lambda who, key: steps.cancel(who, key, reason=""), "reason"),
        (lambda who, key: steps.cancel(who, key, reason="x" * 401), "reason"),
        (lambda who, key: steps.accept(who, key, reason="zu spät"), None),
    ],
)
def test_steps_that_cannot_be_are_refused(circle, running, step, field):
    with pytest.raises(Refused) as refused:
        step(circle.act(circle.officer), running.id)
    assert refused.value.field == field
    assert (running.state, running.cooperation.status) == (State.RUNNING, Status.RUNNING)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"starts_on": None}, "starts_on"),
        ({"starts_on": date(1, 1, 1)}, "starts_on"),
        ({"ends_on": date(2026, 2, 1)}, "ends_on"),
        ({"network_id": 0}, "network_id"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(circle, running, changes, field):
    with pytest.raises(Refused) as refused:
        operations.edit(circle.act(circle.officer), running.id, version=None, plan=replace(plan_of(running), **changes))
    assert refused.value.field == field


def test_it_does_not_begin_before_its_first_day_and_without_one_today(circle):
    officer = circle.act(circle.officer)
    later = operations.create(officer, Plan("Später", starts_on=date(2027, 1, 1)))
    with pytest.raises(Refused):
        steps.start(officer, later.id)
    undated = operations.create(officer, Plan("Irgendwann"))
    steps.start(officer, undated.id)
    assert (undated.starts_on, undated.cooperation.starts_on) == (TODAY, TODAY)


def test_two_who_edit_at_once_do_not_overwrite_each_other(circle, running):
    version = version_of(running, running.cooperation)
    operations.edit(
        circle.act(circle.officer), running.id, version=version, plan=replace(plan_of(running), title="Erster")
    )
    with pytest.raises(Outdated):
        operations.edit(
            circle.act(circle.of_chor), running.id, version=version, plan=replace(plan_of(running), title="Zweite")
        )
    assert running.cooperation.title == "Erster"


def test_the_lead_moves_and_stands_in_the_record_alone(circle, running):
    officer = circle.act(circle.officer)
    operations.move_lead(officer, running.id, lead=Lead.MIGRANT_ORGANISATION, since=date(2026, 3, 1))
    assert led(running) == [(BEGINNING, Lead.MIGRANT_ORGANISATION)], "its first day is its beginning"
    operations.move_lead(officer, running.id, lead=Lead.JOINT, since=date(2026, 9, 1))
    assert led(running) == [(BEGINNING, Lead.MIGRANT_ORGANISATION), (date(2026, 9, 1), Lead.JOINT)]
    assert running.cooperation.lead == Lead.JOINT
    operations.move_lead(officer, running.id, lead=Lead.MUNICIPAL)
    assert led(running)[0] == (BEGINNING, Lead.MUNICIPAL)
    for day in (date(2027, 3, 1), date(9999, 1, 1)):
        with pytest.raises(Refused) as refused:
            operations.move_lead(officer, running.id, lead=Lead.MUNICIPAL, since=day)
        assert refused.value.field == "since"


def test_a_milestone_is_set_moved_and_reached_and_calendars_learn_of_it(circle, planned):
    chor = circle.act(circle.of_chor)
    row = milestones.add(chor, planned.id, aim=Aim("Hochbeete stehen", date(2026, 12, 1)))
    assert (row.due_on, row.status, row.sequence) == (date(2026, 12, 1), DateStatus.TENTATIVE, 0)
    steps.start(chor, planned.id)
    assert (row.status, row.sequence) == (DateStatus.CONFIRMED, 1)
    before = calendar_counter()
    milestones.edit(chor, row.id, version=row.version, aim=Aim("Hochbeete stehen", date(2026, 12, 8)))
    assert (row.sequence, row.ends_local.day) == (2, 9)
    assert calendar_counter() > before
    with pytest.raises(Outdated):
        milestones.edit(chor, row.id, version=1, aim=Aim("Anderes", date(2026, 12, 8)))
    milestones.reach(chor, row.id, reached=True)
    milestones.reach(chor, row.id, reached=True)
    assert row.reached_on == TODAY
    milestones.reach(chor, row.id, reached=False)
    assert row.reached_on is None
    told = [line.action for line, _account in workspaces.history_of(planned.cooperation_id)]
    assert told.count("projects.reach_milestone") == 1
    milestones.remove(chor, row.id)
    assert planned.milestones == []


def test_what_is_called_off_is_called_off_in_calendars_but_for_what_was_reached(circle, running):
    officer = circle.act(circle.officer)
    done = milestones.add(officer, running.id, aim=Aim("Antrag", date(2026, 4, 1)), reached_on=date(2026, 3, 30))
    never = milestones.add(officer, running.id, aim=Aim("Fest", date(2026, 12, 1)))
    steps.cancel(officer, running.id, reason="Kein Geld.")
    assert (done.status, never.status) == (DateStatus.CONFIRMED, DateStatus.CANCELLED)
    for change in (
        lambda: milestones.add(officer, running.id, aim=Aim("Neu", date(2026, 12, 1))),
        lambda: milestones.reach(officer, never.id, reached=True),
        lambda: milestones.remove(officer, never.id),
    ):
        with pytest.raises(Refused):
            change()


@pytest.mark.parametrize(
    ("aim", "field"), [(Aim(" ", TODAY), "title"), (Aim("x" * 201, TODAY), "title"), (Aim("A", date.max), "due_on")]
)
def test_a_milestone_that_cannot_be_is_refused(circle, running, aim, field):
    with pytest.raises(Refused) as refused:
        milestones.add(circle.act(circle.officer), running.id, aim=aim)
    assert refused.value.field == field


def test_an_idea_that_is_turned_down_is_known_to_no_more_people_than_before(circle, idea, make_account, make_person):
    member, chor = circle.act(make_account(person_id=make_person(organization=circle.chor).id)), circle.of_chor
    aim = milestones.add(circle.act(chor), idea.id, aim=Aim("Beete", date(2026, 12, 1)))
    for _twice in range(2):
        steps.cancel(circle.act(circle.officer), idea.id, reason="Kein Platz.")
    assert (idea.state, idea.cooperation.status) == (State.TURNED_DOWN, Status.TURNED_DOWN)
    assert aim.status == DateStatus.DRAFT
    for who, sees in ((member, False), (circle.act(chor), True), (circle.act(circle.officer), True)):
        assert policies.may_see(who, idea) is sees
        assert bool(session().query(Project).where(queries.visible_to(who)).all()) is sees


def test_who_sees_a_project_and_since_when(circle, idea, make_account, make_person):
    member = circle.act(make_account(person_id=make_person(organization=circle.chor).id))
    stranger, chor, officer = circle.act(circle.of_verein), circle.act(circle.of_chor), circle.act(circle.officer)

    def seen() -> list[bool]:
        found = [policies.may_see(who, idea) for who in (ANONYMOUS, stranger, member, chor, officer)]
        assert found == [
            bool(session().query(Project).where(queries.visible_to(who)).all())
            for who in (ANONYMOUS, stranger, member, chor, officer)
        ], "the condition says what the policy says"
        return found

    assert seen() == [False, False, False, True, True]
    with pytest.raises(Refused):
        steps.announce(officer, idea.id)
    steps.accept(officer, idea.id)
    assert seen() == [False, False, True, True, True]
    steps.announce(officer, idea.id)
    assert seen() == [True] * 5
    steps.conceal(officer, idea.id)
    assert seen() == [False, False, True, True, True]


def test_a_project_belongs_to_a_public_network_only(circle, network, running):
    officer = circle.act(circle.officer)
    table = create_committee(SYSTEM, Charter("Runder Tisch", Kind.ROUND_TABLE))
    with pytest.raises(Refused):
        operations.edit(
            officer, running.id, version=None, plan=replace(plan_of(running), network_id=table.organization_id)
        )
    plan = replace(plan_of(running), network_id=network.organization_id)
    operations.edit(officer, running.id, version=None, plan=plan)
    edit_committee(SYSTEM, network.id, version=None, charter=replace(charter_of(network), public=False))
    operations.edit(officer, running.id, version=None, plan=replace(plan, title="Umbenannt"))
    assert running.network_id == network.organization_id, "what it belonged to stays"


def test_a_record_becomes_a_project_and_its_partners_plan_along(circle):
    officer = circle.act(circle.officer)
    facts = Facts("Altes Projekt", Format.PROJECT, Status.RUNNING, date(2026, 1, 1), topics=frozenset({Topic.SPORT}))
    record = cooperation.create_cooperation(officer, facts, lead=Lead.MIGRANT_ORGANISATION)
    for organization in (circle.verein, circle.department):
        partners.add_partner(officer, record.id, terms=PartnerTerms(organization.id))
    plan = Plan("Altes Projekt", starts_on=date(2026, 1, 1), topics=facts.topics)
    project = operations.take_over(officer, record.id, plan=plan, state=State.RUNNING)
    assert project.cooperation_id == record.id
    assert record.source == Source.PROJECT
    assert session().query(Cooperation).filter_by(title="Altes Projekt").count() == 1
    assert [one.organization for one in workspaces.standings(record)] == [circle.verein, circle.department]
    assert may_work(circle.act(circle.of_verein), record)
    with pytest.raises(Refused):
        operations.take_over(officer, record.id, plan=plan, state=State.RUNNING)
    event = cooperation.create_cooperation(officer, Facts("Fest", Format.SINGLE_EVENT, Status.HELD))
    with pytest.raises(Refused):
        operations.take_over(officer, event.id, plan=plan, state=State.RUNNING)
    assert event.source == Source.ENTERED


def test_those_who_plan_hear_of_each_step_in_their_language(circle, running, mailbox):
    steps.pause(circle.act(circle.officer), running.id, reason="Die Halle ist zu.")
    newest = session().query(OutboxMail).order_by(OutboxMail.id.desc()).first()
    assert newest.to_address == circle.of_chor.email
    assert newest.subject == "Garten der Begegnung: Unterbrochen"
    assert "Die Halle ist zu." in newest.text


def test_what_does_not_exist_is_not_found(circle, running):
    for attempt in (
        lambda: steps.start(SYSTEM, 999),
        lambda: queries.get_milestone(running.id, 999),
        lambda: milestones.reach(SYSTEM, 999, reached=True),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert facts_of(running.cooperation).topics == {Topic.PLANNING}
    planning.follow(SYSTEM, running.cooperation_id, wants_mail=True)


def test_projects_without_a_day_stand_in_the_same_place_in_every_database(network):
    made = []
    for title, month in (("Früh", 1), ("Offen", None), ("Spät", 3)):
        days = {"starts_on": date(2027, month, 1), "ends_on": date(2027, month, 9)} if month else {}
        made.append(operations.create(SYSTEM, Plan(title, network_id=network.organization_id, **days)))
        steps.announce(SYSTEM, made[-1].id)

    def titles(*, over=False):
        return [row.title for row in session().scalars(queries.announced(over=over))]

    of_network = session().scalars(queries.of_network(network.organization_id))
    assert [row.title for row in of_network] == [
        "Offen",
        "Spät",
        "Früh",
    ]
    assert titles() == ["Früh", "Spät", "Offen"]
    for project in made:
        steps.cancel(SYSTEM, project.id, reason="Es fehlt an Geld.")
    assert titles(over=True) == ["Spät", "Früh", "Offen"]


def test_the_page_of_a_network_shows_its_newest_projects_and_how_many_more_there_are(network, client):
    for number in range(SHOWN + 2):
        made = operations.create(SYSTEM, Plan(f"Projekt {number}.", network_id=network.organization_id))
        steps.announce(SYSTEM, made.id)
    page = client.get("/gremien/netzwerk-garten/").text
    assert "Projekt 11." in page
    assert "Projekt 1." not in page
    assert "2 weitere stehen bei allen Projekten" in page
