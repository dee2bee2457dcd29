"""Who reads minutes when, and what becomes of a text that is sent."""

import re
from itertools import product

import pytest

from meetings.minutes.rules import Sight, Verdict, judge, sight, text_html


@pytest.mark.parametrize(
    ("keeps", "insider", "released", "public", "expected"),
    [
        (True, True, False, False, Sight.FULL),
        (True, True, True, True, Sight.FULL),
        # before the release nobody but the writer reads anything
        (False, True, False, True, Sight.NOTHING),
        (False, False, False, True, Sight.NOTHING),
        (False, True, True, False, Sight.FULL),
        (False, True, True, True, Sight.FULL),
        (False, False, True, True, Sight.PUBLIC),
        (False, False, True, False, Sight.NOTHING),
    ],
)
def test_sight(keeps, insider, released, public, expected):
    assert sight(keeps=keeps, insider=insider, released=released, public=public) is expected


@pytest.mark.parametrize(
    ("base", "base_text", "newest", "newest_text", "text", "expected"),
    [
        (0, "", 0, "", "", Verdict.KEEP),
        (0, "", 0, "", "A", Verdict.SAVE),
        (1, "A", 1, "A", "A", Verdict.KEEP),
        (1, "A", 1, "A", "", Verdict.SAVE),
        # somebody else saved B meanwhile: mine is another text
        (1, "A", 2, "B", "C", Verdict.CONFLICT),
        # … is the very same text
        (1, "A", 2, "B", "B", Verdict.KEEP),
        # … was not touched here: the newer text stays
        (1, "A", 2, "B", "A", Verdict.KEEP),
        # a revision that there never was
        (7, None, 2, "B", "C", Verdict.CONFLICT),
    ],
)
def test_verdict(  # noqa: PLR0917
    base, base_text, newest, newest_text, text, expected
):
    verdict = judge(base=base, base_text=base_text, newest=newest, newest_text=newest_text, text=text)
    assert verdict is expected


def test_what_is_saved_always_stands_on_the_newest_revision():
    """For any two revisions and any three texts, equal or not."""
    revisions, texts = range(3), ("", "A", "B")
    for base, base_text, newest, newest_text, text in product(revisions, texts, revisions, texts, texts):
        verdict = judge(base=base, base_text=base_text, newest=newest, newest_text=newest_text, text=text)
        assert (verdict is Verdict.SAVE) == (base == newest and text != newest_text)


def test_headings_of_a_text_stand_below_its_item():
    assert re.findall("<h.>", text_html("# A\n\n## B\n\n### C\n\n#### D")) == ["<h3>", "<h3>", "<h3>"]


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://example.org/a.png)",
        "[x](javascript:alert(1))",
        "<link rel=attachment href=file:///etc/passwd>",
        '<a rel="attachment" href="https://example.org">x</a>',
    ],
)
def test_markup_in_a_text_does_nothing(markup):
    html = text_html(markup)
    assert not re.search(r"<(script|img|link)|<a[^>]*(javascript|attachment)", html)
