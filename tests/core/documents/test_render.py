"""HTML to PDF: valid, accessible, the same bytes again; names of every script; nothing fetched, nothing embedded."""

import io
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import page
import pytest
from pypdf import PdfReader

from core.documents import render
from core.documents.failed import DocumentFailed
from core.documents.pages import document_response, render_document
from core.documents.render import render_pdf

NAMES = ["Şükrü Çağlıoğlu", "Оксана Шевченко", "ሰላም ተስፋይ", "Łucja Żółć", "ليلى الخطيب"]


def whole(body: str) -> str:
    return f"""<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Niederschrift</title>
<style>@import "house:fonts/fonts.css"; body {{ font-family: "Noto Sans"; }}</style></head><body>{body}</body></html>"""


def make(body: str, **changes) -> PdfReader:
    pdf = render_pdf(whole(body), language="de", title="Niederschrift", author="Musterstadt", **changes)
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: PdfReader) -> str:
    return " ".join(" ".join(one.extract_text() for one in pdf.pages).split())


@pytest.fixture(scope="module")
def minutes() -> bytes:
    rows = "".join(f'<tr><th scope="row">{name}</th><td>anwesend</td></tr>' for name in NAMES)
    body = f"""<h1>Niederschrift</h1><p>Erster Absatz.</p><table><caption>Wer da war</caption><thead><tr>
<th scope="col">Name</th><th scope="col">Stand</th></tr></thead><tbody>{rows}</tbody></table><p>Letzter Absatz.</p>"""
    return render_pdf(whole(body), language="de", title="Niederschrift", author="Musterstadt")


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_one_file_keeps_both_promises(minutes, profile):
    report = page.validate_pdf_bytes(minutes, profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


def test_text_comes_out_in_reading_order(minutes):
    text = text_of(PdfReader(io.BytesIO(minutes)))
    places = [text.index(word) for word in ("Erster Absatz", "Wer da war", NAMES[0], NAMES[3], "Letzter Absatz")]
    assert places == sorted(places)


@pytest.mark.parametrize("name", NAMES[:4])
def test_names_are_drawn_and_copied_right(minutes, name):
    assert name in text_of(PdfReader(io.BytesIO(minutes)))


def test_arabic_is_drawn_with_the_shipped_face(minutes):
    """Extractors differ in the order of right-to-left letters, so all of them must be there, in either order."""
    pdf = PdfReader(io.BytesIO(minutes))
    fonts = {font["/BaseFont"] for one in pdf.pages for font in one["/Resources"]["/Font"].values()}
    assert any("NotoSansArabic" in name.replace("-", "") or "Arabic" in name for name in fonts), fonts
    assert all("Noto" in name for name in fonts), fonts
    words = {"".join(sorted(word)) for word in text_of(pdf).split()}
    assert "".join(sorted("الخطيب")) in words


def test_the_same_input_gives_the_same_bytes(minutes):
    again = render_pdf(whole("<h1>A</h1>"), language="de", title="A")
    assert again == render_pdf(whole("<h1>A</h1>"), language="de", title="A")


def test_the_file_says_who_and_what_and_nothing_of_the_machine(minutes):
    pdf = PdfReader(io.BytesIO(minutes))
    assert pdf.metadata.title == "Niederschrift"
    assert pdf.metadata.author == "Musterstadt"
    assert pdf.trailer["/Root"]["/Lang"] == "de"
    assert b"/home/" not in minutes
    assert b"/root/" not in minutes


NASTY = [
    '<link rel="attachment" href="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    '<img src="file:///etc/passwd" alt="x">',
    '<img src="{server}/x.png" alt="x">',
    '<style>@import url("{server}/x.css");</style>',
    '<style>@font-face {{ font-family: x; src: url("{server}/x.ttf"); }} p {{ font-family: x; }}</style>',
    '<p style="background: url({server}/x.png)">x</p>',
    '<img alt="x" src="data:image/svg+xml,'
    "<svg xmlns='http://www.w3.org/2000/svg'><image href='{server}/x.png'/></svg>\">",
    '<object data="{server}/x.svg"></object><embed src="file:///etc/hostname">',
]


@pytest.fixture
def server():
    """A real server that notes every visit."""
    visits: list[str] = []

    class Noted(BaseHTTPRequestHandler):
        def do_GET(self):
            visits.append(self.path)
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()

        def log_message(self, *_):
            pass

    listening = HTTPServer(("127.0.0.1", 0), Noted)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_address[1]}", visits
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_is_fetched_and_nothing_embedded(server, nasty):
    address, visits = server
    pdf = make(f"<h1>Niederschrift</h1>{nasty.format(server=address)}<p>Ende</p>")
    assert "Ende" in text_of(pdf)
    assert visits == []
    assert pdf.attachments == {}
    assert "root:" not in text_of(pdf)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<p>" + "x" * 5_100_000 + "</p>", "5 MB"),
        ("<div>" * 250 + "</div>" * 250, "200 deep"),
        ("<table>" + "<tr><td>x</td></tr>" * 3_001 + "</table>", "3000 rows"),
        ('<table><tr><td colspan="100000">x</td></tr></table>', "100 cells"),
    ],
)
def test_what_would_choke_the_engine_is_refused_in_words(body, complaint):
    with pytest.raises(DocumentFailed, match=complaint):
        make(body)


