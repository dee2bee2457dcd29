"""The directory of 14,300 organizations: read from a file, and its pages beside the page of a hundred."""

import tempfile
from pathlib import Path

from coordination.accounts.operations import Duty, create_account
from coordination.accounts.rules import Role
from core.access import SYSTEM
from demo.growth import DOMAIN
from tests.bench import hello
from tests.bench.imports import KINDS, measured
from tests.bench.measure import Row, times, work
from tests.bench.pages import opened, queries_of, signed_in
from tests.bench.towns import application

#: so many migrant organizations there are in Germany
NUMBER = 14_300
SMALL = 100


def run(number: int = NUMBER, *, rounds: int = 5, each: int = 5) -> list[Row]:
    """The import, and each page's time beside the bare page and its queries: the first, one in the middle, the last."""
    imported, few = in_town(min(SMALL, number), rounds, each)
    imported, many = in_town(number, rounds, each)
    size = f"{min(SMALL, number):,} / {number:,}"
    shown = [Row(f"{name} page, of {size}", f"{few[name]} / {many[name]}", "constant") for name in many]
    return [*imported, Row("pages", "time beside a bare Jinja page (queries)"), *shown]


def in_town(number: int, rounds: int, each: int) -> tuple[list[Row], dict[str, str]]:
    """What the import of so many came to, and time and queries of the pages."""
    with application() as (app, _environment), tempfile.TemporaryDirectory(prefix="bench") as folder:
        imported = measured(app, Path(folder), KINDS["organizations"], number)
        create_account(SYSTEM, f"admin@{DOMAIN}", duty=Duty(Role.ADMIN))
        client, bare = signed_in(app, "admin"), hello.create_app().test_client()
        addresses = {"first": 1, "middle": max(1, number // 100), "last": number}
        pages = {name: f"/organisationen/?seite={page}" for name, page in addresses.items()}
        calls = {name: (lambda url=url: opened(client, url)) for name, url in pages.items()}
        assert {name: call() for name, call in calls.items() if call() != 200} == {}
        took = work({"bare": lambda: opened(bare, "/page"), **calls}, rounds=rounds, each=each)
        return imported, {
            name: f"{times(took[name] / took['bare'])} ({queries_of(lambda url=url: opened(client, url))})"
            for name, url in pages.items()
        }
