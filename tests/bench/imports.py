"""Imports by the ordinary commands, beside a bare executemany of the rows that they wrote.

Beside each ratio stands the one with the lines of history: they are written for every row, and weigh more than it.
"""

import csv
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median

from flask import Flask

from core.database import db
from tests.bench.measure import Row, times
from tests.bench.towns import application

COMMITTEES = 20
SEATS = 5


@dataclass(frozen=True)
class Kind:
    """A command, its columns, the nth line (whole entries, where one takes several), and the tables that it fills."""

    room: str
    columns: str
    line: Callable[[int], Sequence[object]]
    tables: tuple[str, ...]
    #: the number of lines beside those of sittings, and how many there are at least: each seat needs a person
    share: float
    least: int


def organization(number: int) -> Sequence[object]:
    """A line about an organization."""
    kind = ("migrant_organisation", "association", "department", "welfare")[number % 4]
    name, host = f"Verein Nummer {number} zwischen den Brücken", f"verein-{number}.example.org"
    words = f"Treffen, Beratung und Feste im Viertel {number % 90}, jede Woche und für alle."
    reached = (f"wir@{host}", f"https://{host}/", f"0761 {number}")
    return (f"verein-{number}", name, kind, f"V{number}", "Elternverein", words, *reached)


def person(number: int) -> Sequence[object]:
    """A line about a person and their membership."""
    days = (date(2020, 1, 1) + timedelta(days=number % 900), "")
    mail = f"person.{number}@example.org"
    return (f"person-{number}", f"Ada {number}", "Beispiel", mail, "de", f"verein-{number // 2}", "Vorsitz", *days)


def committee(number: int) -> Sequence[object]:
    """A line about a committee."""
    return (f"beirat-{number}", f"Beirat {number}", "advisory_board", 10, "majority_of_voting_seats")


def seat(number: int) -> Sequence[object]:
    """A line about a seat and its member."""
    return (f"beirat-{number // SEATS}", f"MO {number % SEATS}", "yes", "yes", "yes", f"person-{number}", 0)


