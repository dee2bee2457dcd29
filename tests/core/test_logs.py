"""What is written down of a request: enough to find a fault, and nothing that opens a door or names a person."""

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask

from core.database import db
from tests.conftest import test_settings
from wsgi import create_app

KEY = "Wk3yThatNobodyMayRead"


@pytest.fixture
def written(tmp_path: Path) -> Iterator[tuple[Flask, io.StringIO]]:
    """An application that logs as on a server, and what it wrote."""
    before, handlers = structlog.get_config(), logging.getLogger().handlers[:]
    app, log = create_app(test_settings(tmp_path)), io.StringIO()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=log))
    with app.app_context():
        db.create_all()
    yield app, log
    with app.app_context():
        db.engine.dispose()
    structlog.configure(**before)
    logging.getLogger().handlers[:] = handlers


SECRET_ADDRESSES = [
    f"/abo/{KEY}/handy.ics",
    f"/antwort/{KEY}",
    f"/antwort/{KEY}/termin.ics",
    f"/anmelden/link/{KEY}",
    f"/passwort-vergessen/{KEY}",
    f"/personen/?q={KEY}",
    f"/gibt-es-nicht/%0d%0a{KEY}",
]


@pytest.mark.parametrize("url", SECRET_ADDRESSES)
def test_a_request_is_one_line_without_address_key_or_person(written, url):
    app, log = written
    planted = f'{KEY}\r\n{{"event": "planted"}}'
    app.test_client().get(url, environ_overrides={"HTTP_USER_AGENT": planted, "HTTP_REFERER": planted})
    (line,) = map(json.loads, log.getvalue().splitlines())
    assert {"event", "method", "route", "status", "ms", "level", "timestamp"} <= line.keys()
    assert line["event"] == "request"
    assert str(line["timestamp"]).endswith("Z")
    assert KEY not in json.dumps(line)
    assert "127.0.0.1" not in json.dumps(line)


@pytest.mark.parametrize("url", SECRET_ADDRESSES[:6])
def test_what_breaks_is_told_in_the_log_and_not_on_the_page(written, url):
    app, log = written

    def broken(**_values: object) -> str:
        raise RuntimeError("the table is on fire")

    with app.test_request_context(url) as context:
        endpoint = context.request.endpoint
    app.view_functions[endpoint] = broken
    answer = app.test_client().get(url)
    told = log.getvalue()
    assert answer.status_code in (500, 503)
    assert "builtins.RuntimeError" in told
    assert KEY not in told
    assert "fire" not in told + answer.text
    assert "Traceback" not in answer.text
