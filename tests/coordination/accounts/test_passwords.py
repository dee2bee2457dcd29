"""What a password may be, and how it is typed and kept."""

import re
import unicodedata

import pytest
from argon2 import extract_parameters
from flask_security import hash_password, verify_password

from coordination.accounts import queries
from coordination.accounts.commands import hashed
from coordination.accounts.passwords import COMMON, is_guessable
from core.errors import Refused

LONG = "Trompete Regen Ofen Fahrrad Wolke Besen Gurke Ampel Nadel Zebra " * 2


@pytest.fixture
def chosen(client, make_account, mails, link_in):
    """`chosen("…")`: the answer when somebody who came by a link chooses this password, and the account then."""
    account = make_account("officer", email="mira@example.org")
    client.submit("/anmelden/link", {"link-email": "mira@example.org"})
    client.submit(link_in(mails()[0]))

    def choose(password):
        page = client.submit("/passwort-aendern", {"new_password": password, "new_password_confirm": password})
        return page.text, queries.get_account(account.id)

    return choose


@pytest.mark.parametrize(
    "password",
    [
        "nur kleine buchstaben",
        "über alle Berge",
        "48 21 60 93 57 12",
        "k0mpl!z|ert <script>",
        "😀🚲🌧😴🎺🧀😀🦉🌳🎻🧭🪁",
        LONG,
    ],
)
def test_any_signs_will_do_if_there_are_twelve(chosen, password):
    page, account = chosen(password)
    assert "Ihr neues Passwort ist gespeichert." in page
    assert verify_password(unicodedata.normalize("NFKD", password), account.password)  # however a keyboard sends it
    assert password not in page


@pytest.mark.parametrize("password", ["elf Zeichen", "", "           "])
def test_shorter_ones_are_refused(chosen, password):
    page, account = chosen(password)
    assert "gespeichert" not in page
    assert account.password is None


def test_a_password_is_taken_as_it_was_typed(chosen):
    """Nothing is cut off, folded or put into lower case."""
    _page, account = chosen("Ein Langes Passwort " + "x" * 80)
    for other in ("ein langes passwort " + "x" * 80, "Ein Langes Passwort " + "x" * 79):
        assert not verify_password(other, account.password)


def test_a_password_is_kept_as_a_slow_hash_with_a_salt_of_its_own(real_hashes, chosen):
    first, second = chosen("Ein Langes Passwort")[1].password, hash_password("Ein Langes Passwort")
    assert first.startswith("$argon2id$")
    kept = extract_parameters(first)
    assert kept.memory_cost >= 19_456  # KiB; with two rounds the least that OWASP's sheet on passwords names
    assert kept.time_cost >= 2
    assert kept.salt_len >= 16
    assert first != second


@pytest.mark.parametrize("url", ["/anmelden", "/passwort-aendern"])
def test_password_fields_hide_what_is_typed_and_let_programs_help(client, chosen, url):
    if url == "/anmelden":
        client.submit("/abmelden")
    fields = re.findall(r"<input[^>]*type=\"password\"[^>]*>", client.get(url).text)
    assert fields
    for field in fields:
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "onpaste" not in field
        assert "maxlength" not in field
        assert not re.search(r'value="[^"]', field)


@pytest.mark.parametrize(
    "password",
    [
        "1qaz2wsx3edc",  # on every list
        "password1234",
        "P@ssw0rd!2026",
        "Sommer-2026-Sommer",
        "qwertzuiopü",
        "asdfghjklöä1",
        "123456789012",
        "abcabcabcabc",
        "passwortpasswort",
        "Integrationsrat2026",
        "Musterstadt-Rathaus",
        "Augenhöhe!!!2026",
        "mira@example.org",
        "Mira.Muster.1990",
    ],
)
def test_what_is_tried_first_is_refused_with_a_word_of_advice(  # noqa: PLR0917
    client, make_account, make_person, mails, link_in, password
):
    """Words of the trade, the municipality's and the person's name among them."""
    person = make_person("Mira Muster")
    account = make_account("officer", email="mira@example.org", person_id=person.id)
    client.submit("/anmelden/link", {"link-email": "mira@example.org"})
    client.submit(link_in(mails()[0]))
    page = client.submit("/passwort-aendern", {"new_password": password, "new_password_confirm": password})
    assert "leicht zu erraten" in page.text or "mindestens 12" in page.text
    assert queries.get_account(account.id).password is None


@pytest.mark.parametrize(
    "password", ["Trompete Regen Ofen", "lavendel im kühlen keller", "x8Vq-tU2m-kR5z", "4829105736158204"]
)
def test_what_nobody_tries_is_taken(password):
    assert not is_guessable(password, ["Musterstadt", "Mira Muster"])


@pytest.mark.parametrize("password", ["", "\ud800" * 12, "\0" * 20, "ß" * 4_000, "ab" * 2_000, "İ" * 50])
def test_any_text_is_judged_without_breaking(password):
    assert is_guessable(password) in (True, False)


def test_the_list_holds_what_is_said_of_it():
    """Five thousand words that many people use, and each password of twelve signs or more on the lists."""
    assert is_guessable("sojdlg123aljg")  # no rule would find this one
    assert not is_guessable("sojdlg124aljg")
    assert len(COMMON.read_text(encoding="ascii").split()) > 5_000


def test_an_account_made_by_command_gets_no_common_password(app):
    """The command for the first administrator judges a password as the pages do."""
    with pytest.raises(Refused, match="leicht zu erraten"):
        hashed("passwort2026!")