def sitting(number: int) -> Sequence[object]:
    """A line about a sitting that has been."""
    start = datetime(2020, 1, 6, 18, 30) + timedelta(days=number // COMMITTEES)
    end = start + timedelta(hours=2)
    texts = (f"Sitzung {number}", f"{number}/26", "held")
    return (f"beirat-{number % COMMITTEES}", f"{start:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}", *texts)


def attendance(number: int) -> Sequence[object]:
    """A line about a seat at a sitting."""
    at = sitting(number // SEATS)
    return (at[0], at[1], f"MO {number % SEATS}", ("present", "remote", "excused", "present")[number % 4])


def cooperation(number: int) -> Sequence[object]:
    """A line about a cooperation with a partner."""
    day = date(2022, 1, 1) + timedelta(days=number % 1500)
    facts = (f"tun-{number}", f"Fest Nummer {number}", "single_event", "other_office", day, day, "18:00", "held", 40)
    return (*facts, "culture", "joint", f"verein-{number % 20 * 4}", "partner", "Programm", "greeting")


KINDS = {
    "organizations": Kind(
        "organizations",
        "key,name,kind,short_name,own_label,about,email,website,phone",
        organization,
        ("organization",),
        share=0.286,
        least=COMMITTEES * SEATS,
    ),
    "people": Kind(
        "people",
        "key,given_name,family_name,email,language,organization,function,member_since,member_until",
        person,
        ("person", "membership"),
        share=0.286,
        least=COMMITTEES * SEATS,
    ),
    "committees": Kind(
        "committees", "slug,name,kind,notice_days,quorum_rule", committee, ("committee",), share=0, least=COMMITTEES
    ),
    "seats": Kind(
        "seats",
        "committee,seat,speaking,motion,voting,person,rank",
        seat,
        ("seat", "appointment"),
        share=0,
        least=COMMITTEES * SEATS,
    ),
    "sittings": Kind(
        "sittings", "committee,start,end,title,number,status", sitting, ("sitting",), share=1, least=COMMITTEES
    ),
    "attendance": Kind(
        "attendance", "committee,start,seat,status", attendance, ("attendance",), share=0.4, least=COMMITTEES
    ),
    "cooperation": Kind(
        "cooperation",
        "key,title,format,initiator_kind,starts_on,ends_on,starts_at,status,participants,topic,lead,partner,role,"
        "contribution,municipal_contribution",
        cooperation,
        ("cooperation", "cooperation_lead", "cooperation_topic", "partner", "municipal_contribution"),
        share=0.06,
        least=2,
    ),
}


def run(number: int = 50_000) -> list[Row]:
    """For each kind of file the lines a second, the shares of executemany's speed, the second run, and the memory."""
    found: list[Row] = []
    with application() as (app, _environment), tempfile.TemporaryDirectory(prefix="bench") as folder:
        for kind in KINDS.values():
            found += measured(app, Path(folder), kind, max(kind.least, round(number * kind.share)))
    return found


def measured(app: Flask, folder: Path, kind: Kind, number: int, first: int = 0) -> list[Row]:
    """What the import of so many lines comes to."""
    file = written(folder / f"{kind.room}.csv", kind, range(first, first + number))
    database = Path(str(db.engine.url.database))
    lines_before = last_line(database)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took, again = imported(app, kind.room, file), imported(app, kind.room, file)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    bare, with_history = executemany(database, folder, kind.tables, lines_before)
    what = f"{kind.room}, {number:,} lines"
    return [
        Row(f"{what}: import, lines a second", f"{number / took:,.0f}"),
        Row(f"{what}: speed beside executemany of its rows", times(bare / took), "≥ 0.1"),
        Row(f"{what}: beside executemany with the lines of history", times(with_history / took), "≥ 0.25"),
        Row(f"{what}: the same file again, lines a second", f"{number / again:,.0f}"),
        Row(f"{what}: memory that both took at most", f"{memory:.0f} MB"),
    ]


def written(file: Path, kind: Kind, numbers: Iterable[int]) -> Path:
    """A file with these lines."""
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([kind.columns.split(","), *map(kind.line, numbers)])
    return file


def imported(app: Flask, room: str, file: Path) -> float:
    """Processor seconds for the command."""
    began = time.process_time()
    result = app.test_cli_runner().invoke(args=[room, "import", "--quiet", str(file)])
    assert result.exit_code == 0, result.output
    return time.process_time() - began


def last_line(database: Path) -> int:
    """The id of the newest line of the history."""
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT coalesce(max(id), 0) FROM history").fetchone()[0])


def executemany(database: Path, folder: Path, tables: Sequence[str], lines_before: int) -> tuple[float, float]:
    """Processor seconds for the rows of these tables by the driver alone, into tables and indexes as they are: the
    median of five times, since it takes a moment only.

    The second figure is with the lines of history that were written since this one.
    """
    with closing(sqlite3.connect(database)) as connection:
        rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
        rows["history"] = connection.execute("SELECT * FROM history WHERE id > ?", (lines_before,)).fetchall()
        made = connection.execute("SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rootpage")
        statements = [sql for table, sql in made if table in rows]
    took: dict[str, list[float]] = {table: [] for table in rows}
    for _time in range(5):
        (folder / "bare.db").unlink(missing_ok=True)
        with closing(sqlite3.connect(folder / "bare.db")) as connection:
            for sql in statements:
                connection.execute(sql)
            for table, found in rows.items():
                took[table].append(inserted(connection, table, found))
    history = median(took.pop("history"))
    bare = sum(map(median, took.values()))
    return bare, bare + history


def inserted(connection: sqlite3.Connection, table: str, rows: Sequence[Sequence[object]]) -> float:
    """Processor seconds for these rows and their commit."""
    marks = ", ".join("?" * len(rows[0]))
    began = time.process_time()
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    connection.commit()
    return time.process_time() - began
