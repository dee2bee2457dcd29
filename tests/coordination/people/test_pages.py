"""The pages /personen/ and the members on an organization's page."""

from datetime import date

import pytest

from coordination.people import operations, queries
from coordination.people.operations import Profile
from core.access import SYSTEM
from core.database import session
from core.history import HistoryLine

TODAY = date(2026, 11, 16)


def entered(family_name: str):
    (row,) = session().scalars(queries.search(family_name))
    return row


def test_a_person_is_entered_changed_and_archived(sign_in):
    client = sign_in("officer")
    page = client.submit(
        "/personen/neu",
        {"given_name": " Ada ", "family_name": "Beispiel", "email": "Ada@Example.org", "language": "de"},
    )
    assert "„Ada Beispiel“ wurde eingetragen." in page.text
    assert "ada@example.org" in page.text
    row = entered("Beispiel")
    page = client.submit(
        f"/personen/{row.id}/bearbeiten",
        {"given_name": "", "family_name": "Wandel", "language": "en", "version": row.version},
    )
    assert "<bdi>Wandel</bdi>" in page.text
    page = client.submit(f"/personen/{row.id}/archiv")
    assert "„Wandel“ ist jetzt im Archiv." in page.text
    assert "Wandel" not in client.get("/personen/").text
    assert "Wandel" in client.get("/personen/?archiv=1").text
    page = client.submit(f"/personen/{row.id}/archiv", {"restore": "1"})
    assert "„Wandel“ ist wieder aktiv." in page.text


@pytest.mark.parametrize(
    ("field", "typed", "complaint"),
    [
        ("family_name", "", "Bitte füllen Sie dieses Feld aus."),
        ("family_name", " \x00\x1f ", "Bitte füllen Sie dieses Feld aus."),
        ("family_name", "x" * 10_000, "höchstens 100 Zeichen"),
        ("given_name", "x" * 10_000, "höchstens 100 Zeichen"),
        ("form_of_address", "x" * 10_000, "höchstens 40 Zeichen"),
        ("email", "x" * 10_000, "höchstens 254 Zeichen"),
        ("phone", "x" * 10_000, "höchstens 60 Zeichen"),
        ("family_name", "Ada \u202eneröh", "Schreibrichtung"),
        ("given_name", "Ada \u2066neröh", "Schreibrichtung"),
        ("form_of_address", "Dr. \u202d", "Schreibrichtung"),
        ("phone", "0\u202e123", "Schreibrichtung"),
        ("email", "ada@", "eine Adresse wie name@example.org"),
        ("email", "ada@example.org\r\nBcc: eva@example.org", "eine Adresse wie name@example.org"),
        ("language", "xx", "Auswahl"),
    ],
)
def test_bad_input_gets_a_message_at_its_field_and_nothing_typed_is_lost(sign_in, field, typed, complaint):
    client = sign_in("officer")
    data = {"given_name": "Ada", "family_name": "Beispiel", "language": "de", "phone": "0123 456", field: typed}
    page = client.submit("/personen/neu", data)
    assert page.status_code == 200
    assert f'id="{field}-error"' in page.text
    assert complaint in page.text
    for kept in {"given_name", "phone"} - {field}:
        assert data[kept] in page.text
    assert list(session().scalars(queries.search())) == []


@pytest.mark.parametrize("field", ["family_name", "given_name", "form_of_address", "phone"])
def test_markup_is_shown_as_text(sign_in, field):
    client = sign_in("officer")
    nasty = "<svg onload=alert(1)>{{7*7}}"
    client.submit("/personen/neu", {"family_name": "Beispiel", "language": "de", field: nasty})
    row = session().scalars(queries.search()).one()
    for address in (f"/personen/{row.id}", f"/personen/{row.id}/bearbeiten", "/personen/"):
        page = client.get(address)
        assert "<svg onload" not in page.text
    assert "&lt;svg onload=alert(1)&gt;{{7*7}}" in client.get(f"/personen/{row.id}").text


def test_a_second_person_with_an_address_is_refused_at_the_field(sign_in, make_person):
    make_person("Ada Beispiel", email="ada@example.org")
    client = sign_in("officer")
    page = client.submit("/personen/neu", {"family_name": "Muster", "email": "ADA@example.org", "language": "de"})
    assert 'id="email-error"' in page.text
    assert "Unter dieser Adresse ist schon eine andere Person erreichbar: Ada Beispiel." in page.text
    assert "Muster" in page.text


