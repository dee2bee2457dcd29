"""The pages /orte/."""

from datetime import UTC, datetime, timedelta

import pytest

from coordination.places import operations, queries
from coordination.places.operations import Profile, book
from core.access import SYSTEM
from core.database import session

EVENING = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)


def test_a_place_is_entered_changed_and_archived(sign_in):
    client = sign_in("clerk")
    data = {
        "name": " Rathaus ",
        "room": "Saal 1",
        "street": "Marktplatz 1",
        "postal_code": "00720",
        "locality": "Musterstadt",
        "capacity": "40",
        "step_free": "yes",
        "note": "Klingel am Tor",
    }
    assert "„Rathaus“ wurde eingetragen." in client.submit("/orte/neu", data).text
    row = queries.get_by_key("rathaus-saal-1")
    assert (row.capacity, row.step_free) == (40, True)
    page = client.get(f"/orte/{row.id}").text
    for part in ("Rathaus, Saal 1", "Marktplatz 1, 00720 Musterstadt", "40", "Ja", "Klingel am Tor"):
        assert part in page
    form = client.get(f"/orte/{row.id}/bearbeiten").text
    assert '<option selected value="yes">Ja</option>' in form
    page = client.submit(
        f"/orte/{row.id}/bearbeiten", {**data, "capacity": "", "step_free": "", "version": row.version}
    )
    assert "„Rathaus, Saal 1“ wurde gespeichert." in page.text
    assert "Noch nicht geprüft" in page.text
    session().rollback()
    assert (queries.get_place(row.id).capacity, queries.get_place(row.id).step_free) == (None, None)
    assert "„Rathaus, Saal 1“ ist jetzt im Archiv." in client.submit(f"/orte/{row.id}/archiv").text
    assert "Rathaus" not in client.get("/orte/").text
    assert "Rathaus" in client.get("/orte/?archiv=1").text
    assert "ist wieder aktiv" in client.submit(f"/orte/{row.id}/archiv", {"restore": "1"}).text


@pytest.mark.parametrize(
    ("field", "typed", "complaint"),
    [
        ("name", "", "Bitte füllen Sie dieses Feld aus."),
        ("name", "x" * 10_000, "höchstens 200 Zeichen"),
        ("room", "x" * 10_000, "höchstens 100 Zeichen"),
        ("street", "x" * 10_000, "höchstens 200 Zeichen"),
        ("postal_code", "x" * 10_000, "höchstens 10 Zeichen"),
        ("locality", "x" * 10_000, "höchstens 100 Zeichen"),
        ("note", "x" * 10_000, "höchstens 400 Zeichen"),
        ("name", "Rathaus \u202eneröh", "Schreibrichtung"),
        ("room", "Saal \u2067", "Schreibrichtung"),
        ("street", "\u202aWeg", "Schreibrichtung"),
        ("locality", "Ort\u202e", "Schreibrichtung"),
        ("note", "Tor\u202e", "Schreibrichtung"),
        ("capacity", "viele", ""),
        ("capacity", "0", "ganze Zahl von 1 bis 100000"),
        ("capacity", "-3", "ganze Zahl von 1 bis 100000"),
        ("capacity", "9" * 30, "ganze Zahl von 1 bis 100000"),
        ("capacity", "9" * 10_000, ""),
        ("step_free", "perhaps", ""),
    ],
)
def test_bad_input_gets_a_message_at_its_field_and_nothing_typed_is_lost(sign_in, field, typed, complaint):
    client = sign_in("clerk")
    data = {"name": "Rathaus", "room": "Saal 1", "note": "Klingel am Tor", "step_free": "no", field: typed}
    page = client.submit("/orte/neu", data)
    assert page.status_code == 200
    assert f'id="{field}-error"' in page.text
    assert complaint in page.text
    for kept in {"name", "room", "note"} - {field}:
        assert data[kept] in page.text
    if field != "step_free":
        assert typed in page.text
    assert list(session().scalars(queries.search())) == []


