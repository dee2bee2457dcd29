"""The house as it runs for people: real processes on a folder of its own, which can be killed at any moment.

Commands (`flask …`) run in processes forked from one that has loaded the program, so that killing many costs little;
the server is the real one, started as `dev.py` starts it.
"""

import http.client
import multiprocessing
import multiprocessing.process
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import text

from coordination.accounts.models import Account
from core.database import db
from core.history import check_chain
from core.settings import from_environment
from wsgi import create_app

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 120

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(["wsgi", "tests.durability.house"])


class House:
    """An installation: settings, migrated database, server, commands. `app` looks at the same rows from here."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.port = free_port()
        self.environment = {
            "AUGENHOEHE_MODE": "test",
            "AUGENHOEHE_SECRET_KEY": "for tests only, for tests only, for tests only",
            "AUGENHOEHE_DATA": str(folder),
            "AUGENHOEHE_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            **{f"AUGENHOEHE_{name.upper()}": str(value) for name, value in settings.items()},
        }
        self.server: subprocess.Popen[bytes] | None = None
        self.browsers: list[Browser] = []

    def make(self) -> "House":
        """Create the tables, by the migrations."""
        assert self.flask("db", "upgrade") == 0, self.said
        return self

    @cached_property
    def app(self) -> Flask:
        """The application in this process, on the same database."""
        return create_app(from_environment(self.environment), testing=True)

    # ---- commands

    def start(self, *command: str) -> multiprocessing.process.BaseProcess:
        """`flask …` in a process of its own, that may be killed."""
        process = forks.Process(target=_run_flask, args=(command, self.environment, str(self.folder / "said")))
        process.start()
        return process

    def flask(self, *command: str) -> int:
        """`flask …` to its end; gives its exit status."""
        process = self.start(*command)
        process.join(READY_WITHIN)
        assert process.exitcode is not None, f"flask {' '.join(command)} does not end"
        return process.exitcode

    @property
    def said(self) -> str:
        """What the last command said."""
        return (self.folder / "said").read_text()

    # ---- server

    def open(self, *, workers: int = 1, stderr: Path | None = None, patience: float = READY_WITHIN) -> float:
        """Start the server; gives the seconds until /readyz had no complaint about the database."""
        began = time.monotonic()
        command = [Path(sys.executable).with_name("granian"), "--interface", "wsgi", "--factory"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--workers", str(workers)]
        command += ["--blocking-threads", "8", "--no-log", "wsgi:create_app"]
        environment = {**os.environ, **self.environment}
        with (stderr or self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.until(lambda: "database" not in self.get("/readyz").text, seconds=patience)
        return time.monotonic() - began

    def kill(self) -> None:
        """kill -9 of the server with its workers, as the kernel does when memory is short."""
        assert self.server is not None
        with suppress(ProcessLookupError):  # it ended by itself: whoever waits for it says so
            os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()
        self.server = None

    def until(self, condition: Callable[[], bool], *, seconds: float = READY_WITHIN) -> None:
        """Wait for a condition, not for a time."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if condition():
                    return
            except OSError:
                pass
            assert self.server is None or self.server.poll() is None, (self.folder / "server.log").read_text()[-2000:]
            assert time.monotonic() < deadline, "it did not come about"
            time.sleep(0.02)

    def get(self, path: str) -> "Answer":
        """A page, for nobody."""
        browser = Browser(self.port)
        try:
            return browser.get(path)
        finally:
            browser.connection.close()

    def sign_in(self, account: Account) -> "Browser":
        """A browser with the cookie that the sign-in page gives."""
        with self.app.test_client() as client:
            with client.session_transaction() as session:
                session["_user_id"] = account.fs_uniquifier
                session["_fresh"] = True
            cookie = client.get_cookie("session")
        assert cookie is not None
        self.browsers.append(Browser(self.port, cookie.value))
        return self.browsers[-1]

    # ---- what must hold whenever one looks

    def assert_whole(self) -> None:
        """The database is in order, and the history is complete."""
        with self.app.app_context(), db.engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            assert check_chain(connection).holds

    def close(self) -> None:
        """End what was started."""
        if self.server is not None:
            self.kill()
        for browser in self.browsers:
            browser.connection.close()
        if "app" in self.__dict__:
            with self.app.app_context():
                db.session.remove()
                db.engine.dispose()


def _run_flask(command: tuple[str, ...], environment: Mapping[str, str], said: str) -> None:
    """In the forked process: as typed on the command line."""
    os.environ.update(environment, FLASK_APP=str(ROOT / "wsgi.py"))
    os.chdir(ROOT)
    with Path(said).open("w", encoding="utf-8") as out, redirect_stdout(out), redirect_stderr(out):
        app = create_app()
        app.cli.main(args=list(command), prog_name="flask", obj=_script_info(app))


def _script_info(app: Flask) -> Any:
    from flask.cli import ScriptInfo

    return ScriptInfo(create_app=lambda: app)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def house_in(folder: Path, **settings: object) -> Iterator[House]:
    """A migrated house for the length of a test; nothing of it runs on afterwards."""
    house = House(folder, **settings)
    try:
        yield house.make()
    finally:
        house.close()


class Answer:
    """What a server answered."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.location = response.getheader("Location") or ""
        self.text = response.read().decode()


class Browser:
    """One person's browser: a connection that is kept open, a cookie, the CSRF token of its session."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie, self.token = port, cookie, ""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, **fields: object) -> Answer:
        """Send a form, with the token that its page would carry. Redirects are not followed: 302 acknowledges."""
        if not self.token:
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/gibt-es-nicht").text)
            assert found, "the page carries no CSRF token"
            self.token = found.group(1)
        return self._ask("POST", path, urlencode({**fields, "csrf_token": self.token}))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": f"session={self.cookie}", "Accept-Language": "de"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        if given := re.match("session=([^;]+)", response.getheader("Set-Cookie") or ""):
            self.cookie = given.group(1)
        return Answer(response)
