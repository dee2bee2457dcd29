"""The migrations make exactly the tables of the models, on both databases, and leave nothing half done."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from core.database import UtcDateTime, db
from tests.conftest import new_database
from tests.conftest import test_app as make_app


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Flask:
    """An application on a database without any table."""
    if database_kind == "sqlite":
        return make_app(tmp_path)
    address = new_database(request.getfixturevalue("postgres_server"), f"migrations_{tmp_path.name[:30]}".lower())
    return make_app(tmp_path, database=address)


def same_type(_context, _inspected, _column, found, wanted):
    """Our UTC column is a plain DateTime in the database."""
    return False if isinstance(wanted, UtcDateTime) else None


def test_the_migrations_make_the_models_tables(empty_database):
    with empty_database.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": same_type})
            assert compare_metadata(context, db.metadata) == []
        db.engine.dispose()


def test_there_is_a_way_back(empty_database):
    with empty_database.app_context():
        upgrade()
        downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        db.engine.dispose()


def test_an_interrupted_migration_leaves_nothing(empty_database):
    """A statement in the middle fails: no table of it is there afterwards, and the next run goes through."""
    with empty_database.app_context():
        upgrade()
        downgrade(revision="base")
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE sitting (id INTEGER)"))
        with pytest.raises(Exception, match="sitting"):
            upgrade()
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version", "sitting"}
        with db.engine.begin() as connection:
            connection.execute(text("DROP TABLE sitting"))
        upgrade()
        assert "attendance" in inspect(db.engine).get_table_names()
        db.engine.dispose()
