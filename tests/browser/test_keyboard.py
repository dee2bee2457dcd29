"""Without a mouse: who uses a keyboard, a switch or a screen reader gets everywhere."""

import re

import pytest
from playwright.sync_api import expect

from calendars.invitations import operations as invitations
from core.access import SYSTEM

pytestmark = pytest.mark.browser


def test_the_first_tab_skips_to_the_content(town, page_at):
    page = page_at(1280)
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Zum Inhalt springen")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_elif_signs_in_by_a_link_from_her_mail(town, house, page_at, tab_to):
    page = page_at(1280)
    page.goto("/")
    tab_to(page.get_by_role("banner").get_by_role("link", name="Anmelden"))
    page.keyboard.press("Enter")
    by_link = page.get_by_role("region", name="Link per E-Mail")
    tab_to(by_link.get_by_label("E-Mail"))
    page.keyboard.type("elif@verein.example")
    page.keyboard.press("Enter")
    page.wait_for_url("**/anmelden/link")

    (mail,) = house.a_minute_passes()
    text = mail.get_body(("plain",)).get_content()
    page.goto(re.search(r"http://\S+/anmelden/link/\S+", text).group())
    tab_to(page.get_by_role("checkbox"))
    page.keyboard.press("Space")
    tab_to(page.get_by_role("button", name="Jetzt anmelden"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Was als Nächstes ansteht")


def test_amina_answers_with_tab_and_enter(town, house, page_at, tab_to):
    sitting = town.sitting(5)
    invitations.invite(SYSTEM, sitting.id)
    mail = next(mail for mail in house.a_minute_passes() if "amina@" in mail["To"])
    page = page_at(1280)
    page.goto(re.search(r"http://\S+/antwort/\S+", mail.get_body(("plain",)).get_content()).group())
    coming = page.get_by_role("button", name="Ich komme", exact=True)
    tab_to(coming)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Sie kommen")
    expect(page.get_by_role("button", name="Ich komme Ihre bisherige Antwort")).to_be_visible()


def test_elif_records_attendance_with_tab_and_arrows(town, as_role, tab_to):
    sitting = town.sitting(-2)
    page = as_role("clerk", 1280)
    page.goto(f"/sitzungen/{sitting.id}/anwesenheit")
    for seat, presence in (("MO 1", "Vertreten durch Bela Winter"), ("MO 2", "Anwesend"), ("MO 3", "Entschuldigt")):
        group = page.get_by_role("group", name=seat)
        tab_to(group.get_by_role("radio", checked=True))
        wanted = group.get_by_role("radio", name=presence, exact=True)
        tab_to(wanted, "ArrowDown", most=8)
        expect(wanted).to_be_checked()
    tab_to(page.get_by_role("button", name="Alle Sitze speichern"))
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_contain_text("3 Sitze wurden erfasst.")
    expect(page.get_by_text("Beschlussfähig", exact=True)).to_be_visible()
