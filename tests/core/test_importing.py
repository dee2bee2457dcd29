"""Imports: a sentence for each line, the sum, and files that are refused as a whole."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Integer, cast, event, func, literal, select

from coordination.organizations import operations as organizations
from coordination.organizations.imports import Taker
from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile
from coordination.organizations.queries import find_by_key
from coordination.organizations.rules import Kind
from core import importing
from core.access import SYSTEM
from core.csv_files import parse_csv
from core.database import db, session
from core.errors import Refused
from core.history import HistoryLine, check_chain
from core.importing import Done, TooFar, parse_day, parse_number, parse_wall_time, run_import

HEADER = "key,name,kind\n"
CHOIR = "chor,Chor der Brücken,migrant_organisation\n"


@pytest.fixture
def run(app, tmp_path: Path):
    """`run(content, "--quiet")`: the result of importing a file of organizations."""

    def invoke(content: str | bytes, *options: str):
        file = tmp_path / "file.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return app.test_cli_runner().invoke(args=["organizations", "import", str(file), *options])

    return invoke


def test_each_line_gets_a_sentence_and_one_bad_line_stops_nothing(run):
    first = run(HEADER + CHOIR + "x,,association\n")
    assert first.output.splitlines() == [
        "Zeile 2 wurde neu eingetragen.",
        "Zeile 3 wurde nicht übernommen: name: Bitte füllen Sie dieses Feld aus.",
        "Zeilen: 1 neu, 0 geändert, 0 unverändert, 1 fehlerhaft.",
    ]
    assert first.exit_code == 1
    again = run(HEADER + CHOIR)
    assert (again.exit_code, again.output.splitlines()[0]) == (0, "Zeile 2 war schon bekannt.")
    renamed = run(HEADER + CHOIR.replace("Chor der", "Chor zwischen den"))
    assert renamed.output.splitlines()[0] == "Zeile 2 hat Bekanntes geändert."
    assert run(HEADER + CHOIR, "--quiet").output.splitlines() == [
        "Zeilen: 0 neu, 1 geändert, 0 unverändert, 0 fehlerhaft."
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("name,art\nChor,Verein\n", "key"),
        ("", "key"),
        ((HEADER + CHOIR).encode("latin-1"), "UTF-8"),
        (HEADER + CHOIR + 'x,"' + "y" * 200_000 + '",association\n', "Zeile 3"),
    ],
)
def test_a_file_that_is_refused_ends_with_the_reason(run, content, reason):
    result = run(content)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert reason in result.output
    assert isinstance(result.exception, SystemExit), "no traceback"
    assert find_by_key("chor") is None


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("lang," + "x" * 201 + ",association\n", "name: "),
        ("x" * 81 + ",Lang,association\n", "key: "),
        ("um,Um\u202ekehr,association\n", "name: "),
        ("gremium,Beirat,committee\n", "kind: "),
        ("art,Art,stammtisch\n", "kind: "),
    ],
)
def test_a_line_is_judged_as_the_page_judges_it(run, line, column):
    result = run(HEADER + line + CHOIR)
    assert result.exit_code == 1
    assert f"Zeile 2 wurde nicht übernommen: {column}" in result.output
    assert find_by_key(line.partition(",")[0]) is None
    assert find_by_key("chor") is not None


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("0001-01-01T00:00:00+02:00", timedelta()),
        ("9999-12-31T23:00:00-05:00", timedelta()),
        ("9999-12-31", timedelta(weeks=1)),
        ("0001-01-01", timedelta(weeks=-1)),
    ],
)
def test_a_time_that_no_calendar_reaches_is_refused(app, text, shift):
    with pytest.raises(TooFar, match="1 bis 9999"):
        parse_wall_time(text, shift)
    if "T" not in text:
        with pytest.raises(TooFar):
            parse_day(text, shift)


@pytest.mark.parametrize("text", ["gestern", "2026-02-30", "2026-11-19 25:00"])
def test_what_is_no_time_is_refused(app, text):
    with pytest.raises(Refused, match="2026-11-19 18:30"):
        parse_wall_time(text)


def test_numbers_are_plain_digits(app):
    assert (parse_number("12"), parse_number("")) == (12, None)
    for text in ("²", "1_0", "-1", "9" * 5000):
        with pytest.raises(Refused):
            parse_number(text)


def test_lines_share_a_commit_and_each_has_its_own_line_of_history(run):
    """The plain ones one commit, those that take a closer look another: a second one about the same, a wrong one."""
    commits = []

    def note(connection):
        commits.append(connection)

    event.listen(db.engine, "commit", note)
    result = run(HEADER + CHOIR + CHOIR.replace("Chor", "Kreis") + "x,,association\n" + "y,Ypsilon,association\n")
    event.remove(db.engine, "commit", note)
    assert len(commits) == 2
    assert [line.partition(" wurde")[0] for line in result.output.splitlines()[-3:-1]] == ["Zeile 4", "Zeile 5"]
    assert [line.rpartition(":")[0] for line in result.output.splitlines()][-1] == "Zeilen"
    told = session().scalars(select(HistoryLine).order_by(HistoryLine.id))
    lines = [(line.action, line.old, line.new["name"]) for line in told]
    assert lines == [
        ("organizations.create", None, "Ypsilon"),
        ("organizations.create", None, "Chor der Brücken"),
        ("organizations.edit", {"name": "Chor der Brücken"}, "Kreis der Brücken"),
    ]
    assert check_chain(session()).holds


def test_what_a_bad_line_had_written_is_undone_and_the_lines_before_it_stay(app):
    def take(line):
        organizations.create_organization(SYSTEM, Profile(name=line["key"], kind=Kind.ASSOCIATION))
        if line["key"] == "schlecht":
            raise Refused("nein")
        return Done.ADDED

    outcome = run_import(parse_csv(b"key\ngut\nschlecht\nauch\n", required=["key"]), take, quiet=True)
    assert outcome == {Done.ADDED: 2, Done.FAILED: 1}
    assert list(session().scalars(select(Organization.name).order_by(Organization.id))) == ["gut", "auch"]
    assert list(session().scalars(select(HistoryLine.new["name"].as_string()))) == ["gut", "auch"]
    assert check_chain(session()).holds


def test_broken_off_in_the_middle_nothing_is_said_that_is_not_there_and_a_second_run_does_the_rest(run, monkeypatch):
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    content = HEADER + "".join(f"k{number},Kreis {number},association\n" for number in range(5))
    real, done = Taker.together, []

    def until_the_second(self, batch):
        done.append(real(self, batch))
        if len(done) == 2:
            raise KeyboardInterrupt
        return done[-1]

    monkeypatch.setattr(Taker, "together", until_the_second)
    assert "Zeile 3 wurde neu" in run(content).output
    assert session().scalar(select(func.count()).select_from(Organization)) == 2
    assert session().scalar(select(func.count()).select_from(HistoryLine)) == 2
    monkeypatch.setattr(Taker, "together", real)
    assert run(content, "--quiet").output.splitlines() == ["Zeilen: 3 neu, 0 geändert, 2 unverändert, 0 fehlerhaft."]


def test_lines_taken_together_are_as_if_they_were_taken_one_by_one(run):
    """New ones, known ones, changed ones, and two lines about the same: the later one holds."""
    content = HEADER + "".join(f"k{number},Kreis {number},association\n" for number in range(40))
    assert "40 neu, 0 geändert, 0 unverändert" in run(content).output
    assert session().scalar(select(func.count()).select_from(HistoryLine)) == 40
    line = session().scalar(select(HistoryLine).where(HistoryLine.object_id == find_by_key("k7").id))
    assert (line.action, line.new["name"], line.old) == ("organizations.create", "Kreis 7", None)
    session().rollback()
    changed = (
        content.replace("Kreis 7,", "Runde 7,") + "neu,Erst,association\nneu,Dann,association\nk8,Zuletzt,association\n"
    )
    assert "1 neu, 3 geändert, 39 unverändert" in run(changed).output
    assert [find_by_key(key).name for key in ("k7", "k8", "neu")] == ["Runde 7", "Zuletzt", "Dann"]
    assert check_chain(session()).holds


def test_a_line_that_postgresql_cannot_take_stops_no_other(app, capsys):
    """A text that is too long, say. SQLite takes whatever comes."""

    def take(line):
        session().scalar(select(cast(literal(line["number"]), Integer)))
        return Done.ADDED

    lines = parse_csv(b"number\n1\nviele\n3\n", required=["number"])
    outcome = run_import(lines, take, together=lambda batch: {line.number: take(line) for line in batch})
    failed = 1 if db.engine.dialect.name == "postgresql" else 0
    assert (outcome[Done.ADDED], outcome[Done.FAILED]) == (3 - failed, failed)
    assert ("zu lang oder zu groß" in capsys.readouterr().err) is bool(failed)
