"""What the log tells of signing in: each try, how and with which account, and never an address or a password."""

import json

import pytest
from structlog.testing import capture_logs

from coordination.accounts import sign_in_log
from core.logs import logging, structlog

MIRA = "mira@example.org"


@pytest.fixture
def told(app):
    """The log as a server writes it, from here on; `told()`: its lines about signing in since the last call."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with capture_logs() as lines:

        def take() -> list[dict[str, object]]:
            found = [line for line in lines if str(line["event"]).startswith("sign-in.")]
            lines.clear()
            return found

        yield take
    structlog.configure(**before)


def test_signing_in_and_out_is_told(client, with_password, told):
    account = with_password("officer", email=MIRA)
    client.submit("/anmelden", {"email": MIRA, "password": with_password.password})
    (line,) = told()
    assert (line["event"], line["way"], line["account"]) == ("sign-in.done", "password", account.id)
    client.submit("/abmelden")
    assert [(line["event"], line["account"]) for line in told()] == [("sign-in.ended", account.id)]


@pytest.mark.parametrize("address", [MIRA, "niemand@example.org", "kein Postfach", ""])
def test_a_wrong_password_is_told_without_what_was_typed(client, with_password, told, address):
    account = with_password("officer", email=MIRA)
    client.submit("/anmelden", {"email": address, "password": "geheim und falsch"})
    (line,) = told()
    assert (line["event"], line["way"], line["log_level"]) == ("sign-in.failed", "password", "warning")
    assert line["account"] == (account.id if address == MIRA else None)
    assert not [word for word in ("mira", "niemand", "Postfach", "geheim", "127.0.0.1") if word in json.dumps(line)]


def test_links_are_told_also_when_they_no_longer_hold(client, make_account, mails, link_in, told):
    account = make_account("officer", email=MIRA)
    client.submit("/anmelden/link", {"link-email": MIRA})
    link = link_in(mails()[0])
    client.submit(link)
    assert [(line["event"], line["way"], line["account"]) for line in told()] == [("sign-in.done", "email", account.id)]
    client.submit(link)
    assert [(line["event"], line["way"], line["account"]) for line in told()] == [("sign-in.failed", "link", None)]


def test_who_tries_too_often_is_told(client, with_password, told):
    with_password("officer", email=MIRA)
    for _try in range(11):
        client.submit("/anmelden", {"email": MIRA, "password": "falsch"})
    lines = told()
    assert [line["event"] for line in lines] == ["sign-in.failed"] * 10 + ["sign-in.stopped"]
    assert lines[-1]["counted_by"] == "address"
    assert "mira" not in json.dumps(lines)


def test_a_new_password_is_told(client, with_password, told):
    account = with_password("officer", email=MIRA)
    client.submit("/anmelden", {"email": MIRA, "password": with_password.password})
    told()
    new = {"new_password": "ein neues Passwort", "new_password_confirm": "ein neues Passwort"}
    client.submit("/passwort-aendern", {"password": "falsch", **new})
    assert told() == []  # nothing happened
    client.submit("/passwort-aendern", {"password": with_password.password, **new})
    assert ("sign-in.new-password", account.id) in [(line["event"], line["account"]) for line in told()]


def test_the_library_is_heard_once(app, told):
    """Also where several applications were made in one process."""
    sign_in_log.listen()
    sign_in_log.failed("password", None)
    assert len(told()) == 1
