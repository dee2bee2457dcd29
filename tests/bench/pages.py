"""Lists and single pages beside a bare Jinja page of fifty rows, in towns of several sizes."""

import contextvars
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from coordination.accounts.models import Account
from core.database import db, session
from demo.growth import DOMAIN, Size
from tests.bench import hello
from tests.bench.measure import Row, times, work
from tests.bench.towns import application, grow

PAGES = {
    "organizations, list": "/organisationen/",
    "organization": "/organisationen/7",
    "people, list": "/personen/",
    "person": "/personen/7",
    "committee's sittings, list": "/gremien/gross-1/sitzungen",
    "sitting": "/sitzungen/1",
    "calendar": "/kalender/",
    "history, list": "/verwaltung/verlauf",
}


def run(numbers: tuple[int, ...] = (100, 1_000, 10_000), *, rounds: int = 5, each: int = 5) -> list[Row]:
    """For each page the time beside the bare page, and the number of queries, in towns of so many organizations."""
    found: dict[str, list[str]] = {name: [] for name in PAGES}
    for number in numbers:
        with application() as (app, _environment):
            grow(Size(organizations=number, committees=2, sittings=max(20, number // 10), places=4))
            for name, said in in_town(app, rounds, each).items():
                found[name].append(said)
    head = " / ".join(f"{number:,}" for number in numbers)
    legend = Row(f"organizations: {head}", "time beside a bare Jinja page (queries)", "constant")
    return [legend, *(Row(name, " / ".join(said)) for name, said in found.items())]


def in_town(app: Flask, rounds: int, each: int) -> dict[str, str]:
    """Ratio and queries of each page for the administration."""
    client, bare = signed_in(app, "admin"), hello.create_app().test_client()
    calls = {name: (lambda url=url: opened(client, url)) for name, url in PAGES.items()}
    assert {name: call() for name, call in calls.items() if call() != 200} == {}
    took = work({"bare": lambda: opened(bare, "/page"), **calls}, rounds=rounds, each=each)
    return {
        name: f"{times(took[name] / took['bare'])} ({queries_of(lambda url=url: opened(client, url))})"
        for name, url in PAGES.items()
    }


def signed_in(app: Flask, role: str) -> FlaskClient:
    """A client of this account of the grown town."""
    client = app.test_client()
    uniquifier = session().scalar(select(Account.fs_uniquifier).where(Account.email == f"{role}@{DOMAIN}"))
    session().rollback()
    if uniquifier is not None:
        with client.session_transaction() as cookie:
            cookie.update(_user_id=uniquifier, _fresh=True)
    return client


def opened(client: FlaskClient, url: str) -> int:
    """The status of a page, asked in a context of its own as on a server: else all would be the first who asked."""
    return contextvars.Context().run(client.get, url).status_code


def queries_of(call: Any) -> int:
    """How many statements the call sends, without BEGIN and PRAGMA."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    call()
    event.remove(db.engine, "before_cursor_execute", note)
    return sum(not statement.startswith(("BEGIN", "PRAGMA")) for statement in sent)
