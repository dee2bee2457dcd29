"""Wrong keys in masses: the network is told to stop, and no subscriber notices anything."""

import contextvars
import secrets
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from coordination.people import operations as people
from core.access import SYSTEM
from core.web import limiter
from tests.conftest import test_app as make_app


def ask(app: Flask, path: str, address: str, **headers: str) -> tuple[int, str]:
    """Status and body of a feed, asked for from this address, as a calendar program asks."""
    browser = Client(app.wsgi_app)
    environ = {"REMOTE_ADDR": address}
    answer = contextvars.Context().run(browser.get, path, environ_overrides=environ, headers=headers)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.one_database
def test_ten_thousand_wrong_keys_from_one_network_harm_no_subscriber(app, make_committee, make_sitting, subscribe):
    make_sitting(make_committee("Beirat"), datetime(2027, 1, 15, 18))
    member = people.create_person(SYSTEM, people.Profile(family_name="Ay"))
    _row, path = subscribe(member)
    wrong, right = Counter[int](), set[tuple[int, bool]]()
    for number in range(10_000):
        address = f"2001:db8:1:2:{number:x}::1"
        wrong[ask(app, f"/abo/{secrets.token_urlsafe(24)}/Handy.ics", address)[0]] += 1
        if number % 500 == 0:
            status, body = ask(app, path, address)
            right.add((status, "BEGIN:VEVENT" in body))
    assert set(wrong) == {404, 429}
    assert wrong[404] <= 60 * 5, "a few minutes' worth at the most"
    assert right == {(200, True)}
    assert ask(app, "/abo/another-wrong-one/Handy.ics", "2001:db8:1:3::1")[0] == 404, "another network"


def test_who_was_told_to_stop_learns_when_to_come_back(app, client):
    limiter.reset()
    answers = [client.get(f"/abo/wrong-{number}/Handy.ics") for number in range(61)]
    assert [answer.status_code for answer in answers[-2:]] == [404, 429]
    assert answers[-1].headers["Retry-After"] == "300"
    assert "Set-Cookie" not in answers[-1].headers
    assert "Zu viele falsche Adressen" in answers[-1].text


@pytest.mark.one_database
@pytest.mark.parametrize(("trusted", "last"), [(0, 429), (1, 404)])
def test_behind_a_trusted_proxy_the_client_counts_not_the_proxy(
    app: Flask, tmp_path: Path, trusted: int, last: int
) -> None:
    """Many clients come by one proxy: where it is trusted, each is counted by itself; else all that it sends."""
    behind = make_app(tmp_path, database=app.config["SETTINGS"].database_url, trusted_proxies=trusted)
    codes = [
        ask(behind, "/abo/wrong/Handy.ics", "192.0.2.1", **{"X-Forwarded-For": f"198.51.100.{number}"})[0]
        for number in range(61)
    ]
    assert codes[-1] == last
