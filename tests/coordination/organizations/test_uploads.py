"""Files of organizations on a page: looked at first, then taken; for who keeps the profiles."""

from base64 import b64encode
from io import BytesIO

import pytest
from sqlalchemy import select

from coordination.organizations import codebook, queries
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from core.access import SYSTEM
from core.codebooks import codebook_rows
from core.database import session
from core.history import lines_of
from core.spreadsheets import parse_table, write_xlsx
from participation.committees.operations import Charter, create_committee
from participation.committees.rules import Kind as CommitteeKind

ADDRESS = "/organisationen/import"


def look_at(client, content: bytes) -> str:
    return client.submit(ADDRESS, {"file": (BytesIO(content), "vereine.xlsx")}).text


def hidden_in(page: str) -> str:
    return page.partition('name="content" value="')[2].partition('"')[0]


def test_a_file_is_looked_at_before_it_is_taken(sign_in):
    client = sign_in("officer")
    rows = [("chor", "Chor", "migrant_organisation", "women culture"), ("tanz", "Tanz", "verein", "")]
    page = look_at(client, write_xlsx({"Vereine": (("key", "name", "kind", "kinds"), rows)}))
    assert "Einträge: 1 lesbar, 1 nicht lesbar." in page
    assert queries.find_by_key("chor") is None
    page = client.submit(ADDRESS, {"content": hidden_in(page)}).text
    assert "1 Eintrag wurde gespeichert." in page
    row = queries.known_by_key("chor")
    assert (row.name, row.kinds) == ("Chor", ["culture", "women"])
    (line,) = lines_of("organization", row.id)
    assert (line.action, line.actor_account is None) == ("organizations.create", False)


def test_what_was_written_is_read_back_and_changes_nothing(sign_in, make_organization):
    make_organization("=Chor", key="chor", about="Wir singen.\nAuch draußen.", volunteers=7)
    client = sign_in("officer")
    content = client.get("/organisationen/organisationen.xlsx").data
    page = look_at(client, content)
    assert "nichts zu speichern" in page
    assert hidden_in(page) == ""
    rows = [{**line.values, "volunteers": "8"} for line in parse_table(content, required=codebook.NAMES)]
    page = look_at(client, write_xlsx({"": (codebook.NAMES, [[row[name] for name in codebook.NAMES] for row in rows])}))
    assert "Ändert, was bekannt ist." in page
    client.submit(ADDRESS, {"content": hidden_in(page)})
    row = queries.known_by_key("chor")
    assert (row.volunteers, row.name, row.about) == (8, "=Chor", "Wir singen.\nAuch draußen.")


def test_a_committee_is_not_changed_by_a_file_of_organizations(sign_in):
    create_committee(SYSTEM, Charter(name="Beirat", kind=CommitteeKind.ADVISORY_BOARD))
    (key,) = session().scalars(select(Organization.key).where(Organization.kind == Kind.COMMITTEE))
    page = look_at(sign_in("officer"), f"key;name;kind\n{key};Verein;association\n".encode())
    assert "Schlüssel eines Gremiums" in page
    assert queries.known_by_key(key).kind == Kind.COMMITTEE


def test_what_is_confirmed_is_no_larger_than_what_was_looked_at(sign_in):
    content = b"key;name;kind\nchor;Chor;association\n" + b"\n" * 1_000_000
    page = sign_in("officer").submit(ADDRESS, {"content": b64encode(content).decode()})
    assert "1 MB" in page.text
    assert queries.find_by_key("chor") is None


def test_an_empty_file_with_all_columns_is_filled_in(sign_in):
    client = sign_in("officer")
    content = client.get("/organisationen/vorlage.xlsx").data
    assert list(parse_table(content, required=codebook.NAMES)) == []
    assert "kein Eintrag" in look_at(client, content)


def test_the_codebook_explains_every_column_and_all_its_values():
    _how_it_is_written, *rows = codebook_rows(codebook.COLUMNS)
    assert {row[0] for row in rows} == set(codebook.NAMES)
    assert ("kind", "committee") not in {(row[0], row[2]) for row in rows}


@pytest.mark.parametrize("path", ["import", "organisationen.xlsx", "vorlage.xlsx"])
def test_only_who_keeps_the_profiles_reads_and_writes_files(sign_in, make_organization, path):
    make_organization("Integration", kind=Kind.DEPARTMENT, integration_department=True)
    office = make_organization("Bauamt", kind=Kind.DEPARTMENT)
    client = sign_in("officer", organization_id=office.id)
    assert client.get(f"/organisationen/{path}").status_code == 404
    assert "import" not in client.get("/organisationen/").text


def test_a_word_that_is_none_is_named_with_those_that_are(sign_in):
    page = look_at(sign_in("officer"), b"key;name;kind;rooms\nchor;Chor;verein;\ntanz;Tanz;association;eigene\n")
    assert "kind: „verein“ ist keines von: migrant_organisation, department, association" in page
    assert "rooms: „eigene“ ist keines von: own" in page
