"""`flask people import`."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from coordination.organizations import queries as organizations
from coordination.organizations.merging import merge_organizations
from coordination.people import operations, queries
from coordination.people.commands import group
from coordination.people.models import Person
from core import importing
from core.access import SYSTEM
from core.database import session
from core.history import HistoryLine, check_chain

HEADER = (
    "key,given_name,family_name,form_of_address,email,phone,language,organization,function,member_since,member_until\n"
)
ADA = "ada,Ada,Beispiel,Dr.,Ada@Example.org,0123 45,en,chor,Vorsitz,2020-01-01,\n"


@pytest.fixture
def run(app, tmp_path: Path, make_organization):
    """`run(lines)`: the command's result, with the organizations `chor` and `club` known."""
    make_organization("Chor der Brücken", key="chor")
    make_organization("Club", key="club")

    def invoke(content: str | bytes, *arguments: str, header: str = HEADER):
        file = tmp_path / "people.csv"
        file.write_bytes(content if isinstance(content, bytes) else (header + content).encode())
        return app.test_cli_runner().invoke(group, ["import", str(file), *arguments])

    return invoke


def memberships(key: str) -> list[tuple[str, str, date | None, date | None]]:
    session().rollback()
    rows = queries.memberships_of(queries.get_by_key(key).id)
    return [(row.organization.key, row.function, row.starts_on, row.ends_on) for row in rows]


def test_a_line_is_a_person_and_a_membership(run):
    result = run(ADA)
    assert result.exit_code == 0
    person = queries.get_by_key("ada")
    assert (person.name, person.form_of_address, person.email, person.phone, person.language) == (
        "Ada Beispiel",
        "Dr.",
        "ada@example.org",
        "0123 45",
        "en",
    )
    assert memberships("ada") == [("chor", "Vorsitz", date(2020, 1, 1), None)]


def test_the_key_of_an_organization_that_was_merged_stands_for_what_it_is_now(run):
    chor, club = (organizations.find_by_key(key) for key in ("chor", "club"))
    merge_organizations(SYSTEM, chor.id, club.id)
    run(ADA.replace(",chor,", ",club,"))
    assert memberships("ada") == [("chor", "Vorsitz", date(2020, 1, 1), None)]
    run(ADA.replace(",Vorsitz,", ",Kasse,") + ADA.replace(",chor,", ",club,").replace(",Vorsitz,", ",Kasse,"))
    assert {function for _key, function, *_days in memberships("ada")} == {"Kasse", "Vorsitz"}


def test_several_lines_of_one_key_are_several_memberships(run):
    second = "ada,Ada,Beispiel,Dr.,ada@example.org,0123 45,en,club,Kasse,,2026-12-31\n"
    assert "2 neu, 0 geändert, 0 unverändert, 0 fehlerhaft" in run(ADA + second).output
    assert memberships("ada") == [
        ("chor", "Vorsitz", date(2020, 1, 1), None),
        ("club", "Kasse", None, date(2026, 12, 31)),
    ]


def test_run_twice_it_changes_nothing_and_writes_no_history(run):
    pause = "ada,Ada,Beispiel,Dr.,ada@example.org,0123 45,en,club,Kasse,2019-01-01,2019-12-31\n"
    again = "ada,Ada,Beispiel,Dr.,ada@example.org,0123 45,en,club,Kasse,2021-01-01,\n"
    lines = ADA + pause + again + "eva,Eva,Muster,,,,,,,,\n"
    assert "4 neu" in run(lines).output
    before = session().query(HistoryLine).count()
    assert "0 neu, 0 geändert, 4 unverändert, 0 fehlerhaft" in run(lines).output
    session().rollback()
    assert session().query(HistoryLine).count() == before
    assert len(memberships("ada")) == 3


def test_a_changed_line_changes_the_person_and_the_membership(run):
    run(ADA)
    assert "1 geändert" in run(ADA.replace("0123 45", "0987")).output
    assert "1 geändert" in run(ADA.replace("0123 45", "0987").replace("2020-01-01,", "2020-01-01,2026-06-30")).output
    session().rollback()
    assert queries.get_by_key("ada").phone == "0987"
    assert memberships("ada") == [("chor", "Vorsitz", date(2020, 1, 1), date(2026, 6, 30))]


