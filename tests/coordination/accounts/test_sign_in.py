"""Signing in: by a link, by a password; forgotten and changed passwords; signing out."""

import contextvars
import re
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from flask_security import verify_password
from flask_security.recoverable import send_reset_password_instructions
from sqlalchemy import select, text

from coordination.accounts import operations, queries, sign_in
from coordination.accounts.models import Account
from core.access import SYSTEM
from core.clock import now
from core.database import db, session
from core.history import HistoryLine, lines_of
from core.languages import in_language
from tests.conftest import test_app as make_app


def fetched(method, *args, **kwargs):
    """The answer, in a context of its own, as on a server."""
    return contextvars.Context().run(method, *args, **kwargs)


def without_tokens(page: str) -> str:
    """The page but for its CSRF tokens and the keys of its forms, which differ each time."""
    return re.sub(r'name="((link-)?csrf_token|submission)"[^>]*value="[^"]+"', "", page)


def test_a_link_signs_in_and_leads_on(client, make_account, mails, link_in):
    account = make_account("officer", email="mira@example.org")
    page = client.submit("/anmelden/link", {"link-email": " Mira@Example.org ", "link-next": "/organisationen/"})
    assert "Wenn es ein Konto zu dieser Adresse gibt" in page.text
    (mail,) = mails()
    assert mail.to_address == "mira@example.org"
    assert "30 Minuten" in mail.text
    page = client.get(link_in(mail))
    assert "mira@example.org" in page.text
    assert client.get("/konto/").status_code == 302, "opening the link alone signs nobody in"
    page = client.submit(link_in(mail))
    assert page.request.path == "/organisationen/"
    assert "mira@example.org" in page.text
    assert queries.get_account(account.id).confirmed_at is not None


def test_a_mail_scanner_may_open_the_link_as_often_as_it_likes(app, client, make_account, mails, link_in):
    make_account("officer", email="mira@example.org")
    client.submit("/anmelden/link", {"link-email": "mira@example.org"})
    link = link_in(mails()[0])
    for _ in range(3):
        scanner = app.test_client()
        assert scanner.get(link).status_code == 200
    assert "Sie sind angemeldet." in client.submit(link).text


def test_a_link_works_once_and_ends_those_sent_before(app, client, make_account, mails, link_in):
    make_account("officer", email="mira@example.org")
    for _ in range(2):
        client.submit("/anmelden/link", {"link-email": "mira@example.org"})
    first, second = map(link_in, mails())
    assert "Sie sind angemeldet." in client.submit(second).text
    client.submit("/abmelden")
    for link in (first, second):
        assert "Der Link gilt nicht mehr." in client.submit(link).text
        assert "Der Link gilt nicht mehr." in client.get(link, follow_redirects=True).text
    assert client.get("/konto/").status_code == 302


@pytest.mark.parametrize("spoil", ["late", "deactivated", "signed out everywhere", "forged"])
def test_a_link_that_was_overtaken_signs_nobody_in(client, make_account, mails, link_in, spoil):
    account = make_account("officer", email="mira@example.org")
    client.submit("/anmelden/link", {"link-email": "mira@example.org"})
    link = link_in(mails()[0])
    if spoil == "deactivated":
        operations.deactivate_account(SYSTEM, account.id)
    if spoil == "signed out everywhere":
        operations.end_sessions(SYSTEM, account.id)
    if spoil == "forged":
        link = link[:-6] + "AAAAAA"
    with time_machine.travel(now() + timedelta(minutes=31 if spoil == "late" else 1), tick=True):
        assert "Der Link gilt nicht mehr." in client.submit(link).text
        assert client.get("/konto/").status_code == 302


def test_the_answer_does_not_tell_whether_there_is_an_account(client, with_password, mails):
    account = with_password("officer", email="mira@example.org")
    gone = with_password("officer", email="gone@example.org")
    operations.deactivate_account(SYSTEM, gone.id)
    for url, field in (("/anmelden/link", "link-email"), ("/passwort-vergessen", "email")):
        pages = set()
        for address in (account.email, "nobody@example.org", gone.email):
            page = client.submit(url, {field: address})
            pages.add((page.status_code, without_tokens(page.text).replace(address, "")))
        assert len(pages) == 1
    assert {mail.to_address for mail in mails()} == {"mira@example.org"}
    answers = {
        without_tokens(client.submit("/anmelden", {"email": address, "password": password}).text).replace(address, "")
        for address, password in (
            (account.email, "wrong"),
            ("nobody@example.org", "wrong"),
            (gone.email, with_password.password),
        )
    }
    assert len(answers) == 1
    assert "Die E-Mail-Adresse oder das Passwort stimmt nicht." in answers.pop()


