"""A migrated house on either database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.durability.house import House, house_in

numbers = count()


@pytest.fixture(scope="session")
def new_house(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], House]]:
    """`new_house("postgresql")`: a house of its own on this kind of database, for the rest of the session."""
    with ExitStack() as houses:

        def make(kind: str) -> House:
            folder: Path = tmp_path_factory.mktemp("house")
            address = "" if kind == "sqlite" else _new_database(request.getfixturevalue("postgres_server"))
            return houses.enter_context(house_in(folder, database=address))

        yield make


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, database_kind: str) -> str:
    """An empty database of this kind of its own: the setting for a house."""
    return "" if database_kind == "sqlite" else _new_database(request.getfixturevalue("postgres_server"))


def _new_database(server: str) -> str:
    """The address of an empty database on this server."""
    name = f"durability_{next(numbers)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    base, _, query = server.partition("?")
    return f"{base.rpartition('/')[0]}/{name}?{query}"
