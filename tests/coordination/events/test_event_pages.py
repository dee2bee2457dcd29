"""Pages of events: who may open which, what stands on them, and that nothing typed is lost."""

import re
from datetime import datetime

from sqlalchemy import select

from coordination.cooperation.facts import PartnerTerms
from coordination.cooperation.partners import add_partner, remove_partner
from coordination.events import operations
from coordination.events.models import Event
from coordination.events.rules import State
from coordination.organizations.rules import Topic
from core import clock
from core.access import SYSTEM
from core.database import session, version_of
from core.outbox import OutboxMail

FORM = {"title": "Fest", "date": "2026-12-12", "start": "18:00", "end": "21:00", "lead": "joint", "public": "y"}


def test_an_officer_plans_an_event_and_asks_who_takes_part(sides, sign_in):
    page = sign_in(account=sides.officer).submit("/veranstaltungen/neu", {**FORM, "topics": "culture"})
    assert "Die Veranstaltung ist eingetragen" in page.text
    assert page.request.path.endswith("/einladen")
    (event,) = session().query(Event)
    assert (event.state, event.cooperation.initiator_id) == (State.PLANNED, sides.department.id)


def test_the_time_can_be_checked_without_saving(sides, sign_in):
    page = sign_in(account=sides.officer).submit(
        "/veranstaltungen/neu", {**FORM, "date": "2026-12-10", "start": "10:00", "check": "1"}
    )
    assert "Bürozeit" in page.text
    assert 'value="10:00"' in page.text
    assert session().query(Event).count() == 0


def test_what_cannot_be_taken_stays_in_the_form_with_its_reason(sides, sign_in):
    told = {**FORM, "title": "", "end": "17:00", "text": "Viel Text."}
    page = sign_in(account=sides.officer).submit("/veranstaltungen/neu", told).text
    assert "Bitte füllen Sie dieses Feld aus." in page
    assert "Viel Text." in page
    page = sign_in(account=sides.officer).submit("/veranstaltungen/neu", {**told, "title": "Fest"}).text
    assert "Das Ende muss nach dem Beginn liegen." in page
    assert session().query(Event).count() == 0


def test_two_windows_on_one_event_show_both_versions(sides, plan, sign_in):
    event = operations.create(sides.staff, plan())
    address, seen = f"/veranstaltungen/{event.id}/bearbeiten", {**FORM, "version": version_of(event, event.cooperation)}
    client = sign_in(account=sides.officer)
    client.submit(address, {**seen, "title": "Fest der Brücken"})
    page = client.submit(address, {**seen, "title": "Fest der Chöre"}).text
    assert "Fest der Brücken" in page
    assert 'value="Fest der Chöre"' in page
    assert event.title == "Fest der Brücken"


def test_two_who_change_the_topics_alone_see_both(sides, plan, sign_in):
    event = operations.create(sides.staff, plan())
    address = f"/veranstaltungen/{event.id}/bearbeiten"
    seen = {**FORM, "title": event.title, "version": version_of(event, event.cooperation)}
    client = sign_in(account=sides.officer)
    client.submit(address, {**seen, "topics": "sport"})
    page = client.submit(address, {**seen, "topics": "culture"}).text
    assert "Inzwischen hat eine andere Person gespeichert" in page
    assert {topic.topic for topic in event.cooperation.topics} == {Topic.SPORT}
    told = {"topics": "religion", "version": event.cooperation.version}
    client.submit(f"/kooperationen/{event.cooperation_id}/bearbeiten", told)
    again = {**seen, "topics": "culture", "version": re.search(r'name="version"[^>]*value="(\d+)"', page)[1]}
    page = client.submit(address, again).text
    assert "Inzwischen hat eine andere Person gespeichert" in page, "the record was saved on its own page"
    assert {topic.topic for topic in event.cooperation.topics} == {Topic.RELIGION}
    again["version"] = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
    assert "gespeichert" in client.submit(address, again).text
    assert {topic.topic for topic in event.cooperation.topics} == {Topic.CULTURE}


def test_each_side_is_offered_its_own_steps(sides, idea, sign_in):
    here, there = f"/planung/{idea.cooperation_id}", f"/veranstaltungen/{idea.id}"
    partner = sign_in(account=sides.of_chor)
    page = partner.get(here).text
    assert f"{there}/absagen" in page, "who had the idea may take it back"
    assert f"{there}/annehmen" not in page
    assert partner.submit(f"{there}/annehmen").status_code == 403
    officer = sign_in(account=sides.officer)
    assert f"{there}/annehmen" in officer.get(here).text
    officer.submit(f"{there}/annehmen")
    partner = sign_in(account=sides.of_chor)
    assert f"{there}/absagen" not in partner.get(here).text
    assert partner.submit(f"{there}/absagen", {"reason": "Keine Lust"}).status_code == 404
    assert idea.state == State.PLANNED


