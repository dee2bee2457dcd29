"""The whole story of an event, with two people in two windows: Amina on her phone, an officer at a desk.

Amina proposes, the officer takes it up, both write, both give their word, it is held, Amina says how it was, the
officer completes the record, and the figure of the yearly report moves.
"""

import re
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from coordination.accounts import operations as accounts
from coordination.accounts.operations import Duty
from coordination.accounts.rules import Role
from coordination.events import operations as events
from coordination.events.models import Event
from coordination.organizations import operations as organizations
from coordination.organizations.rules import Kind
from coordination.people import operations as people
from core.access import SYSTEM
from core.clock import today
from core.database import session

pytestmark = pytest.mark.browser
TITLE = "Lieder von hier und dort"


@pytest.fixture
def officer_of_the_town(town):
    """Frieda of the department for integration; she is the first officer, so the demonstration's link is hers."""
    profile = organizations.Profile(name="Amt für Integration", kind=Kind.DEPARTMENT, integration_department=True)
    department = organizations.create_organization(SYSTEM, profile)
    frieda = people.create_person(SYSTEM, people.Profile(family_name="Amt", given_name="Frieda"))
    duty = Duty(Role.OFFICER, department.id)
    accounts.create_account(SYSTEM, "frieda@stadt.example", person_id=frieda.id, duty=duty)


def joint_events(page):
    """How many events the analysis counts as planned together."""
    figures = page.context.request.get("/auswertung/indikatoren.json").json()
    return figures["single_events_lead"]["counts"]["joint"]


def press(page, name, said):
    """Press the button, and read the word that answers it without scrolling."""
    page.get_by_role("button", name=name, exact=True).first.click()
    expect(page.get_by_role("status").filter(has_text=said)).to_be_in_viewport()


def propose(page, day):
    page.goto("/veranstaltungen/")
    page.get_by_role("link", name="Veranstaltung vorschlagen").first.click()
    page.get_by_label("Titel").fill(TITLE)
    page.get_by_role("heading", name="Wann und wo").click()
    page.get_by_label("Tag (freiwillig)", exact=True).fill(day.date().isoformat())
    page.get_by_label("Beginn").fill("18:30")
    page.get_by_role("heading", name="Mehr dazu").click()
    page.get_by_label("Kultur").first.check()
    press(page, "Vorschlagen", "Danke für Ihre Idee.")


def write_programme(page, text):
    page.get_by_role("link", name="Schreiben Programm").click()
    page.locator("[name=text]").fill(text)


def give_word(page, organization):
    press(page, f"Für {organization} bestätigen", "Sie haben die Vereinbarung bestätigt.")


@pytest.mark.usefixtures("officer_of_the_town")
def test_an_event_from_the_idea_to_the_figure(town, as_role, house, fits_320):
    amina, frieda = as_role("representative", 390), as_role("officer", 1280)
    before = joint_events(frieda)

    propose(amina, town.evening(60))
    assert ["frieda@" in mail["To"] for mail in house.a_minute_passes() if TITLE in mail["Subject"]] == [True]
    fits_320(amina)
    frieda.goto("/")
    frieda.get_by_role("link", name=TITLE).first.click()
    assert frieda.url == amina.url
    press(frieda, "Idee aufgreifen", "Die Idee ist aufgegriffen.")

    both_write(amina, frieda)
    fits_320(amina)
    both_give_their_word(amina, frieda)
    fits_320(amina)

    frieda.reload()
    press(frieda, "Ankündigen", "Die Veranstaltung ist angekündigt")
    feed = amina.context.request.get("/kalender.ics", headers={"Cookie": ""}).text()
    assert TITLE in [str(date["SUMMARY"]) for date in Calendar.from_ical(feed).walk("VEVENT")]
    the_evening_comes()

    amina.reload()
    press(amina, "Hat stattgefunden", "Bitte sagen Sie, wie es war.")
    amina.get_by_role("link", name="Sagen, wie es war").first.click()
    amina.get_by_label("Was gelungen ist").fill("Alle haben mitgesungen.")
    press(amina, "Speichern", "Was beide Seiten sagen, steht im Eintrag.")

    frieda.goto("/")
    complete_the_record(frieda)
    fits_320(frieda)
    assert joint_events(frieda) == before + 1
    frieda.goto("/auswertung/")
    expect(frieda.get_by_role("main")).to_contain_text("Gemeinsam geplant und durchgeführt")


def both_write(amina, frieda):
    """The same text at the same time: nobody's words are lost, and who comes second sees both."""
    amina.reload()
    write_programme(amina, "18:30 Uhr: Chor")
    write_programme(frieda, "18:30 Uhr: Grußwort")
    press(frieda, "Speichern", "Der Text wurde gespeichert.")
    amina.get_by_role("button", name="Speichern", exact=True).click()
    expect(amina.get_by_text("Inzwischen hat eine andere Person gespeichert.").first).to_be_visible()
    expect(amina.get_by_text("18:30 Uhr: Grußwort")).to_be_visible()
    expect(amina.locator("[name=text]")).to_have_value("18:30 Uhr: Chor")
    amina.locator("[name=text]").fill("18:30 Uhr: Grußwort, danach der Chor")
    press(amina, "Speichern", "Der Text wurde gespeichert.")
    frieda.reload()
    expect(frieda.get_by_text("Grußwort, danach der Chor")).to_be_visible()


def both_give_their_word(amina, frieda):
    """The officer writes the agreement, and each confirms it in the own window."""
    frieda.get_by_role("link", name="Vereinbarung schreiben").click()
    expect(frieda.locator("[name=subject]")).to_have_value(re.compile(TITLE))
    press(frieda, "Speichern", "Die Vereinbarung wurde gespeichert.")
    give_word(frieda, "Amt für Integration")
    amina.reload()
    give_word(amina, "Kulturverein Brücke")
    expect(amina.get_by_text("Beide Seiten haben diese Vereinbarung bestätigt.")).to_be_visible()


def complete_the_record(frieda):
    """The start page asks for what is missing, keeps what it cannot take, and the last answer closes the record."""
    question = frieda.get_by_role("form", name=TITLE)
    number = question.get_by_label("Wie viele Menschen kamen?")
    number.fill("1000000")
    question.get_by_role("button", name="Speichern").click()
    expect(frieda.get_by_text("Bitte geben Sie eine Zahl von 0 bis").first).to_be_visible()
    expect(number).to_have_value("1000000")
    number.fill("85")
    question.get_by_role("button", name="Speichern").click()
    expect(frieda.get_by_role("status").filter(has_text="vollständig und abgeschlossen")).to_be_visible()
    expect(question).to_have_count(0)


def the_evening_comes():
    """Time passes: what was planned for next year was yesterday."""
    session().rollback()
    event = session().query(Event).filter_by(title=TITLE).one()
    start = datetime.combine(today() - timedelta(days=1), time(18, 30))
    events.edit(SYSTEM, event.id, version=None, plan=replace(events.plan_of(event), start=start, end=None))
