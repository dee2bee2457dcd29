"""What every page shares: headers, error pages, paging, forgery protection."""

import socket
from urllib.parse import urlencode

import pytest
from flask import request
from werkzeug.test import encode_multipart

from core.web import Page, client_network, like
from tests.conftest import test_app


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
    [("get", "/nirgends", 404), ("post", "/impressum", 405), ("get", "/organisationen/0", 404)],
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


@pytest.mark.parametrize("name", ["endpoint", "_method", "_scheme", "_external", "_anchor", "values", "self"])
def test_the_next_page_keeps_what_stands_in_the_address_and_nothing_more(app, name):
    address = f"/organisationen/?art=a&art=b&{name}=javascript&seite=1"
    with app.test_request_context(address):
        following = Page([], 1, 100, per_page=50).url_for(2)
    assert following == address.replace("seite=1", "seite=2")


def test_what_is_too_large_is_refused_in_words(sign_in):
    client = sign_in("officer")
    answer = client.post("/organisationen/neu", data={"about": "x" * 5_000_000})
    assert answer.status_code == 413
    assert "größer als erlaubt" in answer.text


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),  # as a server sees it that listens for both at one address
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


LONG = "x" * 8_192
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "url",
    [
        f"/{LONG}",
        f"/kalender/?ansicht={LONG}&monat={LONG}&gremium=-1",
        "/kalender/?monat=%00&gremium=%00",
        "/organisationen/?sort=drop&per_page=1000000&seite=1000000000000000000",
        "/organisationen/?q=%00%ff%fe%25_%5C",
        "/personen/?organisation=-1",
        "/personen/?organisation=99999999999999999999",
        "/orte/?q=%F0%9F%92%A3%E2%80%AE",
        "/gremien/%00/kalender.ics",
        "/kalender.ics?sprache=%00&alle=%00",
        "/abo/%ff/%ff.ics",
        "/antwort/%ff%00",
        "/anmelden?next=%00",
        "/sitzungen/99999999999999999999",
    ],
)
def test_no_rubbish_in_an_address_breaks_a_page(sign_in, url):
    assert sign_in("admin").get(url).status_code in (200, 302, 404)


@pytest.mark.parametrize(
    "languages",
    [LONG, "de;q=abc", "*;q=0.000000001,,;", "de;q=1e400", "q=1," * 2_000, "../../etc/passwd", "%s%n{0}", "é"],
)
def test_a_browser_may_ask_for_any_language(client, languages):
    page = client.get("/impressum", headers={"Accept-Language": languages})
    assert page.status_code == 200
    assert '<html lang="de"' in page.text or '<html lang="en"' in page.text


@pytest.mark.parametrize("url", ["/static/house.css", "/kalender.ics", "/impressum"])
@pytest.mark.parametrize(
    "parts", ["bytes=" + ",".join(["0-"] * 2_000), "bytes=5-1", "bytes=99999999999999999999-", "x=1", "bytes=0-0,1-1"]
)
def test_nobody_gets_more_by_asking_for_parts(client, url, parts):
    lengths = []
    for headers in ({}, {"Range": parts}):
        with client.get(url, headers=headers) as answer:
            lengths.append(len(answer.get_data()))
    whole, found = lengths
    assert found <= max(whole, 10_000)  # a page that says that this part does not exist


def test_ten_thousand_fields_do_no_harm(sign_in):
    client = sign_in("officer")
    fields = {f"field-{number}": "x" for number in range(10_000)} | {"csrf_token": client.csrf_token()}
    boundary, parts = encode_multipart(fields)
    for body, kind in ((urlencode(fields), FORM), (parts, f'multipart/form-data; boundary="{boundary}"')):
        answer = client.post("/organisationen/neu", data=body, content_type=kind)
        assert answer.status_code == (200 if kind == FORM else 413)
        assert "<h1" in answer.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[" * 100_000, "application/json"),
        (b'--x\r\nContent-Disposition: form-data; name="a\r\n\r\nb', "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        (b"name=%ff%fe\xff", "application/x-www-form-urlencoded; charset=utf-16"),
    ],
)
def test_a_body_that_is_no_form_is_refused(sign_in, body, kind):
    assert sign_in("officer").post("/organisationen/neu", data=body, content_type=kind).status_code in (400, 413)


def test_only_trusted_proxies_tell_where_a_request_comes_from(tmp_path):
    """One proxy is trusted: what it was told by others stays hearsay."""
    app = test_app(tmp_path, trusted_proxies=1)
    seen = []
    app.before_request(lambda: seen.append((request.remote_addr, request.scheme)))
    forged = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7", "X-Forwarded-Proto": "gopher, https"}
    app.test_client().get("/healthz", headers=forged | {"X-Real-IP": "192.0.2.9", "Forwarded": "for=192.0.2.8"})
    assert seen == [("198.51.100.7", "https")]
