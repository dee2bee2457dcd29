"""The pages of sittings: a committee's tab, the form with its hint, moving, cancelling, deleting."""

import re
from datetime import datetime, timedelta

import pytest

from core.access import SYSTEM
from core.dated import Status
from core.hour_words import hour_hint
from core.hours import HourRules, Kind
from meetings.sittings import operations, queries
from meetings.sittings.rules import Sight
from meetings.sittings.views import PER_PAGE

EVENING = datetime(2026, 11, 26, 18, 30)
FORM = {
    "date": "2026-11-26",
    "start": "18:30",
    "end": "20:30",
    "title": "Haushalt",
    "mode": "in_person",
    "public": "y",
    "status": "confirmed",
}


@pytest.fixture
def clerk(sign_in, make_committee):
    """A committee and its clerk's browser."""
    committee = make_committee()
    return sign_in("clerk", organization_id=committee.organization_id), committee


def only_row(committee):
    (row,) = queries.list_of_committee(committee.id, Sight.EVERYTHING)
    return row


def test_a_clerk_schedules_moves_confirms_and_cancels(clerk, make_place):
    client, committee = clerk
    place = make_place("Rathaus", room="Saal")
    page = client.submit("/gremien/integrationsrat/sitzungen/neu", {**FORM, "status": "tentative", "place": place.id})
    assert "Die Sitzung wurde angelegt." in page.text
    assert "Do., 26. November 2026, 18:30 bis 20:30 Uhr" in page.text
    assert "Auch Berufstätige können kommen" in page.text
    row = only_row(committee)
    page = client.submit(f"/sitzungen/{row.id}/bestaetigen")
    assert "jetzt bestätigt" in page.text
    row = only_row(committee)
    moved = {**FORM, "start": "19:00", "place": place.id, "version": row.version, "reason": "Später ist besser"}
    page = client.submit(f"/sitzungen/{row.id}/bearbeiten", moved)
    assert "19:00 bis 20:30" in page.text
    assert "Später ist besser" in page.text
    row = only_row(committee)
    page = client.get(f"/sitzungen/{row.id}/absagen")
    assert "als abgesagt markiert" in page.text
    page = client.submit(f"/sitzungen/{row.id}/absagen", {"reason": "Sturm", "version": row.version})
    assert "Diese Sitzung wurde abgesagt." in page.text
    assert "Sturm" in page.text
    assert f"/sitzungen/{row.id}/bearbeiten" not in page.text


