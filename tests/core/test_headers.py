"""What an installation that is reached by https tells browsers with every answer, and what its cookies are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from werkzeug.test import TestResponse

from coordination.accounts import operations as accounts
from core.access import SYSTEM
from core.database import db
from participation.committees import operations as committees
from participation.committees.rules import Kind
from tests.conftest import test_app

PASSWORD = "vier warme worte hier"
EVERYWHERE = {
    "Content-Security-Policy": {
        "default-src 'none'",
        "object-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    },
    # two years; not preloaded: that binds the whole domain of a town for good, so the town decides it
    "Strict-Transport-Security": {"max-age=63072000", "includeSubDomains"},
    "X-Content-Type-Options": {"nosniff"},
    "X-Frame-Options": {"DENY"},
    "Permissions-Policy": {"camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Cross-Origin-Resource-Policy": {"same-origin"},
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An installation reached by https, with a committee and an account."""
    app = test_app(tmp_path_factory.mktemp("https"), public_url="https://town.example")
    with app.app_context():
        db.create_all()
        charter = committees.Charter(name="Integrationsrat", kind=Kind.ADVISORY_BOARD)
        committees.create_committee(SYSTEM, charter, slug="rat")
        accounts.create_account(SYSTEM, "mira@example.org", password_hash=hash_password(PASSWORD))
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


class Browser(FlaskClient):
    """A browser that speaks https."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As Flask's, at the town's address."""
        return super().open(*args, base_url="https://town.example", **kwargs)


@pytest.fixture
def browser(town: Flask) -> Browser:
    """A browser of nobody."""
    return Browser(town, town.response_class)


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("get", "/", 200),
        ("get", "/anmelden", 200),
        ("get", "/konto/", 302),
        ("get", "/diese-seite-gibt-es-nicht", 404),
        ("post", "/impressum", 405),
        ("delete", "/impressum", 405),
        ("post", "/sprache", 400),
        ("get", "/static/house.css", 200),
        ("get", "/static/keine.css", 404),
        ("get", "/healthz", 200),
        ("get", "/robots.txt", 200),
        ("get", "/kalender.ics", 200),
        ("get", "/gremien/rat/kalender.ics", 200),
        ("get", "/abo/kein-schluessel/a.ics", 404),
        ("get", "/antwort/kein-schluessel", 404),
    ],
)
def test_each_kind_of_answer_carries_every_header(browser, method, url, status):
    with getattr(browser, method)(url) as answer:
        answer.get_data()
    assert answer.status_code == status
    for name, wanted in EVERYWHERE.items():
        assert {part.strip() for part in answer.headers[name].split(";")} == wanted, name
    assert not {"Access-Control-Allow-Origin", "X-Powered-By", "Server"} & set(answer.headers.keys())
    kind = answer.headers["Content-Type"]
    assert kind.endswith("charset=utf-8") or kind == "application/json"


@pytest.mark.parametrize(
    ("url", "policy"),
    [
        ("/", "same-origin"),
        ("/kalender.ics", "no-referrer"),
        ("/abo/kein-schluessel/a.ics", "no-referrer"),
        # over https a form is believed by its Referer, so these keys, which work once, travel within the site
        ("/anmelden/link/kein-schluessel", "same-origin"),
        ("/passwort-vergessen/kein-schluessel", "same-origin"),
    ],
)
def test_an_address_that_is_a_key_leaves_the_site_with_nobody(browser, url, policy):
    assert browser.get(url).headers["Referrer-Policy"] == policy


def test_cookies_belong_to_this_host_alone(browser):
    page = browser.get("/anmelden").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    form = {"email": "mira@example.org", "password": PASSWORD, "remember": "y", "csrf_token": token}
    answer = browser.post("/anmelden", data=form, headers={"Referer": "https://town.example/anmelden"})
    assert answer.status_code == 302
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-session", "__Host-remember"}
    for cookie in cookies:
        parts = {part.strip() for part in cookie.split(";")}
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts
        assert not any(part.startswith("Domain") for part in parts)
        assert len(cookie) < 4096


def test_another_origin_may_ask_and_gets_no_leave(browser):
    answer = browser.options(
        "/sprache", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    )
    assert not [name for name in answer.headers.keys() if name.lower().startswith("access-control")]  # noqa: SIM118


def test_a_form_sent_by_another_site_is_refused_whatever_it_knows(browser):
    """Even the right token does not help a page of another origin (Referer is checked over https)."""
    page = browser.get("/anmelden").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    form = {"language": "en", "csrf_token": token}
    for referer in ("https://evil.example/", "https://town.example.evil.example/", "http://town.example/", ""):
        assert browser.post("/sprache", data=form, headers={"Referer": referer}).status_code == 400
    assert browser.post("/sprache", data=form, headers={"Referer": "https://town.example/"}).status_code == 302


def test_no_page_leaves_a_word_of_the_program_behind_it(browser, town):
    """No file of the program, no folder and no source is served beside the static files."""
    root = Path(town.config["SETTINGS"].root)
    for path in ("wsgi.py", "core/settings.py", "pyproject.toml", "translations/de/LC_MESSAGES/messages.po"):
        assert (root / path).exists()
        for url in (f"/{path}", f"/static/../{path}", f"/static/..%2f{path}", f"/static/%2e%2e/{path}"):
            assert browser.get(url).status_code == 404
    assert browser.get("/static/").status_code == browser.get("/static/vendor/").status_code == 404
