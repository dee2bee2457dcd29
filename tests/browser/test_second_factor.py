"""A second factor on a phone, without a mouse: set up with an app, and asked for at the next sign-in."""

import re

import pytest
from passlib.totp import TOTP
from playwright.sync_api import expect

from tests.browser.test_axe import Look, judge

pytestmark = pytest.mark.browser
PHONE = {"width": 320, "height": 700}
LOOKS = (Look("German", "light", PHONE), Look("German", "dark", PHONE))


def test_amina_sets_it_up_and_signs_in_with_it(town, house, page_at, tab_to):
    """Her link from a mail, the key typed into the app, a recovery code kept; then a link again, and the code."""
    page = page_at(320)

    def press(name: str, role: str = "button") -> None:
        tab_to(page.get_by_role(role, name=name, exact=True))
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def open_link() -> None:
        page.goto("/anmelden")
        tab_to(page.get_by_role("region", name="Link per E-Mail").get_by_label("E-Mail"))
        page.keyboard.type("amina@verein.example")
        page.keyboard.press("Enter")
        page.wait_for_url("**/anmelden/link")
        (mail,) = house.a_minute_passes()
        page.goto(re.search(r"http://\S+/anmelden/link/\S+", mail.get_body(("plain",)).get_content()).group())
        press("Jetzt anmelden")

    open_link()
    page.goto("/konto/")
    press("Zweiter Faktor", "link")
    assert judge(page, *LOOKS) == []
    press("Den zweiten Faktor einrichten", "link")
    expect(page.get_by_role("img", name="QR-Code für Ihre Authenticator-App")).to_be_visible()
    assert judge(page, *LOOKS) == []
    app = TOTP(key=page.locator("code.key").inner_text())
    tab_to(page.get_by_label("Code der App"))
    page.keyboard.type(app.generate().token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Ersatzcodes", timeout=20_000)
    assert judge(page, *LOOKS) == []
    kept = page.locator("code.key").first.inner_text()
    press("Ich habe die Codes notiert", "link")
    house.a_minute_passes()  # her mail about it
    press("Abmelden")
    open_link()
    expect(page.get_by_label("Code der App")).to_be_focused()
    assert judge(page, *LOOKS) == []
    page.keyboard.type("12345")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dieser Code passt nicht").first).to_be_visible()
    assert judge(page, *LOOKS) == []
    press("Mit einem Ersatzcode anmelden", "link")
    assert judge(page, *LOOKS) == []
    tab_to(page.get_by_label("Ersatzcode"))
    page.keyboard.type(kept)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Was als Nächstes ansteht")
