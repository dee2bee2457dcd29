"""Structured logs without personal data: one JSON line each, with a request id and the route's pattern.

Never the address, which may hold a token, and never the message of an error, which may hold a row, a name or an
address: an error is told by its kinds and the places it came through.
"""

import logging
import os
import secrets
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO, cast

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

log = structlog.get_logger()
ROOT = Path(__file__).resolve().parent.parent


class _StandardError:
    """Standard error as a log is written to it: when its disk is full, the line is lost and nothing else."""

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def init_app(app: Flask) -> None:
    """Write one JSON line a request to stderr (none in tests)."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_words,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if app.testing else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _StandardError())),
        cache_logger_on_first_use=False,
    )
    app.log_exception = _exception  # type: ignore[assignment,method-assign]
    if not app.testing and os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        take_over()
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


def _exception(error: Any) -> None:
    """What nothing else caught, instead of Flask's own line, which names the address."""
    route = request.url_rule.rule if request.url_rule else None
    log.error("exception", method=request.method, route=route, exc_info=error)


def without_words(_logger: Any, _method: str, event: Any) -> Any:
    """Turn `exc_info` into `errors`: for each error of the chain its kind and where it came through, innermost last."""
    told = event.pop("exc_info", None)
    error = sys.exception() if told is True else told[1] if isinstance(told, tuple) else told
    if error:
        event["errors"] = []
    while error:
        places = [f"{_short(at.filename)}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)]
        event["errors"].append({"kind": f"{type(error).__module__}.{type(error).__qualname__}", "places": places})
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return event


def _short(file: str) -> str:
    """A file by its path in the program, or in the library it belongs to."""
    return file.rpartition("/site-packages/")[2].removeprefix(f"{ROOT}/")


class OneLine(logging.Handler):
    """Warnings and errors of libraries, as lines like ours: who, where; what was said only without arguments."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's template without what was filled in, since that may be anybody's."""
        log.log(record.levelno, "library", logger=record.name, message=str(record.msg)[:200], exc_info=record.exc_info)


def take_over() -> None:
    """Let the standard library's log, which others use, come out as ours (for servers and the jobs' consumer)."""
    root = logging.getLogger()
    if not any(isinstance(handler, OneLine) for handler in root.handlers):
        root.addHandler(OneLine(logging.WARNING))
