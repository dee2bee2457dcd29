"""What sittings add to the analysis: their times and whose they were, without a name, and of public ones alone."""

from datetime import datetime

import pytest

from coordination.analysis.rules import Asked
from coordination.organizations.rules import Kind, Topic
from core.access import SYSTEM
from core.dated import Status
from meetings.attendance import fairness
from meetings.attendance.operations import record
from meetings.attendance.rules import Presence
from meetings.sittings import operations as sittings
from meetings.sittings.operations import Plan
from participation.seats import operations as seats
from participation.seats.operations import SeatTerms

EVENING, MORNING = datetime(2026, 10, 1, 18, 30), datetime(2026, 10, 8, 9)


@pytest.fixture
def held(app):
    """`held(committee, start)`: a sitting there, confirmed and public unless told."""

    def make(committee, start, **plan):
        told = {"status": Status.CONFIRMED, **plan}
        return sittings.schedule(SYSTEM, committee.id, Plan(start=start, end=start.replace(hour=20), **told))

    return make


@pytest.fixture
def seated(make_seat, make_person, make_organization):
    """`seated(committee, number, kind)`: so many seats of one organization, each with a person."""

    def make(committee, number, kind):
        organization = make_organization(kind=kind)
        made = []
        for place in range(number):
            terms = SeatTerms(label=f"{kind} {place}", organization_id=organization.id)
            seat = seats.create_seat(SYSTEM, committee.id, terms=terms)
            seats.appoint(SYSTEM, seat.id, person_id=make_person().id, rank=0)
            made.append(seat)
        return made

    return make


def test_public_sittings_that_have_begun_are_counted_by_committee(make_committee, held):
    board, closed = make_committee(name="Beirat"), make_committee(name="Stiller Kreis", public=False)
    held(board, EVENING)
    held(board, MORNING)
    held(board, datetime(2025, 10, 4, 10))  # a Saturday
    held(board, datetime(2026, 12, 3, 18))  # to come
    held(board, EVENING, public=False)
    held(board, MORNING, status=Status.DRAFT)
    held(closed, EVENING)
    assert [(row.label, row.counts) for row in fairness.sittings(Asked()).rows] == [("Beirat", (1, 1, 1))]
    assert [row.counts for row in fairness.sittings(Asked(year=2026)).rows] == [(1, 1, 0)]
    assert fairness.sittings(Asked(year=2026)).notes == ()
    (note,) = fairness.sittings(Asked(topic=Topic.SPORT)).notes
    assert "nach dem Jahr" in note


def test_whose_evenings_without_sides_of_few_persons(make_committee, held, seated):
    board = make_committee()
    volunteers, staff = seated(board, 5, Kind.MIGRANT_ORGANISATION), seated(board, 4, Kind.DEPARTMENT)
    sitting = held(board, EVENING)
    for seat in volunteers + staff:
        record(SYSTEM, sitting.id, seat_id=seat.id, presence=Presence.PRESENT)
    (row,) = fairness.presence(Asked()).rows
    assert row.counts == (0, 5, 0)
    assert len(fairness.presence(Asked()).notes) == 1
    record(SYSTEM, sitting.id, seat_id=volunteers[0].id, presence=Presence.EXCUSED)
    assert fairness.presence(Asked()).rows == ()


def test_the_page_of_dates_shows_both_and_each_is_a_file(client, make_committee, held):
    held(make_committee(name="Beirat"), EVENING)
    page = client.get("/auswertung/termine?jahr=2026").text
    assert "Wann Gremien tagen" in page
    for name in fairness.STATISTICS:
        assert f"/auswertung/sitzungen/{name}.csv" in page or name == "anwesenheit"
        assert client.get(f"/auswertung/sitzungen/{name}.csv?jahr=2026").mimetype == "text/csv"
    assert client.get("/auswertung/sitzungen/nichts.csv").status_code == 404
