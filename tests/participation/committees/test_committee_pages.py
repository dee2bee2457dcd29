"""Pages /gremien/…: what the public reads, what is hidden, and the forms."""

import pytest

from participation.committees import queries

FILLED = {
    "name": "Beirat für Zusammenleben",
    "kind": "advisory_board",
    "about": "Berät den Rat.",
    "notice_days": "10",
    "quorum_rule": "majority_of_voting_seats",
    "public": "y",
}


def test_the_public_reads_which_committees_there_are_and_how_they_work(client, make_committee):
    make_committee(notice_days=1, statutory_seats=14)
    page = client.get("/gremien/")
    assert "Beirat für Zusammenleben" in page.text
    assert "Beirat" in page.text
    page = client.get("/gremien/beirat-fuer-zusammenleben/")
    assert "1 voller Tag zwischen Einladung und Sitzung" in page.text
    assert "Mehr als die Hälfte der Sitze mit Stimmrecht" in page.text
    assert 'href="/gremien/beirat-fuer-zusammenleben/sitze"' in page.text
    assert "bearbeiten" not in page.text


def test_an_empty_list_says_what_belongs_there(client):
    assert "Es gibt noch kein öffentliches Gremium." in client.get("/gremien/").text


@pytest.mark.parametrize("path", ["", "sitze", "sitze?am=2026-11-16"])
def test_a_non_public_committee_does_not_exist_for_outsiders(client, sign_in, make_committee, path):
    make_committee("Schutzgruppe", public=False)
    assert client.get(f"/gremien/schutzgruppe/{path}").status_code == 404
    assert "Schutzgruppe" not in client.get("/gremien/").text
    sign_in("officer")
    assert client.get(f"/gremien/schutzgruppe/{path}").status_code == 404
    assert client.get(f"/gremien/unbekannt/{path}").status_code == 404


def test_members_deputies_and_clerks_see_their_non_public_committee(
    sign_in, make_account, make_committee, make_person, make_seat
):
    committee, alma, bela = make_committee("Schutzgruppe", public=False), make_person("Alma"), make_person("Bela")
    make_seat(committee, member=alma, deputies=[bela])
    organization_id, people = committee.organization_id, (alma.id, bela.id)
    accounts = [make_account(person_id=person_id) for person_id in people]
    accounts.append(make_account("clerk", organization_id=organization_id))
    for account in accounts:
        client = sign_in(account=account)
        assert client.get("/gremien/schutzgruppe/").status_code == 200
        assert "Schutzgruppe" in client.get("/gremien/").text


def test_the_administration_enters_and_edits_a_committee(sign_in):
    client = sign_in("admin")
    page = client.submit("/gremien/neu", FILLED)
    assert "„Beirat für Zusammenleben“ wurde eingetragen." in page.text
    version = queries.get_by_slug("beirat-fuer-zusammenleben").version
    assert 'value="10"' in client.get("/gremien/beirat-fuer-zusammenleben/bearbeiten").text
    page = client.submit(
        "/gremien/beirat-fuer-zusammenleben/bearbeiten",
        {**FILLED, "name": "Rat", "notice_days": "14", "version": version},
    )
    assert "14 volle Tage" in page.text
    page = client.submit(
        "/gremien/beirat-fuer-zusammenleben/bearbeiten", {**FILLED, "about": "Mein Text", "version": version}
    )
    assert "Inzwischen hat eine andere Person gespeichert." in page.text
    assert "Mein Text" in page.text


