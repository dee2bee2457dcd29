"""The workspace as both sides see it, and who may not."""

import re
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader

from coordination.cooperation.rules import ContributionKind
from coordination.events import operations as events
from coordination.events.models import Event
from coordination.organizations.choosing import MOST_LISTED
from coordination.planning import agreements, needs, operations, queries, requests, sections, tasks
from coordination.planning.agreements import Promise
from coordination.planning.rules import Answer, NeedKind, RequestState
from core.database import session


def test_an_idea_is_taken_up_and_planned_by_three(circle, sign_in):
    chor = sign_in(account=circle.of_chor)
    idea = {
        "title": "Fest der Stimmen",
        "date": "2027-05-08",
        "start": "18:00",
        "end": "21:00",
        "organization": circle.chor.id,
        "topics": "culture",
        "lead": "joint",
        "public": "y",
    }
    page = chor.submit("/veranstaltungen/vorschlagen", idea).text
    assert "Danke für Ihre Idee" in page
    (event,) = session().query(Event).all()
    here, there = f"/planung/{event.cooperation_id}", f"/veranstaltungen/{event.id}"
    assert chor.submit(f"{there}/annehmen").status_code == 403

    officer = sign_in(account=circle.officer)
    assert "Neue Idee" in officer.get("/").text
    assert "Die Idee ist aufgegriffen" in officer.submit(f"{there}/annehmen").text
    assert (
        "Die Aufgabe wurde hinzugefügt"
        in officer.submit(f"{here}/aufgaben/neu", {"title": "Plakat", "due_on": "2027-04-01"}).text
    )
    assert "Bedarf wurde notiert" in officer.submit(f"{here}/bedarf/neu", {"kind": "child_care"}).text
    page = officer.submit(f"{here}/einladen", {"organization_id": circle.verein.id, "role": "expert"}).text
    assert "Die Organisation ist gefragt" in page

    verein = sign_in(account=circle.of_verein)
    page = verein.get(here).text
    assert "Macht <bdi>Verein Nord</bdi> mit?" in page
    assert "steht der Name Ihrer Organisation auf der öffentlichen Seite" in page
    said = {"organization": circle.verein.id, "answer": "accepted"}
    assert "Danke. Sie machen mit." in verein.submit(f"{here}/antwort", said).text
    assert "Die Stadt ist gefragt" in verein.submit(f"{here}/bitten/neu", {"kind": "greeting", "wish": "Kurz"}).text
    assert "Ihre Nachricht ging an alle" in verein.submit(f"{here}/nachricht", {"text": "Hallo"}).text

    officer = sign_in(account=circle.officer)
    asked = queries.requests(event.cooperation_id)[0]
    told = {"version": asked.version, "state": "refused"}
    assert "Bitte füllen Sie dieses Feld aus" in officer.submit(f"{here}/bitten/{asked.id}", told).text
    told["reason"] = "Alle sind im Urlaub."
    page = officer.submit(f"{here}/bitten/{asked.id}", told).text
    assert "Alle sind im Urlaub." in page
    assert "Grußwort: Abgelehnt" in page, "the answer stands on the fold, too"


