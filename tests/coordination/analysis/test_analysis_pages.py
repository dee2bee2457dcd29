"""Pages and files of the analysis: for everybody, and for staff."""

import csv
import io
import json
import re
from datetime import date, datetime

import pytest

from coordination.analysis.documents import statistic_csv
from coordination.analysis.rules import Row, Shape, Statistic
from coordination.analysis.statistics import STATISTICS
from coordination.cooperation.rules import InitiatorKind, Lead
from coordination.organizations.rules import Topic
from coordination.strategy import statements
from coordination.strategy.rules import Foundation
from core.access import SYSTEM

DRAWING = re.compile(r'<svg[^>]*role="img" aria-labelledby="(\S+) (\S+)"[^>]*>(.*?)</svg>', re.DOTALL)
PAGES = ("", "leitung", "themen", "entwicklung", "termine")


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_town_has_its_pages(client, page):
    answer = client.get(f"/auswertung/{page}")
    assert answer.status_code == 200
    assert "noch nichts eingetragen" in answer.text


@pytest.mark.parametrize("page", [*PAGES, "indikatoren.json"])
def test_nothing_for_everybody_names_an_organization_or_a_title(record, chor, amt, client, page):
    record(chor, amt, title="Geheimes Fest", topics=frozenset(Topic), starts_local=datetime(2026, 5, 7, 19))
    text = client.get(f"/auswertung/{page}").text
    assert "Lindenhof" not in text
    assert "Amt für Integration" not in text
    assert "Geheimes" not in text


@pytest.mark.parametrize(
    "page",
    [
        "?fachbereich=1",
        "?art=migrant_organisation",
        "?moart=women",
        "leitung?nach=fachbereich",
        "leitung?nach=art",
        "leitung?nach=moart",
    ],
)
def test_what_narrows_to_organizations_is_for_staff(client, sign_in, page):
    assert client.get(f"/auswertung/{page}").status_code == 404
    assert client.get(f"/auswertung/tabelle/leitung-projekte.csv?{page.partition('?')[2]}").status_code == 404
    assert sign_in("officer").get(f"/auswertung/{page}").status_code == 200


def test_the_matrix_shows_staff_who_is_involved_and_who_was_never_asked(record, chor, sign_in, make_organization):
    make_organization("Frauenkreis")
    record(chor, topics=frozenset({Topic.SPORT}))
    officer = sign_in("officer")
    everybody = officer.get("/auswertung/beteiligung").text
    assert "Chor Lindenhof" in everybody
    assert "Frauenkreis" in everybody
    never = officer.get("/auswertung/beteiligung?nie=1").text
    assert "Chor Lindenhof" not in never
    assert "Frauenkreis" in never
    elsewhere = officer.get("/auswertung/beteiligung?nie=1&thema=culture").text
    assert "Chor Lindenhof" in elsewhere
    assert "bei welchen anderen Themen" in elsewhere
    assert elsewhere.count("<td") == 24, "two organizations on twelve topics"
    assert re.search(r"<td[^>]*>\s*(<[^>]*>\s*)*1\s*<", elsewhere), "the choir takes part in sports"
    assert "Chor Lindenhof" not in officer.get("/auswertung/beteiligung?q=frauen").text


def test_the_two_foundations_stand_beside_the_survey(client):
    statements.state(SYSTEM, Foundation.CONCEPT, holds=True, since=date(2026, 1, 1))
    page = client.get("/auswertung/").text
    assert "Eine Stellenbeschreibung, die diese Zusammenarbeit nennt" in page
    assert page.count("Befragung 2020: 23 von 32 Kommunen") == 3  # regular exchange has the same number
    assert "Beides 20 · Nur das Konzept 3 · Nur die Stellenbeschreibung 3" in page
    assert "Keine Angabe" in page
    assert "Keine Angabe" in client.get("/auswertung/?jahr=2025").text


