"""An event may be part of a project: both pages say so, to those who may see the other."""

from dataclasses import replace
from datetime import datetime

import pytest

from coordination.events import operations as events
from coordination.events import policies, queries
from coordination.events.models import Event
from coordination.events.operations import Plan as EventPlan
from coordination.events.operations import plan_of
from coordination.planning import operations as planning
from coordination.planning.rules import Answer
from coordination.projects import operations as projects
from coordination.projects import queries as project_queries
from coordination.projects import steps
from coordination.projects.operations import Plan
from coordination.projects.queries import choices_for
from core.access import ANONYMOUS
from core.database import session, version_of

DAY = datetime(2026, 12, 12, 18)


@pytest.fixture
def party(circle, running):
    """An event of the project, that the choir plans."""
    plan = EventPlan("Erntefest", DAY, project_id=running.id)
    event = events.propose(circle.act(circle.of_chor), circle.chor.id, plan=plan)
    return events.accept(circle.act(circle.officer), event.id)


def test_an_event_is_planned_from_the_page_of_its_project(circle, running, sign_in):
    chor = sign_in(account=circle.of_chor)
    page = chor.get(f"/planung/{running.cooperation_id}").text
    assert f'href="/veranstaltungen/vorschlagen?projekt={running.id}"' in page
    asked = f"/veranstaltungen/vorschlagen?projekt={running.id}"
    assert f'<option selected value="{running.id}">Garten der Begegnung</option>' in chor.get(asked).text
    told = {"title": "Erntefest", "date": "2026-12-12", "start": "18:00", "lead": "joint"}
    chor.submit(asked, told | {"organization": circle.chor.id, "project": running.id})
    assert session().query(Event).one().project_id == running.id
    assert "Erntefest" in chor.get(f"/planung/{running.cooperation_id}").text


def test_of_many_projects_the_newest_are_offered_with_the_one_from_whose_page_one_comes(circle, running, monkeypatch):
    monkeypatch.setattr(project_queries, "MOST_LISTED", 2)
    staff = circle.act(circle.officer)
    for title in ("Neu", "Ganz neu"):
        projects.create(staff, Plan(title))
    assert [title for _id, title in choices_for(staff)] == ["Ganz neu", "Neu"]
    assert [title for _id, title in choices_for(staff, chosen=running.id)] == ["Ganz neu", "Garten der Begegnung"]
    assert len(choices_for(staff, chosen=10**20)) == 2


def test_both_pages_name_the_other_to_those_who_may_see_it(circle, running, party, client):
    steps.announce(circle.act(circle.officer), running.id)
    here, there = f"/veranstaltungen/{party.id}", f"/projekte/{running.id}"
    assert "Erntefest" not in client.get(there).text
    events.announce(circle.act(circle.officer), party.id)
    assert "Erntefest" in client.get(there).text
    assert "Garten der Begegnung" in client.get(here).text
    steps.conceal(circle.act(circle.officer), running.id)
    assert "Garten der Begegnung" not in client.get(here).text


def test_who_does_not_know_the_project_neither_reads_nor_moves_it(circle, running, party, sign_in):
    asked = {"organization_id": circle.verein.id}
    planning.invite(circle.act(circle.officer), party.cooperation_id, **asked)
    planning.answer(circle.act(circle.of_verein), party.cooperation_id, answer=Answer.ACCEPTED, **asked)
    address = f"/veranstaltungen/{party.id}/bearbeiten"
    verein = sign_in(account=circle.of_verein)
    assert "Garten der Begegnung" not in verein.get(address).text
    seen = version_of(party, party.cooperation)
    told = {"version": seen, "title": "Fest", "date": "2026-12-12", "start": "18:00", "project": "999"}
    assert "gespeichert" in verein.submit(address, told).text
    assert (party.title, party.project_id) == ("Fest", running.id)


def test_an_event_leaves_its_project(circle, running, party):
    plan = replace(plan_of(party), project_id=None)
    events.edit(circle.act(circle.officer), party.id, version=None, plan=plan)
    assert queries.of_project(circle.act(circle.officer), running.id) == []


def test_the_condition_says_what_the_policy_says(circle, running, party, make_account, make_person):
    member = make_account(person_id=make_person(organization=circle.chor).id)
    for _step in range(2):
        for who in (ANONYMOUS, *map(circle.act, (circle.officer, circle.of_chor, circle.of_verein, member))):
            seen = party in queries.of_project(who, running.id)
            assert seen == policies.may_see(who, party)
        events.announce(circle.act(circle.officer), party.id)