def test_who_saves_over_somebody_sees_both_states_and_may_then_save(sign_in, make_person):
    row = make_person("Ada Beispiel")
    opened = row.version
    operations.edit_person(SYSTEM, row.id, version=None, profile=Profile(family_name="Neu<b>name"))
    client = sign_in("officer")
    data = {"family_name": "Mein Name", "language": "de", "version": opened}
    page = client.submit(f"/personen/{row.id}/bearbeiten", data)
    assert "Inzwischen hat eine andere Person gespeichert." in page.text
    assert "Neu&lt;b&gt;name" in page.text
    assert "Mein Name" in page.text
    session().rollback()
    row = queries.get_person(row.id)
    assert f'name="version" type="hidden" value="{row.version}"' in page.text
    page = client.submit(f"/personen/{row.id}/bearbeiten", {**data, "version": row.version})
    assert "„Mein Name“ wurde gespeichert." in page.text


def test_a_membership_is_entered_and_ended(sign_in, make_person, make_organization):
    person, choir = make_person("Ada Beispiel"), make_organization("Chor")
    client = sign_in("officer")
    address = f"/personen/{person.id}/mitgliedschaften/neu"
    page = client.submit(
        address,
        {"organization_id": choir.id, "function": "Vorsitz", "starts_on": "2026-11-16", "ends_on": "2026-11-15"},
    )
    assert 'id="ends_on-error"' in page.text
    assert "Vorsitz" in page.text
    page = client.submit(address, {"organization_id": choir.id, "function": "Vorsitz", "starts_on": "2026-11-01"})
    assert "Die Mitgliedschaft wurde eingetragen." in page.text
    (membership,) = queries.memberships_of(person.id)
    ending = f"/personen/{person.id}/mitgliedschaften/{membership.id}/beenden"
    assert 'value="2026-11-16"' in client.get(ending).text
    assert 'id="ends_on-error"' in client.submit(ending, {"ends_on": "2026-10-31"}).text
    assert 'id="ends_on-error"' in client.submit(ending, {"ends_on": "gestern"}).text
    assert 'id="ends_on-error"' in client.submit(ending, {"ends_on": ""}).text
    page = client.submit(ending, {"ends_on": "2026-11-15"})
    assert "Der letzte Tag der Mitgliedschaft wurde gespeichert." in page.text
    assert "15. November 2026" in page.text


@pytest.mark.parametrize("organization_id", ["", "0", "99999", "Chor", "-1", "9" * 30])
def test_an_organization_that_is_no_choice_is_refused(sign_in, make_person, organization_id):
    person = make_person()
    client = sign_in("officer")
    page = client.submit(f"/personen/{person.id}/mitgliedschaften/neu", {"organization_id": organization_id})
    assert 'id="organization_id-error"' in page.text
    assert queries.memberships_of(person.id) == []


def test_a_membership_is_ended_under_its_own_person_only(sign_in, make_person, make_organization):
    ada, eva = make_person(organization=make_organization()), make_person()
    (membership,) = queries.memberships_of(ada.id)
    client = sign_in("officer")
    address = f"/personen/{eva.id}/mitgliedschaften/{membership.id}/beenden"
    assert client.submit(address, {"ends_on": "2026-11-15"}).status_code == 404
    session().rollback()
    assert queries.memberships_of(ada.id)[0].ends_on is None


def test_staff_do_not_give_themselves_memberships(sign_in, make_person, make_organization):
    person = make_person(organization=make_organization())
    (membership,) = queries.memberships_of(person.id)
    client = sign_in("officer", person_id=person.id)
    page = client.get(f"/personen/{person.id}").text
    assert "Mitgliedschaft eintragen" not in page
    for address in ("mitgliedschaften/neu", f"mitgliedschaften/{membership.id}/beenden"):
        assert client.get(f"/personen/{person.id}/{address}").status_code == 404
        assert client.submit(f"/personen/{person.id}/{address}").status_code == 404
    assert client.submit(f"/personen/{person.id}/archiv").status_code == 404


