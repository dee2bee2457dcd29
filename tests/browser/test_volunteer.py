"""Amina sits on a seat for her association. She has a phone (390 px) and little time, and no password at hand."""

import re

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from calendars.invitations import operations as invitations
from core.access import SYSTEM
from core.languages import say_date

pytestmark = pytest.mark.browser
PHONE = 390


@pytest.fixture
def invited(town, house):
    """`invited(6)`: a sitting in so many weeks, to which everybody was invited, and Amina's way to answer."""

    def invite(weeks):
        sitting = town.sitting(weeks)
        town.item(sitting, "Wege zum Sportverein")
        invitations.invite(SYSTEM, sitting.id)
        return sitting, answer_link(mail_to("amina", house.a_minute_passes()))

    return invite


def mail_to(name, mails):
    (mail,) = [mail for mail in mails if f"{name}@" in mail["To"]]
    return mail


def answer_link(mail):
    return re.search(r"http://\S+/antwort/\S+", mail.get_body(("plain",)).get_content()).group()


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_one_tap_says_that_she_cannot_come_and_her_deputy_is_asked(invited, house, page_at, fits_320, scripts):
    _sitting, link = invited(7 if scripts else 9)
    page = page_at(PHONE, java_script_enabled=scripts, has_touch=True, is_mobile=True)

    page.goto(link)  # no sign-in
    expect(page.get_by_role("heading", level=1)).to_have_text("Kommen Sie?")
    expect(page.get_by_text("Wege zum Sportverein")).to_be_visible()
    expect(page.get_by_text("Sie antworten als Amina Sommer.")).to_be_visible()
    fits_320(page)
    assert house.a_minute_passes() == [], "opening the page answers nothing"

    page.get_by_role("button", name="Ich komme nicht").tap()
    expect(page.get_by_role("status")).to_contain_text("Sie können nicht kommen")
    given = page.get_by_role("button", name="Ich komme nicht")
    expect(given).to_contain_text("Ihre bisherige Antwort")
    fits_320(page)

    (asked,) = house.a_minute_passes()
    assert "bela@" in asked["To"]
    assert "Amina Sommer kann" in asked.get_body(("plain",)).get_content()

    page.get_by_role("button", name="Ich komme", exact=True).tap()  # she can, after all
    expect(page.get_by_role("status")).to_contain_text("Sie kommen")
    (released,) = house.a_minute_passes()
    assert "bela@" in released["To"]
    assert page.context.request.get(link).headers["referrer-policy"] == "no-referrer"


def test_her_deputy_says_yes_on_a_phone_as_well(invited, house, page_at, fits_320):
    _sitting, link = invited(11)
    page = page_at(PHONE)
    page.goto(link)
    page.get_by_role("button", name="Ich komme nicht").click()
    expect(page.get_by_role("status")).to_be_visible()

    page = page_at(PHONE)
    page.goto(answer_link(mail_to("bela", house.a_minute_passes())))
    expect(page.get_by_text("Amina Sommer kann nicht kommen. Können Sie als Vertretung kommen?")).to_be_visible()
    page.get_by_role("button", name="Ich komme", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Sie kommen")
    fits_320(page)


def test_she_reads_the_page_in_another_language(invited, page_at):
    _sitting, link = invited(13)
    page = page_at(PHONE)
    page.goto(link)
    page.get_by_role("main").get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Are you coming?")
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("button", name="I am coming", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("you are coming")


def test_all_her_dates_come_into_her_own_calendar(invited, as_role, fits_320):
    sitting, _link = invited(15)
    page = as_role("representative", PHONE)
    page.goto("/konto/abos/")
    fits_320(page)
    page.get_by_role("link", name="Neues Abo").click()
    page.get_by_label("Name").fill("Mein Handy")
    page.get_by_label("Erinnerung").select_option("1 Tag vorher")
    fits_320(page)
    page.get_by_role("button", name="Abo anlegen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mein Handy")
    fits_320(page)

    address = page.get_by_label("Adresse zum Kopieren").input_value()
    answer = page.context.request.get(address, headers={"Cookie": ""})  # as her phone asks: without any session
    assert answer.headers["content-type"].startswith("text/calendar")
    entries = {str(event["UID"]): event for event in Calendar.from_ical(answer.text()).walk("VEVENT")}
    hers = next(event for uid, event in entries.items() if sitting.uid in uid)
    assert hers["DTSTART"].dt.replace(tzinfo=None) == sitting.starts_local
    assert hers.walk("VALARM") != []


def test_the_start_page_says_what_is_next(invited, town, as_role, fits_320):
    sitting = town.sitting(1)
    invitations.invite(SYSTEM, sitting.id, reason="Kurzfristig")
    page = as_role("representative", PHONE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Was als Nächstes ansteht")
    expect(page.get_by_role("main")).to_contain_text(say_date(sitting.starts_local.date()))
    fits_320(page)
    page.get_by_role("link", name="Sagen Sie, ob Sie kommen können").first.click()
    expect(page.get_by_role("heading", name="Wer kommt")).to_be_visible()
    fits_320(page)
