"""The second factor: codes of a real authenticator (RFC 6238), set up, asked for, lost, and taken off."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from flask_security import hash_password, verify_password
from passlib.totp import TOTP
from sqlalchemy import select

from coordination.accounts import codes, erasing, factors, operations, queries
from coordination.accounts.commands import group as commands
from coordination.accounts.models import Account
from coordination.accounts.personal import ACCOUNT
from coordination.accounts.rules import plain_recovery_code, recovery_codes
from core.access import SYSTEM
from core.clock import now
from core.database import db, session, transaction
from core.errors import Refused
from core.history import HistoryLine
from tests.conftest import test_app as make_app

MIRA = "mira@example.org"


class Phone:
    """An authenticator app: it knows a key, and shows the code of this half minute."""

    def __init__(self, page: str) -> None:
        self.app = TOTP(key=re.search(r'<code class="key"[^>]*>([^<]+)<', page)[1])

    @property
    def shows(self) -> str:
        return self.app.generate().token


@contextmanager
def later(**time):
    """So much later; half a minute unless told, so that the app shows another code."""
    with time_machine.travel(now() + timedelta(**(time or {"seconds": 31})), tick=True):
        yield


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1]


def codes_on(page: str) -> list[str]:
    return re.findall(r'<code class="key">([0-9a-f-]{14})</code>', page)


@pytest.fixture
def enter(client, with_password) -> Callable:
    """`enter(next="/orte/")`: Mira gives her password; the answer is not followed."""

    def give(**more):
        data = {"email": MIRA, "password": with_password.password, **more}
        return client.submit("/anmelden", data, follow_redirects=False)

    return give


@pytest.fixture
def set_up(client) -> Callable:
    """`phone, codes = set_up()`: whoever is signed in sets up an app and keeps the recovery codes."""

    def do(proof=""):
        page = client.get("/konto/zweiter-faktor/einrichten").text
        phone = Phone(page)
        data = {"offer": hidden(page, "offer"), "code": phone.shows, "proof": proof}
        page = client.submit("/konto/zweiter-faktor/einrichten", data).text
        return phone, codes_on(page)

    return do


@pytest.fixture
def mira(app, with_password):
    """Mira's account with a second factor: its number, and what she has at hand. She is signed out."""
    number = with_password("officer", email=MIRA).id
    factory = app.extensions["security"].totp_factory
    secret, codes = factory.generate_totp_secret(), recovery_codes("any secret")[:3]
    with transaction():
        row = session().get_one(Account, number)
        row.tf_totp_secret, row.second_factor_since = secret, now()
        row.mf_recovery_codes = [hash_password(plain_recovery_code(code)) for code in codes]
    phone = Phone(f'<code class="key">{factory.get_totp_pretty_key(secret)}</code>')
    return SimpleNamespace(number=number, phone=phone, codes=codes)


def signed_in(client) -> bool:
    return client.get("/konto/").status_code == 200


def young(client) -> None:
    """As if whoever is signed in had given a password just now."""
    with client.session_transaction() as cookie:
        cookie["fs_paa"] = now().timestamp()


def lines(action: str) -> list[HistoryLine]:
    db.session.rollback()
    return list(session().scalars(select(HistoryLine).where(HistoryLine.action == f"accounts.{action}")))


def test_it_is_set_up_from_the_own_account(client, with_password, enter, mails):
    account = with_password("officer", email=MIRA)
    enter()
    page = client.get("/konto/").text
    assert "Ein zweiter Faktor ist ratsam" in page
    assert "/konto/zweiter-faktor/" in page
    assert "Er ist aus" in client.get("/konto/zweiter-faktor/").text
    page = client.get("/konto/zweiter-faktor/einrichten").text
    assert '<svg role="img"' in page
    assert "otpauth://totp/" in page
    phone = Phone(page)
    page = client.submit("/konto/zweiter-faktor/einrichten", {"offer": hidden(page, "offer"), "code": phone.shows}).text
    assert "Diese Codes werden nur jetzt gezeigt" in page
    assert len(set(codes_on(page))) == 5
    page = client.get("/konto/zweiter-faktor/").text
    assert "An seit 16. November 2026" in page
    assert "5 Ersatzcodes sind übrig" in page
    assert codes_on(page) == []
    assert "ratsam" not in client.get("/konto/").text
    (line,) = lines("second_factor_on")
    assert (line.actor_account, line.object_id) == (account.id, account.id)
    assert "Ab jetzt wird beim Anmelden auch ein Code" in mails()[-1].text


