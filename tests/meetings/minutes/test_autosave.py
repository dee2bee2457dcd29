"""The script that saves minutes while they are written, in a real browser."""

import shutil
from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from core.database import session
from meetings.minutes import operations, queries

pytestmark = pytest.mark.browser


class _Silent(WSGIRequestHandler):
    def log(self, *args: object, **kwargs: object) -> None:
        """Nothing: the test says what matters."""


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(held, sign_in, address: str) -> Iterator[Page]:
    """The page on which the clerk writes, with a clock that the test turns."""
    client = sign_in("clerk", organization_id=held.committee.organization_id)
    cookie = client.get_cookie("session")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(locale="de-DE")
        context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        page = context.new_page()
        page.clock.install()
        page.goto(f"{address}/sitzungen/{held.sitting}/niederschrift/bearbeiten")
        yield page
        browser.close()


def newest(item_id: int) -> str:
    session().rollback()
    return queries.newest_of([item_id])[item_id].text


def test_what_is_typed_saves_itself_and_never_over_another_text(page: Page, held, actor):
    message = page.locator("[data-autosave-message]")
    page.fill(f"#text-{held.item}", "Von selbst")
    page.clock.run_for(21_000)
    message.filter(has_text="Gespeichert um").wait_for()
    assert newest(held.item) == "Von selbst"
    operations.save_text(actor, held.item, 1, "Von A")
    page.fill(f"#text-{held.item}", "Von B")
    page.clock.run_for(21_000)
    message.filter(has_text="Jemand anderes").wait_for()
    assert newest(held.item) == "Von A"
    page.get_by_role("button", name="Alle Texte speichern").click()
    page.locator(f"#other-{held.item}").wait_for()
    assert page.input_value(f"#other-{held.item}") == "Von A"
    assert page.input_value(f"#text-{held.item}") == "Von B"


def test_without_a_network_the_text_stays_and_the_page_says_so(page: Page, held):
    page.context.set_offline(True)
    page.fill(f"#text-{held.item}", "Nicht verloren")
    page.clock.run_for(21_000)
    page.locator("[data-autosave-message]").filter(has_text="nicht gespeichert").wait_for()
    assert page.input_value(f"#text-{held.item}") == "Nicht verloren"
    page.context.set_offline(False)
    page.clock.run_for(21_000)
    page.locator("[data-autosave-message]").filter(has_text="Gespeichert um").wait_for()
    assert newest(held.item) == "Nicht verloren"
