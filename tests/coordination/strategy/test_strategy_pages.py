"""Pages of the strategy: what was adopted is everybody's, drafts are staff's, and cooperations serve a measure."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from coordination.cooperation.facts import Facts, PartnerTerms
from coordination.cooperation.models import Cooperation
from coordination.cooperation.operations import create_cooperation
from coordination.cooperation.partners import add_partner
from coordination.cooperation.rules import Format, Status
from coordination.organizations.queries import find_by_key
from coordination.organizations.rules import Kind
from coordination.strategy import operations, queries, statements
from coordination.strategy.models import Aim, Measure
from coordination.strategy.operations import Stand, terms_of
from coordination.strategy.rules import Foundation, State
from core.access import SYSTEM
from core.database import session

COUNCIL = {"adopted_on": "05.03.2026", "adopted_by": "Gemeinderat"}


def record(title, measure, **facts):
    told = {"format": Format.SINGLE_EVENT, "status": Status.HELD, "starts_on": date(2026, 5, 9), **facts}
    return create_cooperation(SYSTEM, Facts(title, measure_id=measure.id, **told))


def test_from_an_aim_to_a_measure_that_is_reached(sign_in, client, make_organization):
    office = make_organization("Amt für Integration", kind=Kind.DEPARTMENT)
    staff = sign_in("officer")
    assert "Es ist noch kein Ziel beschlossen." in staff.get("/strategie/").text
    page = staff.submit("/strategie/ziele/neu", {"title": "Vereine stärken", **COUNCIL, "adopted_by": ""})
    assert "Bitte sagen Sie, welches Gremium das beschlossen hat." in page.text
    assert "Vereine stärken" in page.text
    page = staff.submit("/strategie/ziele/neu", {"title": "Vereine stärken", "text": "Für alle.", **COUNCIL})
    assert "Was wird getan, um es zu erreichen?" in page.text
    aim = queries.find_aim("vereine-staerken")
    sent = {"title": "Raumbörse", "owner_id": office.id, "due_on": "31.12.2026", **COUNCIL}
    page = staff.submit(f"/strategie/ziele/{aim.id}/massnahmen/neu", sent)
    assert "Amt für Integration" in page.text
    measure = queries.find_measure("raumboerse")
    address = f"/strategie/massnahmen/{measure.id}"
    refused = staff.submit(f"{address}/stand", {"state": "given_up", "since": "01.10.2026", "version": measure.version})
    assert "Bitte sagen Sie, warum es aufgegeben wurde." in refused.text
    page = staff.submit(
        f"{address}/stand",
        {"state": "reached", "since": "01.10.2026", "reason": "Sie steht.", "version": measure.version},
    )
    assert "Erreicht" in page.text
    assert "Wie es dazu kam" not in page.text, "it was reached before the day from which it was said to be planned"
    sent = {"state": "under_way", "since": "02.10.2026", "reason": "Noch einmal.", "version": measure.version}
    assert "Wie es dazu kam" in staff.submit(f"{address}/stand", sent).text
    sent = {"state": "reached", "since": "05.10.2026", "reason": "Sie steht.", "version": measure.version}
    staff.submit(f"{address}/stand", sent)
    everybody = client.get("/strategie/").text
    for words in ("Vereine stärken", "Raumbörse", "Amt für Integration", "Erreicht", "1 Maßnahme", "1 erreicht"):
        assert words in everybody, words
    assert "Sie steht." in client.get(address).text


def test_everybody_reads_how_it_came_from_the_day_it_was_adopted(sign_in, client, make_aim):
    aim = make_aim(adopted=False)
    steps = ((State.PLANNED, 1, "Vertraulich."), (State.UNDER_WAY, 2, "Begonnen."), (State.REACHED, 4, "Fertig."))
    for state, month, reason in steps:
        stand = Stand(state, date(2026, month, 1), reason)
        operations.set_state(SYSTEM, Aim, aim.id, version=None, stand=stand)
        if state is State.UNDER_WAY:
            terms = replace(terms_of(aim), adopted_on=date(2026, 3, 5), adopted_by="Gemeinderat")
            operations.edit(SYSTEM, Aim, aim.id, version=None, terms=terms)
    address = f"/strategie/ziele/{aim.id}"
    assert [reason in client.get(address).text for *_, reason in steps] == [False, True, True]
    assert [reason in sign_in("officer").get(address).text for *_, reason in steps] == [True, True, True]


def test_drafts_are_for_those_who_edit_them(sign_in, client, make_aim, make_measure, sign_in_member):
    draft, adopted = make_aim("Geheimes Ziel", adopted=False), make_aim("Offenes Ziel")
    hidden = make_measure(adopted, "Geheime Maßnahme", adopted=False)
    addresses = [f"/strategie/ziele/{draft.id}", f"/strategie/massnahmen/{hidden.id}"]
    for signed_in in (False, True):
        who = sign_in_member() if signed_in else client
        text = who.get("/strategie/").text + who.get(f"/strategie/ziele/{adopted.id}").text
        assert "Offenes Ziel" in text
        assert "Geheim" not in text
        assert "0 Maßnahmen" in text
        assert [who.get(address).status_code for address in addresses] == [404, 404]
    staff = sign_in("officer")
    assert staff.get("/strategie/").text.count("Geheim") >= 2
    assert [staff.get(address).status_code for address in addresses] == [200, 200]


def test_other_organizations_are_named_to_those_who_may_look_them_up(sign_in, client, make_aim, make_measure, choir):
    measure = make_measure(make_aim(), owner_id=choir.id)
    address = f"/strategie/massnahmen/{measure.id}"
    public = client.get(address).text
    assert "Eine Organisation außerhalb der Verwaltung" in public
    assert "Chor der Brücken" not in public
    staff = sign_in("officer")
    assert "Chor der Brücken" in staff.get(address).text
    assert "Maßnahmen, um die sie sich kümmert" in staff.get(f"/organisationen/{choir.id}").text


def test_an_owner_outside_of_a_short_list_is_found_by_a_part_of_its_name(sign_in, make_organization, choir):
    for number in range(90):
        make_organization(f"Verein {number:02}")
    office = make_organization("Amt", kind=Kind.DEPARTMENT)
    make_organization("Chor am Fluss")
    staff = sign_in("officer")
    page = staff.get("/strategie/ziele/neu").text
    assert f'value="{office.id}"' in page
    assert "Verein 42" not in page
    page = staff.submit("/strategie/ziele/neu", {"title": "Singen", "owner_named": "Posaunen"}).text
    assert "Es wurde keine Organisation mit diesem Namen gefunden." in page
    page = staff.submit("/strategie/ziele/neu", {"title": "Singen", "owner_named": "chor"}).text
    assert "Der Name passt auf mehrere Organisationen." in page
    assert f'value="{choir.id}"' in page
    staff.submit("/strategie/ziele/neu", {"title": "Singen", "owner_named": "chor", "owner_id": choir.id})
    staff.submit("/strategie/ziele/neu", {"title": "Tanzen", "owner_named": "Brücken"})
    staff.submit("/strategie/ziele/neu", {"title": "Malen", "owner_named": "verein 07"})
    owners = [queries.find_aim(key).owner.name for key in ("singen", "tanzen", "malen")]
    assert owners == ["Chor der Brücken", "Chor der Brücken", "Verein 07"]


def test_who_saves_later_sees_what_was_saved_meanwhile(sign_in, make_aim):
    aim = make_aim()
    staff, opened = sign_in("officer"), aim.version
    address = f"/strategie/ziele/{aim.id}/bearbeiten"
    staff.submit(address, {"title": "Meins", **COUNCIL, "version": opened})
    page = staff.submit(address, {"title": "Deins", **COUNCIL, "version": opened}).text
    assert "Meins" in page
    assert "Deins" in page
    session().expire_all()
    assert aim.title == "Meins"


def test_a_measure_shows_what_serves_it_as_far_as_one_may_read_it(
    sign_in, client, make_aim, make_measure, sign_in_member
):
    measure = make_measure(make_aim())
    mine = record("Fest der Nachbarn", measure)
    choir = find_by_key("chor-der-bruecken")
    add_partner(SYSTEM, mine.id, terms=PartnerTerms(choir.id))
    record("Lesung", measure)
    record("Idee", measure, status=Status.IDEA)
    record("Vertraulich", measure, restricted=True)
    address = f"/strategie/massnahmen/{measure.id}"
    public = client.get(address).text
    assert "2 Kooperationen haben dafür stattgefunden" in public
    assert "Fest der Nachbarn" not in public
    member = sign_in_member().get(address).text
    assert "Fest der Nachbarn" in member
    assert "Lesung" not in member
    staff = sign_in("officer")
    text = staff.get(address).text
    for title, seen in (("Fest der Nachbarn", True), ("Lesung", True), ("Idee", True), ("Vertraulich", False)):
        assert (title in text) == seen, title
    listed = staff.get(f"/kooperationen/?massnahme={measure.id}").text
    assert "3 Einträge" in listed


def test_a_measure_is_chosen_in_the_record_and_shown_there(sign_in, make_aim, make_measure, sign_in_member, choir):
    aim = make_aim()
    open_one, done = make_measure(aim), make_measure(aim, "Vorbei", stand=Stand(State.REACHED))
    hidden = make_measure(aim, "Geheim", adopted=False)
    staff = sign_in("officer")
    page = staff.get("/kooperationen/neu").text
    assert "Raumbörse" in page
    assert "Vorbei" not in page
    sent = {"title": "Fest", "format": "single_event", "status": "held", "measure_id": done.id}
    assert "wurde eingetragen" not in staff.submit("/kooperationen/neu", sent).text
    staff.submit("/kooperationen/neu", {**sent, "measure_id": hidden.id})
    row = queries.get_measure(hidden.id)
    (made,) = session().scalars(select(Cooperation))
    add_partner(SYSTEM, made.id, terms=PartnerTerms(choir.id))
    address = f"/kooperationen/{made.id}"
    assert row.title in staff.get(address).text
    member = sign_in_member().get(address).text
    assert row.title not in member, "a draft is for those who edit it"
    assert open_one.title not in member


def test_pages_take_as_many_queries_for_many_as_for_few(
    client, make_aim, make_measure, make_organization, count_queries
):
    aim = make_aim()
    measure = make_measure(aim)
    numbers = []
    for start, end in ((0, 3), (3, 30)):
        for number in range(start, end):
            office = make_organization(f"Amt {number}", kind=Kind.DEPARTMENT)
            make_measure(make_aim(f"Ziel {number}"), f"Maßnahme {number}", owner_id=office.id)
            make_measure(aim, f"Weitere {number}", owner_id=office.id)
            record(f"Fest {number}", measure)
        session().expire_all()
        with count_queries() as counted:
            for page in ("", f"ziele/{aim.id}", f"massnahmen/{measure.id}"):
                assert client.get(f"/strategie/{page}").status_code == 200
        numbers.append(counted.number)
    assert numbers[0] == numbers[1]


def test_what_the_work_rests_on_is_stated_and_taken_back(sign_in, client):
    staff = sign_in("officer")
    sent = {"foundation": "concept", "holds": "y", "since": "01.02.2026", "note": "Leitlinien"}
    assert "Die Angabe wurde gespeichert." in staff.submit("/strategie/grundlagen", sent).text
    page = client.get("/strategie/").text
    assert "Leitlinien" in page
    assert "Keine Angabe" in page
    future = {**sent, "since": str(date(2026, 11, 17))}
    assert "Dieser Tag kommt erst noch." in staff.submit("/strategie/grundlagen", future).text
    (row,) = queries.list_statements()
    staff.submit(f"/strategie/grundlagen/{row.id}/entfernen")
    assert queries.list_statements() == []


def test_staff_are_told_of_what_is_past_its_day(sign_in, make_aim, make_measure, sign_in_member):
    make_measure(make_aim(), due_on=date(2026, 11, 1))
    words = "1 Maßnahme sollte schon erreicht sein"
    assert words in sign_in("officer").get("/").text
    assert words not in sign_in_member().get("/").text


def test_all_of_it_is_a_file_for_staff(sign_in, client, make_aim, make_measure):
    make_measure(make_aim("Entwurf", adopted=False), adopted=False)
    statements.state(SYSTEM, Foundation.CONCEPT, holds=True, since=date(2026, 1, 1))
    answer = sign_in("officer").get("/strategie/strategie.csv")
    assert answer.mimetype == "text/csv"
    assert [line.partition(";")[0] for line in answer.text.splitlines()[1:]] == ["concept", "aim", "measure"]


@pytest.mark.parametrize("state", State)
def test_a_draft_that_was_a_mistake_is_removed_whatever_its_state(sign_in, make_aim, make_measure, state):
    aim = make_aim(adopted=False)
    measure = make_measure(aim, adopted=False)
    since = date(2026, 11, 16) - timedelta(days=1)
    operations.set_state(SYSTEM, Measure, measure.id, version=None, stand=Stand(state, since, "Darum"))
    staff = sign_in("officer")
    assert "wurde entfernt" in staff.submit(f"/strategie/massnahmen/{measure.id}/entfernen").text
    assert "wurde entfernt" in staff.submit(f"/strategie/ziele/{aim.id}/entfernen").text