def test_neither_secret_nor_recovery_code_can_be_read_from_rows_and_history(with_password, enter, set_up):
    number = with_password("officer", email=MIRA).id
    enter()
    phone, shown = set_up()
    row = queries.get_account(number)
    key = phone.app.base32_key
    assert row.tf_totp_secret
    assert key not in row.tf_totp_secret
    assert any(verify_password(plain_recovery_code(shown[0]), kept) for kept in row.mf_recovery_codes)
    kept = repr([(line.old, line.new) for line in session().scalars(select(HistoryLine))])
    for secret in (key, row.tf_totp_secret, *shown, *row.mf_recovery_codes):
        assert secret not in kept


def test_a_mistyped_first_code_is_told_and_the_picture_stays(client, with_password, enter):
    with_password("officer", email=MIRA)
    enter()
    page = client.get("/konto/zweiter-faktor/einrichten").text
    phone, offer = Phone(page), hidden(page, "offer")
    for wrong in ("", "000000" if phone.shows != "000000" else "111111", "12", "²²²²²²", "x" * 300):
        page = client.submit("/konto/zweiter-faktor/einrichten", {"offer": offer, "code": wrong}).text
        assert 'id="code-error"' in page
        assert hidden(page, "offer") == offer
        assert Phone(page).app.key == phone.app.key
    assert queries.find_account(MIRA).second_factor_since is None


@pytest.mark.parametrize("spoil", ["forged", "late", "of another"])
def test_a_secret_that_was_not_offered_is_not_set_up(client, with_password, enter, make_account, spoil):
    with_password("officer", email=MIRA)
    enter()
    page = client.get("/konto/zweiter-faktor/einrichten").text
    phone, offer = Phone(page), hidden(page, "offer")
    if spoil == "forged":
        offer = offer[:-4] + "AAAA"
    if spoil == "of another":
        account = make_account("officer", email="andere@example.org")
        offer = codes.offer(account)
    with client.session_transaction() as cookie:
        cookie["fs_paa"] += 300  # the session itself stays young enough
    with later(minutes=31 if spoil == "late" else 1):
        page = client.submit("/konto/zweiter-faktor/einrichten", {"offer": offer, "code": phone.shows}).text
    assert "Das Bild war zu alt" in page
    assert queries.find_account(MIRA).second_factor_since is None


def test_pressed_twice_the_same_recovery_codes_are_shown(client, with_password, enter):
    with_password("officer", email=MIRA)
    enter()
    page = client.get("/konto/zweiter-faktor/einrichten").text
    data = {"offer": hidden(page, "offer"), "submission": hidden(page, "submission"), "code": Phone(page).shows}
    first = codes_on(client.submit("/konto/zweiter-faktor/einrichten", data).text)
    with later(minutes=3):  # the code itself no longer fits by then
        second = codes_on(client.submit("/konto/zweiter-faktor/einrichten", data).text)
    assert first == second
    assert len(first) == 5
    assert len(lines("second_factor_on")) == 1


def test_after_the_password_a_code_is_asked_for(client, mira, enter):
    answer = enter(next="/organisationen/", remember="y")
    assert answer.location == "/anmelden/code?next=/organisationen/"
    assert not signed_in(client)
    assert client.get_cookie("remember") is None
    with later():
        answer = client.submit(answer.location, {"code": mira.phone.shows}, follow_redirects=False)
        assert answer.location == "/organisationen/"
        assert client.get_cookie("remember") is not None
        assert signed_in(client)


