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


def test_committees_of_an_older_version_get_their_record_of_cooperation(empty_database):
    """Rows that were there before the record of cooperation keep what refers to them."""
    with empty_database.app_context():
        upgrade(revision="c92e2a186888")
        with db.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO organization (id, key, name, short_name, kind, own_label, about, email, website,"
                    " phone, version) VALUES (1, 'forum', 'Forum', '', 'committee', '', '', '', '', '', 1),"
                    " (2, 'chor', 'Chor', '', 'migrant_organisation', '', '', '', '', '', 1)"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO committee (id, slug, organization_id, kind, notice_days, quorum_rule, public,"
                    " publishes_attendance, version)"
                    " VALUES (1, 'forum', 1, 'network', 7, 'presence', true, false, 1)"
                )
            )
            connection.execute(
                text(
                    "INSERT INTO seat (id, committee_id, label, position, organization_id, speaking_right,"
                    " motion_right, voting_right, starts_on, version)"
                    " VALUES (1, 1, 'MO 1', 1, 2, true, true, false, '2024-01-01', 1)"
                )
            )
        upgrade()
        with db.engine.connect() as connection:
            record = connection.execute(
                text(
                    "SELECT title, cooperation.figure, CAST(cooperation.starts_on AS VARCHAR(10)),"
                    " partner.organization_id"
                    " FROM committee JOIN cooperation ON cooperation.id = committee.cooperation_id"
                    " JOIN partner ON partner.cooperation_id = cooperation.id"
                )
            ).one()
            assert tuple(record) == ("Forum", "regular_exchange", "2024-01-01", 2)
            assert connection.scalar(text("SELECT count(*) FROM seat")) == 1
        downgrade(revision="c92e2a186888")
        with db.engine.connect() as connection:
            assert (
                connection.scalar(text("SELECT count(*) FROM seat JOIN committee ON committee.id = committee_id")) == 1
            )
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
