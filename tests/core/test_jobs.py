"""Jobs: a wake-up runs one, the sweep finds what a lost wake-up left, a failing one stops no other."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from huey import SqliteHuey
from huey.serializer import SignedSerializer
from sqlalchemy import text

from core import jobs
from core.clock import now
from core.database import session

ROOT = Path(__file__).resolve().parents[2]
WAKE = """
from core import jobs
from core.database import db
from wsgi import create_app

app = create_app()
with app.app_context():
    db.create_all()
    jobs.wake("send-mail")
"""


@pytest.fixture
def own_jobs(app: Flask) -> Iterator[Callable[..., None]]:
    """`own_jobs("name", run, every_minutes=1)` registers one; the application's own do not run meanwhile."""
    kept = dict(app.extensions["jobs"])
    app.extensions["jobs"].clear()
    app.extensions["queue"].get(jobs.SWEPT_UNTIL)
    yield partial(jobs.register, app)
    app.extensions["jobs"].clear()
    app.extensions["jobs"].update(kept)


def test_the_sweep_runs_what_is_due_and_survives_a_failure(own_jobs):
    called = []
    own_jobs("broken", lambda: 1 / 0, every_minutes=1)
    own_jobs("each-minute", lambda: called.append("minute"), every_minutes=1)
    jobs.sweep_due()
    assert called == ["minute"]


def test_a_question_that_the_database_refuses_stops_no_other_job(own_jobs):
    """PostgreSQL answers nothing any more in the transaction in which that happened."""
    answers = []
    own_jobs("broken", lambda: session().scalar(text("SELECT nothing FROM nowhere")), every_minutes=1)
    own_jobs("next", lambda: answers.append(session().scalar(text("SELECT 1"))), every_minutes=1)
    jobs.sweep_due()
    assert answers == [1]


def test_a_job_of_the_night_is_not_left_out_where_a_sweep_comes_late(own_jobs):
    """Much mail keeps the sweep before midnight busy for two minutes; then the consumer is down for a night."""
    nights = []
    own_jobs("nightly", lambda: nights.append(f"{now():%d. %H:%M}"), every_minutes=24 * 60)
    for moment in ("16T23:59", "17T00:02", "17T00:03", "17T12:00", "17T23:59", "19T07:30", "19T07:31"):
        with time_machine.travel(f"2026-11-{moment}:10Z", tick=False):
            jobs.sweep_due()
    assert nights == ["16. 23:59", "17. 00:02", "19. 07:30"]


def test_after_an_exchange_of_the_secret_key_jobs_go_on(app, own_jobs):
    """What the queue keeps was signed by the old one; it is looked at no more."""
    called = []
    own_jobs("each-minute", lambda: called.append("minute"), every_minutes=1)
    serializer = SignedSerializer(secret="the key before, the key before, the key before", salt="jobs")
    before = SqliteHuey("jobs", filename=str(app.config["SETTINGS"].data / "jobs.db"), serializer=serializer)
    for kept in (jobs.LAST_SWEEP, jobs.SWEPT_UNTIL):
        before.put(kept, now())
    before.storage.close()
    assert jobs.last_sweep() is None
    jobs.sweep_due()
    assert called == ["minute"]
    assert jobs.last_sweep() is not None


def test_no_job_runs_more_often_than_it_is_its_turn(own_jobs):
    called = []
    own_jobs("each-minute", lambda: called.append("minute"), every_minutes=1)
    own_jobs("each-hour", lambda: called.append("hour"), every_minutes=60)
    for minute in (58, 59):
        with time_machine.travel(f"2026-11-16T09:{minute}:00Z", tick=False):
            jobs.sweep_due()
            jobs.sweep_due()
    assert called == ["minute", "hour", "minute"]


def test_the_real_consumer_runs_a_wake_up(tmp_path):
    """`flask jobs run` as a process of its own takes what another process put into the queue."""
    environment = {
        **os.environ,
        "FLASK_APP": str(ROOT / "wsgi.py"),
        "AUGENHOEHE_MODE": "test",
        "AUGENHOEHE_SECRET_KEY": "for tests only, for tests only, for tests only",
        "AUGENHOEHE_DATA": str(tmp_path),
    }
    subprocess.run([sys.executable, "-c", WAKE], env=environment, cwd=ROOT, check=True)
    log = tmp_path / "log"
    with log.open("wb") as out:
        consumer = subprocess.Popen(
            [sys.executable, "-m", "flask", "jobs", "run"], env=environment, cwd=ROOT, stderr=out
        )
        try:
            deadline = time.monotonic() + 60
            while b'"job": "send-mail"' not in log.read_bytes():
                assert consumer.poll() is None, log.read_text()
                assert time.monotonic() < deadline, "the wake-up was not taken"
                time.sleep(0.1)
        finally:
            consumer.send_signal(signal.SIGINT)
            consumer.wait(timeout=20)