def test_limits_of_time_and_memory_hold(monkeypatch):
    monkeypatch.setattr(render, "PATIENCE", 60)  # however busy this machine is
    many = "<table>" + "<tr><td>Zeile</td><td>Zeile</td></tr>" * 2_900 + "</table>"
    with pytest.raises(DocumentFailed, match="too large"):
        make(many, seconds=1)
    with pytest.raises(DocumentFailed):
        make("<p>x</p>", memory=60_000_000)


def test_a_busy_machine_is_told_apart_from_a_large_document(monkeypatch):
    monkeypatch.setattr(render, "PATIENCE", 0.001)
    with pytest.raises(DocumentFailed, match="too much to do"):
        make("<p>x</p>")


def test_a_document_needs_a_title():
    with pytest.raises(ValueError, match="title"):
        render_pdf(whole("<p>x</p>"), language="de", title=" \u200b ")


@pytest.mark.parametrize(
    ("filename", "ascii_name"),
    [
        ("Niederschrift Brückenrat", 'filename="Niederschrift Brueckenrat.pdf"'),
        ('a"\r\nSet-Cookie: x', 'filename="a- Set-Cookie- x.pdf"'),
        ("../../etc/passwd", 'filename="etc-passwd.pdf"'),
        ("Rechnung\u202efdp.exe", 'filename="Rechnungfdp.exe.pdf"'),
    ],
)
def test_file_names_harm_nobody(app, monkeypatch, filename, ascii_name):
    monkeypatch.setattr("core.documents.pages.render_document", lambda *_, **__: b"%PDF-")
    with app.test_request_context():
        answer = document_response("documents/base.html", filename=filename, title="T")
    header = answer.headers["Content-Disposition"]
    assert ascii_name in header.replace("..", ".") or ascii_name in header
    assert "\n" not in header
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_page_of_the_house_becomes_a_document(app, monkeypatch):
    """The frame of every document, with its running heads, keeps both promises as well."""
    template = app.jinja_env.from_string(
        '{% extends "documents/base.html" %}{% block content %}<p>Text</p>{% endblock %}'
    )
    monkeypatch.setattr("core.documents.pages.render_template", lambda _name, **context: template.render(**context))
    with app.test_request_context():
        pdf = render_document("x", title="Anwesenheit", public=True)
    assert page.is_pdf_compliant_bytes(pdf, profile="ua1")
    assert page.is_pdf_compliant_bytes(pdf, profile="3a")
    assert "Seite 1 von 1" in text_of(PdfReader(io.BytesIO(pdf)))


@pytest.mark.parametrize(
    "body",
    [
        '<p style="font-size: 1e9px">x</p>',
        '<p style="width: 1e9px; height: 100000px; padding: 1e30px">x</p>',
        '<style>p::before { content: "x"; counter-increment: a 2147483648; columns: 100000 }</style><p>x</p>',
        "<b>" * 190 + "x" + "</b>" * 190,
        "<p>" + "&#x41;&#x301;" * 20_000 + "</p>",
    ],
)
def test_strange_measures_give_a_document_or_words(body):
    """Either a PDF or a sentence that says why not, within the limits of time and memory."""
    with suppress(DocumentFailed):
        assert render_pdf(whole(body), language="de", title="T", seconds=20).startswith(b"%PDF-")


def test_a_page_whose_document_fails_says_why(app, client):
    app.view_functions["health.robots"], kept = (
        lambda: render_pdf("<div>" * 500, language="de", title="T"),
        app.view_functions["health.robots"],
    )
    answer = client.get("/robots.txt")
    app.view_functions["health.robots"] = kept
    assert answer.status_code == 400
    assert "mehr als 200" in answer.text


def test_who_finds_no_place_is_told_at_once(monkeypatch):
    """Nobody waits behind those who wait already: a thread that waits answers no page."""
    monkeypatch.setattr("core.documents.render._queue", threading.BoundedSemaphore(1))
    monkeypatch.setattr("core.documents.render._places", threading.BoundedSemaphore(1))
    monkeypatch.setattr("core.documents.render._run", lambda _job: make("<p>x</p>"))
    with pytest.raises(DocumentFailed, match="Many documents"):
        render_pdf(whole("<p>x</p>"), language="de", title="T")
