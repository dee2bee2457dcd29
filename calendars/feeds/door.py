"""A door of their own for feeds, in front of all that pages need.

Calendar programs ask every few minutes, carry no session and understand no error page. So a feed is answered
within a request of Flask, but without session, user, limiter, CSRF and context: no cookie is read or set.
"""

import time
from typing import TYPE_CHECKING, Any, cast

import structlog
from flask import Flask, Request
from flask.ctx import RequestContext
from flask.sessions import NullSession
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from calendars.feeds.views import SAFE_HEADERS
from core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

#: plain words: a program shows them to nobody, a person sees them in a browser
ANSWERS = {
    404: "Unter dieser Adresse gibt es keinen Kalender. / There is no calendar at this address.\n",
    429: "Zu viele falsche Adressen. Bitte warten Sie eine Minute. / Too many wrong addresses. Please wait a minute.\n",
    410: "Dieser Kalender wurde beendet. / This calendar has ended.\n",
    503: "Der Kalender kommt gleich wieder. / The calendar will be back soon.\n",
}
RETRY_AFTER = 300


def init_app(app: Flask) -> None:
    """Put the door in front of the application."""
    app.wsgi_app = Door(app, app.wsgi_app)  # type: ignore[method-assign]


class Door:
    """Answers GET and HEAD of feeds; everything else goes inside."""

    def __init__(self, app: Flask, inside: "WSGIApplication") -> None:
        self.app = app
        self.inside = inside

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        """As PEP 3333 has it."""
        if environ["REQUEST_METHOD"] in ("GET", "HEAD") and environ.get("PATH_INFO", "").endswith(".ics"):
            with RequestContext(self.app, environ, session=NullSession()) as context:
                response = self._answer(context.request)
            if response is not None:
                return response(environ, start_response)
        return self.inside(environ, start_response)

    def _answer(self, request: Request) -> Response | None:
        if request.blueprint != "feeds":
            return None
        began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        response = self._of_view(str(request.endpoint), request.view_args or {})
        if self.app.config["SETTINGS"].secure:
            response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        took = round((time.perf_counter() - began) * 1000, 1)
        route = request.url_rule.rule if request.url_rule else None
        log.info("request", method=request.method, route=route, status=response.status_code, ms=took)
        return response

    def _of_view(self, endpoint: str, values: dict[str, Any]) -> Response:
        try:
            return cast(Response, self.app.view_functions[endpoint](**values))
        except NotFound:
            return _failed(404)
        except HTTPException as error:
            return _failed(error.code or 404)
        except Exception:
            log.exception("feeds.failed", endpoint=endpoint)
            return _failed(503)


def _failed(code: int) -> Response:
    response = Response(ANSWERS.get(code, ANSWERS[404]), status=code, content_type="text/plain; charset=utf-8")
    response.headers.extend(SAFE_HEADERS)
    response.headers["Cache-Control"] = "private, no-store"
    if code in (429, 503):
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