def test_after_a_link_a_code_is_asked_for(client, mira, mails, link_in):
    client.submit("/anmelden/link", {"link-email": MIRA, "link-next": "/organisationen/"})
    answer = client.submit(link_in(mails()[-1]), follow_redirects=False)
    assert answer.location == "/anmelden/code?next=/organisationen/"
    assert not signed_in(client)
    assert len(lines("use_link")) == 1
    assert lines("sign_in_by_link") == []
    with later():
        assert client.submit(answer.location, {"code": mira.phone.shows}).request.path == "/organisationen/"
        assert signed_in(client)


def test_a_link_of_another_account_ends_the_session_before_it_asks(client, mira, sign_in, mails, link_in):
    client.submit("/anmelden/link", {"link-email": MIRA})
    sign_in("officer")
    assert client.submit(link_in(mails()[-1]), follow_redirects=False).location.startswith("/anmelden/code")
    assert not signed_in(client)
    with later():
        client.submit("/anmelden/code", {"code": mira.phone.shows})
        assert MIRA in client.get("/konto/").text


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_out_of_the_site(client, mira, enter, target):
    enter(next=target)
    with later():
        answer = client.submit(
            "/anmelden/code", {"code": mira.phone.shows}, query_string={"next": target}, follow_redirects=False
        )
    assert answer.status_code == 302
    assert urlsplit(urljoin("http://localhost/", answer.location.replace("\\", "/"))).netloc == "localhost"


def test_a_code_works_once_and_for_half_a_minute(client, mira, enter):
    with later():
        shown = mira.phone.shows
        enter()
        client.submit("/anmelden/code", {"code": shown})
        client.submit("/abmelden")
        enter()
        page = client.submit("/anmelden/code", {"code": shown})
        assert "Dieser Code passt nicht" in page.text
        assert not signed_in(client)
    with later(minutes=2):
        page = client.submit("/anmelden/code", {"code": shown})
        assert "Dieser Code passt nicht" in page.text
        assert not signed_in(client)
        client.submit("/anmelden/code", {"code": mira.phone.shows})
        assert signed_in(client)


def test_clocks_may_differ_by_half_a_minute(client, mira, enter):
    with later(minutes=5):
        shown = mira.phone.shows
        enter()
    with later(minutes=5, seconds=29):
        client.submit("/anmelden/code", {"code": shown})
        assert signed_in(client)


def test_of_two_who_give_the_same_code_at_once_one_is_let_in(app, mira):
    with later():
        counter = mira.phone.app.generate().counter

        def take(_n):
            with app.app_context():
                return factors.use_code(mira.number, counter)

        db.session.rollback()
        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(take, range(4))) == [False, False, False, True]


@pytest.mark.parametrize("typed", ["{a} {b}", "{a}-{b}", " {a}{b} "])
def test_a_code_may_be_typed_as_the_app_shows_it(client, mira, enter, typed):
    enter()
    with later():
        shown = mira.phone.shows
        client.submit("/anmelden/code", {"code": typed.format(a=shown[:3], b=shown[3:])})
        assert signed_in(client)


def test_digits_of_another_script_are_taken(client, mira, enter):
    enter()
    with later():
        client.submit("/anmelden/code", {"code": mira.phone.shows.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))})
        assert signed_in(client)


@pytest.mark.parametrize("typed", ["", "12345", "²²²²²²", "ａｂｃ", "9" * 5000, "\0"])
def test_rubbish_is_no_code(client, mira, enter, typed):
    enter()
    for url in ("/anmelden/code", "/anmelden/ersatzcode"):
        page = client.submit(url, {"code": typed})
        assert page.status_code == 200
        assert 'id="code-error"' in page.text
    assert not signed_in(client)


def test_without_password_or_link_no_code_helps(client, mira):
    for url in ("/anmelden/code", "/anmelden/ersatzcode"):
        assert client.get(url).location == "/anmelden"
        page = client.submit(url, {"code": mira.phone.shows if url.endswith("code") else mira.codes[0]})
        assert "Bitte beginnen Sie noch einmal mit Ihrem Passwort" in page.text
    assert not signed_in(client)
    assert len(queries.get_account(mira.number).mf_recovery_codes) == 3