def test_only_staff_read_persons(client, sign_in, make_person, make_organization):
    choir = make_organization("Chor")
    person = make_person("Ada Beispiel", organization=choir)
    addresses = ["/personen/", f"/personen/{person.id}", "/personen/neu", f"/personen/{person.id}/bearbeiten"]
    assert {client.get(address).status_code for address in addresses} == {302}
    sign_in("representative", organization_id=choir.id, person_id=person.id)
    assert {client.get(address).status_code for address in addresses} == {403}
    assert client.submit(f"/personen/{person.id}/archiv").status_code == 403


def test_an_organization_shows_its_members_of_today_to_staff_and_members(sign_in, make_person, make_organization):
    choir, club = make_organization("Chor"), make_organization("Club")
    member = make_person("Ada Beispiel", organization=choir, function="Vorsitz", email="ada@example.org")
    make_person("Eva Gewesen", organization=choir, ends_on=date(2026, 11, 15))
    make_person("Ida Anderswo", organization=club)
    client = sign_in("representative", organization_id=choir.id, person_id=member.id)
    page = client.get(f"/organisationen/{choir.id}").text
    assert "Ada Beispiel" in page
    assert "Vorsitz" in page
    assert "Eva Gewesen" not in page
    assert "ada@example.org" not in page
    assert f"/personen/{member.id}" not in page
    assert "Ida Anderswo" not in client.get(f"/organisationen/{club.id}").text
    sign_in("officer")
    assert f"/personen/{member.id}" in client.get(f"/organisationen/{choir.id}").text
    assert "Ida Anderswo" in client.get(f"/organisationen/{club.id}").text


def test_a_membership_that_ended_yesterday_shows_no_members(sign_in, make_person, make_organization):
    choir = make_organization("Chor")
    make_person("Ada Beispiel", organization=choir)
    former = make_person("Eva Gewesen", organization=choir, ends_on=date(2026, 11, 15))
    client = sign_in("representative", organization_id=choir.id, person_id=former.id)
    assert "Ada Beispiel" not in client.get(f"/organisationen/{choir.id}").text


def test_the_list_is_searched_paged_and_filtered(sign_in, make_person, make_organization):
    choir = make_organization("Chor")
    for number in range(51):
        make_person(f"Ada Beispiel{number:02}", organization=choir if number == 7 else None)
    client = sign_in("clerk")
    assert "Beispiel49" in client.get("/personen/").text
    assert "Beispiel50" not in client.get("/personen/").text
    assert "Beispiel50" in client.get("/personen/?seite=2").text
    assert "Beispiel50" in client.get("/personen/?q=beispiel50").text
    page = client.get(f"/personen/?organisation={choir.id}").text
    assert "Beispiel07" in page
    assert "Beispiel08" not in page
    assert client.get("/personen/?q=%00%25'\"<b>").status_code == 200
    for rubbish in ("seite=-1", "seite=" + "9" * 30, "organisation=x", "organisation=²", "organisation=-1", "archiv=7"):
        assert client.get(f"/personen/?{rubbish}").status_code == 200
    assert client.get("/personen/?organisation=99999").status_code == 404


def test_reading_leaves_no_line_in_the_history(sign_in, make_person, make_organization):
    choir = make_organization()
    person = make_person(organization=choir)
    client = sign_in("officer")
    before = session().query(HistoryLine).count()
    for address in ("/personen/", f"/personen/{person.id}", f"/organisationen/{choir.id}"):
        assert client.get(address).status_code == 200
    assert session().query(HistoryLine).count() == before


@pytest.mark.parametrize("path", ["/personen/", "/personen/{person}", "/organisationen/{organization}"])
def test_a_page_asks_the_same_number_of_queries_for_ten_times_the_rows(
    sign_in, make_person, make_organization, count_queries, path
):
    choir = make_organization("Chor")
    ada = make_person("Ada Beispiel", organization=choir)
    client = sign_in("officer")

    def ask() -> int:
        with count_queries() as counted:
            assert client.get(path.format(person=ada.id, organization=choir.id)).status_code == 200
        return counted.number

    few = ask()
    for _ in range(10):
        make_person(organization=choir)
        operations.add_membership(SYSTEM, ada.id, organization_id=make_organization().id)
    assert ask() == few
