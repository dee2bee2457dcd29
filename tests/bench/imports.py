"""An import of sittings by the ordinary command, beside a bare executemany of the same rows."""

import csv
import resource
import sqlite3
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from core.access import SYSTEM
from core.database import session
from meetings.sittings.models import Sitting
from participation.committees import operations as committees
from participation.committees.operations import Charter
from participation.committees.rules import Kind
from tests.bench.measure import Row, times
from tests.bench.towns import application

HEADER = ("committee", "start", "end", "title", "number", "status")
COMMITTEES = 60
COLUMNS = "id INTEGER PRIMARY KEY, committee TEXT, start TEXT, ended TEXT, title TEXT, number TEXT, status TEXT"


def run(number: int = 50_000) -> list[Row]:
    """Lines a second, the share of executemany's speed, the second run, and how much memory it took."""
    with application() as (app, _environment), tempfile.TemporaryDirectory(prefix="bench") as folder:
        for place in range(COMMITTEES):
            charter = Charter(name=f"Beirat {place}", kind=Kind.ADVISORY_BOARD)
            committees.create_committee(SYSTEM, charter, slug=f"beirat-{place}")
        file = Path(folder) / "sittings.csv"
        lines = list(map(line, range(number)))
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([HEADER, *lines])
        bare = executemany(Path(folder) / "bare.db", lines)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        first, again = imported(app, file), imported(app, file)
        memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        assert session().scalar(select(func.count()).select_from(Sitting)) == number
    return [
        Row(f"{number:,} lines: bare executemany, lines a second", f"{number / bare:,.0f}"),
        Row(f"{number:,} lines: import, lines a second", f"{number / first:,.0f}"),
        Row(f"{number:,} lines: import, speed beside executemany", times(bare / first), "≥ 0.1"),
        Row(f"{number:,} lines: the same file again, lines a second", f"{number / again:,.0f}"),
        Row(f"{number:,} lines: memory that both took at most", f"{memory:.0f} MB"),
    ]


def line(number: int) -> tuple[str, ...]:
    """One sitting of the file."""
    start = datetime(2020, 1, 6, 18, 30) + timedelta(days=number // COMMITTEES)
    end = start + timedelta(hours=2)
    texts = (f"Sitzung {number}", f"{number}/26", "held")
    return (f"beirat-{number % COMMITTEES}", start.isoformat(" ", "minutes"), end.isoformat(" ", "minutes"), *texts)


def executemany(path: Path, lines: list[tuple[str, ...]]) -> float:
    """Processor seconds for the same lines by the driver alone."""
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE TABLE sitting ({COLUMNS})")
    began = time.process_time()
    names = "committee, start, ended, title, number, status"
    connection.executemany(f"INSERT INTO sitting ({names}) VALUES (?, ?, ?, ?, ?, ?)", lines)
    connection.commit()
    took = time.process_time() - began
    connection.close()
    return took


def imported(app: Flask, file: Path) -> float:
    """Processor seconds for the command."""
    began = time.process_time()
    result = app.test_cli_runner().invoke(args=["sittings", "import", "--quiet", str(file)])
    assert result.exit_code == 0, result.output
    return time.process_time() - began
