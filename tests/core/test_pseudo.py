"""The pseudo language: it shows what a right-to-left language will need, and only where the site is made."""

from datetime import date

import pytest

from core import pseudo
from core.languages import LANGUAGES, _, _n, in_language, languages, say_date
from tests.conftest import test_settings as settings_in
from wsgi import create_app


@pytest.mark.parametrize(
    ("text", "mirrored"),
    [
        ("Seite %(n)s von %(m)s", "سهيته %(n)s ڤون %(m)s"),
        ("100 %% <b>fertig</b>", "100 %% <b>فهرتيج</b>"),
        ("an buero@stadt.example", "ان buero@stadt.example"),
        ("von https://stadt.example/abo", "ڤون https://stadt.example/abo"),
    ],
)
def test_letters_are_mirrored_and_what_is_no_text_stays(text, mirrored):
    assert pseudo.mirrored(text) == mirrored


def test_texts_plural_forms_and_dates_come_in_it(app):
    with in_language(pseudo.CODE):
        assert _("Skip to content") == pseudo.mirrored("Zum Inhalt springen")
        one, three = (_n("One seat was recorded.", "%(num)d seats were recorded.", n) for n in (1, 3))
        assert one == pseudo.mirrored("Ein Sitz wurde erfasst.")
        assert three == pseudo.mirrored("3 Sitze wurden erfasst.")
        assert say_date(date(2026, 11, 16), weekday=False) == "16 نوفمبر 2026"


def test_a_page_in_it_runs_from_right_to_left(client):
    token = client.get("/impressum").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    client.post("/sprache", data={"language": pseudo.CODE, "csrf_token": token, "next": "/impressum"})
    page = client.get("/impressum").text
    assert '<html lang="ar" dir="rtl">' in page
    assert "kern.rtl.min.css" in page


def test_where_people_work_it_does_not_exist(tmp_path):
    settings = settings_in(tmp_path, mode="demo")
    app = create_app(settings)
    with app.app_context():
        assert languages() == LANGUAGES
    client = app.test_client()
    with client.session_transaction() as session:
        session["language"] = pseudo.CODE
    assert client.get("/anmelden").text.count('lang="de" dir="ltr"') == 1