@pytest.mark.parametrize("field", ["name", "room", "street", "locality", "note"])
def test_markup_is_shown_as_text(sign_in, field):
    client = sign_in("clerk")
    client.submit("/orte/neu", {"name": "Rathaus", "step_free": "", field: "<svg onload=alert(1)>{{7*7}}"})
    row = session().scalars(queries.search()).one()
    for address in ("/orte/", f"/orte/{row.id}", f"/orte/{row.id}/bearbeiten"):
        assert "<svg onload" not in client.get(address).text
    assert "&lt;svg onload=alert(1)&gt;{{7*7}}" in client.get(f"/orte/{row.id}").text


def test_who_saves_over_somebody_sees_both_states_and_may_then_save(sign_in, make_place):
    hall = make_place("Rathaus")
    opened = hall.version
    operations.edit_place(SYSTEM, hall.id, version=None, profile=Profile(name="Altes <b>Rathaus"))
    client = sign_in("clerk")
    page = client.submit(f"/orte/{hall.id}/bearbeiten", {"name": "Mein Haus", "step_free": "", "version": opened})
    assert "Inzwischen hat eine andere Person gespeichert." in page.text
    assert "Altes &lt;b&gt;Rathaus" in page.text
    assert "Mein Haus" in page.text
    session().rollback()
    version = queries.get_place(hall.id).version
    page = client.submit(f"/orte/{hall.id}/bearbeiten", {"name": "Mein Haus", "step_free": "", "version": version})
    assert "„Mein Haus“ wurde gespeichert." in page.text


def test_a_place_shows_when_it_is_taken_from_now_on(sign_in, make_place):
    hall = make_place("Rathaus")
    client = sign_in("representative")
    assert "ist der Ort nicht belegt" in client.get(f"/orte/{hall.id}").text
    book(hall.id, EVENING, EVENING + timedelta(hours=2))
    book(hall.id, EVENING - timedelta(days=30), None)
    page = client.get(f"/orte/{hall.id}").text
    assert "Do., 19. November 2026, 18:30 bis 20:30 Uhr" in page
    assert "Oktober" not in page


def test_a_place_with_very_many_bookings_shows_the_next_hundred_and_says_so(sign_in, make_place):
    hall = make_place("Rathaus")
    for number in range(101):
        book(hall.id, EVENING + timedelta(hours=number), EVENING + timedelta(hours=number + 1))
    page = sign_in("representative").get(f"/orte/{hall.id}").text
    assert page.count(" Uhr</li>") == 100
    assert "Danach gibt es noch weitere Belegungen." in page


def test_who_is_signed_in_reads_and_staff_edit(client, sign_in, make_place):
    hall = make_place("Rathaus")
    assert client.get("/orte/").status_code == 302
    sign_in("representative")
    assert client.get("/orte/").status_code == 200
    page = client.get(f"/orte/{hall.id}")
    assert page.status_code == 200
    assert "Bearbeiten" not in page.text
    assert client.get("/orte/neu").status_code == 403
    assert client.get(f"/orte/{hall.id}/bearbeiten").status_code == 403
    assert client.submit(f"/orte/{hall.id}/archiv").status_code == 403
    assert client.get("/orte/99999").status_code == 404


def test_the_list_is_searched_and_paged(sign_in, make_place):
    for number in range(51):
        make_place(f"Haus {number:02}")
    client = sign_in("representative")
    assert "Haus 50" not in client.get("/orte/").text
    assert "Haus 50" in client.get("/orte/?seite=2").text
    assert "Haus 50" in client.get("/orte/?q=haus+50").text
    assert "Es wurde kein Ort gefunden." in client.get("/orte/?q=Schloss").text
    for rubbish in ("seite=-1", "seite=²", "archiv=7", "q=%00%25'<b>"):
        assert client.get(f"/orte/?{rubbish}").status_code == 200


@pytest.mark.parametrize("path", ["/orte/", "/orte/{place}"])
def test_a_page_asks_the_same_number_of_queries_for_ten_times_the_rows(sign_in, make_place, count_queries, path):
    hall = make_place("Rathaus")
    book(hall.id, EVENING, None)
    client = sign_in("representative")

    def ask() -> int:
        with count_queries() as counted:
            assert client.get(path.format(place=hall.id)).status_code == 200
        return counted.number

    few = ask()
    for number in range(1, 11):
        make_place()
        book(hall.id, EVENING + timedelta(days=number), None)
    assert ask() == few
