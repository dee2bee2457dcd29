"""/healthz: the process answers. /readyz: the database answers, and no mail waits too long. robots.txt."""

from datetime import timedelta

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.access import public
from core.database import session
from core.outbox import oldest_waiting
from core.web import csrf

blueprint = Blueprint("health", __name__)
csrf.exempt(blueprint)
LONGEST_WAIT = timedelta(minutes=30)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process is up; nothing else is asked."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Whether people can be served: 503 when the database does not answer or mail has waited for half an hour."""
    try:
        session().execute(text("SELECT 1"))
        waiting = oldest_waiting()
    except SQLAlchemyError:
        return jsonify(status="unavailable", database=False), 503
    minutes = 0 if waiting is None else int(waiting.total_seconds() // 60)
    late = waiting is not None and waiting > LONGEST_WAIT
    return jsonify(status="late" if late else "ok", database=True, oldest_mail_minutes=minutes), 503 if late else 200


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Feeds may be fetched (some clients ask here first); search engines are told by headers what not to list."""
    return Response("User-agent: *\nDisallow: /verwaltung/\nDisallow: /konto/\n", mimetype="text/plain")
