"""How long somebody is signed in, what the cookie says, and what ends it."""

from datetime import date, timedelta

import pytest
import time_machine
from flask.sessions import SecureCookieSessionInterface
from flask_security import verify_password

from coordination.accounts import lasting, operations, queries
from coordination.accounts.operations import Duty
from coordination.accounts.rules import Role
from coordination.accounts.security import KEPT
from core.access import SYSTEM
from core.clock import now, today
from core.database import session
from core.history import check_chain
from tests.conftest import TEST_NOW

PASSWORD = {"email": "mira@example.org", "next": "/konto/"}


@pytest.fixture
def mira(client, with_password):
    """The account of somebody who is signed in with a password."""
    account = with_password("admin", email="mira@example.org")
    with_password("admin", email="zweite@example.org")
    client.submit("/anmelden", PASSWORD | {"password": with_password.password})
    assert client.get("/verwaltung/").status_code == 200
    return account


def test_a_link_to_sign_in_lasts_half_an_hour(client, make_account, mails, link_in):
    make_account("officer", email="mira@example.org")
    client.submit("/anmelden/link", {"link-email": "mira@example.org"})
    link = link_in(mails()[0])
    with time_machine.travel(now() + timedelta(minutes=29), tick=True):
        assert client.get(link).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=31), tick=True):
        client.submit(link)
        assert client.get("/konto/").status_code == 302


def test_a_link_to_a_new_password_lasts_two_hours(client, with_password, mails, link_in):
    account = with_password("officer", email="mira@example.org")
    client.submit("/passwort-vergessen", {"email": "mira@example.org"})
    link = link_in(mails()[0])
    with time_machine.travel(now() + timedelta(minutes=121), tick=True):
        client.submit(link, {"password": "ein neues Passwort", "password_confirm": "ein neues Passwort"})
    assert verify_password(with_password.password, queries.get_account(account.id).password)


def test_of_two_links_to_a_new_password_one_works(client, with_password, mails, link_in):
    account = with_password("officer", email="mira@example.org")
    for _ in range(2):
        client.submit("/passwort-vergessen", {"email": "mira@example.org"})
    first, second = map(link_in, mails())
    client.submit(second, {"password": "das zweite Passwort", "password_confirm": "das zweite Passwort"})
    client.submit(first, {"password": "das erste Passwort", "password_confirm": "das erste Passwort"})
    assert verify_password("das zweite Passwort", queries.get_account(account.id).password)


def in_hours(client, hours: float) -> int:
    """What the account's page answers so many hours later."""
    with time_machine.travel(now() + timedelta(hours=hours), tick=True):
        return client.get("/konto/").status_code


def test_a_session_that_nobody_uses_for_twelve_hours_ends(client, mira):
    assert in_hours(client, 11.9) == 200
    assert in_hours(client, 23) == 200  # it was used in between
    assert in_hours(client, 35.1) == 302
    assert client.get("/konto/").status_code == 302  # and it stays ended, also when the clock goes back


def test_a_session_ends_after_a_month_at_the_latest(client, mira):
    """However much it is used: 30 days after signing in one signs in again."""
    for hours in range(11, 30 * 24, 11):
        assert in_hours(client, hours) == 200
    assert in_hours(client, 30 * 24 + 0.1) == 302


def test_a_copy_of_the_cookie_is_no_younger_than_it_was(client, mira):
    """Whoever took the cookie cannot keep the session going with it, though its owner does."""
    taken = client.get_cookie("session").value
    assert in_hours(client, 8) == 200
    client.set_cookie("session", taken)
    assert in_hours(client, 13) == 302


def test_who_chose_to_stay_signed_in_is_so_for_thirty_days(client, with_password):
    with_password("admin", email="mira@example.org")
    client.submit("/anmelden", PASSWORD | {"password": with_password.password, "remember": "y"})
    assert in_hours(client, 20 * 24) == 200
    assert in_hours(client, 29 * 24) == 200
    with time_machine.travel(now() + timedelta(days=29), tick=True):
        page = client.get("/passwort-aendern", follow_redirects=True)
        assert page.request.path == "/passwort-aendern"  # which asks for the password so far
    remembered = client.get_cookie("remember").value
    client.delete_cookie("session")
    client.set_cookie("remember", remembered)  # kept beyond its own date by whoever copied it
    assert in_hours(client, 30 * 24 + 1) == 302