def test_an_agreement_is_confirmed_and_the_event_held_and_its_record_closed(circle, workspace, sign_in):
    event = session().query(Event).one()
    here, there = f"/planung/{workspace.id}", f"/veranstaltungen/{event.id}"
    officer = sign_in(account=circle.officer)
    assert "Fest der Stimmen" in officer.get(f"{here}/vereinbarung").text
    agreement = {"subject": "Fest der Stimmen am 8. Mai", "duties": "Chor: singt"}
    assert "Vereinbarung wurde gespeichert" in officer.submit(f"{here}/vereinbarung", agreement).text
    for account in (circle.officer, circle.of_chor):
        browser = sign_in(account=account)
        page = browser.get(here).text
        voice = re.search(r'name="voice" value="([0-9]*)"', page)[1]
        page = browser.submit(f"{here}/vereinbarung/bestaetigen", {"revision": 1, "voice": voice}).text
        assert "Sie haben die Vereinbarung bestätigt." in page
    assert "Beide Seiten haben diese Vereinbarung bestätigt." in page
    assert browser.get(f"{here}/vereinbarung.pdf").mimetype == "application/pdf"

    officer = sign_in(account=circle.officer)
    assert "angekündigt" in officer.submit(f"{there}/ankuendigen").text
    assert "Fest der Stimmen" in officer.get("/veranstaltungen/").text
    with time_machine.travel(event.starts_at + timedelta(days=1), tick=True):
        officer = sign_in(account=circle.officer)
        assert "Bitte sagen Sie, wie es war" in officer.submit(f"{there}/stattgefunden").text
        topics = {"version": workspace.version, "topics": "culture", "initiator_kind": "migrant_organisation"}
        officer.submit(f"/kooperationen/{workspace.id}/bearbeiten", topics)
        done = {"participants": "120", "what_worked": "Viele kamen."}
        assert "steht im Eintrag" in officer.submit(f"{here}/rueckblick", done).text
        assert "Es fehlt nichts" in officer.get(here).text
        page = officer.submit(f"/kooperationen/{event.cooperation_id}/abschluss").text
        assert "vollständig und abgeschlossen" in page
        assert "Was bisher geschah" in officer.get(f"{here}/verlauf").text


def test_who_is_not_asked_does_not_find_it_and_who_declined_sees_the_answer_alone(circle, workspace, sign_in):
    verein = sign_in(account=circle.of_verein)
    assert verein.get(f"/planung/{workspace.id}").status_code == 404
    asked = {"organization_id": circle.verein.id}
    operations.invite(circle.act(circle.officer), workspace.id, **asked)
    assert "Aufgaben" in verein.get(f"/planung/{workspace.id}").text
    assert verein.get(f"/planung/{workspace.id}/aufgaben/neu").status_code == 404
    operations.answer(circle.act(circle.of_verein), workspace.id, answer=Answer.DECLINED, **asked)
    page = verein.get(f"/planung/{workspace.id}").text
    assert "Sie können nicht mitmachen" in page
    assert "Aufgaben" not in page
    assert verein.get(f"/planung/{workspace.id}/verlauf").status_code == 404


def test_two_windows_on_one_text_show_both_versions(circle, workspace, sign_in):
    (programme,) = queries.sections(workspace.id)
    address = f"/planung/{workspace.id}/texte/{programme.id}"
    first = {"version": programme.version, "title": "Programm", "text": "18 Uhr: Chor"}
    sign_in(account=circle.officer).submit(address, first)
    page = sign_in(account=circle.of_chor).submit(address, {**first, "text": "19 Uhr: Band"}).text
    assert "18 Uhr: Chor" in page
    assert "19 Uhr: Band" in page
    assert queries.sections(workspace.id)[0].text == "18 Uhr: Chor"


@pytest.mark.parametrize("number", [1, 12])
def test_the_workspace_asks_the_database_as_often_for_many_rows(circle, workspace, sign_in, count_queries, number):
    officer = circle.act(circle.officer)
    for n in range(number):
        tasks.add_task(officer, workspace.id, title=f"Aufgabe {n}", organization_id=circle.chor.id)
        operations.post(officer, workspace.id, text=f"Wort {n}")
        sections.add_section(officer, workspace.id, title=f"Text {n}")
    browser = sign_in(account=circle.officer)
    browser.get(f"/planung/{workspace.id}")
    with count_queries() as counted:
        browser.get(f"/planung/{workspace.id}")
    assert counted.number <= 45, counted


def test_an_event_page_is_for_everybody_once_it_is_announced(circle, idea, client, sign_in):
    address = f"/veranstaltungen/{idea.id}"
    assert client.get(address).status_code == 404
    events.accept(circle.act(circle.officer), idea.id)
    assert client.get(address).status_code == 404
    events.announce(circle.act(circle.officer), idea.id)
    page = client.get(address).text
    assert "Chor der Brücken" in page
    assert "Adresse dieser Seite" in page
    assert "Zur Planung" not in page
    assert "Fest der Stimmen" in client.get("/veranstaltungen/").text
    assert "Dafür ist gesorgt" not in page
    officer = circle.act(circle.officer)
    for kind, done in ((NeedKind.CHILD_CARE, True), (NeedKind.INTERPRETATION, False), (NeedKind.TRAVEL_REFUND, True)):
        need = needs.add_need(officer, idea.cooperation_id, kind=kind, note="Frau Haddad fragen")
        needs.tick_need(officer, need.id, done=done)
    page = client.get(address).text
    assert "Dafür ist gesorgt" in page
    assert "Kinderbetreuung" in page
    for kept in ("Dolmetschen", "Fahrtkosten", "Frau Haddad"):
        assert kept not in page
    assert "Zur Planung" in sign_in(account=circle.of_chor).get(address).text


