"""Organizations: entered, found, edited, archived, imported."""

from pathlib import Path

import pytest

from coordination.organizations import operations, queries
from coordination.organizations.imports import Taker
from coordination.organizations.operations import Profile
from coordination.organizations.rules import Kind
from core.access import SYSTEM
from core.csv_files import read_csv
from core.database import session
from core.errors import Outdated
from core.history import lines_of
from core.importing import Done

CHOIR = Profile(name="Chor der Brücken", kind=Kind.MIGRANT_ORGANISATION, own_label="Kulturverein")


def test_an_entered_organization_gets_a_short_name_and_a_line_of_history(actor):
    first = operations.create_organization(actor, CHOIR)
    second = operations.create_organization(actor, CHOIR)
    assert (first.key, second.key) == ("chor-der-bruecken", "chor-der-bruecken-2")
    (line,) = lines_of("organization", first.id)
    assert line.action == "organizations.create"
    assert line.new["name"] == "Chor der Brücken"


def test_an_outdated_save_is_refused(actor):
    row = operations.create_organization(actor, CHOIR)
    opened = row.version
    operations.edit_organization(
        actor, row.id, version=opened, profile=Profile(name="Chor", kind=Kind.MIGRANT_ORGANISATION)
    )
    with pytest.raises(Outdated):
        operations.edit_organization(actor, row.id, version=opened, profile=CHOIR)
    assert queries.get_organization(row.id).name == "Chor"


def test_search_takes_wildcards_as_text(actor):
    operations.create_organization(actor, CHOIR)
    operations.create_organization(actor, Profile(name="100 % Sport", kind=Kind.ASSOCIATION))
    assert [row.name for row in session().scalars(queries.search("%"))] == ["100 % Sport"]
    assert [row.name for row in session().scalars(queries.search("brücken"))] == ["Chor der Brücken"]


def test_archived_organizations_leave_the_list_but_not_the_records(actor):
    row = operations.create_organization(actor, CHOIR)
    operations.archive_organization(actor, row.id)
    assert list(session().scalars(queries.search())) == []
    assert [found.id for found in session().scalars(queries.search(archived=True))] == [row.id]
    operations.restore_organization(actor, row.id)
    assert queries.list_choices() == [(row.id, "Chor der Brücken")]


def test_an_import_run_twice_changes_nothing(actor, tmp_path: Path):
    file = tmp_path / "organizations.csv"
    file.write_text("key,name,kind\nchor,Chor der Brücken,migrant_organisation\n", encoding="utf-8")

    def run() -> list[Done]:
        return [Taker(SYSTEM)(line) for line in read_csv(file, required=["key", "name", "kind"])]

    assert run() == [Done.ADDED]
    assert run() == [Done.UNCHANGED]


def test_pages_enter_edit_and_archive(sign_in):
    client = sign_in("officer")
    page = client.submit("/organisationen/neu", {"name": "  Chor  der Brücken ", "kind": "migrant_organisation"})
    assert "„Chor der Brücken“ wurde eingetragen." in page.text
    row = queries.known_by_key("chor-der-bruecken")
    page = client.submit(
        f"/organisationen/{row.id}/bearbeiten",
        {"name": "Chor", "kind": "migrant_organisation", "version": row.version},
    )
    assert "<bdi>Chor</bdi>" in page.text
    page = client.submit(f"/organisationen/{row.id}/archiv")
    assert "im Archiv" in page.text


@pytest.mark.parametrize(
    ("title", "complaint"),
    [
        ("", "Bitte füllen Sie dieses Feld aus."),
        ("x" * 10_000, "höchstens 200 Zeichen"),
        ("Chor \u202eneröh", "Schreibrichtung"),
    ],
)
def test_bad_names_get_a_message_at_the_field_and_nothing_typed_is_lost(sign_in, title, complaint):
    client = sign_in("officer")
    page = client.submit("/organisationen/neu", {"name": title, "kind": "association", "about": "Wir singen."})
    assert complaint in page.text
    assert "Wir singen." in page.text
    assert title in page.text


def test_markup_is_shown_as_text(sign_in):
    client = sign_in("officer")
    page = client.submit("/organisationen/neu", {"name": "<img src=x onerror=alert(1)>", "kind": "association"})
    assert "<img src=x" not in page.text
    assert "&lt;img src=x" in page.text


def test_a_list_asks_the_same_number_of_queries_for_ten_times_the_rows(sign_in, actor, count_queries):
    client = sign_in("officer")

    def ask() -> int:
        with count_queries() as counted:
            assert client.get("/organisationen/").status_code == 200
        return counted.number

    operations.create_organization(actor, CHOIR)
    few = ask()
    for number in range(20):
        operations.create_organization(actor, Profile(name=f"Verein {number}", kind=Kind.ASSOCIATION))
    assert ask() == few


def test_a_committee_s_own_organization_has_no_page_here(sign_in, actor):
    row = operations.create_organization(actor, Profile(name="Vertraulicher Kreis", kind=Kind.COMMITTEE))
    client = sign_in("officer")
    assert client.get(f"/organisationen/{row.id}").status_code == 404
    assert client.submit(f"/organisationen/{row.id}/archiv").status_code == 404
    assert client.submit(f"/organisationen/{row.id}/bearbeiten", {"name": "X", "kind": "other"}).status_code == 404


def test_an_empty_list_offers_a_first_step_to_those_who_may_take_it(sign_in):
    client = sign_in("officer")
    assert client.get("/organisationen/").text.count("/organisationen/neu") == 2
    client = sign_in("representative")
    page = client.get("/organisationen/").text
    assert "Es wurde keine Organisation gefunden." in page
    assert "/organisationen/neu" not in page
