"""Jobs: a wake-up runs one, the sweep finds what a lost wake-up left, a failing one stops no other."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from core import jobs

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


def test_the_sweep_runs_what_is_due_and_survives_a_failure(app):
    called = []
    kept = dict(app.extensions["jobs"])
    try:
        jobs.register(app, "broken", lambda: 1 / 0, every_minutes=1)
        jobs.register(app, "each-minute", lambda: called.append("minute"), every_minutes=1)
        jobs.sweep_due()
    finally:
        app.extensions["jobs"].clear()
        app.extensions["jobs"].update(kept)
    assert called == ["minute"]


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