def test_a_password_signs_in_whatever_the_spelling_of_the_address(client, with_password):
    with_password("officer", email="mira@example.org")
    page = client.submit(
        "/anmelden", {"email": " ＭIRA@Example.ORG ", "password": with_password.password, "next": "/konto/"}
    )
    assert "mira@example.org" in page.text
    assert client.get("/konto/").status_code == 200


@pytest.mark.parametrize("address", ["", "mira", "mırа@example.org", "a@b\0.example", "x" * 5000 + "@example.org"])
def test_what_is_no_address_gets_a_message_at_the_field(client, address):
    page = client.submit("/anmelden/link", {"link-email": address})
    assert page.status_code == 200
    assert 'id="link-email-error"' in page.text
    assert client.submit("/anmelden", {"email": address, "password": "x"}).status_code == 200
    assert client.submit("/passwort-vergessen", {"email": address}).status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "https://evil.example/",
        "/%09/evil.example\t",
        " //evil.example",
        "///evil.example",
        "/\t/evil.example",
    ],
)
def test_nobody_is_led_out_of_the_site(client, with_password, mails, link_in, target):
    with_password("officer", email="mira@example.org")
    answer = client.submit(
        "/anmelden",
        {"email": "mira@example.org", "password": with_password.password, "next": target},
        query_string={"next": target},
        follow_redirects=False,
    )
    assert (
        urlsplit(urljoin("http://localhost/anmelden", (answer.location or "/").replace("\\", "/"))).netloc
        == "localhost"
    )
    client.submit("/abmelden")
    client.submit("/anmelden/link", {"link-email": "mira@example.org", "link-next": target})
    link = link_in(mails()[-1]).partition("?")[0]
    answer = client.submit(link, query_string={"next": target}, follow_redirects=False)
    assert answer.location == "/"
    answer = client.submit("/sprache", {"language": "en", "next": target}, follow_redirects=False)
    assert answer.location == "/"


def test_signing_in_starts_a_new_session(client, with_password):
    with_password("officer", email="mira@example.org")
    planted = client.csrf_token()
    with client.session_transaction() as cookie:
        before = cookie["csrf_token"]
        cookie["planted"] = "by somebody else"
    client.submit("/anmelden", {"email": "mira@example.org", "password": with_password.password, "next": "/konto/"})
    client.csrf_token()
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["csrf_token"] != before
    answer = client.post("/abmelden", data={"csrf_token": planted})
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["session", "remember"])
def test_a_copy_of_the_cookie_opens_nothing_after_signing_out(app, client, with_password, name):
    """Stolen before, used afterwards: the session has ended on the server, for this one and no other device."""
    with_password("officer", email="mira@example.org")
    data = {"email": "mira@example.org", "password": with_password.password, "remember": "y"}
    client.submit("/anmelden", data)
    thief, phone = app.test_client(), app.test_client()
    stolen = client.get_cookie(name).value
    thief.set_cookie(name, stolen)
    assert fetched(thief.get, "/konto/").status_code == 200
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', fetched(phone.get, "/anmelden").text)[1]
    fetched(phone.post, "/anmelden", data={**data, "csrf_token": token})
    client.submit("/abmelden")
    assert fetched(thief.get, "/konto/").status_code == 302, "nor what was made of it meanwhile"
    late = app.test_client()
    late.set_cookie(name, stolen)
    assert fetched(late.get, "/konto/").status_code == 302
    assert client.get("/konto/").status_code == 302
    assert fetched(phone.get, "/konto/").status_code == 200, "another device stays signed in"


