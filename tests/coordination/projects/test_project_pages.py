"""Projects as both sides, and everybody, see them."""

from dataclasses import replace
from datetime import date, timedelta

import time_machine

from coordination.cooperation import operations as cooperation
from coordination.cooperation import partners
from coordination.cooperation.facts import PartnerTerms, facts_of
from coordination.cooperation.rules import Lead
from coordination.organizations.rules import Topic
from coordination.planning import operations as planning
from coordination.projects import milestones, operations, queries, steps
from coordination.projects.milestones import Aim
from coordination.projects.models import Project
from coordination.projects.operations import Plan, plan_of
from coordination.projects.rules import State
from core.access import SYSTEM
from core.database import session, version_of
from participation.committees.operations import charter_of, edit_committee


def test_an_idea_is_taken_up_carried_out_and_its_record_closed(circle, network, sign_in):
    chor = sign_in(account=circle.of_chor)
    idea = {
        "title": "Garten der Begegnung",
        "starts_on": "2026-11-01",
        "ends_on": "2027-10-31",
        "organization": circle.chor.id,
        "topics": "planning",
        "network_id": network.organization_id,
        "lead": "migrant_organisation",
    }
    assert "Danke für Ihre Idee" in chor.submit("/projekte/vorschlagen", idea).text
    (project,) = session().query(Project).all()
    here, there = f"/planung/{project.cooperation_id}", f"/projekte/{project.id}"
    for step in ("annehmen", "ankuendigen"):
        assert chor.submit(f"{there}/{step}").status_code == 403

    officer = sign_in(account=circle.officer)
    assert "Projekte, die auf Sie warten" in officer.get("/").text
    assert "Die Idee ist aufgegriffen" in officer.submit(f"{there}/annehmen").text
    assert "Das Projekt läuft" in officer.submit(f"{there}/beginnen").text
    page = officer.submit(f"{there}/federfuehrung", {"lead": "joint", "since": "2026-11-10"}).text
    assert "10. November 2026" in page
    assert "Alle können seine Seite lesen" in officer.submit(f"{there}/ankuendigen").text

    chor = sign_in(account=circle.of_chor)
    aim = {"title": "Hochbeete stehen", "due_on": "2026-11-20"}
    assert "Der Meilenstein wurde hinzugefügt" in chor.submit(f"{there}/meilensteine/neu", aim).text
    assert "Meilensteine Ihrer Projekte" in chor.get("/").text
    (milestone,) = project.milestones
    assert "ist erreicht" in chor.submit(f"{there}/meilensteine/{milestone.id}/erreicht", {"reached": "1"}).text
    assert "Meilensteine Ihrer Projekte" not in chor.get("/").text
    assert "Netzwerk Garten" in chor.get(there).text
    assert "Garten der Begegnung" in chor.get("/gremien/netzwerk-garten/").text
    assert "Ein Meilenstein wurde erreicht" in chor.get(f"{here}/verlauf").text

    with time_machine.travel(date(2027, 11, 2), tick=True):
        officer = sign_in(account=circle.officer)
        assert "Projekt abschließen" in officer.get("/").text
        assert 'value="2027-10-31"' in officer.get(f"{there}/abschliessen").text
        assert "wie es war" in officer.submit(f"{there}/abschliessen", {"last_day": "2027-10-31"}).text
        page = officer.get(here).text
        assert "was würden Sie anders machen?" in page
        officer.submit(f"{here}/rueckblick", {"what_worked": "Die Beete."})
        assert "Eintrag abschließen" in officer.get(here).text
        assert "vollständig" in officer.submit(f"/kooperationen/{project.cooperation_id}/abschluss").text


def test_an_idea_for_a_project_needs_a_title_alone_and_a_mistake_opens_its_fold(circle, sign_in):
    chor, here = sign_in(account=circle.of_chor), "/projekte/vorschlagen"
    form = chor.get(here).text
    assert "Ein Titel genügt" in form
    assert form.count('<details class="fold"') == 2
    assert '<details class="fold" open' not in form
    idea = {"title": "Garten der Begegnung", "organization": circle.chor.id, "lead": "joint"}
    wrong = chor.submit(here, {**idea, "starts_on": "2026-12-01", "ends_on": "2026-11-01"})
    assert wrong.text.count('<details class="fold" open') == 1
    assert 'value="2026-12-01"' in wrong.text
    assert "Danke für Ihre Idee" in chor.submit(here, idea).text