def test_a_partner_says_what_it_gives_and_chooses_no_other_organization(circle, workspace, sign_in):
    partner = workspace.partners[0]
    address = f"/planung/{workspace.id}/beteiligte/{partner.id}"
    chor = sign_in(account=circle.of_chor)
    page = chor.get(address).text
    assert "organization_named" not in page
    assert circle.verein.name not in page
    sent = {"organization_id": circle.chor.id, "role": "partner", "contribution": "Drei Lieder"}
    found = {"organization_named": circle.verein.name}
    assert "Drei Lieder" in chor.submit(address, sent | found | {"version": partner.version}).text
    session().expire_all()
    assert (partner.organization_id, partner.contribution) == (circle.chor.id, "Drei Lieder")


def test_a_button_takes_nothing_that_it_did_not_offer(circle, workspace, sign_in):
    officer = circle.act(circle.officer)
    task = tasks.add_task(officer, workspace.id, title="Plakat")
    browser, here = sign_in(account=circle.officer), f"/planung/{workspace.id}"
    for said in ({}, {"done": "2"}, {"done": "-1 OR 1=1"}):
        assert browser.submit(f"{here}/aufgaben/{task.id}/erledigt", said).status_code == 404
    assert browser.submit(f"{here}/mails", {"wants": "7"}).status_code == 404
    assert task.done_at is None
    assert queries.wants_mail(officer, workspace.id)
    browser.submit(f"{here}/aufgaben/{task.id}/erledigt", {"done": "1"})
    assert task.done_at is not None


def test_who_declined_reads_nothing_of_it_before_everybody_may(circle, workspace, sign_in):
    asked = {"organization_id": circle.verein.id}
    operations.invite(circle.act(circle.officer), workspace.id, **asked)
    event = session().query(Event).one()
    page, verein = f"/veranstaltungen/{event.id}", sign_in(account=circle.of_verein)
    assert "Fest der Stimmen" in verein.get(page).text
    assert "Fest der Stimmen" in verein.get("/veranstaltungen/").text
    operations.answer(circle.act(circle.of_verein), workspace.id, answer=Answer.DECLINED, **asked)
    assert verein.get(page).status_code == 404
    assert "Fest der Stimmen" not in verein.get("/veranstaltungen/").text
    events.announce(circle.act(circle.officer), event.id)
    assert "Fest der Stimmen" in verein.get(page).text


def test_of_many_organizations_a_part_of_the_name_finds_the_one_to_ask(circle, workspace, make_organization, sign_in):
    for n in range(MOST_LISTED):
        make_organization(f"Verein {n:03}")
    make_organization("Frauenkreis am See")
    address, chor = f"/planung/{workspace.id}/einladen", sign_in(account=circle.of_chor)
    page = chor.get(address).text
    assert "Verein 001" not in page
    assert "Frauenkreis" not in page
    assert "Es wurde keine Organisation mit diesem Namen gefunden" in chor.submit(address, named("Amt für")).text
    assert "Bitte wählen Sie" in chor.submit(address, named("")).text
    page = chor.submit(address, named("verein 00")).text
    assert "passt auf mehrere" in page
    offered = re.findall(r"<option[^>]*>(Verein.*?)</option>", page)
    assert offered == [f"Verein {n:03}" for n in range(10)], "those whom the name fits, and no others"
    assert "Die Organisation ist gefragt" in chor.submit(address, named("frauenkreis")).text
    assert queries.standings(workspace)[-1].organization.name == "Frauenkreis am See"


def named(text):
    return {"organization_named": text, "role": "partner"}


