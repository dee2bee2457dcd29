"""The very commands of the units, run by hand: on a fresh folder, with SQLite and PostgreSQL, as the image holds the
program. And what the running processes write into their logs."""

import http.client
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import new_database
from tests.deploy.test_files import BIN, DEPLOY, ROOT, instructions, unit

SETTINGS = {
    "AUGENHOEHE_SECRET_KEY": "for tests only, for tests only, for tests only",
    "AUGENHOEHE_SMTP_HOST": "127.0.0.1",
    "AUGENHOEHE_SMTP_PORT": "1",
    "AUGENHOEHE_SMTP_USER": "",
}


class Installation:
    """The program where the image has it, with the settings of the example, and the processes of the units."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.program = folder, folder / "program"
        self.database = database or f"sqlite:///{folder / 'data/augenhoehe.db'}"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        lines = (DEPLOY / "settings.env.example").read_text(encoding="utf-8").splitlines()
        example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        self.environment = {
            **example,
            **SETTINGS,
            "PATH": os.environ["PATH"],
            "FLASK_APP": str(self.program / "wsgi.py"),
            "AUGENHOEHE_DATA": str(folder / "data"),
            "AUGENHOEHE_DATABASE": self.database,
        }
        self.running: list[subprocess.Popen[bytes]] = []
        self.program.mkdir()
        for line in instructions("COPY"):
            *sources, _target = line.split()
            for source in sources:
                copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
                copy(ROOT / source, self.program / source)

    def command(self, line: str) -> list[str]:
        """The command of a unit, here: our interpreter's programs, a free port, a backup folder of our own."""
        here = line.replace(BIN, f"{ROOT}/.venv/bin/").replace("--port 8000", f"--port {self.port}")
        return shlex.split(here.replace("/var/backups/augenhoehe", str(self.folder)).replace("%%", "%"))

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(line), cwd=self.program, env=self.environment, capture_output=True, text=True, check=False
        )

    def start(self, name: str) -> None:
        """What systemd does with this unit: the check before, then the process."""
        service = unit(DEPLOY / f"systemd/augenhoehe-{name}.service")["Service"]
        checked = self.run(service["ExecStartPre"])
        assert checked.returncode == 0, checked.stderr
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                self.command(service["ExecStart"]), cwd=self.program, env=self.environment, stdout=log, stderr=log
            )
        self.running.append(process)

    def stop(self) -> None:
        for process in self.running:
            process.send_signal(signal.SIGINT)
        for process in self.running:
            process.wait(timeout=30)

    def ask(self, path: str, method: str = "GET", body: str | None = None) -> tuple[int, bytes]:
        """As the proxy asks."""
        headers = {"Host": "augenhoehe.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def ready(self) -> dict[str, Any]:
        return json.loads(self.ask("/readyz")[1])

    def wait(self, reached: Callable[[], object]) -> None:
        """Until something holds; connections refused meanwhile are no failure, ended processes are."""
        deadline = time.monotonic() + 120
        while True:
            try:
                if reached():
                    return
            except OSError:
                pass
            assert all(process.poll() is None for process in self.running), self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.2)

    def log(self) -> str:
        return "".join(file.read_text(encoding="utf-8") for file in sorted(self.folder.glob("*.log")))


@pytest.fixture(scope="module")
def installation(
    request: pytest.FixtureRequest, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Migrated, and both units started."""
    address = ""
    if database_kind == "postgresql":
        address = new_database(request.getfixturevalue("postgres_server"), "deployed")
    made = Installation(tmp_path_factory.mktemp("installation"), address)
    refused = made.run(f"{BIN}flask database check")
    assert refused.returncode == 1, "nothing starts on a database without tables"
    assert "flask db upgrade" in refused.stderr
    assert made.run(f"{BIN}flask db upgrade").returncode == 0
    try:
        made.start("server")
        made.start("jobs")
        made.wait(lambda: made.ready()["last_sweep_minutes"] is not None)
        yield made
    finally:
        made.stop()


def test_the_units_serve_and_sweep(installation):
    ready = installation.ready()
    assert (ready["status"], ready["problems"], ready["last_sweep_minutes"]) == ("ok", [], 0)
    status, page = installation.ask("/")
    assert (status, b"Musterstadt" in page) == (200, True)


def test_the_backup_of_the_night(installation):
    """The line of the unit, run twice within a day."""
    line = unit(DEPLOY / "systemd/augenhoehe-backup.service")["Service"]["ExecStart"]
    done = installation.run(line)
    assert done.returncode == 0, done.stderr
    assert len(list(installation.folder.glob("*.backup"))) == 1


def test_the_log_tells_of_an_error_without_saying_who(installation):
    """Every line is JSON; neither the key in an address nor what was typed stands in it, not even in an error."""
    page = installation.program / "templates/participation/committees/index.html"
    page.write_text("{{ [].index(request.args.q) }}", encoding="utf-8")  # its message repeats what was typed
    assert installation.ask("/abo/geheimschluessel/kalender.ics")[0] == 404
    assert installation.ask("/anmelden/", "POST", "email=aylin%40example.org&password=geheimwort")[0] >= 400
    assert installation.ask("/gremien/?q=aylin%40example.org")[0] == 500
    installation.wait(lambda: '"event": "exception"' in installation.log())
    log = installation.log()
    lines = [json.loads(line) for line in log.splitlines()]
    failed = next(line for line in lines if line["event"] == "exception")
    assert failed["route"] == "/gremien/"
    assert [error["kind"] for error in failed["errors"]] == ["builtins.ValueError"]
    assert any("participation/committees/" in place for error in failed["errors"] for place in error["places"])
    answered = next(line for line in lines if line["event"] == "request" and line["status"] == 500)
    assert answered["request"] == failed["request"]
    assert {line["event"] for line in lines} >= {"request", "exception", "job.done"}
    for secret in ("aylin", "geheim", "192.0.2.7", SETTINGS["AUGENHOEHE_SECRET_KEY"], "not in list"):
        assert secret not in log
