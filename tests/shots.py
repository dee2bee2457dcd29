"""Pictures of every page kind as each role sees it, and of every page of every document kind.

Run by `python3 dev.py shots`: it serves the demonstration municipality and visits each address of the URL map at
390 and 1280 px, in German in light and dark, and from right to left in the pseudo language.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from flask import url_for
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select, text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import dev
from calendars.invitations.keys import key_of
from calendars.invitations.models import Invitation
from core import pseudo
from core.database import session
from core.settings import from_environment
from wsgi import create_app

SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
#: name of the folder: colour scheme and language
LOOKS = {"light": ("light", "de"), "dark": ("dark", "de"), "mirrored": ("light", pseudo.CODE)}
ROLES = ("public", "representative", "officer", "clerk", "admin")
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DOCUMENT = (".pdf", ".csv", ".ics", ".txt", ".json")


#: what an argument of an address stands for, in the demonstration: SQL for the ids to visit
SAMPLES = {
    "slug": "SELECT slug FROM committee ORDER BY id LIMIT 2",
    "organization_id": "SELECT organization_id FROM seat WHERE organization_id IS NOT NULL ORDER BY id LIMIT 1",
    "person_id": "SELECT person_id FROM appointment LIMIT 1",
    "twin_id": "SELECT MAX(id) FROM person",
    "membership_id": "SELECT id FROM membership WHERE person_id = (SELECT person_id FROM appointment LIMIT 1)",
    "place_id": "SELECT place_id FROM booking ORDER BY id DESC LIMIT 1",
    "seat_id": "SELECT id FROM seat WHERE committee_id = (SELECT MIN(id) FROM committee) LIMIT 1",
    "appointment_id": "SELECT id FROM appointment WHERE seat_id = (SELECT MIN(id) FROM seat) LIMIT 1",
    "sitting_id": "SELECT MAX(sitting_id) FROM minutes UNION SELECT MAX(sitting_id) FROM invitation",
    "item_id": "SELECT id FROM agenda_item WHERE sitting_id = (SELECT MAX(sitting_id) FROM minutes) LIMIT 1",
    "aim_id": "SELECT MIN(id) FROM aim",
    "measure_id": "SELECT MIN(measure_id) FROM cooperation",
    "statement_id": "SELECT MIN(id) FROM strategy_statement",
    "account_id": "SELECT MAX(id) FROM account",
    "assignment_id": "SELECT MAX(id) FROM assignment",
    "number": "SELECT 1",
    "project_id": "SELECT project_id FROM milestone ORDER BY id LIMIT 1",
    "milestone_id": "SELECT id FROM milestone ORDER BY id LIMIT 1",
    "other_id": "SELECT MAX(id) FROM organization WHERE kind = 'migrant_organisation'",
    "letter_id": "SELECT id FROM letter ORDER BY id LIMIT 2",
    "name": "SELECT 'impressum'",
    "language": "SELECT 'de'",
}
#: addresses with a state that the URL map does not show
MORE = {"calendar.index": ["/kalender/?ansicht=monat"], "pages.show": ["/barrierefreiheit"]}


def samples(environment: dict[str, str]) -> dict[str, list[str]]:
    """For each endpoint that answers GET, the addresses to visit; keys of feeds and mails are made for the purpose."""
    settings = {name: value for name, value in environment.items() if name.startswith("AUGENHOEHE_")}
    app = create_app(from_environment(settings))
    found: dict[str, list[str]] = {}
    with app.app_context(), app.test_request_context():
        values = {name: list(session().execute(text(query)).scalars()) for name, query in SAMPLES.items()}
        invitation = session().scalars(select(Invitation).order_by(Invitation.id.desc())).first()
        values["key"] = [key_of(invitation)] if invitation else []
        for rule in app.url_map.iter_rules():
            known = rule.arguments <= values.keys() and "GET" in (rule.methods or ())
            if known and not rule.endpoint.startswith(("demo.", "static", "health.")):
                chosen = [dict(zip(sorted(rule.arguments), mix, strict=True)) for mix in mixes(rule.arguments, values)]
                found[rule.endpoint] = [url_for(rule.endpoint, **each) for each in chosen] + MORE.get(rule.endpoint, [])
    return found


def mixes(names: set[str], values: dict[str, list[Any]]) -> list[tuple[Any, ...]]:
    """The values to put into an address with these arguments: all for a single one, the first of each else."""
    ordered = sorted(names)
    if len(ordered) == 1:
        return [(value,) for value in values[ordered[0]]]
    return [tuple(values[name][0] for name in ordered)] if all(values[name] for name in ordered) else []


def sign_in(page: Page, url: str, role: str) -> None:
    """As the demonstration's sign-in links do."""
    if role != "public":
        page.goto(f"{url}demo/anmelden/{role}")