def test_a_project_is_interrupted_and_called_off_with_a_reason(circle, running, sign_in):
    there = f"/projekte/{running.id}"
    chor = sign_in(account=circle.of_chor)
    assert "Bitte füllen Sie dieses Feld aus" in chor.submit(f"{there}/unterbrechen", {"reason": ""}).text
    page = chor.submit(f"{there}/unterbrechen", {"reason": "Winter."}).text
    assert "Unterbrochen" in page
    assert "Winter." in page
    assert chor.get(f"{there}/absagen").status_code == 404
    assert chor.get(f"{there}/unterbrechen").status_code == 404
    officer = sign_in(account=circle.officer)
    assert "Abgesagt" in officer.submit(f"{there}/absagen", {"reason": "Kein Platz."}).text
    assert officer.get(f"{there}/bearbeiten").status_code == 404
    assert officer.get(f"{there}/meilensteine/neu").status_code == 404


def test_the_page_is_for_everybody_once_it_is_announced_and_until_that_is_taken_back(circle, planned, client, sign_in):
    there = f"/projekte/{planned.id}"
    assert client.get(there).status_code == 404
    assert "Garten der Begegnung" not in client.get("/projekte/").text
    steps.announce(circle.act(circle.officer), planned.id)
    page = client.get(there).text
    assert "Beete für alle." in page
    assert "Chor der Brücken" in page
    assert "Zur Planung" not in page
    assert "Garten der Begegnung" in client.get("/projekte/").text
    assert "Zur Planung" in sign_in(account=circle.of_chor).get(there).text
    steps.conceal(circle.act(circle.officer), planned.id)
    assert sign_in(account=circle.of_verein).get(there).status_code == 404


def test_a_network_that_is_public_no_more_is_named_nowhere(circle, network, planned, client, sign_in):
    officer = circle.act(circle.officer)
    plan = replace(plan_of(planned), network_id=network.organization_id)
    operations.edit(officer, planned.id, version=None, plan=plan)
    steps.announce(officer, planned.id)
    there = f"/projekte/{planned.id}"
    assert "Netzwerk Garten" in client.get(there).text
    edit_committee(SYSTEM, network.id, version=None, charter=replace(charter_of(network), public=False))
    assert "Netzwerk Garten" not in client.get(there).text
    chor, form = sign_in(account=circle.of_chor), f"{there}/bearbeiten"
    page = chor.get(form).text
    assert "Netzwerk Garten" not in page
    assert "Das Netzwerk, zu dem es jetzt gehört" in page
    told = {"version": version_of(planned, planned.cooperation), "title": "Umbenannt", "starts_on": "2026-03-01"}
    chor.submit(form, {**told, "network_id": network.organization_id})
    project = queries.get_project(planned.id)
    assert (project.title, project.network_id) == ("Umbenannt", network.organization_id)


def test_who_is_not_asked_finds_nothing_and_a_partner_moves_no_lead(circle, running, sign_in):
    milestone = milestones.add(SYSTEM, running.id, aim=Aim("Fest", date(2026, 12, 1)))
    there = f"/projekte/{running.id}"
    verein = sign_in(account=circle.of_verein)
    for page in (there, f"{there}/bearbeiten", f"{there}/federfuehrung", f"{there}/meilensteine/{milestone.id}"):
        assert verein.get(page).status_code == 404
    for step in ("beginnen", f"meilensteine/{milestone.id}/erreicht", f"meilensteine/{milestone.id}/entfernen"):
        assert verein.submit(f"{there}/{step}").status_code == 404
    chor = sign_in(account=circle.of_chor)
    assert "Gemeinsam geplant" in chor.get(f"{there}/federfuehrung").text
    assert chor.submit(f"{there}/federfuehrung", {"lead": "municipal"}).status_code == 404
    assert running.cooperation.lead == Lead.JOINT
    assert chor.get(f"/projekte/{running.id + 1}/meilensteine/{milestone.id}").status_code == 404


def test_two_windows_on_one_project_show_both_versions(circle, running, sign_in):
    address = f"/projekte/{running.id}/bearbeiten"
    seen = version_of(running, running.cooperation)
    first = {"version": seen, "title": "Erster Titel", "starts_on": "2026-03-01", "topics": "planning"}
    sign_in(account=circle.officer).submit(address, first)
    page = sign_in(account=circle.of_chor).submit(address, {**first, "title": "Zweiter Titel"}).text
    assert "Erster Titel" in page
    assert "Zweiter Titel" in page
    assert queries.get_project(running.id).title == "Erster Titel"