def test_ended_sessions_are_forgotten_when_their_cookies_are_too_old(app):
    operations.end_session("a key")
    operations.end_session("a key")
    assert operations.forget_ended_sessions() == 0
    with time_machine.travel(now() + timedelta(days=33)):
        assert operations.forget_ended_sessions() == 1
    assert "forget-sessions" in app.extensions["jobs"]


def test_signing_out_needs_a_post_with_its_token(client, with_password):
    with_password("officer", email="mira@example.org")
    client.submit("/anmelden", {"email": "mira@example.org", "password": with_password.password, "next": "/konto/"})
    assert client.get("/abmelden").status_code == 405
    assert client.post("/abmelden").status_code == 400
    assert client.get("/konto/").status_code == 200
    client.submit("/abmelden")
    assert client.get("/konto/").status_code == 302


@pytest.mark.parametrize("url", ["/anmelden", "/anmelden/link", "/passwort-vergessen", "/sprache", "/abmelden"])
def test_every_form_needs_its_token(client, url):
    assert client.post(url, data={"email": "a@example.org"}).status_code == 400


def test_cookies_are_kept_from_scripts_and_other_sites(client, with_password):
    with_password("officer", email="mira@example.org")
    answer = client.submit(
        "/anmelden",
        {"email": "mira@example.org", "password": with_password.password, "remember": "y"},
        follow_redirects=False,
    )
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"session", "remember"}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_too_many_attempts_are_stopped_with_a_page(client, with_password):
    with_password("officer", email="mira@example.org")
    pages = [client.submit("/anmelden", {"email": f"{n}@example.org", "password": "x"}) for n in range(21)]
    assert [page.status_code for page in pages] == [200] * 20 + [429]
    assert "Zu viele Versuche" in pages[-1].text
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    data = {"email": "mira@example.org", "password": with_password.password}
    answer = client.submit("/anmelden", data, environ_overrides=elsewhere, follow_redirects=False)
    assert (answer.status_code, answer.location) == (302, "/")


def test_an_ipv6_network_counts_as_one_and_a_forged_header_as_nothing(client):
    codes = [
        client.submit(
            "/anmelden",
            {"email": f"{n}@example.org", "password": "x"},
            environ_overrides={"REMOTE_ADDR": f"2001:db8::{n}"},
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
        ).status_code
        for n in range(1, 22)
    ]
    assert codes[-1] == 429


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("trusted", "forwarded", "last"),
    [
        (0, "198.51.100.{n}", 429),  # nobody is trusted: the header is the client's own invention
        (1, "198.51.100.{n}, 203.0.113.5", 429),  # the proxy adds the last one; what stands before is invented
        (1, "2001:db8:7:7::{n}", 429),  # one network of IPv6
        (1, "198.51.100.{n}", 302),  # the proxy itself says that these are many
        (2, "198.51.100.{n}, 203.0.113.5, 192.0.2.9", 429),
        (2, "203.0.113.5, 198.51.100.{n}, 192.0.2.9", 302),
    ],
)
def test_only_what_trusted_proxies_say_of_the_client_counts(app, tmp_path, trusted, forwarded, last):
    """Trying to get in with another X-Forwarded-For each time, with and without proxies in front.

    All ways to sign in share one limit; links are tried here, since a wrong one costs no slow hash.
    """
    behind = make_app(tmp_path, database=app.config["SETTINGS"].database_url, trusted_proxies=trusted)
    browser = behind.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', fetched(browser.get, "/anmelden").text)[1]
    codes = [
        fetched(
            browser.post,
            f"/anmelden/link/wrong-{n}",
            data={"csrf_token": token},
            environ_overrides={"REMOTE_ADDR": "192.0.2.1"},
            headers={"X-Forwarded-For": forwarded.format(n=n)},
        ).status_code
        for n in range(1, 22)
    ]
    assert codes[:20] == [302] * 20
    assert codes[20] == last


