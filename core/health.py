"""/healthz: the process answers. /readyz: people can be served, and mail and jobs go on. robots.txt."""

import shutil
import sqlite3
from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from core import jobs
from core.access import public
from core.clock import now
from core.database import session
from core.outbox import waiting_mail
from core.schema import Schema, schema_of
from core.web import csrf

blueprint = Blueprint("health", __name__)
csrf.exempt(blueprint)
#: how long a mail may wait for the mail server
LONGEST_WAIT = timedelta(minutes=30)
#: how long the jobs' consumer, which sweeps every minute, may be silent; a sweep with much mail takes its time
LONGEST_SILENCE = timedelta(minutes=10)
#: the data folder needs room for the database's log and the next backup, in megabytes
LEAST_SPACE = 200
Found = tuple[list[str], dict[str, int | None]]


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process is up; nothing else is asked."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Whether people can be served: figures for the monitoring, nothing about anybody; 503 with any problem.

    Problems: `database` (does not answer), `database-empty`, `database-older`, `database-newer` (its tables are not
    those of this program), `mail` (one has waited for half an hour), `queue` (cannot be read), `jobs` (the consumer
    has not swept for ten minutes, nor since the server started), `disk` (less than 200 MB left for data).
    """
    problems: list[str] = []
    figures: dict[str, int | None] = {}
    for look in (_database, _queue, _disk):
        found, measured = look()
        problems += found
        figures |= measured
    return jsonify(status="trouble" if problems else "ok", problems=problems, **figures), 503 if problems else 200


def _database() -> Found:
    try:
        schema = schema_of(session().connection())
        if schema is not Schema.CURRENT:
            return [f"database-{schema}"], {}
        waiting = waiting_mail()
    except SQLAlchemyError:
        return ["database"], {}
    late = waiting.oldest > LONGEST_WAIT
    return ["mail"] if late else [], {
        "waiting_mails": waiting.number,
        "oldest_mail_minutes": _minutes(waiting.oldest),
        "given_up_mails": waiting.given_up,
    }


def _queue() -> Found:
    try:
        swept, waiting = jobs.last_sweep(), jobs.waiting()
    except sqlite3.Error:
        return ["queue"], {}
    heard = max(swept or jobs.started(), jobs.started())
    silent = now() - heard > LONGEST_SILENCE
    since = None if swept is None else _minutes(now() - swept)
    return ["jobs"] if silent else [], {"waiting_jobs": waiting, "last_sweep_minutes": since}


def _disk() -> Found:
    free = shutil.disk_usage(current_app.config["SETTINGS"].data).free // 1_000_000
    return ["disk"] if free < LEAST_SPACE else [], {"disk_free_megabytes": free}


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Feeds may be fetched (some clients ask here first); search engines are told by headers what not to list."""
    return Response("User-agent: *\nDisallow: /verwaltung/\nDisallow: /konto/\n", mimetype="text/plain")