def test_what_is_written_in_the_record_while_the_form_of_the_project_is_open_is_not_lost(circle, running, sign_in):
    address, record = f"/projekte/{running.id}/bearbeiten", running.cooperation
    seen = {"version": version_of(running, record), "title": "Garten", "starts_on": "2026-03-01"}
    officer = circle.act(circle.officer)
    partners.add_partner(officer, record.id, terms=PartnerTerms(circle.verein.id))
    partners.remove_partner(officer, record.partners[0].id)
    cooperation.move_lead(officer, record.id, lead=Lead.MUNICIPAL, since=date(2026, 9, 1))
    client = sign_in(account=circle.officer)
    assert "gespeichert" in client.submit(address, {**seen, "topics": "planning"}).text
    assert [partner.organization for partner in record.partners] == [circle.verein]
    assert [dated.lead for dated in record.leads] == [Lead.JOINT, Lead.MUNICIPAL]
    seen = {**seen, "version": version_of(running, record)}
    facts = replace(facts_of(record), topics=frozenset({Topic.SPORT}))
    cooperation.edit_cooperation(officer, record.id, version=None, facts=facts)
    page = client.submit(address, {**seen, "title": "Großer Garten", "topics": "religion"}).text
    assert "Inzwischen hat eine andere Person gespeichert" in page
    assert 'value="Großer Garten"' in page
    assert [topic.topic for topic in record.topics] == [Topic.SPORT]


def test_long_lists_show_their_first_rows_and_the_way_to_all(circle, sign_in):
    for n in range(12):
        operations.propose(SYSTEM, circle.chor.id, plan=Plan(f"Idee {n:02}"))
    client = sign_in(account=circle.officer)
    page = client.get("/projekte/").text
    assert ("Idee 09" in page, "Idee 10" in page) == (True, False)
    assert "Alle 12, die Sie planen" in page
    page = client.get("/").text
    assert ("Idee 09" in page, "Idee 10" in page) == (True, False)
    assert "2 weitere warten auf Sie" in page
    page = client.get("/projekte/geplant").text
    assert all(f"Idee {n:02}" in page for n in range(12))
    assert "Sie planen zurzeit nichts" in sign_in(account=circle.of_verein).get("/projekte/geplant").text


def test_lists_and_pages_ask_the_database_as_often_for_many_rows(
    circle, running, sign_in, count_queries, make_organization
):
    steps.announce(SYSTEM, running.id)

    def grow(number):
        for n in range(number):
            milestones.add(SYSTEM, running.id, aim=Aim(f"Ziel {n}", date(2026, 11, 20) + timedelta(days=n % 5)))
            other = operations.create(SYSTEM, Plan(f"Projekt {n}", starts_on=date(2026, 1, 1)), state=State.RUNNING)
            planning.invite(SYSTEM, other.cooperation_id, organization_id=circle.chor.id)
            steps.announce(SYSTEM, other.id)
            milestones.add(SYSTEM, other.id, aim=Aim("Ziel", date(2026, 11, 20)))
            partner = PartnerTerms(make_organization().id)
            for project in (running, other):
                partners.add_partner(SYSTEM, project.cooperation_id, terms=partner)

    def asked():
        found = {}
        for who in (circle.officer, circle.of_chor):
            browser, record = sign_in(account=who), running.cooperation_id
            own = [f"/planung/{record}", f"/planung/{record}/aufgaben/neu", f"/projekte/{running.id}/bearbeiten"]
            for page in ("/", "/projekte/", f"/projekte/{running.id}", *own):
                browser.get(page)
                with count_queries() as counted:
                    assert browser.get(page).status_code == 200
                found[who.id, page] = counted.number
        return found

    grow(2)
    few = asked()
    grow(10)
    assert asked() == few
    assert max(few.values()) <= 50


def test_a_project_idea_is_turned_down_or_withdrawn_and_says_so(circle, idea, sign_in):
    assert "das Projekt angekündigt" in sign_in(account=circle.of_chor).get("/projekte/vorschlagen").text
    here, there = f"/planung/{idea.cooperation_id}", f"/projekte/{idea.id}/absagen"
    for page in (here, there):
        assert "Antwort: diesmal nicht" in sign_in(account=circle.officer).get(page).text
        assert "Vorschlag zurückziehen" in sign_in(account=circle.of_chor).get(page).text
    page = sign_in(account=circle.officer).submit(there, {"reason": "Kein Platz."}).text
    assert "Ihre Antwort ging an alle" in page
    assert "Projekt · Nicht aufgegriffen" in page
    assert "Abgesagt" not in page
