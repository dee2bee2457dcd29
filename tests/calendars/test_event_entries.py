"""How events become entries: who has them in the calendar, what they say, and when the feeds look again."""

from dataclasses import replace
from datetime import datetime

import pytest

from calendars.entry import PUBLIC, Audience, Circle, Status
from calendars.overview.queries import my_audiences
from calendars.sources.audiences import audiences_of
from calendars.sources.entries import entries, entry_of_event
from coordination.accounts.queries import actor_of
from coordination.cooperation import contributions, partners
from coordination.cooperation.facts import Given, PartnerTerms
from coordination.cooperation.rules import ContributionKind
from coordination.events import operations as events
from coordination.events.operations import Plan
from coordination.organizations import operations as organizations
from coordination.organizations.rules import Kind
from coordination.people import operations as people
from coordination.planning import operations as planning
from coordination.planning import queries as workspaces
from coordination.planning import sections, tasks
from core.access import SYSTEM
from core.clock import today
from core.database import transaction
from core.errors import NotFound
from core.instance import calendar_counter


def of(organization):
    """What a member of the organization belongs to, as far as this one goes."""
    return frozenset({PUBLIC, Audience(Circle.ORGANIZATION, organization.id)})


def test_what_is_announced_to_the_public_is_in_everybodys_calendar(make_event, make_place, make_organization):
    choir = make_organization("Chor")
    event = make_event(choir, place_id=make_place(step_free=True).id, languages="Deutsch, Arabisch")
    (entry,) = entries()
    assert (entry.uid, entry.audience, entry.status, entry.kind) == (event.uid, PUBLIC, Status.CONFIRMED, "event")
    assert entry.summary == "Fest der Stimmen"
    assert entry.location == "Rathaus, Saal 1, Marktplatz 1, 12345 Musterstadt"
    assert entry.url == f"http://localhost/veranstaltungen/{event.id}"
    assert entry.categories == ("Veranstaltung",)
    assert entry.organization_ids == {choir.id}
    assert entry.description == (
        "Gemeinsam mit: Chor\nSprachen: Deutsch, Arabisch\nDer Raum ist ohne Stufen zu erreichen.\n\nChöre singen."
    )
    assert entries(audiences=of(choir)) == [entry], "one reading for all"


@pytest.mark.parametrize(("state", "plan"), [("planned", {}), ("announced", {"public": False})])
def test_what_is_planned_or_not_public_is_for_those_who_take_part(make_event, make_organization, state, plan):
    choir, other = make_organization("Chor"), make_organization("Verein")
    event = make_event(choir, state=state, **plan)
    assert entries() == []
    assert entries(audiences=of(other)) == []
    (entry,) = entries(audiences=of(choir))
    assert (entry.uid, entry.audience) == (event.uid, Audience(Circle.ORGANIZATION, choir.id))
    assert ("Status: In Planung" in entry.description) == (state == "planned")
    assert entry.status == (Status.PLANNED if state == "planned" else Status.CONFIRMED)


