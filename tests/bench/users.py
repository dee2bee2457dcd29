"""A hundred people at once on mixed pages, as people read; and how many pages a second the server can do at all.

Each on hello as well, the smallest application there is. For the ten minutes of the goal:
`python3 dev.py bench --part users --seconds 600`.
"""

import http.client
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from core.database import session
from demo.growth import Size
from meetings.sittings.models import Sitting
from meetings.sittings.rules import TAKES_PLACE
from tests.bench.measure import Row, ms, times
from tests.bench.pages import signed_in
from tests.bench.server import TICKS, Server, granian
from tests.bench.towns import application, grow

#: pages that everybody may open; a public sitting comes with them
PAGES = (
    "/",
    "/kalender/",
    "/gremien/",
    "/gremien/gross-1/",
    "/gremien/gross-1/sitzungen",
    "/organisationen/",
)
ROLES = ("public", "public", "member1", "member2", "clerk1", "officer")
#: so long people read between two pages on average, seconds: as in TPC-W, the benchmark of the Transaction Processing
#: Performance Council for web sites, exponentially spread and at most ten times as long
READING = 7.0
#: so long a hundred people read, seconds
SECONDS = 60.0
#: so many who do not read at all keep the server busy: twice its threads
BUSY = 16


@dataclass
class Visit:
    """What people met: how long each page took, seconds, and the status of each that went wrong."""

    waited: list[float] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)

    def percentiles(self) -> str:
        """The middle wait, and the one within which 95 and 99 of a hundred lie."""
        found = statistics.quantiles(self.waited, n=100)
        return ", ".join(f"{found[n] * 1000:.0f} ms" for n in (49, 94, 98))


def run(users: int = 100, *, seconds: float = SECONDS, reading: float = READING, scale: float = 0.05) -> list[Row]:
    """How long people wait who read between two pages, for so many seconds; then a third of them at the limit."""
    with application() as (app, environment):
        grow(Size().scaled(scale))
        sitting = session().scalar(select(func.min(Sitting.id)).where(Sitting.public, Sitting.status.in_(TAKES_PLACE)))
        paths = (*PAGES, f"/sitzungen/{sitting}")
        cookies = [cookie_of(app, ROLES[number % len(ROLES)]) for number in range(users)]
        with granian("wsgi:create_app", environment) as ours, granian("tests.bench.hello:create_app", {}) as hello:
            for cookie in dict.fromkeys(cookies):  # nobody is the first
                for path in paths:
                    fetch(ours, path, cookie)
            people = visit(ours, cookies, paths, seconds, reading=reading)
            greeted = visit(hello, cookies, ("/",), seconds / 3, reading=reading)
            full, work = at_the_limit(ours, cookies, paths, seconds / 3)
            bare, least = at_the_limit(hello, cookies, ("/",), seconds / 3)
    who, failed = f"{users} users", [*people.failed, *full.failed]
    return [
        Row(f"{who}, reading {reading:g} s: pages a second", f"{len(people.waited) / seconds:.1f}"),
        Row(f"{who}: errors", _said(failed), "0"),
        Row(f"{who}: p50, p95, p99", people.percentiles(), "p95 < 300, p99 < 800"),
        Row(f"{who}: hello's p50, p95, p99", greeted.percentiles()),
        Row(f"at the limit ({BUSY} at once): pages a second", f"{len(full.waited) / seconds * 3:.0f}"),
        Row("at the limit: hello's pages a second", f"{len(bare.waited) / seconds * 3:.0f}"),
        Row("a page's processor time, and beside hello's", f"{ms(work)}, {times(work / least)}"),
    ]


def at_the_limit(server: Server, cookies: Sequence[str], paths: Sequence[str], seconds: float) -> tuple[Visit, float]:
    """What they meet who do not read, and the processor seconds that each page took the server."""
    before = server.cpu()
    found = visit(server, cookies[:BUSY], paths, seconds, reading=0)
    return found, max(server.cpu() - before, 1 / TICKS) / len(found.waited)


def cookie_of(app: object, role: str) -> str:
    """The session cookie of this account, "" for the public."""
    cookie = signed_in(app, role).get_cookie("session", domain="localhost")
    return f"session={cookie.value}" if cookie else ""


def _said(failed: Sequence[int]) -> str:
    """How many there were, and of which status."""
    kinds = ", ".join(f"{number} × {status}" for status, number in sorted(Counter(failed).items()))
    return f"{len(failed)} ({kinds})" if failed else "0"


def visit(server: Server, cookies: Sequence[str], paths: Sequence[str], seconds: float, *, reading: float) -> Visit:
    """Each person opens one page after another for so many seconds, and reads before each."""
    found, until = Visit(), time.perf_counter() + seconds

    def person(number: int, cookie: str) -> None:
        chance = random.Random(number)
        while True:
            if reading:  # people read; they do not all click at once
                time.sleep(min(chance.expovariate(1 / reading), 10 * reading, max(0, until - time.perf_counter())))
            began = time.perf_counter()
            if began >= until:
                return
            status = fetch(server, chance.choice(paths), cookie)
            found.waited.append(time.perf_counter() - began)
            if status >= 400:
                found.failed.append(status)

    threads = [threading.Thread(target=person, args=(number, cookie)) for number, cookie in enumerate(cookies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def fetch(server: Server, path: str, cookie: str) -> int:
    """The status of one page; 599 where no answer came."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 599
    finally:
        connection.close()
