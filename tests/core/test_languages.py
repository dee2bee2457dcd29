"""Dates as people say them, in the language of the person."""

from datetime import date, datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from core.languages import in_language, say_date, say_month, say_period, say_time

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("language", "end", "said"),
    [
        ("de", datetime(2027, 1, 14, 20, 30), "Do., 14. Januar 2027, 18:30 bis 20:30 Uhr"),
        ("de", None, "Do., 14. Januar 2027, ab 18:30 Uhr"),
        ("de", datetime(2027, 1, 15, 0, 30), "Do., 14. Januar 2027, 18:30 Uhr bis Fr., 15. Januar 2027, 00:30 Uhr"),
        ("en", datetime(2027, 1, 14, 20, 30), "Thu, 14 January 2027, 18:30 to 20:30"),
    ],
)
def test_a_period_is_said_as_people_say_it(app, language, end, said):
    with in_language(language):
        assert say_period(datetime(2027, 1, 14, 18, 30), end) == said


def test_a_language_is_given_back_after_a_mail_in_another(app):
    with in_language("en"):
        with in_language("de"):
            assert say_date(date(2026, 11, 16)) == "Mo., 16. November 2026"
            assert say_month(date(2026, 3, 16)) == "März 2026"
        assert say_date(date(2026, 11, 16)) == "Mon, 16 November 2026"
    assert say_time(datetime(2026, 11, 16, 9, 5)) == "09:05"


def test_the_browser_is_asked_and_german_is_the_default(client):
    assert 'lang="de"' in client.get("/impressum").text
    assert 'lang="en"' in client.get("/impressum", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert 'lang="de"' in client.get("/impressum", headers={"Accept-Language": "xx;q=rubbish, ,;"}).text


def test_the_german_catalogue_is_complete():
    """Every msgid of code and templates has its German; no plural form is missing and none is marked doubtful."""
    with (ROOT / "translations/de/LC_MESSAGES/messages.po").open("rb") as file:
        german = read_po(file, locale="de")
    keywords = {"_": None, "_l": None, "_n": (1, 2), "gettext": None, "ngettext": (1, 2)}
    wanted = set()
    for folder in ("core", "templates", "coordination", "participation", "meetings", "calendars"):
        how = [("**.html", "jinja2"), ("**.py", "python")]
        for _file, _line, message, *_ in extract_from_dir(ROOT / folder, how, keywords=keywords):
            wanted.add(message if isinstance(message, str) else message[0])
    assert len(wanted) > 200, "the texts were not found"
    assert sorted(text for text in wanted if not _whole(german, text)) == []


def _whole(catalogue, text):
    message = catalogue.get(text)
    if message is None or message.fuzzy:
        return False
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def test_what_is_put_into_a_text_of_a_page_may_have_any_name_and_is_escaped(app):
    page = app.jinja_env.from_string('{{ _("%(field)s: %(message)s", field=field, message=message) }}')
    with app.test_request_context():
        assert page.render(field="Name", message="<b>") == "Name: &lt;b&gt;"
