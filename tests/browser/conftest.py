"""A real server, a real browser, a real mail server, and a small town with people in it.

The server runs in a process of its own; the test makes its rows by operations on the same database, and lets the
jobs run when the story says that a minute has passed. Whatever the browser complains of fails the test.
"""

import email
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, sync_playwright

from coordination.accounts import operations as accounts
from coordination.accounts.operations import Duty
from coordination.accounts.rules import Role
from coordination.organizations import operations as organizations
from coordination.organizations.rules import Kind as OrganizationKind
from coordination.people import operations as people
from coordination.places import operations as places
from core.access import SYSTEM
from core.clock import today
from core.database import db, session
from core.dated import Status
from core.hour_words import hour_rules
from core.hours import Kind as HourKind
from core.hours import kind_at
from core.settings import from_environment
from meetings.agenda import operations as agenda
from meetings.agenda.models import AgendaItem
from meetings.sittings import operations as sittings
from meetings.sittings.models import Sitting
from meetings.sittings.operations import Plan
from participation.committees import operations as committees
from participation.committees.operations import Charter
from participation.committees.rules import Kind
from participation.seats import operations as seats
from participation.seats.operations import SeatTerms
from wsgi import create_app

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
#: nothing but this very machine has a name
FLAGS.append("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")


class Letters:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@dataclass(frozen=True)
class House:
    """The running site: its address, the same application for the test's own hands, and what it mailed."""

    url: str
    app: Flask
    letters: Letters
    log: Path

    def a_minute_passes(self) -> list[EmailMessage]:
        """Let the jobs do what is due; gives the mails that arrived by it."""
        session().rollback()
        for name in ("tell-invited", "send-mail"):
            self.app.extensions["jobs"][name].run()
        arrived = self.letters.mails[:]
        self.letters.mails.clear()
        return arrived


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The site as `dev.py demo` runs it, with an empty database and a mail server of its own."""
    folder, letters = tmp_path_factory.mktemp("house"), Letters()
    mail = Controller(letters, hostname="127.0.0.1", port=free_port())
    mail.start()
    url = f"http://127.0.0.1:{free_port()}"
    settings = {
        "AUGENHOEHE_MODE": "development",  # for the pseudo language
        "AUGENHOEHE_DEMO_SIGN_IN": "1",
        "AUGENHOEHE_SECRET_KEY": secrets.token_urlsafe(48),
        "AUGENHOEHE_DATA": str(folder),
        "AUGENHOEHE_PUBLIC_URL": url,
        "AUGENHOEHE_SMTP_HOST": "127.0.0.1",
        "AUGENHOEHE_SMTP_PORT": str(mail.port),
    }
    app, environment = create_app(from_environment(settings)), {**os.environ, **settings}
    log = folder / "server.log"
    make_tables(app, environment)
    server = start_server(url, log, environment)
    try:
        wait_until_ready(url, server, log)
        yield House(url, app, letters, log)
    finally:
        server.terminate()
        server.wait(timeout=20)
        mail.stop()
        with app.app_context():
            db.engine.dispose()


def make_tables(app: Flask, environment: dict[str, str]) -> None:
    """As an installation gets them: by the migrations, or from the models as long as there are none."""
    if any((ROOT / "core/migrations/versions").glob("*.py")):
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
        subprocess.run(command, cwd=ROOT, check=True, env=environment)
    else:
        with app.app_context():
            db.create_all()


def start_server(url: str, log: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """The same server as in production, one process."""
    command = [Path(sys.executable).with_name("granian"), "--interface", "wsgi", "--factory", "--no-log"]
    command += ["--host", "127.0.0.1", "--port", url.rpartition(":")[2], "--workers", "1", "--blocking-threads", "8"]
    with log.open("wb") as words:
        return subprocess.Popen([*command, "wsgi:create_app"], cwd=ROOT, stdout=words, stderr=words, env=environment)


def wait_until_ready(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Ask the server until it answers, for at most a minute."""
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start: {log.read_text()}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, for one file: as long as it runs, no other test may start one of its own."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """Keeps what a browser complains of: broken policy, script errors, missing parts, calls to other hosts."""

    url: str
    problems: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of this context."""
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        context.on("request", lambda request: self._asked(request.url))
        context.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        # An answer that is no page is judged below, by what it was asked for.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def _asked(self, address: str) -> None:
        if not address.startswith((f"{self.url}/", "data:", "blob:")):
            self.problems.append(f"asked another host: {address}")

    def _answered(self, response: Response) -> None:
        # A refused form is an ordinary page with 400 or 409; a part of a page that is missing is not.
        if response.status >= (500 if response.request.is_navigation_request() else 400):
            self.problems.append(f"{response.status} {response.url}")


@pytest.fixture(autouse=True)
def story(house: House, town: "Town") -> Iterator[None]:
    """A story has a context of its own, for the test's own hands, and begins with an empty letter box."""
    with house.app.app_context():
        house.a_minute_passes()
        yield
        session().rollback()
        db.session.remove()


@pytest.fixture
def watch(house: House) -> Watch:
    """What the browsers of this story complained of so far."""
    return Watch(house.url)