@pytest.mark.parametrize("mark", ["x.abc", "x.", "x.99999999999999-k", "x.-5-k", "x.１２３-k"])
def test_a_mark_without_a_beginning_that_can_be_is_over(mark):
    assert lasting.is_over(mark, {})


def test_no_cookie_comes_with_a_file_that_caches_may_keep(client, mira):
    with time_machine.travel(now() + timedelta(hours=1), tick=True):
        assert "Set-Cookie" not in client.get("/konto/gibt-es-nicht.pdf").headers
        assert "Set-Cookie" in client.get("/konto/").headers


def test_a_page_does_not_write_the_cookie_anew_each_time(client, mira):
    client.get("/konto/")
    assert "Set-Cookie" not in client.get("/konto/").headers


def test_the_cookie_holds_a_random_mark_and_no_right(client, mira):
    with client.session_transaction() as cookie:
        assert set(cookie) <= KEPT | {"csrf_token"}
        mark, _dot, key = cookie["_user_id"].partition(".")
        assert mark == mira.fs_uniquifier
        assert len(key.partition("-")[2]) * 6 >= 128, "the key of this session, in base 64"
        assert "mira" not in repr(dict(cookie))
    assert len(operations.new_uniquifier()) * 4 >= 128, "hexadecimal"
    assert operations.new_uniquifier() != operations.new_uniquifier()


def test_a_role_that_ends_is_gone_with_the_next_page(client, mira):
    """Rights are read anew for each request, so no session has to be exchanged when they change."""
    (row,) = mira.assignments
    operations.end_assignment(SYSTEM, mira.id, row.id)
    assert client.get("/verwaltung/").status_code == 403
    operations.assign(SYSTEM, mira.id, Duty(Role.ADMIN, None, today(), None))
    assert client.get("/verwaltung/").status_code == 200


def test_a_role_that_ends_tonight_is_gone_tomorrow_without_a_write(client, mira):
    (row,) = mira.assignments
    operations.end_assignment(SYSTEM, mira.id, row.id, last_day=date(2026, 11, 16))
    assert in_hours(client, 7) == 200
    with time_machine.travel(TEST_NOW.replace(hour=22, minute=55), tick=True):  # 23:55 here
        assert client.get("/verwaltung/").status_code == 200
    with time_machine.travel(TEST_NOW.replace(hour=23, minute=5), tick=True):
        assert client.get("/verwaltung/").status_code == 403


def test_from_every_page_it_is_one_step_to_signing_out(client, mira):
    for url in ("/", "/kalender/", "/verwaltung/", "/gremien/", "/impressum", "/diese-seite-gibt-es-nicht"):
        assert 'href="/konto/"' in client.get(url).text, url
    assert 'action="/abmelden"' in client.get("/konto/").text


@pytest.mark.parametrize("change", ["cut", "other key", "other salt", "rubbish"])
def test_a_cookie_that_was_not_made_here_signs_nobody_in(app, client, mira, change):
    good = client.get_cookie("session").value
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    content = signer.loads(good)
    other = type(signer)("another key of the same length, another", salt="cookie-session")
    bad = {
        "cut": good[:-5] + ("A" if good[-5] != "A" else "B") + good[-4:],  # of the last sign some bits mean nothing
        "other key": other.dumps(content),
        "other salt": type(signer)(app.secret_key, salt="confirm-salt").dumps(content),
        "rubbish": "x" * 4_000,
    }[change]
    client.set_cookie("session", bad)
    assert client.get("/konto/").status_code == 302


def test_a_clock_that_jumps_back_an_hour_breaks_nothing(client, mira):
    """Somebody may have to sign in again; nothing fails, and what was written stays in order."""
    operations.set_language(queries.actor_of(mira), "en")
    with time_machine.travel(TEST_NOW - timedelta(hours=1), tick=True):
        assert client.get("/konto/").status_code in (200, 302)
        assert client.get("/kalender.ics").status_code == 200
        operations.set_language(queries.actor_of(mira), "de")
        assert client.get("/readyz").status_code in (200, 503)
    assert check_chain(session()).holds
