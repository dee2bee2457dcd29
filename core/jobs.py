"""Jobs: huey wakes and sweeps, nothing more.

Every job is a function that looks into the database for what is due, so a lost or doubled wake-up does no harm.
The consumer is a process of its own: `flask jobs run`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import click
import structlog
from flask import Flask, current_app
from flask.cli import AppGroup
from huey import SqliteHuey, crontab
from huey.serializer import SignedSerializer

from core.clock import now
from core.database import session
from core.logs import take_over

log = structlog.get_logger()
#: in the queue: when a sweep ended last, and up to which moment jobs had their turn
LAST_SWEEP, SWEPT_UNTIL = "last-sweep", "swept-until"


@dataclass(frozen=True)
class Job:
    """A function that does what is due, and how often it is swept for, in minutes."""

    run: Callable[[], Any]
    every_minutes: int

    def turn_at(self, moment: datetime) -> int:
        """Which turn it is at this moment, counted from 1970 on; that of a nightly job begins at midnight UTC."""
        return int(moment.timestamp() // 60) // self.every_minutes


def init_app(app: Flask) -> None:
    """Open the queue (a SQLite file in the data folder) and define its one task and the sweep."""
    settings = app.config["SETTINGS"]
    settings.data.mkdir(parents=True, exist_ok=True)
    queue = SqliteHuey(
        "jobs",
        filename=str(settings.data / "jobs.db"),
        serializer=SignedSerializer(secret=settings.secret_key, salt="jobs"),
        results=False,
    )
    app.extensions["jobs"] = {}
    app.extensions["queue"] = queue
    app.extensions["started"] = now()

    def run(name: str) -> None:
        with app.app_context():
            run_job(name)

    def sweep() -> None:
        with app.app_context():
            sweep_due()

    app.extensions["wake"] = queue.task(name="run")(run)
    queue.periodic_task(crontab(minute="*"), name="sweep")(sweep)


def register(app: Flask, name: str, run: Callable[[], Any], *, every_minutes: int) -> None:
    """Name a job; the sweep runs it every so many minutes, `wake` at once."""
    app.extensions["jobs"][name] = Job(run, every_minutes)


def wake(name: str) -> None:
    """Ask the consumer to run a job now. Where the queue does not take it, the sweep will find what is due."""
    try:
        current_app.extensions["wake"](name)
    except Exception:  # what woke us is committed and stays so, whatever is wrong with the queue
        log.exception("wake.lost", job=name)


def run_job(name: str) -> None:
    """Run one job; what it raises is logged and does not stop others, nor does what it broke in the database."""
    try:
        result = current_app.extensions["jobs"][name].run()
    except Exception:
        log.exception("job.failed", job=name)
    else:
        log.info("job.done", job=name, result=result)
    finally:
        session().rollback()  # what it read is over as well: the next one looks anew


def sweep_due() -> None:
    """Run the jobs whose turn came since the sweep before, and note in the queue that the consumer is alive.

    A sweep may begin late, after one that took long or while nothing ran at all: no turn is left out for that.
    """
    queue, moment, before = current_app.extensions["queue"], now(), _kept(SWEPT_UNTIL)
    for name, job in current_app.extensions["jobs"].items():
        if before is None or job.turn_at(moment) != job.turn_at(before):
            run_job(name)
    queue.put(SWEPT_UNTIL, moment)
    queue.put(LAST_SWEEP, now())


def last_sweep() -> datetime | None:
    """When the consumer last ended a sweep; None before the first. Raises sqlite3.Error without the queue's file."""
    return _kept(LAST_SWEEP)


def _kept(key: str) -> datetime | None:
    """A moment that is kept in the queue; None where there is none, or one signed by an earlier secret key."""
    try:
        return cast(datetime | None, current_app.extensions["queue"].get(key, peek=True))
    except ValueError:
        return None


def waiting() -> int:
    """How many wake-ups and sweeps the consumer has not taken yet. Raises sqlite3.Error as `last_sweep`."""
    return int(current_app.extensions["queue"].pending_count())


def started() -> datetime:
    """When this process was made ready."""
    return cast(datetime, current_app.extensions["started"])


group = AppGroup("jobs", help="The consumer of the job queue, and single jobs.")


@group.command("run")
def run_consumer() -> None:
    """Run the consumer: wake-ups at once, the sweep every minute. Stops at SIGINT and SIGTERM."""
    take_over()
    current_app.extensions["queue"].create_consumer(workers=1, worker_type="thread", periodic=True).run()


@group.command("once")
@click.argument("name", required=False)
def run_once(name: str | None) -> None:
    """Run one job, or all, now and in this process."""
    for job in [name] if name else list(current_app.extensions["jobs"]):
        run_job(job)