def test_one_address_cannot_be_flooded_from_many_networks(client, make_account, mails):
    make_account("officer", email="mira@example.org")
    codes = [
        client.submit(
            "/anmelden/link",
            {"link-email": "MIRA@example.org"},
            environ_overrides={"REMOTE_ADDR": f"198.51.100.{n}"},
        ).status_code
        for n in range(1, 13)
    ]
    assert codes[-1] == 429
    assert len(mails()) == 10


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(client, with_password, mails, link_in):
    account = with_password("officer", email="mira@example.org")
    client.submit("/passwort-vergessen", {"email": "mira@example.org"})
    (mail,) = mails()
    link = link_in(mail)
    assert "neues Passwort" in mail.text
    assert client.get(link).status_code == 200
    page = client.submit(link, {"password": "kurz", "password_confirm": "kurz"})
    assert "mindestens 12 Zeichen" in page.text
    page = client.submit(link, {"password": "ein neues Passwort", "password_confirm": "ein anderes Passwort"})
    assert "Die beiden Passwörter sind nicht gleich." in page.text
    new = {"password": "ein neues Passwort", "password_confirm": "ein neues Passwort"}
    page = client.submit(link, new)
    assert "Ihr neues Passwort ist gespeichert." in page.text
    assert "wurde gerade geändert" in mails()[-1].text
    page = client.submit(link, {"password": "noch ein Passwort", "password_confirm": "noch ein Passwort"})
    assert "Der Link gilt nicht mehr." in page.text
    assert verify_password("ein neues Passwort", queries.get_account(account.id).password)
    assert lines_of("account", account.id)[0].action == "accounts.change_password"


def test_links_in_mails_do_not_follow_a_forged_host(app, with_password, mails, link_in):
    account = with_password("officer", email="mira@example.org")
    with app.test_request_context("/passwort-vergessen", base_url="http://evil.example"):
        send_reset_password_instructions(queries.get_account(account.id))
        sign_in.send_link_to("mira@example.org", "")
    assert [link_in(mail).partition("/")[0] for mail in mails()] == ["", ""]
    assert not any("evil" in mail.text for mail in mails())


def test_secrets_are_in_no_line_of_history(client, with_password, mails, link_in):
    with_password("officer", email="mira@example.org")
    client.submit("/passwort-vergessen", {"email": "mira@example.org"})
    client.submit(link_in(mails()[0]), {"password": "ein neues Passwort", "password_confirm": "ein neues Passwort"})
    written = " ".join(f"{line.old} {line.new}" for line in session().scalars(select(HistoryLine)))
    assert "argon2" not in written
    assert "fs_uniquifier" not in written


def test_a_changed_password_signs_out_all_other_devices(app, client, with_password, mails):
    with_password("officer", email="mira@example.org")
    other = app.test_client()
    for browser in (client, other):
        browser.submit(
            "/anmelden", {"email": "mira@example.org", "password": with_password.password, "next": "/konto/"}
        )
        assert browser.get("/konto/").status_code == 200
    new = {"new_password": "ein neues Passwort", "new_password_confirm": "ein neues Passwort"}
    page = client.submit("/passwort-aendern", {"password": "falsch", **new})
    assert "Das ist nicht Ihr Passwort." in page.text
    page = client.submit("/passwort-aendern", {"password": with_password.password, **new})
    assert "Ihr neues Passwort ist gespeichert." in page.text
    assert client.get("/konto/").status_code == 200
    assert other.get("/konto/").status_code == 302
    assert "wurde gerade geändert" in mails()[-1].text


def still_here(client):
    """Seven hours later a page is opened, so that the session is not an idle one."""
    with time_machine.travel(now() + timedelta(hours=7), tick=True):
        assert client.get("/konto/").status_code == 200


def test_who_came_by_link_chooses_a_password_without_an_old_one(client, make_account, mails, link_in):
    make_account("representative", email="mira@example.org")
    client.submit("/anmelden/link", {"link-email": "mira@example.org"})
    client.submit(link_in(mails()[0]))
    assert "Bisheriges Passwort" not in client.get("/passwort-aendern").text
    new = {"new_password": "ein neues Passwort", "new_password_confirm": "ein neues Passwort"}
    assert "Ihr neues Passwort ist gespeichert." in client.submit("/passwort-aendern", new).text
    still_here(client)
    with time_machine.travel(now() + timedelta(hours=14), tick=True):
        assert client.get("/anmelden/bestaetigen").status_code == 200