def test_days_move_by_whole_weeks(run):
    assert run(ADA.replace("2020-01-01,", "2026-10-01,2026-10-31"), "--as-of", "2026-10-14").exit_code == 0
    assert memberships("ada") == [("chor", "Vorsitz", date(2026, 10, 29), date(2026, 11, 28))]


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        ("eva,Eva,,,,,,,,,", "family_name: Bitte füllen Sie dieses Feld aus."),
        (",Eva,Muster,,,,,,,,", "key: Bitte füllen Sie dieses Feld aus."),
        ("eva,Eva," + "x" * 10_000 + ",,,,,,,,", "family_name: Bitte verwenden Sie höchstens 100 Zeichen."),
        ("eva,Eva,Mus\u202eter,,,,,,,,", "Schreibrichtung"),
        ("eva,Eva,Muster,,eva@,,,,,,", "email: Bitte geben Sie eine Adresse"),
        ("eva,Eva,Muster,,ada@example.org,,,,,,", "schon eine andere Person"),
        ("eva,Eva,Muster,,,,xx,,,,", "language: "),
        ("eva,Eva,Muster,,,,,verein,,,", "„verein“"),
        ("eva,Eva,Muster,,,,,club,,1.1.2020,", "1.1.2020"),
        ("eva,Eva,Muster,,,,,club,,2020-01-02,2020-01-01", "letzte Tag"),
        ("eva,Eva,Muster,,,,,club," + "x" * 10_000 + ",,", "function: Bitte verwenden Sie höchstens 120 Zeichen."),
        ("eva", "family_name: "),
    ],
)
def test_a_bad_line_is_reported_with_its_number_and_stops_nothing(run, bad, word):
    result = run(ADA + bad + "\n" + "ida,Ida,Letzte,,,,,,,,\n")
    assert result.exit_code == 1
    assert "Zeile 3" in result.output
    assert word in result.output
    assert "2 neu, 0 geändert, 0 unverändert, 1 fehlerhaft" in result.output
    assert queries.find_by_key("eva") is None
    assert queries.get_by_key("ida").name == "Ida Letzte"


def test_a_file_with_wrong_columns_or_in_latin_1_is_refused_whole(run):
    wrong = run("ada,Beispiel\n", header="key,family_name\n")
    assert wrong.exit_code != 0
    assert "given_name, email" in str(wrong.exception or "") + wrong.output
    latin = run((HEADER + ADA.replace("Beispiel", "Müller")).encode("latin-1"))
    assert latin.exit_code != 0
    assert "UTF-8" in str(latin.exception or "") + latin.output
    assert queries.find_by_key("ada") is None


def test_a_file_of_a_spreadsheet_with_semicolons_and_byte_order_mark_is_read(run):
    assert run(("\ufeff" + HEADER + ADA).replace(",", ";").encode()).exit_code == 0
    assert queries.get_by_key("ada").given_name == "Ada"


#: what a batch may hold at once; X stands for the town whose file it is
MIXED = [
    "X-ada,Ada,Beispiel,Dr.,Ada@X.example.org,0123,en,chor,Vorsitz,2020-01-01,",
    "X-ada,Ada,Beispiel,Dr.,ada@x.example.org,0123,en,club,Kasse,,2026-12-31",
    "X-bo,Bo,Ö,,,,,,,,",
    "X-cem,Cem,A,,cem@x.example.org,,,gibt-es-nicht,,,",
    "X-dia,Dia,A,,gleich@x.example.org,,,chor,,,",
    "X-eva,Eva,A,,Gleich@x.example.org,,,chor,,,",
    "X-fin,Fin,A,,,,,chor,,2026-02-01,2026-01-01",
    "X-gül,Gül,A,,,,,chor,Kasse,2020-01-01,2021-01-01",
    "X-gül,Gül,A,,,,,chor,Kasse,2020-06-01,2022-01-01",
    "X-ida,Ida,,,,,,,,,",
    "X-jan,Jan,A,,keine adresse,,,,,,",
    "X-kim,Kim,A,,,,,chor,,gestern,",
    "X-lea,Lea,A,,,,,club,,,",
]
#: then some are known, some as they are told and some otherwise, and some come to known persons
LATER = [
    "X-ada,Ada,Beispiel,Dr.,ada@x.example.org,0123,en,chor,Vorsitz,2020-01-01,",
    "X-ada,Ada,Beispiel,Dr.,ada@x.example.org,0123,en,club,Kasse,,2027-12-31",
    "X-bo,Bo,Özil,,,,,club,,,",
    "X-lea,Lea,A,,,,,club,,,",
    "X-lea,Lea,A,,,,,chor,,2026-01-01,",
    "X-mia,Mia,A,,dazu@x.example.org,,,,,,",
    "X-nur,Nur,A,,ada@x.example.org,,,,,,",
]


def test_lines_taken_together_are_as_if_they_were_taken_one_by_one(run, monkeypatch):
    def outcome(town: str) -> tuple[list[str], list[list[object]], int]:
        files = ("\n".join(lines).replace("X", town).replace("x.ex", f"{town}.ex") for lines in (MIXED, LATER))
        said = [run(file).output for file in files]
        people = session().scalars(select(Person).where(Person.key.startswith(town)).order_by(Person.key))
        rows = [[operations.profile_of(one), memberships(one.key)] for one in list(people)]
        lines = session().scalar(select(func.count()).select_from(HistoryLine))
        return said, rows, lines

    together = outcome("a")
    monkeypatch.setattr(importing, "_taken_together", lambda batch, together: {})
    apart = outcome("b")
    assert together[0] == [text.replace("b-", "a-").replace("b.ex", "a.ex") for text in apart[0]]
    assert str(together[1]) == str(apart[1]).replace("b.ex", "a.ex")
    assert together[2] - 2 == apart[2] - together[2], "as many lines of history, but for the two organizations"
    assert check_chain(session()).holds