def test_those_who_were_never_asked_are_a_file_for_staff(record, chor, sign_in, client, make_organization):
    make_organization("=Frauenkreis", key="frauen")
    record(chor, topics=frozenset({Topic.CULTURE}))
    address = "/auswertung/beteiligung.csv"
    assert client.get(address).status_code == 302
    staff = sign_in("officer")

    def lines(url):
        answer = staff.get(url)
        assert answer.mimetype == "text/csv"
        return [line[:3] for line in csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")][1:]

    assert [line[1] for line in lines(address)] == ["'=Frauenkreis", "Chor Lindenhof"]
    assert lines(f"{address}?nie=1") == [["frauen", "'=Frauenkreis", "0"]]
    assert len(lines(f"{address}?nie=1&thema=sport")) == 2
    assert f'href="{address}?nie=1"' in staff.get("/auswertung/beteiligung?nie=1").text


def test_each_drawing_has_a_title_a_description_and_a_table(record, chor, client):
    record(chor, topics=frozenset(Topic), starts_local=datetime(2026, 5, 7, 19), regular_exchange=True)
    for page in PAGES:
        text = client.get(f"/auswertung/{page}").text
        drawings = re.findall(
            r'<svg[^>]*role="img"[^>]*aria-labelledby="(\S+) (\S+)"[^>]*>(.*?)</svg>', text, re.DOTALL
        )
        assert drawings
        for title, description, inside in drawings:
            assert f'<title id="{title}">' in inside
            assert f'<desc id="{description}">' in inside
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert text.count("/auswertung/tabelle/") == text.count('<details class="chart__data">')


@pytest.mark.parametrize("name", STATISTICS)
def test_each_figure_is_a_file(record, chor, client, name):
    impulse = InitiatorKind.MIGRANT_ORGANISATION
    record(chor, topics=frozenset(Topic), starts_local=datetime(2026, 5, 7, 19), initiator_kind=impulse)
    answer = client.get(f"/auswertung/tabelle/{name}.csv?jahr=2026")
    assert answer.mimetype == "text/csv"
    header, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert lines
    assert {len(line) for line in lines} == {len(header)}


def test_a_file_that_is_none_is_not_found(client):
    assert client.get("/auswertung/tabelle/nichts.csv").status_code == 404


def test_the_survey_stands_in_the_file_as_a_line_of_its_own(record, client):
    for lead in Lead:
        record(lead=lead)
    text = client.get("/auswertung/tabelle/leitung-veranstaltungen.csv").data.decode("utf-8-sig")
    own, survey = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    assert own == ["2026", "1", "33,3", "1", "33,3", "1", "33,3", "3"]
    assert survey == ["Befragung 2020", "", "35", "", "35", "", "30", "n = 32"]


def test_formulas_in_a_file_are_text():
    found = Statistic("x", "X", "", Shape.STACKED, "=cmd", ("=1+1",), (Row("@SUM(A1)", (1,)), Row("+49", (2,))))
    text = statistic_csv(found).decode("utf-8-sig")
    assert [line.partition(";")[0] for line in text.splitlines()[1:]] == ["'@SUM(A1)", "'+49"]


def test_figures_of_a_year_are_of_that_year(record, client):
    record(starts_on=date(2025, 5, 9))
    record(lead=Lead.MUNICIPAL)
    found = json.loads(client.get("/auswertung/indikatoren.json?jahr=2025").data)
    assert (found["year"], found["records"]) == (2025, 1)
    assert found["single_events_lead"] == {
        "counts": {"municipal": 0, "mo": 0, "joint": 1},
        "shares": {"municipal": 0.0, "mo": 0.0, "joint": 100.0},
    }
    assert json.loads(client.get("/auswertung/indikatoren.json").data)["records"] == 2


@pytest.mark.parametrize(
    "rubbish",
    ["jahr=x", "jahr=0", "jahr=99999", "jahr=9999", "thema=%00", "thema=zzz", "jahr=-1", "jahr=%D9%A1", "nach=x"],
)
def test_rubbish_in_an_address_narrows_nothing_or_finds_nothing(record, client, rubbish):
    record()
    for page in (*PAGES, "indikatoren.json", "tabelle/rollen.csv", "tabelle/leitung-projekte.csv"):
        assert client.get(f"/auswertung/{page}?{rubbish}").status_code == 200


@pytest.mark.parametrize("narrowed", ["fachbereich=2", "art=department", "art=migrant_organisation", "moart=culture"])
def test_every_page_and_file_is_narrowed_for_staff(record, chor, amt, sign_in, narrowed):
    record(chor, amt)
    staff = sign_in("officer")
    files = [f"tabelle/{name}.csv" for name in STATISTICS]
    for page in (*PAGES, "beteiligung", "beteiligung?nie=1", "beteiligung.csv", *files):
        address = f"/auswertung/{page}{'&' if '?' in page else '?'}{narrowed}"
        assert staff.get(address).status_code == 200, address


@pytest.mark.one_database
def test_the_report_is_a_pdf_with_every_figure(record, chor, client):
    record(chor, topics=frozenset(Topic), starts_local=datetime(2026, 5, 7, 19))
    answer = client.get("/auswertung/bericht.pdf?jahr=2026")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")
