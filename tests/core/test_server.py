"""The real server, as an installation runs it: what it refuses, what memory it needs for it, and who waits for whom."""

import http.client
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from core.access import SYSTEM
from core.clock import today
from core.database import db
from core.dated import Status
from core.documents.render import AT_ONCE, WAITING
from core.settings import from_environment
from meetings.minutes import operations as minutes
from meetings.sittings import operations as sittings
from participation.committees import operations as committees
from participation.committees.rules import Kind
from tests.browser.conftest import free_port, start_server, wait_until_ready
from wsgi import create_app


@dataclass(frozen=True)
class Server:
    """A running server: its port, its process, and the address of a document that everybody may open."""

    port: int
    process: int
    document: str

    def answer(self, method: str, path: str, **request: object) -> tuple[int, bytes]:
        """Status and body."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)) as connection:
            try:
                connection.request(method, path, **request)
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before all was sent; the answer is there all the same
            answer = connection.getresponse()
            return answer.status, answer.read()

    def raw(self, request: bytes) -> bytes:
        """What comes back for these very bytes; empty where the server hangs up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
            found = b""
            while part := line.recv(65_536):
                found += part
            return found

    def memory(self) -> int:
        """Bytes that the server and its workers keep in memory."""
        found = [self.process, *children(self.process)]
        return sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) * 4096 for one in found)


def children(process: int) -> list[int]:
    """The processes that this one started."""
    return [
        int(one)
        for file in Path(f"/proc/{process}/task").glob("*/children")
        for one in file.read_text(encoding="ascii").split()
    ]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder, port = tmp_path_factory.mktemp("server"), free_port()
    settings = {
        "AUGENHOEHE_MODE": "development",
        "AUGENHOEHE_SECRET_KEY": secrets.token_urlsafe(48),
        "AUGENHOEHE_DATA": str(folder),
        "AUGENHOEHE_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    app = create_app(from_environment(settings))
    with app.app_context():
        db.create_all()
        document = public_document()
        db.session.remove()
        db.engine.dispose()
    running = start_server(settings["AUGENHOEHE_PUBLIC_URL"], folder / "server.log", {**os.environ, **settings})
    try:
        wait_until_ready(settings["AUGENHOEHE_PUBLIC_URL"], running, folder / "server.log")
        yield Server(port, running.pid, document)
    finally:
        running.terminate()
        running.wait(timeout=20)


def public_document() -> str:
    """The address of released minutes."""
    charter = committees.Charter(name="Integrationsrat", kind=Kind.ADVISORY_BOARD)
    committee = committees.create_committee(SYSTEM, charter)
    start = datetime.combine(today() - timedelta(days=7), time(18))
    sitting = sittings.schedule(SYSTEM, committee.id, sittings.Plan(start=start, status=Status.CONFIRMED))
    minutes.release(SYSTEM, sitting.id)
    return f"/sitzungen/{sitting.id}/niederschrift-oeffentlich.pdf"


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_ten_megabytes_are_refused_and_leave_no_trace_in_memory(server):
    server.answer("POST", "/sprache", body=b"language=de", headers=FORM)
    before = server.memory()
    for _ in range(4):
        status, body = server.answer("POST", "/sprache", body=b"language=" + b"x" * 10_000_000, headers=FORM)
        assert status == 413
        assert "größer als erlaubt".encode() in body or b"larger than allowed" in body
    assert server.memory() - before < 30_000_000


def test_a_body_without_a_length_is_bounded_too(server):
    before = server.memory()
    status, _body = server.answer(
        "POST", "/sprache", body=(b"x" * 65_536 for _ in range(320)), headers=FORM, encode_chunked=True
    )
    assert status in (400, 413)
    assert server.memory() - before < 30_000_000


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /sprache HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 60\r\n\r\nx=1",
        b"POST /sprache HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n X-B: 2\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nX A: 1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-A: 1\nX-B: \x00\r\n\r\n",
    ],
)
def test_a_request_of_two_readings_is_not_taken_for_two_requests(server, request_bytes):
    """One answer at most, and never the page that the smuggled request asks for."""
    found = server.raw(request_bytes)
    assert found.count(b"HTTP/1.1 ") <= 1
    assert b'"status"' not in found


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "DELETE"])
def test_methods_that_nothing_needs_are_refused(server, method):
    status, body = server.answer(method, "/impressum", headers={"X-Geheim": "geheim"})
    assert status in (400, 405, 501)
    assert b"geheim" not in body


def test_forty_documents_at_once_do_not_keep_anybody_from_the_pages(server):
    """Few are made, the rest are asked in words to come back, and pages are answered before the documents are done."""
    working = threading.Event()
    with ThreadPoolExecutor(40) as many:
        asked = [many.submit(server.answer, "GET", server.document) for _ in range(40)]
        for one in asked:
            one.add_done_callback(lambda _one: working.set())
        assert working.wait(120)  # the first that found no place has its answer
        pages = [server.answer("GET", "/impressum")[0] for _ in range(3)]
        still_waiting = sum(not one.done() for one in asked)
        answers = [one.result() for one in asked]
    made = [body for status, body in answers if status == 200]
    assert pages == [200] * 3
    assert still_waiting > 0, "the pages came while documents were being made"
    assert AT_ONCE + WAITING <= len(made) < 40
    assert all(body.startswith(b"%PDF-") for body in made)
    assert all(b"<h1" in body for status, body in answers if status != 200)
    assert {status for status, _body in answers} <= {200, 400}
