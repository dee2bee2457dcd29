"""Whether the installation can serve people, and what the monitoring is told."""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from core import health, jobs
from core.clock import now
from core.database import db, session, transaction
from core.outbox import LAST_TRY, Mail, queue_mail
from tests.conftest import test_app as make_app

INVITATION = Mail("aylin@example.org", "Aylin", "Einladung", "Guten Tag")


@pytest.fixture
def swept(app):
    """The jobs' consumer has swept a moment ago."""
    jobs.sweep_due()


def test_a_healthy_installation_answers(client, swept):
    assert client.get("/healthz").json == {"status": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json.pop("disk_free_megabytes") > health.LEAST_SPACE
    assert {name: value for name, value in answer.json.items() if name != "disk_free_megabytes"} == {
        "status": "ok",
        "problems": [],
        "waiting_mails": 0,
        "oldest_mail_minutes": 0,
        "given_up_mails": 0,
        "waiting_jobs": jobs.waiting(),
        "last_sweep_minutes": 0,
    }


def problems(client) -> list[str]:
    answer = client.get("/readyz")
    assert answer.json["status"] == ("trouble" if answer.json["problems"] else "ok")
    assert answer.status_code == (503 if answer.json["problems"] else 200)
    return answer.json["problems"]


def test_mail_that_waits_too_long_is_told_without_a_word_of_it(client):
    with transaction():
        queue_mail(INVITATION)
        queue_mail(Mail("daniel@example.org", "Daniel", "Einladung", "Guten Tag")).tries = LAST_TRY
    with time_machine.travel(now() + timedelta(minutes=31)):
        jobs.sweep_due()
        assert problems(client) == ["mail"]
        answer = client.get("/readyz")
    assert (answer.json["waiting_mails"], answer.json["oldest_mail_minutes"], answer.json["given_up_mails"]) == (
        1,
        31,
        1,
    )
    assert not any(word in json.dumps(answer.json) for word in ("ylin", "aniel", "Einladung"))


def test_jobs_that_stand_still_are_told_until_they_go_on(client, swept):
    waiting = jobs.waiting()
    with transaction():
        queue_mail(INVITATION)  # wakes a job that nobody takes
    with time_machine.travel(now() + health.LONGEST_SILENCE + timedelta(minutes=1)):
        assert problems(client) == ["jobs"]
        answer = client.get("/readyz")
        assert (answer.json["last_sweep_minutes"], answer.json["waiting_jobs"]) == (11, waiting + 1)
        jobs.sweep_due()
        assert problems(client) == []


def test_jobs_that_were_never_started_are_told_some_minutes_after_the_server(tmp_path):
    app = make_app(tmp_path)
    with app.app_context():
        assert "jobs" not in problems(app.test_client())
        with time_machine.travel(now() + health.LONGEST_SILENCE + timedelta(minutes=1)):
            assert "jobs" in problems(app.test_client())
            assert app.test_client().get("/readyz").json["last_sweep_minutes"] is None
        db.engine.dispose()


@pytest.mark.parametrize(
    "address", ["sqlite:////nowhere/augenhoehe.db", "postgresql+psycopg://augenhoehe@127.0.0.1:1/augenhoehe"]
)
def test_a_database_that_is_away_is_told(tmp_path, address):
    client = make_app(tmp_path, database=address).test_client()
    assert client.get("/healthz").status_code == 200
    assert problems(client) == ["database"]


@pytest.mark.parametrize(
    ("change", "found", "said"),
    [
        ("DELETE FROM alembic_version", "database-empty", "flask db upgrade"),
        ("UPDATE alembic_version SET version_num = 'of next year'", "database-newer", "neueren"),
    ],
)
@pytest.mark.usefixtures("swept")
def test_a_database_of_another_version_is_told(app, client, change, found, said):
    """Here, and by the command that a server runs before it starts."""
    kept = session().scalar(text("SELECT version_num FROM alembic_version"))
    runner = app.test_cli_runner()
    assert runner.invoke(args=["database", "check"]).exit_code == 0
    try:
        with db.engine.begin() as connection:
            connection.execute(text(change))
        assert problems(client) == [found]
        checked = runner.invoke(args=["database", "check"])
        assert checked.exit_code == 1
        assert said in checked.output
    finally:
        with db.engine.begin() as connection:
            connection.execute(text("DELETE FROM alembic_version"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:kept)"), {"kept": kept})


def test_a_queue_that_cannot_be_read_is_told(tmp_path):
    app = make_app(tmp_path)
    app.extensions["queue"].storage.close()
    (tmp_path / "jobs.db").write_bytes(b"no database" * 1_000)
    assert "queue" in problems(app.test_client())


def test_a_disk_that_is_nearly_full_is_told(client, swept, monkeypatch):
    monkeypatch.setattr(health, "LEAST_SPACE", 10**12)
    assert problems(client) == ["disk"]


def test_robots_may_fetch_feeds(client):
    assert "/gremien/" not in client.get("/robots.txt").text