def test_without_a_password_an_old_session_is_asked_again(client, make_account, mails, link_in):
    make_account("representative", email="mira@example.org")
    client.submit("/anmelden/link", {"link-email": "mira@example.org"})
    client.submit(link_in(mails()[0]))
    still_here(client)
    with time_machine.travel(now() + timedelta(hours=14), tick=True):
        page = client.get("/passwort-aendern", follow_redirects=True)
        assert page.request.path == "/anmelden/bestaetigen"
        assert "melden Sie sich ab" in page.text


def test_a_signed_in_request_beside_another_writer(app, client, with_password, mails):
    """The knot of SQLite: the request has read, somebody else commits, and the request writes all the same."""
    account = with_password("officer", email="mira@example.org")
    other_id = with_password("officer", email="jonas@example.org").id
    client.submit("/anmelden", {"email": "mira@example.org", "password": with_password.password, "next": "/konto/"})
    app_engine = db.engine
    wrote = []

    def write_between() -> None:
        with app_engine.connect().execution_options(writes=True) as connection:
            connection.execute(text("UPDATE account SET language = 'en' WHERE id = :id"), {"id": other_id})
            connection.commit()
        wrote.append(True)

    from coordination.accounts import datastore

    plain = datastore.Datastore.put

    def put(self, model):
        write_between()
        return plain(self, model)

    datastore.Datastore.put = put
    try:
        new = {"new_password": "ein neues Passwort", "new_password_confirm": "ein neues Passwort"}
        page = client.submit("/passwort-aendern", {"password": with_password.password, **new})
    finally:
        datastore.Datastore.put = plain
    assert "Ihr neues Passwort ist gespeichert." in page.text
    assert wrote
    assert verify_password("ein neues Passwort", queries.get_account(account.id).password)
    assert mails()[-1].to_address == "mira@example.org"


def test_a_password_changed_meanwhile_is_not_overwritten(app, with_password):
    """Two resets by one link at once: both have read the account, the first to write counts."""
    account = with_password("officer", email="mira@example.org")
    store = app.extensions["security"].datastore
    row = store.find_user(email="mira@example.org")
    row.password = "hash of the second"
    with app.app_context():
        operations.end_sessions(SYSTEM, account.id)
        db.session.remove()
    with pytest.raises(operations.Refused):
        store.set_uniquifier(row)
    db.session.rollback()
    assert queries.get_account(account.id).password != "hash of the second"


def test_a_stronger_hash_is_saved_when_somebody_signs_in(real_hashes, client, make_account):
    """Signing in re-hashes a password made with weaker settings: a write in the middle of the library's view."""
    from argon2 import PasswordHasher

    from core.database import transaction

    account = make_account("officer", email="mira@example.org")
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("vier warme worte hier")
    with transaction():
        session().get_one(Account, account.id).password = weak
    client.submit("/anmelden", {"email": "mira@example.org", "password": "vier warme worte hier", "next": "/konto/"})
    assert client.get("/konto/").status_code == 200
    assert queries.get_account(account.id).password != weak


def test_reading_pages_writes_nothing(client, with_password, count_queries):
    with_password("admin", email="mira@example.org")
    client.submit("/anmelden", {"email": "mira@example.org", "password": with_password.password, "next": "/konto/"})
    with count_queries() as counted:
        for url in ("/konto/", "/verwaltung/", "/verwaltung/verlauf", "/verwaltung/einladen", "/passwort-aendern"):
            assert client.get(url).status_code == 200
    assert not [s for s in counted.statements if s.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_the_librarys_words_come_in_german_and_in_english(app, client):
    texts = app.extensions["security"].i18n_domain
    with in_language("de"):
        assert texts.gettext("Your username has been changed") == "Der Benutzername wurde geändert"
        assert texts.gettext("This is not your password.") == "Das ist nicht Ihr Passwort."
    with in_language("en"):
        assert texts.gettext("Email Address") == "Email Address"
    page = client.submit("/anmelden", {"email": "", "password": ""}, headers={"Accept-Language": "en"})
    assert "The e-mail address or the password is not right." in page.text
    assert "Send me a link" in page.text


@pytest.mark.parametrize("url", ["/anmelden", "/passwort-vergessen", "/passwort-vergessen/no-such-token"])
def test_no_cache_keeps_the_librarys_pages(client, url):
    assert client.get(url).headers["Cache-Control"] == "private, no-store"