def test_calling_off_tells_why(sides, plan, sign_in):
    event = operations.create(sides.staff, plan(), state=State.ANNOUNCED)
    client = sign_in(account=sides.officer)
    client.submit(f"/veranstaltungen/{event.id}/absagen", {"reason": "Der Saal brennt."})
    assert "Der Saal brennt." in client.get(f"/planung/{event.cooperation_id}").text
    client.get("/abmelden")
    page = client.get(f"/veranstaltungen/{event.id}").text
    assert "Diese Veranstaltung wurde abgesagt." in page


def test_the_list_shows_the_public_what_is_announced_and_planners_what_they_plan(sides, plan, client, sign_in):
    operations.create(sides.staff, plan("Geheime Planung"))
    operations.create(sides.staff, plan("Sommerfest"), state=State.ANNOUNCED)
    operations.create(sides.staff, plan("Nur für uns", public=False), state=State.ANNOUNCED)
    operations.create(sides.staff, plan("Vorbei", datetime(2026, 10, 3, 18)), state=State.ANNOUNCED)
    page = client.get("/veranstaltungen/").text
    assert [word in page for word in ("Sommerfest", "Geheime", "Nur für uns", "Vorbei")] == [True, False, False, False]
    page = client.get("/veranstaltungen/?vergangen=1").text
    assert [word in page for word in ("Sommerfest", "Geheime", "Nur für uns", "Vorbei")] == [False, False, False, True]
    page = sign_in(account=sides.officer).get("/veranstaltungen/").text
    assert all(word in page for word in ("Sommerfest", "Geheime", "Nur für uns"))


def test_long_lists_show_their_first_rows_and_the_way_to_all(sides, plan, sign_in):
    for n in range(12):
        operations.propose(SYSTEM, sides.chor.id, plan=plan(f"Idee {n:02}"))
    client = sign_in(account=sides.officer)
    page = client.get("/veranstaltungen/").text
    assert "Idee 09" in page
    assert "Idee 10" not in page
    assert "Alle 12, die Sie planen" in page
    page = client.get("/").text
    assert "Idee 09" in page
    assert "Idee 10" not in page
    assert "2 weitere warten auf Sie" in page
    page = client.get("/veranstaltungen/geplant").text
    assert all(f"Idee {n:02}" in page for n in range(12))
    assert "Idee 11" in sign_in(account=sides.of_chor).get("/veranstaltungen/geplant").text


def test_lists_and_pages_ask_as_often_for_many_events_and_partners(
    sides, plan, sign_in, count_queries, make_organization
):
    event = operations.create(SYSTEM, plan("Fest"), state=State.ANNOUNCED)

    def grow(number):
        for n in range(number):
            other = operations.create(SYSTEM, plan(f"Fest {n}"), state=State.ANNOUNCED)
            operations.propose(SYSTEM, sides.chor.id, plan=plan(f"Idee {n}"))
            partner = PartnerTerms(make_organization().id)
            for one in (event, other):
                add_partner(SYSTEM, one.cooperation_id, terms=partner)

    def asked():
        client, found = sign_in(account=sides.officer), {}
        here, record = f"/veranstaltungen/{event.id}", event.cooperation_id
        for page in ("/veranstaltungen/", "/", here, f"{here}/bearbeiten", f"/planung/{record}"):
            client.get(page)
            with count_queries() as counted:
                assert client.get(page).status_code == 200
            found[page] = counted.number
        return found

    grow(2)
    few = asked()
    grow(10)
    assert asked() == few
    assert max(few[page] for page in ("/veranstaltungen/", "/")) <= 20


def test_an_idea_that_was_turned_down_is_nowhere_said_to_be_called_off(sides, idea, sign_in):
    officer = sign_in(account=sides.officer)
    workspace = officer.submit(f"/veranstaltungen/{idea.id}/absagen", {"reason": "Kein Platz."}).text
    assert "veranstaltung · Nicht aufgegriffen · " in workspace
    announcement = officer.get(f"/veranstaltungen/{idea.id}").text
    assert "Dieser Vorschlag wurde nicht aufgegriffen." in announcement
    records = officer.get("/kooperationen/").text
    assert all("Nicht aufgegriffen" in page for page in (workspace, records))
    assert "kern-badge--danger" not in workspace + announcement + records
    assert "bgesagt" not in workspace + announcement + records


def test_who_had_the_idea_withdraws_it_and_the_municipality_hears_of_that(sides, idea, sign_in):
    here, there = f"/planung/{idea.cooperation_id}", f"/veranstaltungen/{idea.id}/absagen"
    officer = sign_in(account=sides.officer)
    assert "Antwort: diesmal nicht" in officer.get(here).text
    assert "Antwort: diesmal nicht" in officer.get(there).text
    chor = sign_in(account=sides.of_chor)
    for page in (here, there):
        assert "Vorschlag zurückziehen" in chor.get(page).text
        assert "Antwort: diesmal nicht" not in chor.get(page).text
    page = chor.submit(there, {"reason": "Wir sind verreist."}).text
    assert "Der Vorschlag ist zurückgezogen." in page
    assert "Nicht aufgegriffen" in page
    assert "Ihre Antwort ging" not in page
    told = session().scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
    assert (told.to_address, told.subject) == (sides.officer.email, f"{idea.title}: Zurückgezogen")


