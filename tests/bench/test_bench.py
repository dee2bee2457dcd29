"""Each measurement runs, on a tiny scale, so that none of them rots. What they come to is for people to read."""

from pathlib import Path

import pytest

from core.documents.render import pdf_available
from tests.bench import analysis, directory, feeds, imports, minutes, pages, town, users
from tests.bench.measure import Row, table, work
from tests.bench.server import GRANIAN, ROOT

TINY = {
    "feeds": lambda: feeds.run((20,), requests=5, rounds=2),
    "pages": lambda: pages.run((20,), rounds=2, each=1),
    "import": lambda: imports.run(60),
    "directory": lambda: directory.run(12, rounds=1, each=1),
    "users": lambda: users.run(4, seconds=1.5, reading=0.02, scale=0.002),
    "town": lambda: town.run(0.002),
    "analysis": lambda: analysis.run((20, 40), rounds=1),
}


@pytest.mark.parametrize("part", TINY)
def test_a_measurement_runs_and_gives_a_table(part):
    rows = TINY[part]()
    assert len(rows) >= 5
    assert all(row.what in table(part, rows) for row in rows)


def test_the_server_is_started_as_a_town_starts_it():
    unit = (ROOT / "deploy/systemd/augenhoehe-server.service").read_text()
    start = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
    command = [Path(word).name for word in start.removeprefix("ExecStart=").split()]
    assert command == [
        "granian",
        *GRANIAN[:3],
        "--host",
        "127.0.0.1",
        "--port",
        "8000",
        *GRANIAN[3:],
        "wsgi:create_app",
    ]


def test_minutes_are_measured_where_there_is_an_engine():
    if pdf_available():
        assert len(minutes.run(2, rounds=1)) == 4
    else:
        with pytest.raises(AssertionError):
            minutes.run(2, rounds=1)


def test_work_tells_the_heavier_thing_from_the_lighter():
    found = work({"light": lambda: sum(range(100)), "heavy": lambda: sum(range(100_000))}, rounds=3, each=5)
    assert found["heavy"] > 10 * found["light"]


def test_a_table_stands_in_columns():
    rows = [Row("a", "1×", "≥ 1"), Row("longer", "10×")]
    assert table("part", rows).splitlines() == ["== part", "a        1×  ≥ 1", "longer  10×"]