def test_links_within_the_page_say_what_the_headings_say_and_what_is_done_with_is_folded(circle, workspace, sign_in):
    officer, browser = circle.act(circle.officer), sign_in(account=circle.officer)
    need = needs.add_need(officer, workspace.id, kind=NeedKind.CHILD_CARE)
    task = tasks.add_task(officer, workspace.id, title="Plakat")
    for n in range(7):
        operations.post(officer, workspace.id, text=f"Nachricht {n}")
    page = browser.get(f"/planung/{workspace.id}").text
    linked = re.findall(r'<a href="#(\w+)">(.*?)</a>', page[page.index('class="jump-list"') :])
    assert len(linked) == 7
    for anchor, label in linked:
        assert re.search(rf'id="{anchor}".*?<h2[^>]*>{label}</h2>|<h2 id="{anchor}">{label}</h2>', page, re.DOTALL)
    assert folds(page) == {"Was gebraucht wird": True, "Bitten an die Stadt": False, "Frühere Nachrichten": False}
    needs.tick_need(officer, need.id, done=True)
    tasks.tick_task(officer, task.id, done=True)
    page = browser.get(f"/planung/{workspace.id}").text
    assert not any(folds(page).values())
    assert "Erledigt" in folds(page)


def folds(page):
    """The folded parts of a page, and whether each stands open."""
    found = re.findall(r'<details class="fold"( open)?>\s*<summary[^>]*><h\d class="fold__title">(.*?)</h', page)
    return {title: bool(is_open) for is_open, title in found}


def test_the_draft_of_the_agreement_says_from_when_to_when(circle, workspace, sign_in):
    here = f"/planung/{workspace.id}"
    officer = sign_in(account=circle.officer)
    for page in (here, f"{here}/vereinbarung"):
        assert "Sa., 12. Dezember 2026, 18:00 bis 21:00 Uhr" in officer.get(page).text


def test_a_new_task_is_due_on_a_day_to_come(circle, workspace, sign_in):
    here = f"/planung/{workspace.id}/aufgaben"
    officer, late = sign_in(account=circle.officer), {"title": "Plakat", "due_on": "2026-01-12"}
    page = officer.submit(f"{here}/neu", late).text
    assert "Dieser Tag liegt schon zurück." in page
    assert 'value="2026-01-12"' in page
    assert queries.tasks(workspace.id) == []
    task = tasks.add_task(circle.act(circle.officer), workspace.id, title="Plakat", due_on=date(2026, 1, 12))
    page = officer.submit(f"{here}/{task.id}", {**late, "title": "Plakate", "version": task.version}).text
    assert "Die Aufgabe wurde gespeichert" in page, "its day lies back by now, and that is no fault of who changes it"


def test_the_workspace_of_what_was_held_says_what_its_record_lacks(circle, held, sign_in):
    page = sign_in(account=circle.officer).get(f"/planung/{held.id}").text
    assert "Zum Abschluss dieses Eintrags fehlen noch ein paar Angaben" in page
    assert "Um welches Thema ging es?" in page
    assert f'href="/kooperationen/{held.id}"' in page
    assert "Vereinbarung schreiben" not in page  # and nothing is begun any more
    assert "Bedarf hinzufügen" not in page
    page = sign_in(account=circle.of_chor).get(f"/planung/{held.id}").text
    assert "Um welches Thema ging es?" not in page
    assert f'href="/kooperationen/{held.id}"' not in page


def test_nothing_is_granted_by_a_careless_tap(circle, workspace, sign_in):
    asked = requests.ask(
        circle.act(circle.of_chor), workspace.id, organization_id=circle.chor.id, kind=ContributionKind.CO_FUNDING
    )
    officer, here = sign_in(account=circle.officer), f"/planung/{workspace.id}/bitten/{asked.id}"
    assert "Chor der Brücken bittet: Zuschuss" in officer.get(here).text
    assert (
        "Bitte wählen Sie eine der Möglichkeiten." in officer.submit(here, {"version": asked.version, "state": ""}).text
    )
    assert asked.state == RequestState.OPEN
    assert "gespeichert und gesendet" in officer.submit(here, {"version": asked.version, "state": "granted"}).text