@pytest.fixture
def page_at(house: House, chromium: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """`page_at(390, java_script_enabled=False)`: a page of a new, German browser that is so many pixels wide."""
    contexts: list[BrowserContext] = []

    def open_page(width: int, **settings: Any) -> Page:
        settings = {"viewport": {"width": width, "height": 900}, "locale": "de-DE", **settings}
        context = chromium.new_context(base_url=house.url, timezone_id="Europe/Berlin", **settings)
        context.set_default_timeout(20_000)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert watch.problems == [], house.log.read_text()[-3000:]


@pytest.fixture
def as_role(page_at: Callable[..., Page]) -> Callable[..., Page]:
    """`as_role("clerk", 1280)`: a page of somebody who used the demonstration's sign-in link."""

    def enter(role: str, width: int, **settings: Any) -> Page:
        page = page_at(width, **settings)
        page.goto(f"/demo/anmelden/{role}")
        return page

    return enter


#: a line round the element, or one that its box, its label or its row of choices draws for it
SHOWS_FOCUS = """element => [element, element.parentElement, element.closest('.kern-form-check')].some(each => {
    const style = each && getComputedStyle(each);
    return style && ((style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) ||
        style.boxShadow !== 'none');
})"""


@pytest.fixture
def tab_to() -> Callable[[Locator], None]:
    """`tab_to(page.get_by_role("button", name="Speichern"))`: press Tab until it has the focus, as a person does, and
    see that it has."""

    def press(target: Locator, key: str = "Tab", most: int = 80) -> None:
        for _ in range(most):
            if target.evaluate("element => element === document.activeElement"):
                assert target.evaluate(SHOWS_FOCUS), f"nobody sees that {target} has the focus"
                return
            target.page.keyboard.press(key)
        where = target.page.evaluate("document.activeElement.outerHTML")
        raise AssertionError(f"Tab never reaches {target}; it is at {where[:200]}")

    return press


@pytest.fixture
def fits_320() -> Callable[[Page], None]:
    """`fits_320(page)`: on the narrowest phone nothing makes the page scroll sideways (WCAG 2.2, 1.4.10)."""

    def look(page: Page) -> None:
        before = page.viewport_size
        assert before is not None
        page.set_viewport_size({"width": 320, "height": 700})
        scrolled = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
        page.set_viewport_size(before)
        assert scrolled[0] <= scrolled[1], f"{page.url} is {scrolled[0]} px wide at 320 px"

    return look


def evening(weeks: int) -> datetime:
    """An evening (18:30) on an ordinary working day, this many weeks from now or a few days later."""
    day = today() + timedelta(weeks=weeks)
    while kind_at(start := datetime(day.year, day.month, day.day, 18, 30), hour_rules()) is not HourKind.EVENING:
        day += timedelta(days=1)
    return start


class Town:
    """A committee with three seats, each with a vote. Amina sits on the first, and Bela is her deputy.

    Keeps numbers, not rows: it outlives the context of each story.
    """

    def __init__(self) -> None:
        committee = committees.create_committee(SYSTEM, Charter(name="Integrationsrat", kind=Kind.ADVISORY_BOARD))
        self.committee_id, self.slug = committee.id, committee.slug
        room = places.Profile(name="Rathaus", room="Saal", street="Marktplatz 1", locality="Musterstadt")
        self.room_id = places.create_place(SYSTEM, room).id
        names = {"amina": "Sommer", "bela": "Winter", "cem": "Herbst", "dana": "Lenz", "elif": "Aydın"}
        self.people = {given: self._person(given, family) for given, family in names.items()}
        association = organizations.Profile(name="Kulturverein Brücke", kind=OrganizationKind.MIGRANT_ORGANISATION)
        self.association_id = organizations.create_organization(SYSTEM, association).id
        self.seats = [self._seat("MO 1", "amina", "bela"), self._seat("MO 2", "cem"), self._seat("MO 3", "dana")]
        accounts.create_account(SYSTEM, "verwaltung@stadt.example", duty=Duty(Role.ADMIN))
        self._account("elif", Duty(Role.CLERK, committee.organization_id))
        self._account("amina", Duty(Role.REPRESENTATIVE, self.association_id))

    def _person(self, given: str, family: str) -> int:
        profile = people.Profile(family_name=family, given_name=given.title(), email=f"{given}@verein.example")
        return people.create_person(SYSTEM, profile).id

    def _seat(self, label: str, *holders: str) -> int:
        terms = SeatTerms(label=label, organization_id=self.association_id, motion_right=True, voting_right=True)
        seat = seats.create_seat(SYSTEM, self.committee_id, terms=terms)
        for rank, name in enumerate(holders):
            seats.appoint(SYSTEM, seat.id, person_id=self.people[name], rank=rank)
        return seat.id

    def _account(self, given: str, duty: Duty) -> None:
        accounts.create_account(SYSTEM, f"{given}@verein.example", person_id=self.people[given], duty=duty)

    def sitting(self, weeks: int, *, start: datetime | None = None, **plan: Any) -> Sitting:
        """A confirmed, public sitting on an evening so many weeks from now (ago, if negative), in the hall."""
        start = start or evening(weeks)
        values = {"end": start + timedelta(hours=2), "status": Status.CONFIRMED, "place_id": self.room_id} | plan
        return sittings.schedule(SYSTEM, self.committee_id, Plan(start=start, **values))

    def item(self, sitting: Sitting, title: str, *, public: bool = True) -> AgendaItem:
        """A further item of the agenda."""
        return agenda.add(SYSTEM, sitting.id, agenda.Item(title=title, public=public))

    @staticmethod
    def evening(weeks: int) -> datetime:
        """See above."""
        return evening(weeks)


@pytest.fixture(scope="session")
def town(house: House) -> Town:
    """See `Town`; all stories share it, each with sittings (so: weeks) of its own."""
    with house.app.app_context():
        return Town()
