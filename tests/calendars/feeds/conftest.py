"""Feeds are kept in the process; every test begins with none."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from calendars.feeds import addresses, operations
from calendars.feeds.assembly import shelf
from calendars.feeds.models import FeedToken
from coordination.people.models import Person
from core.access import Actor


@pytest.fixture(autouse=True)
def empty_shelf(app: Flask) -> Iterator[None]:
    """Numbers of rows and the counter begin anew in each test, so what is kept would be taken for the present."""
    shelf().clear()
    app.extensions.pop("feeds_used", None)
    for left in app.config["SETTINGS"].data.glob("feeds-used.*"):
        left.unlink()
    yield
    shelf().clear()


@pytest.fixture
def subscribe(app: Flask) -> Callable[..., tuple[FeedToken, str]]:
    """`row, path = subscribe(person, alarm_minutes=30)`: a key made by the person, and the path of the feed."""

    def make(person: Person, *, name: str = "Handy", **options: object) -> tuple[FeedToken, str]:
        actor = Actor(account_id=1, person_id=person.id)
        row, token = operations.create_token(actor, person.id, name=name, **options)  # type: ignore[arg-type]
        return row, addresses.personal_address(token, name).removeprefix("http://localhost")

    return make
