"""Files of organizations: older ones change nothing that they do not name; what is written is read back the same."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from coordination.organizations import consents, queries
from coordination.organizations.dated import take_consent, take_phase, take_umbrella
from coordination.organizations.models import Organization
from coordination.organizations.publication import Field, Level
from coordination.organizations.rules import MoKind, Phase
from core import importing
from core.access import SYSTEM
from core.csv_files import Line
from core.database import session
from core.history import lines_of
from core.importing import Done

PROFILE = {
    "kinds": ["culture", "women"],
    "aims": ["culture", "taking_part"],
    "languages": ["de", "tr"],
    "services": "=Proben\nam Mittwoch",
    "volunteers": 0,
    "rooms": "guest",
    "phone": "0049 30 1",
}


@pytest.fixture
def flask(app):
    """`flask("organizations", "import", file)`: the command's result."""
    return lambda *arguments: app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])


def written(folder: Path, text: str) -> Path:
    file = folder / "in.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_without_the_new_columns_changes_nothing_of_them(house, describe, flask, tmp_path):
    describe(house.choir, **PROFILE)
    text = "key,name,kind\nchor,Chor der Brücken,migrant_organisation\n"
    answer = flask("organizations", "import", written(tmp_path, text))
    assert "1 unverändert" in answer.output
    flask("organizations", "import", written(tmp_path, text.replace("Brücken", "Ufer")))
    row = queries.known_by_key("chor")
    assert row.name == "Chor der Ufer"
    assert {name: getattr(row, name) for name in PROFILE} == PROFILE


def test_an_empty_cell_empties_its_field_and_only_that(house, describe, flask, tmp_path):
    describe(house.choir, **PROFILE)
    text = "key,name,kind,kinds,volunteers\nchor,Chor der Brücken,migrant_organisation,,\n"
    assert "1 geändert" in flask("organizations", "import", written(tmp_path, text)).output
    row = queries.known_by_key("chor")
    assert (row.kinds, row.volunteers, row.languages) == ([], None, ["de", "tr"])


def test_what_was_written_is_read_back_the_same(house, describe, flask, tmp_path):
    describe(house.choir, **PROFILE)
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    assert flask("organizations", "export", first).exit_code == 0
    describe(
        house.choir,
        **{name: [] if isinstance(value, list) else "" for name, value in PROFILE.items()}
        | {"volunteers": None, "rooms": None},
    )
    assert "1 geändert" in flask("organizations", "import", first).output
    flask("organizations", "export", second)
    assert second.read_bytes() == first.read_bytes()
    row = queries.known_by_key("chor")
    assert {name: getattr(row, name) for name in PROFILE} == PROFILE


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kinds", "culture religion"),
        ("languages", "xx"),
        ("rooms", "own shared"),
        ("volunteers", "-1"),
        ("aims", "win"),
    ],
)
def test_a_word_that_is_none_is_refused_with_its_line(flask, tmp_path, column, value):
    text = f"key,name,kind,{column}\nchor,Chor,migrant_organisation,{value}\n"
    answer = flask("organizations", "import", written(tmp_path, text))
    assert answer.exit_code == 1
    assert "Zeile 2" in answer.output
    assert column in answer.output
    assert queries.find_by_key("chor") is None


def test_consents_on_paper_are_read_once_and_never_revived(house):
    line = Line(2, {"organization": "chor", "fields": "name phone", "level": "public", "given_on": "2026-03-02"})
    assert [take_consent(line), take_consent(line)] == [Done.ADDED, Done.UNCHANGED]
    consents.withdraw(SYSTEM, house.choir.id, fields=[Field.PHONE])
    assert take_consent(line) is Done.UNCHANGED
    assert queries.consents_in_force([house.choir.id])[house.choir.id] == {Field.NAME: Level.PUBLIC}
    (row,) = [row for row in queries.consents_of(house.choir.id) if row.withdrawn_at is None]
    assert (row.on_paper, row.given_on, row.account_id) == (True, date(2026, 3, 2), None)


def test_dated_facts_are_known_again(house, make_organization):
    make_organization("Dachverband", key="dach", kinds=[MoKind.UMBRELLA])
    line = {"organization": "chor", "umbrella": "dach", "starts_on": "2020-01-01", "ends_on": ""}
    assert [take_umbrella(Line(2, line)), take_umbrella(Line(2, line))] == [Done.ADDED, Done.UNCHANGED]
    assert take_umbrella(Line(2, line | {"ends_on": "2025-12-31"})) is Done.CHANGED
    line = {"organization": "chor", "since": "2020-01-01", "phase": "network", "criteria": "registered"}
    assert [take_phase(Line(2, line)), take_phase(Line(2, line))] == [Done.ADDED, Done.UNCHANGED]
    assert take_phase(Line(2, line | {"phase": "alliance"})) is Done.CHANGED
    assert queries.phases_on([house.choir.id])[house.choir.id].phase == Phase.ALLIANCE


def test_lines_taken_together_leave_the_same_rows_and_history_as_one_by_one(flask, tmp_path, monkeypatch):
    """Of the second town all lines are taken one by one: the same of each, but for the key."""
    header = "key,name,kind,email,website,about,kinds,languages,volunteers,rooms,integration_department\n"
    lines = (
        "chor,Chor,migrant_organisation,WIR@example.org,www.example.org,Wir singen.,women culture,tr de,7,own,\n"
        'tanz,\'=Tanz,association,,,"Zwei\nZeilen",,,,,no\n'
        "amt,Amt,department,,,,,,,,yes\n"
        "falsch,Falsch,association,,,,,,,,maybe\n"
        "verein,Kein Amt,association,,,,,,,,yes\n"
    )
    told = {}
    for town in ("a", "b"):
        file = written(tmp_path, header + re.sub("^(?=[a-z]+,)", f"{town}-", lines, flags=re.MULTILINE))
        answer = flask("organizations", "import", file)
        assert "3 neu, 0 geändert, 0 unverändert, 2 fehlerhaft" in answer.output
        rows = session().scalars(select(Organization).where(Organization.key.startswith(f"{town}-"))).all()
        held = {row.key[2:]: [row.email, row.website, row.about, row.kinds, row.languages, row.rooms] for row in rows}
        history = {row.key[2:]: [line.new for line in lines_of("organization", row.id)] for row in rows}
        told[town] = held, {key: [new | {"key": ""} for new in lines] for key, lines in history.items()}
        assert {row.key[2:] for row in rows if row.integration_department} == {"amt"}
        monkeypatch.setattr(importing, "_taken_together", lambda batch, together: {})
    assert told["a"] == told["b"]
    assert told["a"][0]["chor"][:2] == ["wir@example.org", "https://www.example.org"]
