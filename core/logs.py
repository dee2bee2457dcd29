"""Structured logs without personal data: a request id, the route's pattern (never the address, which may hold a
token), status and duration."""

import logging
import secrets
import sys
import time

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Write one JSON line a request to stderr (none in tests)."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if app.testing else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=secrets.token_hex(6))


def _end(response: Response) -> Response:
    took = time.perf_counter() - g.get("request_began", time.perf_counter())
    route = request.url_rule.rule if request.url_rule else None
    log.info("request", method=request.method, route=route, status=response.status_code, ms=round(took * 1000, 1))
    return response
