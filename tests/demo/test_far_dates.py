"""A file may hold days that no calendar reaches, as programs write them that know none: years 1 and 9999."""

import re

import pytest

from dev import DEMO_FILES, ROOT

#: rooms whose lines the others name, so they are taken whole and with their own days
NAMED = ("organizations", "people", "places", "committees")
DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
#: pages that count or sort by day
PAGES = (
    "/",
    "/kalender/",
    "/kontakte/",
    "/organisationen/",
    "/personen/",
    "/foerderung/",
    "/strategie/",
    "/kooperationen/",
    "/projekte/",
    "/veranstaltungen/",
    "/auswertung/",
    "/auswertung/leitung",
    "/auswertung/entwicklung",
    "/auswertung/termine",
)


@pytest.mark.parametrize(
    ("day", "as_of"),
    [
        ("0001-01-01", "2026-11-16"),
        ("0001-01-01", "2027-01-31"),
        ("9999-12-31", "2026-11-16"),
        ("9999-12-31", "2026-10-01"),
        ("2026-11-16", "0001-01-01"),
        ("2026-11-16", "9999-12-31"),
    ],
)
def test_each_import_takes_or_refuses_days_that_no_calendar_reaches(app, tmp_path, sign_in, day, as_of):
    file = tmp_path / "file.csv"

    def run(room, *options):
        result = app.test_cli_runner().invoke(args=[room, "import", "--quiet", *options, str(file)])
        assert isinstance(result.exception, SystemExit | None), (room, result.exception)

    for room, name in DEMO_FILES:
        lines = (ROOT / "demo" / name).read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(lines if room in NAMED else lines[:6]), encoding="utf-8")
        if room in NAMED:
            run(room)
        file.write_text("".join(lines[:1] + [DAY.sub(day, line) for line in lines[1:12]]), encoding="utf-8")
        run(room, "--as-of", as_of)
    staff = sign_in("admin")
    assert {page: staff.get(page).status_code for page in PAGES} == dict.fromkeys(PAGES, 200)
