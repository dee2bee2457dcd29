"""How milestones of projects become entries: whole days, for whom, how firm, and when the feeds look again."""

from datetime import date, datetime

import pytest

from calendars.entry import PUBLIC, Audience, Circle, Status
from calendars.sources.entries import entries
from coordination.cooperation import partners
from coordination.cooperation.facts import PartnerTerms
from coordination.projects import milestones, operations, steps
from coordination.projects.milestones import Aim
from coordination.projects.operations import Plan
from core.access import SYSTEM
from core.instance import calendar_counter

DAY = date(2026, 12, 1)


def of(organization):
    """What a member of the organization belongs to, as far as this one goes."""
    return frozenset({PUBLIC, Audience(Circle.ORGANIZATION, organization.id)})


@pytest.fixture
def garden(make_organization):
    """A project that a choir plans, with a milestone; not announced."""
    choir = make_organization("Chor")
    project = operations.propose(SYSTEM, choir.id, plan=Plan("Garten", text="Beete für alle."))
    steps.accept(SYSTEM, project.id)
    milestones.add(SYSTEM, project.id, aim=Aim("Hochbeete stehen", DAY))
    return project


def choir_of(project):
    return project.cooperation.partners[0].organization


def test_it_takes_a_whole_day_and_says_what_it_is(garden):
    steps.announce(SYSTEM, garden.id)
    (entry,) = entries()
    assert (entry.kind, entry.audience, entry.all_day, entry.row) == ("milestone", PUBLIC, True, "milestone:1")
    assert (entry.starts_local, entry.ends_local) == (datetime(2026, 12, 1), datetime(2026, 12, 2))
    assert entry.summary == "Garten: Hochbeete stehen"
    assert entry.link == f"/projekte/{garden.id}"
    assert entry.categories == ("Meilenstein",)
    assert "Gemeinsam mit: Chor" in entry.description


def test_before_it_is_announced_it_is_for_those_who_take_part(garden, make_organization):
    assert entries() == []
    assert entries(audiences=of(make_organization("Verein"))) == []
    (entry,) = entries(audiences=of(choir_of(garden)))
    assert entry.audience == Audience(Circle.ORGANIZATION, choir_of(garden).id)
    verein = make_organization("Verein Süd")
    partners.add_partner(SYSTEM, garden.cooperation_id, terms=PartnerTerms(verein.id))
    assert len(entries(audiences=of(verein))) == 1


def test_an_idea_has_no_dates(make_organization):
    choir = make_organization("Chor")
    before = calendar_counter()
    idea = operations.propose(SYSTEM, choir.id, plan=Plan("Garten"))
    milestones.add(SYSTEM, idea.id, aim=Aim("Beete", DAY))
    assert entries(audiences=of(choir)) == []
    assert calendar_counter() == before


def test_how_firm_it_is_follows_from_its_project(garden):
    own = of(choir_of(garden))

    def now() -> tuple[str, int]:
        (entry,) = entries(audiences=own)
        return entry.status, entry.sequence

    assert now() == (Status.PLANNED, 0)
    steps.start(SYSTEM, garden.id)
    assert now() == (Status.CONFIRMED, 1)
    steps.pause(SYSTEM, garden.id, reason="Winter")
    assert now() == (Status.PLANNED, 2)
    steps.cancel(SYSTEM, garden.id, reason="Kein Geld")
    assert now() == (Status.CANCELLED, 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda project: milestones.edit(SYSTEM, 1, version=None, aim=Aim("Anders", DAY)),
        lambda project: milestones.reach(SYSTEM, 1, reached=True),
        lambda project: milestones.remove(SYSTEM, 1),
        lambda project: milestones.add(SYSTEM, project.id, aim=Aim("Zaun", DAY)),
        lambda project: operations.edit(SYSTEM, project.id, version=None, plan=Plan("Park")),
        lambda project: steps.conceal(SYSTEM, project.id),
    ],
)
def test_feeds_look_again_and_show_what_changed_at_once(garden, client, change):
    steps.announce(SYSTEM, garden.id)
    before = client.get("/kalender.ics").text
    assert "DTSTART;VALUE=DATE:20261201" in before
    assert "Garten: Hochbeete stehen" in before
    change(garden)
    after = client.get("/kalender.ics").text
    assert after != before
    expected = sorted(entry.summary for entry in entries())
    told = sorted(line.partition(":")[2] for line in after.split("\r\n") if line.startswith("SUMMARY"))
    assert told == expected


def test_pages_show_the_day_without_an_hour(garden, client):
    steps.announce(SYSTEM, garden.id)
    for page in ("/kalender/?monat=2026-12", "/kalender/?monat=2026-12&ansicht=monat&art=projekte"):
        shown = client.get(page).text
        assert "Garten: Hochbeete stehen" in shown
        assert "00:00" not in shown
    assert "Hochbeete" not in client.get("/kalender/?monat=2026-12&art=sitzungen").text


def test_thirty_are_asked_for_as_often_as_three(garden, count_queries):
    def ask():
        with count_queries() as counted:
            entries()
        return counted.number

    steps.announce(SYSTEM, garden.id)
    assert ask() == 6, "sittings, agendas, seats, events: nothing there; milestones, and who takes part"
    for n in range(30):
        milestones.add(SYSTEM, garden.id, aim=Aim(f"Ziel {n}", DAY))
    assert ask() == 6
