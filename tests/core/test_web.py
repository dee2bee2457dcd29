"""What every page shares: headers, error pages, paging, forgery protection."""

import socket

import pytest
from flask import request

from core.web import client_network, like


def test_every_page_carries_the_headers(client):
    page = client.get("/impressum")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [("get", "/nirgends", 404), ("post", "/impressum", 405), ("get", "/organisationen/0", 302)],
)
def test_errors_are_whole_pages(client, method, url, status):
    answer = getattr(client, method)(url)
    assert answer.status_code in (status, 400)
    assert "Traceback" not in answer.text


def test_what_does_not_exist_for_a_person_is_not_found(sign_in):
    page = sign_in("officer").get("/organisationen/4711")
    assert page.status_code == 404
    assert "Seite nicht gefunden" in page.text


def test_a_form_without_its_token_changes_nothing(sign_in):
    answer = sign_in("officer").post("/organisationen/neu", data={"name": "Verein", "kind": "association"})
    assert answer.status_code == 400
    assert "zu lange offen" in answer.text


@pytest.mark.parametrize("rubbish", ["-1", "0", "x", "1e9", "9" * 400, "1;drop", "%00", "¹"])
def test_rubbish_page_numbers_give_a_page(sign_in, rubbish):
    assert sign_in("officer").get(f"/organisationen/?seite={rubbish}&q={rubbish}").status_code == 200


def test_what_is_too_large_is_refused_in_words(sign_in):
    client = sign_in("officer")
    answer = client.post("/organisationen/neu", data={"about": "x" * 26_000_000})
    assert answer.status_code == 413
    assert "größer als erlaubt" in answer.text


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("rubbish", "unknown"),
    ],
)
def test_limits_count_an_ipv6_network_as_one(app, address, network):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert request.remote_addr == address
        assert client_network() == network


def test_wildcards_are_text():
    assert like("100 %_\\") == "%100 \\%\\_\\\\%"


def test_no_test_reaches_out_of_this_machine():
    with pytest.raises(AssertionError, match="wanted to reach"), socket.socket() as way_out:
        way_out.connect(("192.0.2.1", 80))