def test_ten_minutes_after_the_password_it_must_be_given_again(client, mira, enter):
    enter()
    with later(minutes=11):
        page = client.submit("/anmelden/code", {"code": mira.phone.shows})
        assert "Bitte beginnen Sie noch einmal" in page.text
        page = client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
        assert "Bitte beginnen Sie noch einmal" in page.text
        assert not signed_in(client)


@pytest.mark.parametrize("change", ["deactivated", "signed out everywhere"])
def test_what_ends_sessions_ends_a_sign_in_half_way(client, mira, enter, change):
    enter()
    {"deactivated": operations.deactivate_account, "signed out everywhere": operations.end_sessions}[change](
        SYSTEM, mira.number
    )
    with later():
        client.submit("/anmelden/code", {"code": mira.phone.shows})
    assert not signed_in(client)


def test_taken_off_after_the_password_one_begins_once_more(client, mira, enter):
    enter()
    factors.take_off(SYSTEM, mira.number)
    page = client.submit("/anmelden/code", {"code": mira.phone.shows})
    assert "Bitte beginnen Sie noch einmal mit Ihrem Passwort" in page.text
    assert not factors.use_code(mira.number, mira.phone.app.generate().counter)
    enter()
    assert signed_in(client)


def test_who_is_signed_in_stays_so_whatever_page_is_opened(client, mira, enter):
    enter()
    with later():
        client.submit("/anmelden/code", {"code": mira.phone.shows})
        for url in ("/anmelden/code", "/anmelden/ersatzcode"):
            assert client.get(url).status_code == 302
            assert signed_in(client)


def test_codes_cannot_be_guessed(client, mira, enter):
    enter()
    answers = [
        client.submit(
            "/anmelden/code", {"code": f"{n:06}"}, environ_overrides={"REMOTE_ADDR": f"198.51.{n}.1"}
        ).status_code
        for n in range(11)
    ]
    assert answers == [200] * 10 + [429]
    enter()
    assert client.submit("/anmelden/code", {"code": mira.phone.shows}).status_code == 429, (
        "a new password is no new try"
    )


def test_a_new_password_is_no_way_to_more_tries(client, mira, enter):
    enter()
    for _n in range(10):
        client.submit("/anmelden/code", {"code": "000000"})
    with transaction():
        session().get_one(Account, mira.number).fs_uniquifier = operations.new_uniquifier()
    enter()
    with later():
        assert client.submit("/anmelden/code", {"code": mira.phone.shows}).status_code == 429


def test_right_codes_are_not_counted(client, mira, enter):
    enter()
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
    for n in range(1, 13):
        with later(minutes=n):
            assert codes_on(client.submit("/konto/zweiter-faktor/codes", {"proof": mira.phone.shows}).text)


def test_of_too_many_wrong_codes_the_owner_is_told_once_and_a_recovery_code_still_helps(client, mira, enter, mails):
    enter()
    for _n in range(13):
        client.submit("/anmelden/code", {"code": "000000"})
    assert len([mail for mail in mails() if "zu viele falsche Codes" in mail.text]) == 1
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
    assert signed_in(client)


@pytest.mark.parametrize("target", ["evil.example", "%5C%5Cevil.example", "/%5Cevil.example", "//evil.example"])
@pytest.mark.parametrize("url", ["/anmelden/code", "/anmelden/ersatzcode"])
def test_the_pages_of_codes_lead_nobody_out_of_the_site(client, mira, enter, url, target):
    enter()
    assert client.get(f"{url}?next={target}").location == url
    assert client.submit(f"{url}?next={target}", {"code": mira.codes[0]}, follow_redirects=False).location == url
    assert (
        client.submit(url, {"code": mira.codes[0], "next": "\\\\evil.example"}, follow_redirects=False).location == url
    )


