"""`flask places import`."""

from pathlib import Path

import pytest

from coordination.places import queries
from coordination.places.commands import group
from coordination.places.operations import Profile, profile_of
from core.database import session
from core.history import HistoryLine

HEADER = "key,name,street,postal_code,locality,room,capacity,step_free,note\n"
HALL = 'saal,Rathaus,Marktplatz 1,00720,Musterstadt,Saal 1,40,yes,"Tor, dann links"\n'


@pytest.fixture
def run(app, tmp_path: Path):
    """`run(lines)`: the command's result."""

    def invoke(content: str | bytes, *, header: str = HEADER):
        file = tmp_path / "places.csv"
        file.write_bytes(content if isinstance(content, bytes) else (header + content).encode())
        return app.test_cli_runner().invoke(group, ["import", str(file)])

    return invoke


def test_a_line_is_a_place_and_leading_zeros_stay(run):
    assert run(HALL).exit_code == 0
    assert profile_of(queries.get_by_key("saal")) == Profile(
        name="Rathaus",
        street="Marktplatz 1",
        postal_code="00720",
        locality="Musterstadt",
        room="Saal 1",
        capacity=40,
        step_free=True,
        note="Tor, dann links",
    )


@pytest.mark.parametrize(("text", "meaning"), [("yes", True), ("no", False), ("", None)])
def test_step_free_may_be_unknown(run, text, meaning):
    run(f"park,Park,,,,,,{text},\n")
    assert queries.get_by_key("park").step_free is meaning


def test_run_twice_it_changes_nothing_and_writes_no_history(run):
    park = "park,Park,,,,,,,\n"
    assert "2 neu, 0 geändert, 0 unverändert, 0 fehlerhaft" in run(HALL + park).output
    before = session().query(HistoryLine).count()
    assert "0 neu, 0 geändert, 2 unverändert, 0 fehlerhaft" in run(HALL + park).output
    session().rollback()
    assert session().query(HistoryLine).count() == before
    assert "1 geändert, 1 unverändert" in run(HALL.replace("40", "50") + park).output


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        ("keller,,,,,,,,", "name: Bitte füllen Sie dieses Feld aus."),
        (",Keller,,,,,,,", "key: Bitte füllen Sie dieses Feld aus."),
        ("keller,Keller,,,,,viele,,", "capacity: "),
        ("keller,Keller,,,,,0,,", "capacity: Bitte geben Sie eine ganze Zahl von 1"),
        ("keller,Keller,,,,,,perhaps,", "step_free: "),
        ("keller," + "x" * 10_000 + ",,,,,,,", "name: Bitte verwenden Sie höchstens 200 Zeichen."),
        ("keller,Kel\u202eler,,,,,,,", "Schreibrichtung"),
        ("keller", "name: "),
    ],
)
def test_a_bad_line_is_reported_with_its_number_and_stops_nothing(run, bad, word):
    result = run(HALL + bad + "\npark,Park,,,,,,,\n")
    assert result.exit_code == 1
    assert "Zeile 3" in result.output
    assert word in result.output
    assert "2 neu, 0 geändert, 0 unverändert, 1 fehlerhaft" in result.output
    assert queries.find_by_key("keller") is None
    assert queries.get_by_key("park").name == "Park"


def test_a_file_with_wrong_columns_or_in_latin_1_is_refused_whole(run):
    wrong = run("saal,Rathaus\n", header="key,title\n")
    assert wrong.exit_code != 0
    assert "name" in str(wrong.exception or "") + wrong.output
    latin = run((HEADER + "saal,Großer Saal,,,,,,,\n").encode("latin-1"))
    assert latin.exit_code != 0
    assert "UTF-8" in str(latin.exception or "") + latin.output
    assert queries.find_by_key("saal") is None
