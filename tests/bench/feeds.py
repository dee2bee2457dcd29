"""Feeds beside hello on the same server, beside the naive way to build one, and beside Radicale."""

import http.client
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace

import icalendar
from flask import Flask
from sqlalchemy import select

from calendars.entry import Entry
from calendars.feeds.assembly import Options, public_feed, shelf
from calendars.sources.entries import entries
from core.access import SYSTEM
from core.database import session
from meetings.sittings import operations as sittings
from meetings.sittings.models import Sitting
from tests.bench.measure import Row, ms, times, work
from tests.bench.server import ROOT, Asked, Server, costs, granian, running
from tests.bench.towns import application, public_sittings

#: up to so many events Radicale is measured: it takes minutes to take in 10,000
PEER = 1_000
RADICALE = ROOT / ".venv-bench/bin/python"


def run(numbers: tuple[int, ...] = (1_000, 10_000), *, requests: int = 200, rounds: int = 7) -> list[Row]:
    """The rows for feeds of these sizes."""
    rows: list[Row] = []
    for number in numbers:
        with application() as (app, environment):
            public_sittings(number)
            rows += served(environment, number, requests, rounds)
            rows += built(app, number, rounds)
    return rows


def served(environment: dict[str, str], number: int, requests: int, rounds: int) -> list[Row]:
    """What the answers cost the server, as a share of hello's speed, and its memory."""
    with granian("wsgi:create_app", environment) as ours, granian("tests.bench.hello:create_app", {}) as hello:
        path = "/kalender.ics?alle=1"
        ours.get("/")
        before = ours.memory()
        ours.get(path)
        feed = ours.get(path)
        assert int(feed.headers["Content-Length"]) > 300 * number, "the feed holds every event"
        kinds = {
            "hello": Asked(hello, "/", {}),
            "304": Asked(ours, path, {"If-None-Match": feed.headers["ETag"]}, 304),
            "warm 200": Asked(ours, path, {}),
            "warm 200 gzip": Asked(ours, path, {"Accept-Encoding": "gzip"}),
        }
        with radicale(path, ours, number) if number <= PEER else nullcontext() as peer:
            if peer is not None:
                kinds["Radicale GET"] = peer
            found = costs(kinds, requests=requests, rounds=rounds)
        memory, own = ours.memory() - before, before - hello.memory()
    wanted = {"304": "≥ 0.3", "warm 200": "≥ 0.25", "warm 200 gzip": "≥ 0.3"} if number <= 1_000 else {}
    rows = [
        Row(f"{number} events: {name}, speed beside hello", times(found["hello"].cpu / found[name].cpu), target)
        for name, target in {"304": "", "warm 200": "", "warm 200 gzip": "", **wanted}.items()
    ]
    for name in ("304", "warm 200"):
        spread = found[name].percentile(95) / found[name].percentile(50)
        rows.append(Row(f"{number} events: {name}, p95 / p50", times(spread), "≤ 1.5"))
    if "Radicale GET" in found:
        ratio = found["Radicale GET"].cpu / found["warm 200"].cpu
        rows.append(Row(f"{number} events: warm 200, speed beside Radicale's GET", times(ratio), "≥ 100"))
    elif number <= PEER:
        rows.append(Row(f"{number} events: Radicale", "not installed", "python3 dev.py bench installs it"))
    rows.append(Row(f"{number} events: memory of the application without feeds, over hello", f"{own:.0f} MB"))
    limit = "≤ 15 MB" if number <= 1_000 else "≤ 60 MB"
    return [*rows, Row(f"{number} events: memory that the feed added", f"{memory:.0f} MB", limit)]


def built(app: Flask, number: int, rounds: int) -> list[Row]:
    """The first answer after one change, beside the naive build of the same feed; both in this process."""
    sitting_id = session().scalars(select(Sitting.id)).first() or 0
    titles = iter(range(10**9))

    def change() -> None:
        row = session().get_one(Sitting, sitting_id)
        plan = replace(sittings.plan_of(row), title=f"Geändert {next(titles)}")
        sittings.edit(SYSTEM, sitting_id, version=None, plan=plan)

    def rebuild() -> None:
        change()
        public_feed(options)

    options = Options(everything=True)
    with app.test_request_context():
        public_feed(options)
        shown = entries()
        assert len(shown) == number
        naive = work({"naive": lambda: naive_build(shown)}, rounds=3, each=1)["naive"]
        found = work({"change": change, "rebuild": rebuild}, rounds=rounds, each=3)
        shelf().clear()
    rebuilt = max(found["rebuild"] - found["change"], 1e-6)
    target = "≥ 75" if number <= 1_000 else "≥ 100"
    return [
        Row(f"{number} events: naive icalendar build", ms(naive)),
        Row(f"{number} events: first 200 after one change", ms(rebuilt)),
        Row(f"{number} events: naive build beside it", times(naive / rebuilt), target),
    ]


def naive_build(shown: Sequence[Entry]) -> bytes:
    """The feed as most programs build it: every event by the library, at every request."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//naive//")
    calendar.add("version", "2.0")
    for entry in shown:
        event = icalendar.Event()
        for name, value in (
            ("uid", entry.uid),
            ("summary", entry.summary),
            ("description", entry.description),
            ("location", entry.location),
            ("dtstart", entry.starts_local),
            ("dtend", entry.ends_local),
            ("dtstamp", entry.changed_at),
            ("last-modified", entry.changed_at),
            ("sequence", entry.sequence),
            ("url", entry.url),
            ("categories", list(entry.categories)),
        ):
            event.add(name, value)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


@contextmanager
def radicale(path: str, ours: Server, number: int) -> Iterator[Asked | None]:
    """Radicale with the same events in one calendar; None where it is not installed."""
    if not RADICALE.exists():
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="radicale") as folder:
        command = [RADICALE, "-m", "radicale", "--config", "", "--server-hosts", "127.0.0.1:{port}"]
        command += ["--auth-type", "none", "--storage-filesystem-folder", folder]
        with running(command, {}) as server:
            headers = {"Authorization": "Basic YmVuY2g6YmVuY2g="}
            events = body(ours.port, "GET", path, {})
            body(server.port, "PUT", "/bench/kalender/", {**headers, "Content-Type": "text/calendar"}, events)
            there = body(server.port, "GET", "/bench/kalender/", headers)
            assert there.count(b"BEGIN:VEVENT") == number
            yield Asked(server, "/bench/kalender/", headers, share=0.02)


def body(port: int, method: str, path: str, headers: Mapping[str, str], sent: bytes | None = None) -> bytes:
    """What is answered; an error where that is one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request(method, path, body=sent, headers=dict(headers))
    answer = connection.getresponse()
    found = answer.read()
    connection.close()
    assert answer.status < 300, (answer.status, found[:300])
    return found