def test_a_recovery_code_works_once_and_the_owner_is_told(client, mira, enter, mails):
    enter(next="/organisationen/")
    page = client.get("/anmelden/code?next=/organisationen/").text
    link = re.search(r'href="(/anmelden/ersatzcode[^"]*)"', page)[1]
    assert client.submit(link, {"code": mira.codes[2].replace("-", " ").upper()}).request.path == "/organisationen/"
    assert signed_in(client)
    assert "2 Ersatzcodes sind übrig" in client.get("/konto/zweiter-faktor/").text
    assert "Einer Ihrer Ersatzcodes wurde benutzt" in mails()[-1].text
    assert len(lines("recovery_code")) == 1
    client.submit("/abmelden")
    enter()
    assert "Das ist keiner Ihrer Ersatzcodes" in client.submit(link, {"code": mira.codes[2]}).text
    assert not signed_in(client)


def test_of_two_who_give_the_same_recovery_code_at_once_one_is_let_in(app, mira):
    def take(_n):
        with app.app_context():
            return factors.use_recovery_code(mira.number, mira.codes[0])

    db.session.rollback()
    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(take, range(3))) == [False, False, True]


def test_new_recovery_codes_end_those_before(client, mira, enter):
    enter()
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
    page = client.get("/konto/zweiter-faktor/codes").text
    data = {"submission": hidden(page, "submission"), "proof": mira.codes[1]}
    new = codes_on(client.submit("/konto/zweiter-faktor/codes", data).text)
    assert codes_on(client.submit("/konto/zweiter-faktor/codes", data).text) == new, "pressed twice"
    assert len(lines("recovery_codes")) == 1
    assert not set(new) & set(mira.codes)
    client.submit("/abmelden")
    enter()
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[2]})
    assert not signed_in(client)
    client.submit("/anmelden/ersatzcode", {"code": new[1]})
    assert signed_in(client)


def test_another_app_takes_the_place_of_the_first(client, mira, enter, set_up):
    enter()
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
    phone, new = set_up(mira.codes[1])
    client.submit("/abmelden")
    enter()
    with later():
        client.submit("/anmelden/code", {"code": mira.phone.shows})
        assert not signed_in(client)
        client.submit("/anmelden/code", {"code": phone.shows})
        assert signed_in(client)
    assert len(new) == 5


def test_it_is_turned_off(client, mira, enter, mails):
    enter()
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
    page = client.submit("/konto/zweiter-faktor/ausschalten", {"proof": mira.codes[1]})
    assert page.request.path == "/konto/"
    row = queries.get_account(mira.number)
    assert (row.second_factor_since, row.tf_totp_secret, row.tf_counter, row.mf_recovery_codes) == (None,) * 4
    assert len(lines("second_factor_off")) == 1
    assert "Ihr zweiter Faktor wurde ausgeschaltet" in mails()[-1].text
    client.submit("/abmelden")
    enter()
    assert signed_in(client)


@pytest.mark.parametrize("page", ["einrichten", "codes", "ausschalten"])
def test_an_old_session_is_asked_for_the_password_again(client, mira, enter, with_password, page):
    enter()
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
    url = f"/konto/zweiter-faktor/{page}"
    with later(minutes=31):
        answer = client.get(url)
        assert answer.location.startswith("/anmelden/bestaetigen")
        assert client.submit(url, {"code": mira.phone.shows}, follow_redirects=False).location.startswith(
            "/anmelden/bestaetigen"
        )
        assert queries.get_account(mira.number).second_factor_since
        assert len(queries.get_account(mira.number).mf_recovery_codes) == 2
        page = client.submit(answer.location, {"password": with_password.password})
        assert page.request.path == url


@pytest.mark.parametrize("choose", [False, True])
def test_choosing_a_first_password_opens_no_old_session(client, mira, mails, link_in, choose):
    with transaction():
        session().get_one(Account, mira.number).password = None
    client.submit("/anmelden/link", {"link-email": MIRA})
    client.submit(link_in(mails()[-1]))
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
    with later(minutes=29):
        password = "Giraffe tanzt Walzer 93"
        client.get("/passwort-aendern")
        if choose:
            client.submit("/passwort-aendern", {"new_password": password, "new_password_confirm": password})
            assert queries.get_account(mira.number).password
    with later(minutes=31):
        for page in ("einrichten", "codes", "ausschalten"):
            assert client.get(f"/konto/zweiter-faktor/{page}").location.startswith("/anmelden/bestaetigen")
        answer = client.submit("/passwort-aendern", {"new_password": password, "new_password_confirm": password})
        assert choose or answer.request.path == "/anmelden/bestaetigen"


