"""Imprint, privacy, accessibility: written by the municipality, shown safely."""

import pytest

from core.pages import operations, queries
from core.pages.rules import PageName, to_html


def test_a_page_is_written_and_read(sign_in):
    client = sign_in("admin")
    page = client.submit("/impressum/bearbeiten/de", {"text": "## Anschrift\n\nRathausplatz 1"})
    assert "<h2>Anschrift</h2>" in page.text
    assert "noch nicht geschrieben" in client.get("/datenschutz").text


def test_two_people_do_not_overwrite_each_other(sign_in, actor):
    client = sign_in("admin")
    operations.save_page(actor, PageName.IMPRINT, "de", text="Erste Fassung", version=None)
    opened = queries.find_page(PageName.IMPRINT, "de").version
    operations.save_page(actor, PageName.IMPRINT, "de", text="Fassung der anderen", version=opened)
    page = client.submit("/impressum/bearbeiten/de", {"text": "Meine Fassung", "version": opened})
    assert "Inzwischen hat eine andere Person gespeichert" in page.text
    assert "Meine Fassung" in page.text
    assert queries.find_page(PageName.IMPRINT, "de").text == "Fassung der anderen"


@pytest.mark.parametrize(
    "nasty",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](http://example.org/x.png)",
        "<img src=x onerror=alert(1)>",
        "[x](data:text/html,x)",
    ],
)
def test_text_never_becomes_code_or_fetches_something(nasty):
    html = to_html(nasty)
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_only_the_administration_writes(sign_in):
    assert sign_in("officer").get("/impressum/bearbeiten/de").status_code == 403


def test_an_unknown_language_is_not_found(sign_in):
    assert sign_in("admin").get("/impressum/bearbeiten/xx").status_code == 404