def test_a_committee_goes_into_the_archive_and_comes_back(sign_in, make_committee):
    make_committee("Runder Tisch")
    client = sign_in("admin")
    assert "im Archiv" in client.submit("/gremien/runder-tisch/archiv").text
    assert "Runder Tisch" not in client.get("/gremien/").text
    assert "Runder Tisch" in client.get("/gremien/?archiv=1").text
    assert "wieder aktiv" in client.submit("/gremien/runder-tisch/archiv", {"restore": "1"}).text


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("name", "", "Bitte füllen Sie dieses Feld aus."),
        ("name", "x" * 10_000, "höchstens 200 Zeichen"),
        ("name", "Beirat \u202enebel", "Schreibrichtung"),
        ("kind", "stammtisch", "Ungültige Auswahl"),
        ("notice_days", "", "Bitte füllen Sie dieses Feld aus."),
        ("notice_days", "bald", "Bitte geben Sie eine ganze Zahl ein."),
        ("notice_days", "-1", "Zahl von 0 bis 90"),
        ("notice_days", "9" * 400, "ganze Zahl"),
        ("statutory_seats", "1000", "Zahl von 0 bis 999"),
        ("statutory_voting_seats", "²", "ganze Zahl"),
    ],
)
def test_bad_input_gets_a_message_at_the_field_and_nothing_typed_is_lost(sign_in, field, value, complaint):
    client = sign_in("admin")
    page = client.submit("/gremien/neu", {**FILLED, field: value})
    assert complaint in page.text
    assert f'id="{field}-error"' in page.text
    assert "Berät den Rat." in page.text
    assert queries.list_visible(frozenset()) == []


def test_more_votes_than_seats_are_refused_at_the_field(sign_in):
    page = sign_in("admin").submit("/gremien/neu", {**FILLED, "statutory_seats": "3", "statutory_voting_seats": "4"})
    assert "Es kann nicht mehr Sitze mit Stimmrecht als Sitze geben." in page.text
    assert 'id="statutory_voting_seats-error"' in page.text


def test_markup_is_shown_as_text(sign_in):
    client = sign_in("admin")
    client.submit("/gremien/neu", {**FILLED, "name": "<img src=x>", "about": "<script>alert(1)</script>"})
    (committee,) = queries.list_visible(frozenset())
    for path in ("/gremien/", f"/gremien/{committee.slug}/", f"/gremien/{committee.slug}/sitze"):
        page = client.get(path).text
        assert "<img src=x" not in page
        assert "<script>alert" not in page


def test_a_clerk_edits_the_own_committee_and_no_other(sign_in, make_committee):
    own, other = make_committee("Eigenes"), make_committee("Anderes")
    organization_id = own.organization_id
    client = sign_in("clerk", organization_id=organization_id)
    assert client.get("/gremien/eigenes/bearbeiten").status_code == 200
    assert client.get("/gremien/anderes/bearbeiten").status_code == 404
    assert client.submit("/gremien/anderes/bearbeiten", FILLED).status_code == 404
    assert client.get("/gremien/neu").status_code == 403
    assert client.submit("/gremien/eigenes/archiv").status_code == 403
    assert "/gremien/eigenes/bearbeiten" in client.get("/gremien/eigenes/").text
    assert "/gremien/anderes/bearbeiten" not in client.get("/gremien/anderes/").text
    assert queries.get_by_slug("anderes").name == other.name == "Anderes"


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(client, make_committee):
    make_committee("Eigenes")
    assert client.get("/gremien/eigenes/bearbeiten").status_code == 302
    assert client.get("/gremien/neu").status_code == 302


def test_the_list_asks_the_same_number_of_queries_for_ten_times_the_rows(client, make_committee, count_queries):
    def ask() -> int:
        with count_queries() as counted:
            assert client.get("/gremien/").status_code == 200
        return counted.number

    make_committee("Erstes")
    few = ask()
    for number in range(20):
        make_committee(f"Gremium {number}")
    assert ask() == few


def test_committees_are_found_by_name_and_a_search_reveals_no_hidden_one(client, make_committee):
    make_committee("Integrationsrat")
    make_committee("Runder Tisch Bildung")
    make_committee("Schutzgruppe Tisch", public=False)
    page = client.get("/gremien/?q=tisch").text
    assert "Runder Tisch Bildung" in page
    assert "Integrationsrat" not in page
    assert "Schutzgruppe" not in page
    assert "Es wurde kein Gremium gefunden." in client.get("/gremien/?q=%25").text