def test_looking_at_the_pages_keeps_no_session_young(client, mira, enter):
    enter()
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
    with later(minutes=29):
        assert client.get("/konto/zweiter-faktor/ausschalten").status_code == 200
    with later(minutes=31):
        assert client.get("/konto/zweiter-faktor/ausschalten").status_code == 302


@pytest.fixture
def other_device(app, with_password) -> Callable:
    """`other_device()`: somebody signs in with Mira's password on another device, to stay."""

    def open_one():
        client = app.test_client()
        client.submit("/anmelden", {"email": MIRA, "password": with_password.password, "remember": "y"})
        return client

    return open_one


def test_set_up_it_ends_sessions_that_were_opened_without_a_code(client, with_password, enter, other_device, mails):
    with_password("officer", email=MIRA)
    other = other_device()
    enter(remember="y")
    assert signed_in(other)
    page = client.get("/konto/zweiter-faktor/einrichten").text
    data = {"offer": hidden(page, "offer"), "submission": hidden(page, "submission"), "code": Phone(page).shows}
    data["csrf_token"] = hidden(page, "csrf_token")
    page = client.post("/konto/zweiter-faktor/einrichten", data=data).text
    assert "Auf allen anderen Geräten sind Sie abgemeldet" in page
    assert "Auf allen anderen Geräten sind Sie abgemeldet" in mails()[-1].text
    assert not signed_in(other)
    assert signed_in(client)
    assert codes_on(client.post("/konto/zweiter-faktor/einrichten", data=data).text) == codes_on(page), "reloaded"
    client.delete_cookie("session")
    assert signed_in(client), "whoever chose to stay signed in here does"


def test_turned_off_it_ends_all_other_sessions(client, mira, other_device, enter):
    other = other_device()
    other.submit("/anmelden/ersatzcode", {"code": mira.codes[1]})
    enter()
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
    assert signed_in(other)
    page = client.get("/konto/zweiter-faktor/ausschalten").text
    data = {"submission": hidden(page, "submission"), "proof": mira.codes[2]}
    page = client.submit("/konto/zweiter-faktor/ausschalten", data).text
    assert client.submit("/konto/zweiter-faktor/ausschalten", data).request.path == "/konto/", "pressed twice"
    assert len(lines("second_factor_off")) == 1
    assert "Auf allen anderen Geräten sind Sie abgemeldet" in page
    assert not signed_in(other)
    assert signed_in(client)
    with later(minutes=31):
        assert client.get("/konto/zweiter-faktor/einrichten").status_code == 302, "no fresher than before"


def test_taken_off_it_ends_all_sessions(client, mira, enter):
    enter()
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
    assert signed_in(client)
    factors.take_off(SYSTEM, mira.number)
    assert not signed_in(client)


def test_the_form_sent_again_shows_no_recovery_codes_that_have_ended(client, mira, enter):
    enter()
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
    forms, proof = [], mira.codes[1]
    for _n in range(2):
        page = client.get("/konto/zweiter-faktor/codes").text
        forms.append({"submission": hidden(page, "submission"), "proof": proof})
        page = client.submit("/konto/zweiter-faktor/codes", forms[-1]).text
        proof = codes_on(page)[0]
        assert "faktor ist an" not in page.lower()
    page = client.submit("/konto/zweiter-faktor/codes", forms[0])
    assert codes_on(page.text) == []
    assert "Diese Ersatzcodes gelten nicht mehr" in page.text
    assert page.request.path == "/konto/zweiter-faktor/"
    assert codes_on(client.submit("/konto/zweiter-faktor/codes", forms[1]).text)


def test_only_a_young_session_takes_it_off_somebody_else(client, mira, sign_in):
    sign_in("admin")
    url = f"/verwaltung/konten/{mira.number}/zweiter-faktor"
    assert client.get(url).location.startswith("/anmelden/bestaetigen")
    client.submit(url)
    assert queries.get_account(mira.number).second_factor_since


