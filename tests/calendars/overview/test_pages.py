"""The calendar, the subscribe page and the start page, as each of the four people sees them."""

from datetime import datetime, timedelta

from calendars.invitations import operations as invitations
from calendars.overview import calendar, queries
from core.access import ANONYMOUS, SYSTEM
from core.dated import Status
from meetings.attendance import operations as attendance
from meetings.attendance.rules import Answer
from meetings.sittings import operations as sittings
from meetings.sittings.operations import Plan
from participation.seats import operations as seats
from participation.seats.operations import SeatTerms


def test_the_public_sees_public_dates_only(client, make_committee, make_sitting):
    make_sitting(make_committee("Integrationsrat"))
    make_sitting(make_committee("Schutzgruppe", public=False), start=datetime(2027, 1, 15, 18, 30))
    for address in ("/", "/kalender/", "/kalender/?monat=2027-01&ansicht=monat", "/kalender/?monat=2027-01"):
        page = client.get(address).text
        assert "Schutzgruppe" not in page
        assert "Integrationsrat" in page


def test_an_insider_sees_the_own_committee(sign_in, make_committee, make_sitting, make_person, seat):
    committee = make_committee("Schutzgruppe", public=False)
    person = make_person("Amina Muster")
    seat(committee, person)
    make_sitting(committee)
    client = sign_in("representative", organization_id=committee.organization_id, person_id=person.id)
    page = client.get("/").text
    assert "Ihre nächsten Termine" in page
    assert "Schutzgruppe" in page
    assert "Schutzgruppe" in client.get("/kalender/?monat=2027-01").text


def test_after_a_move_to_another_day_the_answer_is_owed_again(sign_in, make_committee, make_sitting, make_person, seat):
    person, committee = make_person("Amina Muster"), make_committee("Integrationsrat")
    place = seat(committee, person)
    row = make_sitting(committee)
    invitations.invite(SYSTEM, row.id)
    client = sign_in("representative", person_id=person.id)
    assert "Eine Antwort von Ihnen ist gefragt" in client.get("/").text
    attendance.answer(person.id, row.id, place.seat_id, Answer.COMING)
    assert "Eine Antwort von Ihnen ist gefragt" not in client.get("/").text
    for days, owed in ((0, False), (7, True)):
        start = row.starts_local + timedelta(days=days, minutes=15)
        sittings.move(SYSTEM, row.id, version=None, start=start, end=None, place_id=None)
        assert ("Eine Antwort von Ihnen ist gefragt" in client.get("/").text) is owed


def test_filters_leave_out_the_others(client, make_committee, make_sitting):
    make_sitting(make_committee("Integrationsrat"))
    make_sitting(make_committee("Runder Tisch"), start=datetime(2027, 1, 20, 18, 30))
    page = client.get("/kalender/?monat=2027-01&gremium=runder-tisch").text
    assert "Mi., 20. Januar 2027" in page
    assert "Do., 14. Januar 2027" not in page


def test_a_cancelled_sitting_stays_and_says_so(client, actor, make_committee, make_sitting):
    sitting = make_sitting(make_committee())
    sittings.cancel(actor, sitting.id, reason="Krankheit")
    assert "Abgesagt" in client.get("/kalender/?monat=2027-01").text
    assert "abgesagt" in client.get("/kalender/?monat=2027-01&ansicht=monat").text


def test_a_draft_is_in_no_calendar(client, actor, make_committee):
    committee = make_committee()
    sittings.schedule(actor, committee.id, Plan(start=datetime(2027, 1, 14, 18, 30), status=Status.DRAFT))
    assert "14. Januar" not in client.get("/kalender/?monat=2027-01").text


def test_the_subscribe_page_offers_the_address_and_no_foreign_script(client, make_committee):
    make_committee("Integrationsrat")
    page = client.get("/kalender/abonnieren?gremium=integrationsrat").text
    assert "http://localhost/gremien/integrationsrat/kalender.ics" in page
    assert "webcal://localhost/gremien/integrationsrat/kalender.ics" in page
    assert "alle 8 bis 24 Stunden" in page
    assert 'role="img"' in page


def test_a_non_public_committee_cannot_be_subscribed_to_here(client, make_committee):
    make_committee("Schutzgruppe", public=False)
    assert client.get("/kalender/abonnieren?gremium=schutzgruppe").status_code == 404


def test_a_clerk_sees_what_is_to_do(sign_in, make_committee, make_sitting):
    committee = make_committee("Integrationsrat")
    make_sitting(committee, start=datetime(2026, 12, 3, 18, 30))
    make_sitting(committee, start=datetime(2026, 11, 3, 18, 30))
    page = sign_in("clerk", organization_id=committee.organization_id).get("/").text
    assert "Noch niemand eingeladen" in page
    assert "Anwesenheit fehlt" in page
    assert "Niederschrift fehlt" in page


def test_an_officer_sees_seats_that_nobody_sits_on(sign_in, actor, make_committee, make_organization):
    committee, choir = make_committee(), make_organization("Chor der Brücken")
    seats.create_seat(actor, committee.id, terms=SeatTerms(label="MO 1", organization_id=choir.id))
    department = make_organization("Fachbereich Kultur")
    page = sign_in("officer", organization_id=department.id).get("/").text
    assert "Chor der Brücken" in page


def test_rubbish_in_the_address_gives_a_page(client):
    for address in ("/kalender/?monat=9999-99", "/kalender/?organisation=x&gremium=%00", "/kalender/?ansicht=<b>"):
        assert client.get(address).status_code == 200


def test_the_calendar_asks_the_same_number_of_queries_for_many_dates(
    client, count_queries, make_committee, make_sitting
):
    committee = make_committee()

    def ask() -> int:
        with count_queries() as counted:
            client.get("/kalender/?monat=2027-01")
        return counted.number

    make_sitting(committee)
    few = ask()
    for day in range(1, 13):
        make_sitting(committee, start=datetime(2027, 1, day, 18, 30))
    assert ask() == few <= 20


def test_nobody_has_nothing_inner(app):
    assert queries.coming(ANONYMOUS, inner_only=True) == []


def test_a_full_calendar_comes_in_pages(client, monkeypatch, make_committee, make_sitting):
    monkeypatch.setattr(calendar, "PER_PAGE", 2)
    committee = make_committee("Integrationsrat")
    for day in (12, 13, 14):
        make_sitting(committee, start=datetime(2027, 1, day, 18, 30))
    first, second = (client.get(f"/kalender/?monat=2027-01&seite={number}").text for number in (1, 2))
    assert ("13. Januar 2027" in first, "14. Januar 2027" in first, "Seite 1 von 2" in first) == (True, False, True)
    assert ("13. Januar 2027" in second, "14. Januar 2027" in second) == (False, True)


def test_filters_are_folded_on_a_phone_until_one_is_set(client):
    folded, opened = '<details class="fold fold--narrow">', '<details class="fold fold--narrow" open>'
    assert folded in client.get("/kalender/").text
    assert folded in client.get("/kalender/?monat=2027-01").text
    assert opened in client.get("/kalender/?art=sitzungen").text
