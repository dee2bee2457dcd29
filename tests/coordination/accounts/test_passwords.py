"""What a password may be, and how it is typed and kept."""

import re
import unicodedata

import pytest
from argon2 import extract_parameters
from flask_security import hash_password, verify_password

from coordination.accounts import queries


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
    ["aaaa bbbb cc", "über alle Berge", "p" * 64, "k0mpl!z|ert <script>", "😀😀😀😀😀😀😀😀😀😀😀😀", "x" * 120],
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


def test_a_password_is_kept_as_a_slow_hash_with_a_salt_of_its_own(chosen):
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