def choose_language(page: Page, url: str, code: str) -> None:
    """By the switch in the header, which stays with this browser."""
    page.goto(f"{url}impressum")
    page.locator(".languages > summary").click()
    page.locator(f".languages__button[value={code}]").click()


def picture(page: Page, url: str, name: str, out: Path) -> None:
    """The whole page; none where this role is refused or led elsewhere."""
    answer = page.goto(url)
    if answer is None or answer.status >= 400 or page.url.partition("?")[0] != url.partition("?")[0]:
        return
    page.screenshot(path=out / f"{name}.png", full_page=True)


def all_pictures(
    browser: Browser, url: str, addresses: dict[str, list[str]], out: Path, roles: tuple[str, ...]
) -> None:
    """Every page, role, size and look."""
    for role in roles:
        for size, (width, height) in SIZES.items():
            for look, (scheme, language) in LOOKS.items():
                settings: Any = {
                    "viewport": {"width": width, "height": height},
                    "color_scheme": scheme,
                    "locale": "de-DE",
                }
                with browser.new_context(**settings) as context:
                    page = context.new_page()
                    sign_in(page, url, role)
                    choose_language(page, url, language)
                    folder = out / role / f"{size}-{look}"
                    folder.mkdir(parents=True, exist_ok=True)
                    for endpoint, paths in addresses.items():
                        for number, path in enumerate(paths):
                            if not path.partition("?")[0].endswith(DOCUMENT):
                                picture(page, url.rstrip("/") + path, f"{endpoint}-{number}", folder)
                print(f"{role} {size} {look}", flush=True)


def all_documents(browser: Browser, url: str, addresses: dict[str, list[str]], out: Path) -> None:
    """Every PDF as the clerk and the public get it, page by page."""
    for role in ("clerk", "public"):
        with browser.new_context() as context:
            page = context.new_page()
            sign_in(page, url, role)
            for endpoint, paths in addresses.items():
                for number, path in enumerate(p for p in paths if p.partition("?")[0].endswith(".pdf")):
                    answer = context.request.get(url.rstrip("/") + path)
                    if answer.ok and answer.headers["content-type"] == "application/pdf":
                        folder = out / "documents"
                        folder.mkdir(parents=True, exist_ok=True)
                        file = folder / f"{role}-{endpoint}-{number}.pdf"
                        file.write_bytes(answer.body())
                        subprocess.run(["pdftoppm", "-png", "-r", "70", file, file.with_suffix("")], check=True)
                        print(file.name, flush=True)


def main() -> None:
    """Serve the demonstration in a folder of its own and visit it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="a demonstration's folder that is kept, to save loading it again")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--role", action="append", choices=ROLES)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        data = (arguments.data or Path(temporary)).resolve()
        environment = {**os.environ, **dev.demo_environment(data, arguments.port), "AUGENHOEHE_MODE": "development"}
        dev.load_demo(data, environment)
        processes = dev.start(data, environment, arguments.port)
        url = f"http://127.0.0.1:{arguments.port}/"
        try:
            dev.wait_until_ready(url, processes)
            addresses = samples(environment)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=dev.find_chromium(), args=CHROMIUM_FLAGS)
                all_documents(browser, url, addresses, arguments.out)
                all_pictures(browser, url, addresses, arguments.out, tuple(arguments.role or ROLES))
                browser.close()
        finally:
            dev.stop(processes)
    print(f"pictures are in {arguments.out}")


if __name__ == "__main__":
    main()