def test_a_draft_is_deleted_after_a_warning(clerk):
    client, committee = clerk
    client.submit("/gremien/integrationsrat/sitzungen/neu", {**FORM, "status": "draft"})
    address = f"/sitzungen/{only_row(committee).id}"
    assert "endgültig gelöscht" in client.get(f"{address}/loeschen").text
    page = client.submit(f"{address}/loeschen")
    assert "Der Entwurf wurde gelöscht." in page.text
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"end": "18:30"}, "Ende muss nach dem Beginn"),
        ({"end": "17:00"}, "Ende muss nach dem Beginn"),
        ({"date": "2027-03-28", "start": "02:30", "end": ""}, "Diese Uhrzeit gibt es nicht"),
        ({"date": "2027-10-31", "start": "02:30", "end": ""}, "Diese Uhrzeit gibt es zweimal"),
        ({"date": "2026-02-30"}, "ein Datum wie 14.01.2027 ein."),
        ({"date": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"start": "25:00"}, "Bitte geben Sie eine Uhrzeit wie 18:30 ein."),
        ({"start": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"date": "0001-01-01", "start": "00:00"}, "Das Jahr muss zwischen 1950 und 2199 liegen."),
        ({"date": "9999-12-31", "start": "23:59", "end": ""}, "Das Jahr muss zwischen 1950 und 2199 liegen."),
        ({"title": "x" * 10_000}, "höchstens 200 Zeichen"),
        ({"title": "Rat \u202etar"}, "Schreibrichtung"),
        ({"video_url": "javascript:alert(1)", "mode": "video"}, "eine Adresse wie https://www.example.org"),
        ({"video_url": "https://video.example/raum"}, "keine Videokonferenz"),
        ({"place": "999999"}, "Keine gültige Auswahl"),
        ({"status": "cancelled"}, "Keine gültige Auswahl"),
        ({"mode": "telepathy"}, "gültige Auswahl"),
    ],
)
def test_bad_input_gets_a_german_message_and_loses_nothing(clerk, typed, complaint):
    client, committee = clerk
    page = client.submit("/gremien/integrationsrat/sitzungen/neu", {**FORM, "number": "3/2027 bleibt", **typed})
    assert page.status_code == 200
    assert re.search(r'class="(?:field__errors|kern-error|error-summary__list)', page.text)
    assert complaint in page.text
    assert "3/2027 bleibt" in page.text
    assert queries.list_of_committee(committee.id, Sight.EVERYTHING) == []


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 11, 27, 18), datetime(2026, 11, 28, 0, 30)),
        (datetime(2026, 11, 27, 18), datetime(2026, 11, 28, 20)),
        (datetime(2026, 11, 27, 18), datetime(2026, 11, 29, 17)),
    ],
)
def test_who_edits_a_sitting_of_a_night_or_of_several_days_does_not_shorten_it(clerk, make_sitting, start, end):
    """A file brought it, or the form: an hour after midnight is on the next day."""
    client, committee = clerk
    row = make_sitting(committee, start=start, end=end)
    shown = {"date": f"{start:%Y-%m-%d}", "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
    client.submit(f"/sitzungen/{row.id}/bearbeiten", {**FORM, **shown, "title": "Klausur"})
    changed = only_row(committee)
    assert (changed.title, changed.starts_local, changed.ends_local) == ("Klausur", start, end)


def test_an_hour_after_midnight_is_on_the_next_day(clerk):
    client, committee = clerk
    client.submit("/gremien/integrationsrat/sitzungen/neu", {**FORM, "end": "00:30"})
    assert only_row(committee).ends_local == datetime(2026, 11, 27, 0, 30)


def test_a_taken_room_is_named_at_its_field(clerk, make_place, make_sitting):
    client, committee = clerk
    place = make_place("Rathaus", room="Saal")
    make_sitting(committee, place_id=place.id)
    page = client.submit("/gremien/integrationsrat/sitzungen/neu", {**FORM, "place": place.id})
    assert 'id="place-error"' in page.text
    assert "Haushalt" in page.text


@pytest.mark.parametrize("status", ["draft", "confirmed"])
def test_the_check_names_who_has_the_room_and_saves_nothing(clerk, make_place, make_sitting, status):
    client, committee = clerk
    place = make_place("Rathaus", room="Saal")
    there = make_sitting(committee, start=EVENING, end=EVENING + timedelta(hours=2), place_id=place.id)
    taken = "ist schon belegt: Do., 26. November 2026, 18:30 bis 20:30 Uhr"
    new, own = "/gremien/integrationsrat/sitzungen/neu", f"/sitzungen/{there.id}/bearbeiten"
    asked = {**FORM, "start": "20:00", "end": "", "status": status, "place": place.id, "check": "1"}
    page = client.submit(new, asked)
    assert taken in page.text
    assert 'id="place-error"' not in page.text
    assert taken not in client.submit(new, {**asked, "start": "20:30"}).text
    assert taken not in client.submit(own, {**asked, "start": "20:00"}).text  # its own room
    for rubbish in (
        {"place": "9" * 30},
        {"date": "9999-12-31"},
        {"start": ""},
        {"start": "02:30", "date": "2027-03-28"},
    ):
        assert client.submit(new, {**asked, **rubbish}).status_code == 200
    only_row(committee)


@pytest.mark.parametrize(
    ("day", "start", "words"),
    [
        ("2026-11-26", "16:30", "Das ist Bürozeit"),
        ("2026-11-26", "17:30", "Das ist außerhalb der Bürozeit"),
        ("2026-11-28", "10:00", "Das ist am Wochenende."),
        ("2027-01-06", "10:00", "Das ist ein Feiertag: "),
        ("2027-03-28", "02:30", "Diese Uhrzeit gibt es nicht"),
        ("2026-13-01", "10:00", ""),
        ("9999-12-31", "10:00", "Das Jahr muss"),
        ("", "", ""),
        ("<b>", "\0", ""),
    ],
)
def test_the_kind_of_time_is_said_before_anything_is_saved(clerk, day, start, words):
    client, committee = clerk
    answer = client.get("/sitzungen/zeitart", query_string={"tag": day, "von": start})
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    assert answer.text.startswith(words)
    typed = {**FORM, "date": day.replace("\0", ""), "start": start.replace("\0", ""), "check": "1"}
    page = client.submit("/gremien/integrationsrat/sitzungen/neu", typed)
    assert words in page.text
    assert 'value="Haushalt"' in page.text
    assert queries.list_of_committee(committee.id, Sight.EVERYTHING) == []


def test_hints_name_the_holiday_of_the_land():
    rules = HourRules(land="BW")
    assert hour_hint(datetime(2027, 1, 6, 10), rules).kind is Kind.FREE_DAY
    assert hour_hint(datetime(2027, 1, 6, 10), HourRules(land="BE")).kind is Kind.OFFICE


def test_an_outdated_form_shows_what_was_typed(clerk, actor, make_sitting):
    client, committee = clerk
    row = make_sitting(committee)
    number, opened = row.id, row.version
    operations.edit(
        actor, row.id, version=None, plan=operations.Plan(start=EVENING, title="Erste", status=Status.CONFIRMED)
    )
    page = client.submit(f"/sitzungen/{number}/bearbeiten", {**FORM, "title": "Zweite", "version": opened})
    assert "Inzwischen hat eine andere Person gespeichert" in page.text
    assert 'value="Zweite"' in page.text
    assert "<bdi>Erste</bdi></dd>" in page.text  # what is saved stands beside it
    row = only_row(committee)
    assert row.title == "Erste"
    assert f'name="version" type="hidden" value="{row.version}"' in page.text  # saving again, knowingly, works


def test_who_edits_a_sitting_that_was_called_off_meanwhile_is_told_so(clerk, actor, make_sitting):
    client, committee = clerk
    row = make_sitting(committee)
    address, opened = f"/sitzungen/{row.id}/bearbeiten", row.version
    operations.cancel(actor, row.id)
    page = client.submit(address, {**FORM, "title": "Neu", "version": opened}).text
    assert "<bdi>Abgesagt</bdi></dd>" in page
    again = client.submit(address, {**FORM, "title": "Neu", "version": only_row(committee).version}).text
    assert "Diese Sitzung ist abgesagt." in again
    assert only_row(committee).title != "Neu"


def test_the_tab_shows_coming_first_then_the_past_by_year(client, make_committee, make_sitting):
    committee = make_committee()
    make_sitting(committee, title="Kommt")
    make_sitting(committee, title="Entwurf", status=Status.DRAFT)
    for number in range(45):
        make_sitting(committee, title=f"War {number}", start=datetime(2024, 1, 10, 18) + timedelta(days=14 * number))
    page = client.get("/gremien/integrationsrat/sitzungen").text
    assert page.index("Kommt") < page.index("War 44") < page.index("War 43") < page.index("<h3>2024</h3>")
    assert "Entwurf" not in page
    assert "War 0<" not in page
    second = client.get("/gremien/integrationsrat/sitzungen?seite=2").text
    assert "War 0<" in second
    assert "Kommt" not in second


def test_ten_times_the_sittings_take_the_same_queries(client, make_committee, make_sitting, count_queries):
    committee = make_committee()

    def ask(url):
        with count_queries() as counted:
            assert client.get(url).status_code == 200
        return counted.number

    urls = ("/gremien/integrationsrat/sitzungen", "/gremien/integrationsrat/")
    for days in (10, -10):
        make_sitting(committee, start=EVENING + timedelta(days=days))
    few = [ask(url) for url in urls]
    for days in range(20, 40):
        make_sitting(committee, start=EVENING + timedelta(days=days))
        make_sitting(committee, start=EVENING - timedelta(days=days))
    assert [ask(url) for url in urls] == few


def test_markup_is_shown_as_text(clerk):
    client, committee = clerk
    evil = "<img src=x onerror=alert(1)>"
    client.submit("/gremien/integrationsrat/sitzungen/neu", {**FORM, "title": evil, "number": evil[:40]})
    row = only_row(committee)
    client.submit(f"/sitzungen/{row.id}/absagen", {"reason": evil, "version": row.version})
    for url in (f"/sitzungen/{row.id}", "/gremien/integrationsrat/sitzungen", "/gremien/integrationsrat/"):
        page = client.get(url).text
        assert "<img src=x" not in page
    assert "&lt;img src=x" in client.get(f"/sitzungen/{row.id}").text


def test_a_reason_is_for_those_who_are_invited(client, sign_in, make_sitting, make_person, make_seat):
    member = make_person()
    moved = make_sitting()
    cancelled = make_sitting(moved.committee)
    make_seat(moved.committee, member)
    operations.move(
        SYSTEM, moved.id, version=None, start=EVENING.replace(hour=19), end=None, place_id=None, reason="Kurtag"
    )
    operations.cancel(SYSTEM, cancelled.id, reason="Kurtag")
    pages = [f"/sitzungen/{moved.id}", f"/sitzungen/{cancelled.id}"]
    assert ["Kurtag" in client.get(page).text for page in pages] == [False, False]
    assert "Diese Sitzung wurde abgesagt." in client.get(pages[1]).text
    sign_in("representative", person_id=member.id)
    assert ["Kurtag" in client.get(page).text for page in pages] == [True, True]


def test_the_video_room_is_for_those_who_are_invited(sign_in, make_committee, make_sitting, make_person, make_seat):
    committee, member = make_committee(), make_person()
    make_seat(committee, member)
    row = make_sitting(committee, mode="hybrid", video_url="https://video.example/raum-7")
    number = row.id
    assert "raum-7" not in sign_in("officer").get(f"/sitzungen/{number}").text
    assert "raum-7" in sign_in("representative", person_id=member.id).get(f"/sitzungen/{number}").text


def test_foreign_sittings_are_not_found(sign_in, make_committee, make_sitting):
    row = make_sitting(make_committee("Anderes"))
    own = make_committee("Eigenes")
    client = sign_in("clerk", organization_id=own.organization_id)
    for page in ("bearbeiten", "absagen", "loeschen"):
        assert client.get(f"/sitzungen/{row.id}/{page}").status_code == 404
        assert client.submit(f"/sitzungen/{row.id}/{page}", FORM).status_code == 404
    assert client.submit(f"/sitzungen/{row.id}/bestaetigen").status_code == 404
    assert client.get("/gremien/anderes/sitzungen/neu").status_code == 404
    assert client.get("/sitzungen/999999").status_code == 404


def test_a_closed_sitting_leaves_no_trace_for_the_public(client, make_committee, make_sitting):
    committee = make_committee()
    row = make_sitting(committee, title="Geheim", public=False)
    assert client.get(f"/sitzungen/{row.id}").status_code == 404
    assert "Geheim" not in client.get("/gremien/integrationsrat/sitzungen").text
    page = client.get("/gremien/integrationsrat/").text
    assert "Sobald es Sitzungen gibt" in page


def test_the_committee_page_tells_how_fair_its_times_are(client, make_committee, make_sitting):
    committee = make_committee()
    assert "Sobald es Sitzungen gibt" in client.get("/gremien/integrationsrat/").text
    make_sitting(committee)
    make_sitting(committee, start=datetime(2026, 11, 26, 14))
    make_sitting(committee, start=datetime(2026, 11, 28, 14))
    make_sitting(committee, start=datetime(2026, 11, 29, 14), status=Status.DRAFT)
    make_sitting(committee, start=datetime(2026, 12, 1, 14), status=Status.CANCELLED)
    page = client.get("/gremien/integrationsrat/").text
    assert "1 in der Bürozeit, 1 am Abend, 1 an freien Tagen" in page


def test_of_many_that_come_the_next_stand_first_and_all_can_be_turned_to(client, make_committee, make_sitting):
    committee = make_committee()
    days = [EVENING + timedelta(days=7 * week) for week in range(PER_PAGE + 2)]
    for number, start in enumerate(days):
        make_sitting(committee, start=start, number=f"{number}/26")
    url = f"/gremien/{committee.slug}/sitzungen"
    first = client.get(url).text
    assert "39/26<" in first
    assert "40/26<" not in first
    assert "Alle 42 kommenden Sitzungen zeigen" in first
    assert ">0/26<" in client.get(f"{url}?wann=kommend").text
    assert "41/26<" in client.get(f"{url}?wann=kommend&seite=2").text