def test_what_is_public_no_more_leaves_the_public_feed_and_stays_with_who_takes_part(
    make_event, make_organization, client
):
    choir = make_organization("Chor")
    event = make_event(choir)
    before = client.get("/kalender.ics")
    assert event.uid in before.text
    plan = replace(events.plan_of(event), public=False)
    events.edit(SYSTEM, event.id, version=None, plan=plan)
    after = client.get("/kalender.ics", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200, "who subscribed hears of it with the next look"
    assert [word for word in (event.uid, event.title, "CANCELLED") if word in after.text] == []
    (entry,) = entries(audiences=of(choir))
    assert (entry.uid, entry.status) == (event.uid, Status.CONFIRMED), "it takes place, for those"
    events.edit(SYSTEM, event.id, version=None, plan=replace(plan, public=True))
    assert event.uid in client.get("/kalender.ics").text


def test_an_idea_is_in_nobodys_calendar(make_organization):
    choir = make_organization("Chor")
    before = calendar_counter()
    idea = events.propose(SYSTEM, choir.id, plan=Plan("Fest", datetime(2026, 12, 12, 18)))
    planning.post(SYSTEM, idea.cooperation_id, text="Wer bringt Stühle?")
    assert entries(audiences=of(choir)) == []
    assert calendar_counter() == before
    with pytest.raises(NotFound):
        entry_of_event(idea.id)


def test_members_have_it_as_long_as_they_are_members(make_event, make_organization, make_person):
    choir, person = make_organization("Chor"), make_person()
    make_event(choir, state="planned")
    membership = people.add_membership(SYSTEM, person.id, organization_id=choir.id)
    assert len(entries(audiences=audiences_of(person.id, today()))) == 1
    people.end_membership(SYSTEM, membership.id, ends_on=today().replace(day=15))
    assert entries(audiences=audiences_of(person.id, today())) == []


def test_an_organization_that_takes_part_no_more_has_it_no_more(make_event, make_organization):
    choir = make_organization("Chor")
    event = make_event(choir, state="planned")
    partners.remove_partner(SYSTEM, event.cooperation.partners[0].id)
    assert entries(audiences=of(choir)) == []


def test_officers_have_it_who_work_on_it_and_whose_department_gives_something(
    make_event, make_organization, make_person, make_account
):
    office, culture = (make_organization(name, kind=Kind.DEPARTMENT) for name in ("Integration", "Kultur"))
    planner, idle, giver = (make_person(f"Ada {name}") for name in ("Plan", "Ruhe", "Raum"))
    accounts = [
        make_account("officer", organization_id=where.id, person_id=person.id)
        for person, where in ((planner, office), (idle, office), (giver, culture))
    ]
    event = make_event(state="planned")
    tasks.add_task(actor_of(accounts[0]), event.cooperation_id, title="Plakat")
    given = Given(ContributionKind.ROOM, culture.id)
    contributions.add_contribution(SYSTEM, event.cooperation_id, given=given)
    seen = [len(entries(audiences=audiences_of(person.id, today()))) for person in (planner, idle, giver)]
    assert seen == [1, 0, 1]
    assert len(entries(audiences=my_audiences(actor_of(accounts[2])))) == 1
    with transaction():
        accounts[0].assignments[0].ends_on = today().replace(day=15)
    assert entries(audiences=audiences_of(planner.id, today())) == [], "works here no more"


def test_uid_stays_and_the_sequence_counts_what_people_rely_on(make_event, make_organization):
    choir = make_organization("Chor")
    event = make_event(choir, state="planned")
    states = [entries(audiences=of(choir))[0]]

    def after(change):
        change()
        states.append(entries(audiences=of(choir))[0])

    plan = events.plan_of(event)
    later = Plan(**{**vars(plan), "start": datetime(2026, 12, 12, 19)})
    after(lambda: events.edit(SYSTEM, event.id, version=None, plan=later))
    after(lambda: events.edit(SYSTEM, event.id, version=None, plan=Plan(**{**vars(later), "text": "Mit Buffet."})))
    after(lambda: events.announce(SYSTEM, event.id))
    after(lambda: events.cancel(SYSTEM, event.id, reason="Der Saal brennt."))
    assert {entry.uid for entry in states} == {event.uid}
    assert [entry.sequence for entry in states] == [0, 1, 1, 2, 3]
    assert [entry.status for entry in states] == ["tentative"] * 3 + ["confirmed", "cancelled"]
    assert "Status: Abgesagt" in states[-1].description
    assert "brennt" not in states[-1].description, "the reason is for those who plan it"
    assert entries(), "it stays in the public calendar, so that nobody comes in vain"


def test_what_was_planned_and_called_off_is_told_to_those_alone_who_had_it(make_event, make_organization):
    choir = make_organization("Chor")
    event = make_event(choir, state="planned")
    events.cancel(SYSTEM, event.id)
    assert entries() == []
    assert entries(audiences=of(choir))[0].cancelled


def test_that_it_was_held_changes_no_calendar(make_event, make_organization):
    event = make_event(make_organization("Chor"), start=datetime(2026, 11, 12, 18))
    (before,) = entries()
    events.hold(SYSTEM, event.id)
    assert entries() == [before]


def test_whatever_a_calendar_shows_moves_the_counter_and_nothing_else_does(make_event, make_organization):
    choir, other = make_organization("Chor"), make_organization("Verein")
    event = make_event(choir, state="planned")
    key, plan = event.cooperation_id, events.plan_of(event)

    def moves(change):
        before = calendar_counter()
        change()
        return calendar_counter() > before

    assert moves(lambda: events.edit(SYSTEM, event.id, version=None, plan=Plan(**{**vars(plan), "title": "Neu"})))
    assert moves(lambda: partners.add_partner(SYSTEM, key, terms=PartnerTerms(other.id)))
    assert moves(lambda: partners.remove_partner(SYSTEM, event.cooperation.partners[1].id))
    assert moves(lambda: events.announce(SYSTEM, event.id))
    renamed = organizations.Profile(name="Chor der Brücken", kind=Kind.MIGRANT_ORGANISATION)
    assert moves(lambda: organizations.edit_organization(SYSTEM, choir.id, version=None, profile=renamed))
    assert "Chor der Brücken" in entries()[0].description
    (programme,) = workspaces.sections(key)
    for change in (
        lambda: planning.post(SYSTEM, key, text="Wer bringt Stühle?"),
        lambda: sections.edit_section(SYSTEM, programme.id, version=None, title="Programm", text="18 Uhr"),
        lambda: tasks.add_task(SYSTEM, key, title="Plakat"),
    ):
        assert not moves(change)


def test_a_hundred_rows_ask_as_often_as_one(make_event, make_organization, count_queries):
    choir = make_organization("Chor")
    seen = of(choir)

    def ask():
        with count_queries() as counted:
            entries(audiences=seen)
        return counted.number

    make_event(choir)
    assert ask() == 7, "sittings, agendas, seats, milestones: nothing there; events with partners, and what they say"
    for day in range(1, 21):
        make_event(choir, start=datetime(2027, 3, day, 18), state="planned")
    assert ask() == 7
    assert ask() == 6, "the entries are kept"