def test_the_start_page_says_what_each_side_still_owes(circle, workspace, sign_in):
    chor, officer = circle.act(circle.of_chor), circle.act(circle.officer)
    tasks.add_task(officer, workspace.id, title="Saal schmücken", organization_id=circle.chor.id)
    tasks.add_task(officer, workspace.id, title="Grußwort schreiben", organization_id=circle.department.id)
    agreement = agreements.write_agreement(officer, workspace.id, version=None, promise=Promise("Fest"))
    page = sign_in(account=circle.of_chor).get("/").text
    assert "Zu tun für gemeinsame Vorhaben" in page
    assert "Saal schmücken" in page
    assert "Grußwort schreiben" not in page
    assert f'href="/planung/{workspace.id}#vereinbarung"' in page
    assert "Zu tun für gemeinsame Vorhaben" not in sign_in(account=circle.of_verein).get("/").text
    agreements.confirm_agreement(chor, workspace.id, revision=1, organization_id=circle.chor.id)
    assert "#vereinbarung" not in sign_in(account=circle.of_chor).get("/").text
    page = sign_in(account=circle.officer).get("/").text
    assert "Grußwort schreiben" in page
    assert "Saal schmücken" not in page
    assert "#vereinbarung" in page
    agreements.confirm_agreement(
        officer, workspace.id, revision=agreement.revision, organization_id=circle.department.id
    )
    assert "#vereinbarung" not in sign_in(account=circle.officer).get("/").text


def test_both_sides_are_asked_how_it_went(circle, held, sign_in, mails_to):
    assert mails_to(circle.of_chor)[-2:] == ["Fest der Stimmen: Angekündigt", "Wie war es? Fest der Stimmen"]
    with time_machine.travel(held.starts_local + timedelta(days=2), tick=True):
        chor = sign_in(account=circle.of_chor)
        assert f'href="/planung/{held.id}/rueckblick"' in chor.get("/").text
        chor.submit(f"/planung/{held.id}/rueckblick", {"what_worked": "Alle sangen."})
        assert f'href="/planung/{held.id}/rueckblick"' not in chor.get("/").text


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(("public", "told"), [(True, "können alle die Seite lesen"), (False, "im Kalender der Beteil")])
def test_who_announces_reads_before_who_will_see_it(circle, idea, sign_in, public, told):
    officer = circle.act(circle.officer)
    events.edit(officer, idea.id, version=None, plan=replace(events.plan_of(idea), public=public))
    browser = sign_in(account=circle.officer)
    assert told in browser.get(f"/planung/{idea.cooperation_id}").text
    page = browser.submit(f"/veranstaltungen/{idea.id}/ankuendigen").text
    assert ("Alle können ihre Seite lesen" in page) == public
    assert told not in page


def test_the_role_of_who_is_asked_is_chosen_and_not_taken_for_granted(circle, workspace, sign_in):
    officer, here = sign_in(account=circle.officer), f"/planung/{workspace.id}/einladen"
    asked = {"organization_id": circle.verein.id, "role": ""}
    assert "Bitte wählen Sie eine der Möglichkeiten." in officer.submit(here, asked).text
    assert "Die Organisation ist gefragt" in officer.submit(here, {**asked, "role": "door_opener"}).text


def test_of_two_fields_of_which_one_is_needed_neither_is_called_optional(circle, workspace, sign_in):
    page = sign_in(account=circle.officer).get(f"/planung/{workspace.id}/einladen").text
    assert "Oder eine andere Organisation</label>" in page
    assert "(freiwillig)" not in page


@pytest.mark.parametrize("times", [1, 3, 7])
def test_the_agreement_is_one_page_also_where_much_is_agreed_on(circle, workspace, sign_in, times):
    """Up to 3,000 letters in all; what is longer goes on."""
    text = times * "Der Verein stellt den Chor und die Technik, das Kulturamt zahlt die Miete des Saals bis zum Fest. "
    agreements.write_agreement(circle.act(circle.officer), workspace.id, version=None, promise=Promise(*[text] * 4))
    agreements.confirm_agreement(circle.act(circle.of_chor), workspace.id, revision=1, organization_id=circle.chor.id)
    content = sign_in(account=circle.officer).get(f"/planung/{workspace.id}/vereinbarung.pdf").data
    (page,) = PdfReader(BytesIO(content)).pages
    assert page.extract_text().count("Technik") == 4 * times