def test_who_only_takes_part_cannot_withdraw_the_idea_of_another(sides, idea, make_organization, make_account, sign_in):
    other = make_organization("Verein Nord")
    add_partner(SYSTEM, idea.cooperation_id, terms=PartnerTerms(other.id))
    partner = sign_in(account=make_account("representative", organization_id=other.id))
    there = f"/veranstaltungen/{idea.id}/absagen"
    assert there not in partner.get(f"/planung/{idea.cooperation_id}").text
    assert partner.submit(there, {"reason": "Keine Lust"}).status_code == 404
    assert idea.state == State.IDEA
    remove_partner(SYSTEM, idea.cooperation.partners[0].id)
    assert sign_in(account=sides.of_chor).get(there).status_code == 404, "nor who takes part no more"


def test_an_idea_needs_a_title_alone_and_its_day_before_it_is_taken_up(sides, sign_in):
    chor = sign_in(account=sides.of_chor)
    form = chor.get("/veranstaltungen/vorschlagen").text
    assert re.findall(r'<label class="kern-label" for="(\w+)"', form[: form.index('class="fold"')])[-3:] == [
        *("title", "text", "organization")
    ]
    told = {"title": "Fest", "organization": sides.chor.id, "lead": "joint", "public": "y"}
    workspace = chor.submit("/veranstaltungen/vorschlagen", told).text
    assert "Danke für Ihre Idee" in workspace
    (idea,) = session().query(Event)
    assert (idea.starts_at, idea.cooperation.starts_on) == (None, None)
    here, there = f"/planung/{idea.cooperation_id}", f"/veranstaltungen/{idea.id}"
    for page in (here, there, "/veranstaltungen/", "/veranstaltungen/geplant"):
        assert "Der Tag steht noch nicht fest" in chor.get(page).text
    officer = sign_in(account=sides.officer)
    assert "Fest" in officer.get("/").text
    page = officer.get(here).text
    assert "Tag festlegen" in page
    assert f"{there}/annehmen" not in page
    assert "Bitte legen Sie zuerst den Tag fest." in officer.submit(f"{there}/annehmen").text
    told["version"] = version_of(idea, idea.cooperation)
    half = officer.submit(f"{there}/bearbeiten", {**told, "start": "18:00"}).text
    assert "Tag: Bitte füllen Sie Tag und Beginn aus" in half
    officer.submit(f"{there}/bearbeiten", {**told, "date": "2026-12-12", "start": "18:00"})
    officer.submit(f"{there}/annehmen")
    assert (idea.state, idea.starts_local) == (State.PLANNED, datetime(2026, 12, 12, 18))
    without = {**told, "version": version_of(idea, idea.cooperation)}
    assert "Tag: Bitte füllen Sie dieses Feld aus." in officer.submit(f"{there}/bearbeiten", without).text


def test_what_is_wrong_within_a_folded_part_of_the_form_stands_open(sides, sign_in):
    told = {"title": "Fest", "organization": sides.chor.id, "lead": "joint", "public": "y", "date": "2026-12-12"}
    page = sign_in(account=sides.of_chor).submit("/veranstaltungen/vorschlagen", told).text
    assert "Beginn: Bitte füllen Sie Tag und Beginn aus" in page
    assert re.findall(r'<details class="fold"( open)?>', page) == [" open", ""]
    untitled = {**told, "title": "", "start": "18:00", "languages": "Deutsch"}
    page = sign_in(account=sides.of_chor).submit("/veranstaltungen/vorschlagen", untitled).text
    assert re.findall(r'<details class="fold"( open)?>', page) == [" open", " open"]  # what was filled in is in sight


def test_what_is_proposed_is_still_to_come(sides, sign_in):
    chor = sign_in(account=sides.of_chor)
    past = {**FORM, "date": "2026-01-12", "organization": sides.chor.id}
    page = chor.submit("/veranstaltungen/vorschlagen", past).text
    assert "Dieser Tag liegt schon zurück." in page
    assert 'value="2026-01-12"' in page
    assert session().query(Event).count() == 0
    today = {**past, "date": f"{clock.today()}", "start": "23:00", "end": "23:30"}
    assert "Danke für Ihre Idee" in chor.submit("/veranstaltungen/vorschlagen", today).text


def test_what_lies_back_already_may_be_changed(sides, plan, sign_in):
    event = operations.create(sides.staff, plan("Fest", datetime(2026, 1, 12, 18)))
    told = {**FORM, "date": "2026-01-12", "title": "Fest der Brücken", "version": version_of(event, event.cooperation)}
    sign_in(account=sides.officer).submit(f"/veranstaltungen/{event.id}/bearbeiten", told)
    assert event.title == "Fest der Brücken"
