"""Every page of every role in the large town: how often each asks the database, and which are slow beside hello."""

import time

from flask import Flask

from demo.growth import Size
from tests.bench import hello
from tests.bench.measure import Row, times
from tests.bench.pages import opened, queries_of, signed_in
from tests.bench.towns import application, grow
from tests.demo.pages import ROLES, Pages

#: so many of the slowest are named
NAMED = 10


def run(scale: float = 1.0) -> list[Row]:
    """The slowest pages (the second of two visits, processor time) and the most queries."""
    with application() as (app, _environment):
        grow(Size().scaled(scale))
        found = sorted((visited for role in ROLES for visited in of_role(app, role)), reverse=True)
        bare = hello_seconds()
    most = max(queries for _seconds, queries, _what in found)
    return [
        Row(f"pages that were opened, in a town of {scale:g}", str(len(found))),
        Row("most queries of a page", str(most), "≤ 20"),
        *(
            Row(f"slowest: {what}", f"{seconds * 1000:.0f} ms, {times(seconds / bare)} hello", "< 500 ms")
            for seconds, _queries, what in found[:NAMED]
        ),
    ]


def of_role(app: Flask, role: str) -> list[tuple[float, int, str]]:
    """Seconds, queries and name of each page that the role may see."""
    client, found = signed_in(app, role), []
    for what, url in Pages(app).addresses():
        if opened(client, url) == 200:
            began = time.process_time()
            opened(client, url)
            took = time.process_time() - began
            found.append((took, queries_of(lambda url=url: opened(client, url)), f"{role} {what}"))
    return found


def hello_seconds() -> float:
    """Processor time of hello."""
    client = hello.create_app().test_client()
    began = time.process_time()
    for _time in range(200):
        opened(client, "/")
    return (time.process_time() - began) / 200
