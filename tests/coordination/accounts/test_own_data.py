"""Personal data by the pages: a copy to take along, and erasure, for oneself and by the administration."""

import io
import json
import zipfile

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from coordination.accounts.models import Account
from coordination.people.models import Person
from core.database import db, session
from core.history import HistoryLine


@pytest.fixture
def ada(make_person, make_account) -> Account:
    """Somebody with an account and a person."""
    return make_account("representative", organization_id=None, person_id=make_person("Ada Ahorn").id)


def archive(answer) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as found:
        return {name: found.read(name) for name in found.namelist()}


def reload(model, key):
    db.session.rollback()
    return session().get(model, key)


def test_the_page_says_what_is_kept_and_how_long(ada, sign_in):
    page = sign_in(account=ada).get("/konto/daten/").text
    for said in ("Name und Kontakt", "Rollen auf dieser Seite", "so lange, wie jemand mitwirkt"):
        assert said in page
    assert "/konto/daten/" in sign_in(account=ada).get("/konto/").text


def test_a_copy_of_my_data(ada, sign_in):
    answer = sign_in(account=ada).submit("/konto/daten/herunterladen")
    assert answer.mimetype == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Ada Ahorn" in answer.headers["Content-Disposition"]
    files = archive(answer)
    assert files.keys() == {"data.json", "Daten.pdf"}
    kept = {entry["table"]: entry["rows"] for entry in json.loads(files["data.json"])["kept"]}
    assert kept["person"][0]["family_name"] == "Ahorn"
    assert kept["account"][0]["email"] == ada.email
    pages = PdfReader(io.BytesIO(files["Daten.pdf"])).pages
    text = "\n".join(page.extract_text() for page in pages)
    for said in (
        "Gespeicherte Daten von Ada Ahorn",
        ada.email,
        "Familienname",
        "Deutsch",
        "Vertretung",
        "Nicht öffentlich",
    ):
        assert said in text
    line = session().scalars(select(HistoryLine).order_by(HistoryLine.id.desc())).first()
    assert (line.action, line.actor_account, line.object_id) == ("accounts.give_out", ada.id, ada.person_id)


def test_an_account_without_a_person_has_its_data_too(sign_in, make_account):
    officer = make_account("admin")
    files = archive(sign_in(account=officer).submit("/konto/daten/herunterladen"))
    assert {entry["table"] for entry in json.loads(files["data.json"])["kept"]} >= {"account", "assignment"}


def test_what_goes_and_what_stays_is_said_before(ada, sign_in):
    client = sign_in(account=ada)
    client.submit("/sprache", {"language": "en"})  # leaves a line of the history
    client.submit("/sprache", {"language": "de"})
    page = client.get("/konto/daten/loeschen").text
    gone, _, stays = page.partition("Das bleibt, ohne den Namen")
    assert "Das Konto: die Adresse für die Anmeldung" in gone
    assert "Verlauf: Änderungen" in stays


def test_nothing_is_deleted_without_the_tick(ada, sign_in):
    answer = sign_in(account=ada).submit("/konto/daten/loeschen")
    assert "Das Formular" in answer.text or "error-summary" in answer.text
    assert reload(Account, ada.id).erased_at is None


def test_i_am_erased_and_signed_out(ada, sign_in):
    client, person_id = sign_in(account=ada), ada.person_id
    answer = client.submit("/konto/daten/loeschen", {"understood": "y"})
    assert "Ihre Daten wurden gelöscht" in answer.text
    assert client.get("/konto/").status_code == 302
    account, person = reload(Account, ada.id), reload(Person, person_id)
    assert (account.active, account.person_id, person.name) == (False, None, "Gelöschte Person")
    assert "ahorn" not in f"{account.email} {person.key} {person.email}".lower()


def test_another_device_is_signed_out_as_well(app, ada, sign_in):
    other = app.test_client()
    with other.session_transaction() as cookies:
        cookies.update(_user_id=ada.fs_uniquifier, _fresh=True)
    assert other.get("/konto/").status_code == 200
    sign_in(account=ada).submit("/konto/daten/loeschen", {"understood": "y"})
    assert other.get("/konto/").status_code == 302


def test_the_last_administrator_is_told_why_not(sign_in, make_account):
    admin = make_account("admin")
    answer = sign_in(account=admin).submit("/konto/daten/loeschen", {"understood": "y"})
    assert "niemand" in answer.text.lower()
    assert reload(Account, admin.id).active


def test_the_administration_does_it_for_who_has_no_account(sign_in, make_person):
    person, client = make_person("Ada Ahorn"), sign_in("admin")
    assert f"/personen/{person.id}/loeschen" in client.get(f"/personen/{person.id}").text
    files = archive(client.submit(f"/personen/{person.id}/daten"))
    assert "Ahorn" in files["data.json"].decode()
    assert "Daten von" in client.get(f"/personen/{person.id}/loeschen").text
    answer = client.submit(f"/personen/{person.id}/loeschen", {"understood": "y"})
    assert "Die Person wurde gelöscht" in answer.text
    for address in ("loeschen", "daten"):
        assert client.submit(f"/personen/{person.id}/{address}", {"understood": "y"}).status_code == 404


def test_what_is_left_of_a_person_cannot_be_edited_or_found(sign_in, make_person):
    person, client = make_person("Ada Ahorn"), sign_in("admin")
    client.submit(f"/personen/{person.id}/loeschen", {"understood": "y"})
    page = client.get(f"/personen/{person.id}").text
    assert "wurde gelöscht" in page
    assert "bearbeiten" not in page
    assert "Gelöschte Person" not in client.get("/personen/?archiv=1").text
    refused = client.submit(f"/personen/{person.id}/bearbeiten", {"family_name": "Neu", "language": "de"})
    assert "wurde gelöscht" in refused.text
    assert reload(Person, person.id).family_name == "Gelöschte Person"


def test_the_administration_erases_an_account(sign_in, make_account):
    gone, client = make_account("admin", email="gone@example.org"), sign_in("admin")
    assert "gelöscht" in client.submit(f"/verwaltung/konten/{gone.id}/loeschen", {"understood": "y"}).text
    assert client.get(f"/verwaltung/konten/{gone.id}").status_code == 404
    assert "erased" not in client.get("/verwaltung/").text
    assert client.submit(f"/verwaltung/konten/{gone.id}/aktiv", {"active": "1"}).status_code == 404


@pytest.mark.parametrize("role", ["officer", "clerk", "representative"])
def test_nobody_else_gives_out_or_erases_anybody(sign_in, make_person, role):
    person, client = make_person("Ada Ahorn"), sign_in(role)
    for address in ("loeschen", "daten"):
        assert client.submit(f"/personen/{person.id}/{address}", {"understood": "y"}).status_code == 403
    assert reload(Person, person.id).erased_at is None
