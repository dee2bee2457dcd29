"""Events in the calendar pages, and the date of one event as a file."""

from datetime import date, datetime

import pytest
import time_machine
from icalendar import Calendar

from coordination.events import operations as events
from coordination.people import operations as people
from coordination.projects import milestones, steps
from coordination.projects import operations as projects
from coordination.projects.milestones import Aim
from core.access import SYSTEM

DECEMBER = "/kalender/?monat=2026-12"


@pytest.fixture(autouse=True)
def no_feed_of_another_test(app):
    """Rows go after each test, and with them the counter by which a feed is known."""
    app.extensions.pop("feeds", None)


def test_an_announced_event_stands_beside_the_sittings(client, make_committee, make_sitting, make_event):
    make_event()
    make_sitting(make_committee(), start=datetime(2026, 12, 10, 18))
    for address in ("/", DECEMBER, DECEMBER + "&ansicht=monat"):
        page = client.get(address).text
        assert "Fest der Stimmen" in page
        assert page.index("Integrationsrat") < page.index("Fest der Stimmen")
    assert "Integrationsrat: " not in client.get(DECEMBER + "&art=veranstaltungen&ansicht=monat").text
    assert "Fest der Stimmen" not in client.get(DECEMBER + "&art=sitzungen").text


def test_a_list_can_be_narrowed_to_what_an_organization_takes_part_in(client, make_event, make_organization):
    choir, other = make_organization("Chor"), make_organization("Verein")
    make_event(choir)
    make_event(other, title="Lesung")
    page = client.get(f"{DECEMBER}&organisation={choir.id}").text
    assert f'<option value="{choir.id}" selected>Chor</option>' in page
    assert "Fest der Stimmen" in page
    assert "Lesung" not in page


def test_what_is_planned_is_on_the_pages_of_members_alone(client, sign_in, make_event, make_organization, make_person):
    choir, member = make_organization("Chor"), make_person()
    people.add_membership(SYSTEM, member.id, organization_id=choir.id)
    event = make_event(choir, state="planned")
    here = f"/veranstaltungen/{event.id}"
    assert "Fest der Stimmen" not in client.get(DECEMBER).text
    assert client.get(here).status_code == client.get(f"{here}/termin.ics").status_code == 404
    browser = sign_in(None, person_id=member.id)
    assert "Fest der Stimmen" in browser.get(DECEMBER).text
    page = browser.get(here).text
    assert "Das ist noch nicht angekündigt" in page
    assert "In Ihrem persönlichen Kalender" in page
    assert browser.get(f"{here}/termin.ics").mimetype == "text/calendar"


def test_the_date_is_saved_as_a_file_and_called_off_in_capitals(client, make_event, make_place):
    event = make_event(place_id=make_place().id)
    here = f"/veranstaltungen/{event.id}"
    assert "Termin speichern" in client.get(here).text
    answer = client.get(f"{here}/termin.ics")
    (date,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert (date["UID"], date["SUMMARY"], date["STATUS"]) == (event.uid, "Fest der Stimmen", "CONFIRMED")
    assert date["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 12, 12, 18)
    assert f"Mehr dazu: http://localhost{here}" in date["DESCRIPTION"]
    assert "termin.ics" in answer.headers["Content-Disposition"]
    events.cancel(SYSTEM, event.id)
    assert "Termin speichern" not in client.get(here).text
    (date,) = Calendar.from_ical(client.get("/kalender.ics").data).walk("VEVENT")
    assert (date["UID"], date["SUMMARY"], date["STATUS"], date["SEQUENCE"]) == (
        event.uid,
        "ABGESAGT: Fest der Stimmen",
        "CANCELLED",
        2,
    )


def test_an_idea_has_no_date_to_save(sign_in, make_organization):
    choir = make_organization("Chor")
    idea = events.propose(SYSTEM, choir.id, plan=events.Plan("Fest", datetime(2026, 12, 12, 18)))
    browser = sign_in("representative", organization_id=choir.id)
    assert "Termin speichern" not in browser.get(f"/veranstaltungen/{idea.id}").text
    assert browser.get(f"/veranstaltungen/{idea.id}/termin.ics").status_code == 404


def test_the_feeds_of_everybody_and_of_a_committee(client, make_committee, make_sitting, make_event):
    make_event()
    make_event(title="Geheimes Treffen", state="planned")
    make_sitting(make_committee())
    everything, committee = client.get("/kalender.ics").text, client.get("/gremien/integrationsrat/kalender.ics").text
    assert "SUMMARY:Fest der Stimmen" in everything
    assert everything.count("BEGIN:VEVENT") == 2
    assert committee.count("BEGIN:VEVENT") == 1
    assert "Geheimes" not in everything


def test_a_feed_follows_every_change_of_an_event(app, client, make_committee, make_sitting, make_event):
    event = make_event()
    make_sitting(make_committee())

    def whole():
        app.extensions.pop("feeds")
        return client.get("/kalender.ics").data

    for change in ({"title": "Fest der Chöre"}, {"start": datetime(2027, 2, 1, 18), "end": None}, {"public": False}):
        assert client.get("/kalender.ics").data == whole()
        plan = events.plan_of(event)
        events.edit(SYSTEM, event.id, version=None, plan=events.Plan(**{**vars(plan), **change}))
        renewed = client.get("/kalender.ics").data
        assert renewed == whole()
        assert (b"Fest der Ch" in renewed) == event.public


def test_what_is_to_come_of_a_project_is_saved_as_one_file(client):
    project = projects.create(SYSTEM, projects.Plan("Orchester", starts_on=date(2026, 10, 1)))
    milestones.add(SYSTEM, project.id, aim=Aim("Erster Auftritt", date(2026, 12, 19)))
    for title, state in (("Konzert", events.State.ANNOUNCED), ("Probe", events.State.PLANNED)):
        plan = events.Plan(title, datetime(2026, 12, 12, 18), project_id=project.id)
        events.create(SYSTEM, plan, state=state)
    here = f"/projekte/{project.id}"
    assert client.get(f"{here}/termine.ics").status_code == 404
    steps.announce(SYSTEM, project.id)
    assert "Termine speichern" in client.get(here).text
    dates = Calendar.from_ical(client.get(f"{here}/termine.ics").data).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in dates] == ["Konzert", "Orchester: Erster Auftritt"]
    with time_machine.travel(datetime(2027, 1, 10), tick=True):
        assert "Termine speichern" not in client.get(here).text
        assert client.get(f"{here}/termine.ics").status_code == 404