@pytest.mark.parametrize("page", ["einrichten", "codes", "ausschalten"])
def test_who_only_sits_at_the_computer_changes_nothing(client, mira, enter, page):
    enter()
    url = f"/konto/zweiter-faktor/{page}"
    with later():
        used = mira.phone.shows
        client.submit("/anmelden/code", {"code": used})
        before = queries.get_account(mira.number).mf_recovery_codes
        form = client.get(url).text
        data = {"offer": hidden(form, "offer"), "code": Phone(form).shows} if page == "einrichten" else {}
        for wrong in ("", "000000", "0000-0000-0000", used, "²", "x" * 500):
            answer = client.submit(url, {**data, "proof": wrong})
            assert answer.status_code == 200
            assert 'id="proof-error"' in answer.text
            assert queries.get_account(mira.number).mf_recovery_codes == before
    with later(minutes=1, seconds=2):
        if data:
            data["code"] = Phone(form).shows
        client.submit(url, {**data, "proof": mira.phone.shows})
        assert queries.get_account(mira.number).mf_recovery_codes != before


def test_proofs_cannot_be_guessed(client, mira, enter):
    enter()
    client.submit("/anmelden/ersatzcode", {"code": mira.codes[0]})
    pages = ("codes", "ausschalten") * 6
    answers = [client.submit(f"/konto/zweiter-faktor/{page}", {"proof": "000000"}).status_code for page in pages]
    assert answers == [200] * 10 + [429] * 2


def test_the_administration_takes_it_off_whoever_lost_everything(client, mira, sign_in, mails, enter):
    sign_in("admin")
    young(client)
    url = f"/verwaltung/konten/{mira.number}"
    assert f"{url}/zweiter-faktor" in client.get(url).text
    assert "vergewissern" in client.get(f"{url}/zweiter-faktor").text
    assert client.submit(f"{url}/zweiter-faktor").request.path == url
    assert "Die Verwaltung hat den zweiten Faktor von Ihrem Konto abgenommen" in mails()[-1].text
    (line,) = lines("second_factor_off")
    assert line.object_id == mira.number
    assert line.actor_account not in (None, mira.number)
    assert f"{url}/zweiter-faktor" not in client.get(url).text
    client.submit("/abmelden")
    enter()
    assert signed_in(client)


def test_nobody_takes_off_their_own_that_way(client, with_password, enter, set_up):
    account = with_password("admin", email=MIRA)
    number = account.id
    enter()
    set_up()
    assert "zweiter-faktor" not in client.get(f"/verwaltung/konten/{number}").text
    page = client.submit(f"/verwaltung/konten/{number}/zweiter-faktor").text
    assert "Den eigenen zweiten Faktor schalten Sie unter" in page
    assert queries.get_account(number).second_factor_since is not None


def test_a_command_takes_it_off_the_only_administrator(app, mira):
    run = app.test_cli_runner().invoke(commands, ["take-off-second-factor", "Mira@Example.org"])
    assert (run.exit_code, run.output.split()[0]) == (0, MIRA + ":")
    assert queries.get_account(mira.number).second_factor_since is None
    assert app.test_cli_runner().invoke(commands, ["take-off-second-factor", "niemand@example.org"]).exit_code == 1


