"""A hundred people at once on mixed pages, beside the same hundred on hello."""

import http.client
import statistics
import threading
import time
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select

from core.database import session
from demo.growth import Size
from meetings.sittings.models import Sitting
from meetings.sittings.rules import TAKES_PLACE
from tests.bench.measure import Row, times
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
#: between two pages a person reads so long at most, seconds
READING = 1.0


def run(users: int = 100, *, pages: int = 12, scale: float = 0.05) -> list[Row]:
    """How long they wait, and the share that the pages have of hello's time."""
    with application() as (app, environment):
        grow(Size().scaled(scale))
        sitting = session().scalar(select(func.min(Sitting.id)).where(Sitting.public, Sitting.status.in_(TAKES_PLACE)))
        paths = (*PAGES, f"/sitzungen/{sitting}")
        cookies = [cookie_of(app, ROLES[number % len(ROLES)]) for number in range(users)]
        with granian("wsgi:create_app", environment) as ours, granian("tests.bench.hello:create_app", {}) as hello:
            for path in paths:
                ours.get(path)
            before, began = (ours.cpu(), hello.cpu()), time.perf_counter()
            waited, failed = visit(ours, cookies, paths, pages)
            took = time.perf_counter() - began
            greeted, _none = visit(hello, cookies, ("/",), pages)
            work = (ours.cpu() - before[0], max(hello.cpu() - before[1], 1 / TICKS))
    found = statistics.quantiles(waited, n=100)
    bare = statistics.quantiles(greeted, n=100)
    return [
        Row(f"{users} users: pages a second", f"{len(waited) / took:.0f}"),
        Row(f"{users} users: errors", _said(failed), "0"),
        Row(
            f"{users} users: p50, p95, p99",
            ", ".join(f"{found[n] * 1000:.0f} ms" for n in (49, 94, 98)),
            "p95 < 300, p99 < 800",
        ),
        Row(f"{users} users: hello's p50, p95, p99", ", ".join(f"{bare[n] * 1000:.0f} ms" for n in (49, 94, 98))),
        Row(f"{users} users: a page's work beside hello's", times(work[0] / work[1])),
    ]


def cookie_of(app: object, role: str) -> str:
    """The session cookie of this account, "" for the public."""
    cookie = signed_in(app, role).get_cookie("session", domain="localhost")
    return f"session={cookie.value}" if cookie else ""


def _said(failed: Sequence[int]) -> str:
    """How many there were, and of which status."""
    kinds = ", ".join(f"{number} × {status}" for status, number in sorted(Counter(failed).items()))
    return f"{len(failed)} ({kinds})" if failed else "0"


def visit(server: Server, cookies: Sequence[str], paths: Sequence[str], pages: int) -> tuple[list[float], list[int]]:
    """Each person opens so many pages, one after another; what each page took, and the status of what went wrong."""
    waited: list[float] = []
    failed: list[int] = []

    def person(number: int, cookie: str) -> None:
        for step in range(pages):
            time.sleep(READING * ((number * 7 + step * 3) % 10) / 10)  # people read; they do not all click at once
            began = time.perf_counter()
            status = fetch(server, paths[(number + step) % len(paths)], cookie)
            waited.append(time.perf_counter() - began)
            if status >= 400:
                failed.append(status)

    threads = [threading.Thread(target=person, args=(number, cookie)) for number, cookie in enumerate(cookies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waited, failed


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