@pytest.fixture
def demanded(app):
    """The settings tell whoever administers to have a second factor."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, second_factor="administration")
    yield
    app.config["SETTINGS"] = settings


def test_where_it_is_demanded_an_administrator_does_nothing_before(client, with_password, enter, set_up, demanded):
    with_password("admin", email=MIRA)
    enter()
    page = client.get("/").text
    assert "Bitte richten Sie zuerst einen zweiten Faktor ein" in page
    assert "/verwaltung/" not in page
    for url in ("/konto/", "/verwaltung/", "/konto/daten/", "/personen/", "/konto/zweiter-faktor/"):
        assert client.get(url).location == "/konto/zweiter-faktor/einrichten"
    client.submit("/verwaltung/einladen", {"email": "neu@example.org", "role": "admin"})
    assert queries.find_account("neu@example.org") is None
    assert "Wer hier verwaltet" in client.get("/konto/zweiter-faktor/einrichten").text
    set_up()
    assert client.get("/verwaltung/").status_code == 200
    assert client.get("/konto/").status_code == 200


def test_where_it_is_demanded_it_is_not_turned_off(client, with_password, enter, set_up, demanded):
    number = with_password("admin", email=MIRA).id
    enter()
    _phone, codes = set_up()
    page = client.get("/konto/zweiter-faktor/").text
    assert "/zweiter-faktor/einrichten" in page
    assert "/zweiter-faktor/ausschalten" not in page
    page = client.submit("/konto/zweiter-faktor/ausschalten", {"proof": codes[0]}).text
    assert "Wer hier verwaltet" in page
    assert queries.get_account(number).second_factor_since is not None
    assert len(queries.get_account(number).mf_recovery_codes) == 5


def test_where_it_is_demanded_others_choose(client, with_password, enter, demanded):
    with_password("officer", email=MIRA)
    enter()
    assert client.get("/konto/").status_code == 200


@pytest.mark.parametrize(
    ("role", "told"), [("admin", True), ("officer", True), ("clerk", True), ("representative", False)]
)
def test_it_is_advised_to_whoever_sees_much(sign_in, role, told):
    assert ("Ein zweiter Faktor ist ratsam" in sign_in(role).get("/konto/").text) == told


@pytest.mark.one_database
def test_pages_of_the_library_that_are_not_used_are_not_there(app, sign_in):
    client = sign_in("officer")
    for url in ("/tf-setup", "/tf-rescue", "/tf-select", "/mf-recovery-codes"):
        assert client.get(url).status_code == 404
        assert client.submit(url, {"setup": "disable"}).status_code == 404
    assert client.submit("/tf-setup/token", {"code": "1"}).status_code == 404


@pytest.mark.parametrize("url", ["/anmelden/code", "/anmelden/ersatzcode", "/konto/zweiter-faktor/ausschalten"])
def test_every_form_needs_its_token(client, mira, enter, url):
    enter()
    assert client.post(url, data={"code": "123456"}).status_code == 400


def test_with_another_secret_key_no_code_fits_but_recovery_codes_do(tmp_path, app, mira):
    """What deploy/README.md says of a new AUGENHOEHE_SECRET_KEY."""
    other = make_app(tmp_path, secret_key="another key, another key, another key")
    secret = queries.get_account(mira.number).tf_totp_secret
    for one, counter in ((app, mira.phone.app.generate().counter), (other, None)):
        assert one.extensions["security"].totp_factory.counter_of(mira.phone.shows, secret) == counter
    assert factors.use_recovery_code(mira.number, mira.codes[0])


def test_own_data_say_that_it_is_on_and_never_the_secret(app, mira):
    subject = erasing.subject_of(account_id=mira.number)
    (row,) = ACCOUNT.export(subject)
    assert row["second_factor_since"]
    assert not {"tf_totp_secret", "tf_counter", "mf_recovery_codes"} & row.keys()
    erasing.erase(SYSTEM, subject)
    db.session.rollback()
    kept = session().get_one(Account, mira.number)
    assert (kept.second_factor_since, kept.tf_totp_secret, kept.tf_counter, kept.mf_recovery_codes) == (None,) * 4


def test_recovery_codes_are_all_different_and_come_from_their_secret():
    first, second = recovery_codes("a secret"), recovery_codes("another one")
    assert first == recovery_codes("a secret")
    assert len({*first, *second}) == 10
    assert all(re.fullmatch(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", code) for code in first)


def test_an_operation_on_nothing_is_refused(app, make_account):
    account = make_account("officer")
    actor = queries.actor_of(account)
    with pytest.raises(Refused):
        factors.renew_codes(actor, proof="", make_secret=lambda: "secret")
    factors.turn_off(actor, proof="")
    assert lines("second_factor_off") == []
