"""How rows become entries: who reads what, and that nothing is read twice."""

from datetime import date, datetime

import pytest

from calendars.entry import PUBLIC, Status
from calendars.sources.audiences import EVERYBODY, circle_of
from calendars.sources.entries import entries, entry_of_sitting
from coordination.people import operations as people
from core.access import SYSTEM
from core.database import transaction
from core.dated import Status as RowStatus
from core.errors import NotFound
from core.languages import in_language
from meetings.sittings import operations as sittings
from meetings.sittings.models import Sitting
from meetings.sittings.rules import Mode
from participation.committees import operations as committees
from participation.seats import operations as seats


def inner(committee):
    """What an insider of the committee belongs to, as far as this committee goes."""
    return frozenset({PUBLIC, circle_of(committee.id)})


def test_a_public_sitting_is_read_by_everybody(make_committee, make_sitting, make_place):
    committee = make_committee()
    row = make_sitting(committee, title="Klausur", number="3/2027", place_id=make_place().id)
    (entry,) = entries()
    assert (entry.uid, entry.sequence, entry.audience) == (row.uid, 0, PUBLIC)
    assert entry.summary == "Integrationsrat: Klausur"
    assert entry.location == "Rathaus, Saal 1, Marktplatz 1, 12345 Musterstadt"
    assert (entry.starts_local, entry.ends_local) == (datetime(2027, 1, 14, 18, 30), datetime(2027, 1, 14, 20, 30))
    assert entry.categories == ("Integrationsausschuss", "Integrationsrat")
    assert entry.url == f"http://localhost/sitzungen/{row.id}"
    assert entry.link == f"/sitzungen/{row.id}"
    assert entry.organization_ids == {committee.organization_id}
    assert "Status: Bestätigt" in entry.description
    assert "3/2027" in entry.description


@pytest.mark.parametrize(
    ("committee_is_public", "plan"),
    [(True, {"public": False}), (False, {}), (True, {"status": RowStatus.DRAFT})],
)
def test_what_is_not_public_is_not_read_by_everybody(make_committee, make_sitting, committee_is_public, plan):
    committee = make_committee(public=committee_is_public)
    row = make_sitting(committee, **plan)
    assert entries() == []
    seen = entries(audiences=inner(committee))
    assert [entry.uid for entry in seen] == ([] if row.status == RowStatus.DRAFT else [row.uid])
    assert entries(audiences=frozenset({PUBLIC, circle_of(committee.id + 1)})) == []


def test_the_inner_reading_adds_what_is_not_for_everybody(make_committee, make_sitting, add_agenda):
    committee = make_committee()
    row = make_sitting(committee, mode=Mode.HYBRID, video_url="https://video.example/room")
    add_agenda(row, "Begrüßung", ("Personalia", False))
    (public,) = entries()
    (inside,) = entries(audiences=inner(committee))
    assert public.uid == inside.uid
    assert (public.conference_url, inside.conference_url) == ("", "https://video.example/room")
    assert (public.audience, inside.audience) == (PUBLIC, circle_of(committee.id))
    assert "1 Begrüßung" in public.description
    assert "Personalia" not in public.description
    assert "2 Personalia (nicht öffentlich)" in inside.description


def test_a_sitting_by_video_says_where_only_inside(make_committee, make_sitting):
    committee = make_committee()
    make_sitting(committee, mode=Mode.VIDEO, video_url="https://video.example/room")
    assert entries()[0].location == "Online"
    assert entries(audiences=inner(committee))[0].location == "https://video.example/room"


def test_a_cancelled_sitting_stays_and_its_reason_is_for_those_inside(make_committee, make_sitting):
    committee = make_committee()
    row = make_sitting(committee)
    sittings.cancel(SYSTEM, row.id, reason="Die Heizung ist kaputt.")
    (entry,) = entries()
    assert (entry.status, entry.sequence) == (Status.CANCELLED, 1)
    assert "Status: Abgesagt" in entry.description
    assert "Heizung" not in entry.description
    assert "Grund: Die Heizung ist kaputt." in entries(audiences=inner(committee))[0].description


def test_texts_are_in_the_readers_language_and_categories_are_not(make_committee, make_sitting):
    make_sitting(make_committee(), status=RowStatus.TENTATIVE)
    with in_language("en"):
        (english,) = entries()
    assert "Status: Planned" in english.description
    assert "Status: Geplant" in entries()[0].description
    assert english.categories == ("Integrationsausschuss", "Integrationsrat")


def test_limits_are_local_days_the_last_one_left_out(make_committee, make_sitting):
    committee, other = make_committee(), make_committee("Netzwerk")
    first = make_sitting(committee, datetime(2027, 1, 1, 0, 30), end=None)
    make_sitting(committee, datetime(2027, 2, 1, 0, 0), end=None)
    make_sitting(other, datetime(2027, 1, 5, 18, 0))
    found = entries(date(2027, 1, 1), date(2027, 2, 1), committees=[committee.id])
    assert [entry.uid for entry in found] == [first.uid]


def test_organizations_that_hold_a_seat_on_the_day_take_part(
    make_committee, make_sitting, make_person, seat, make_organization
):
    committee, choir = make_committee(), make_organization("Chor")
    held = seat(committee, make_person(), organization_id=choir.id)
    seats.end_seat(SYSTEM, held.seat_id, last_day=date(2027, 1, 31))
    make_sitting(committee, datetime(2027, 1, 14, 18, 0))
    make_sitting(committee, datetime(2027, 2, 14, 18, 0))
    january, february = entries()
    assert january.organization_ids == {committee.organization_id, choir.id}
    assert february.organization_ids == {committee.organization_id}


def test_every_change_of_a_row_is_seen(make_committee, make_sitting, make_place, add_agenda):
    committee, place = make_committee(), make_place()
    row = make_sitting(committee, place_id=place.id)
    before = entries()[0]
    assert entries()[0] is before, "what did not change is made once"
    (item,) = add_agenda(row, "Begrüßung")
    assert "Begrüßung" in entries()[0].description
    with transaction() as session:
        session.delete(session.merge(item))
    add_agenda(row, "Eröffnung")  # SQLite may give it the same id and version
    assert "Eröffnung" in entries()[0].description
    with transaction():
        place.room = "Saal 2"
    assert "Saal 2" in entries()[0].location
    charter = committees.charter_of(committee)
    committees.edit_committee(
        SYSTEM, committee.id, version=None, charter=type(charter)(name="Beirat", kind=charter.kind)
    )
    assert entries()[0].summary == "Beirat"


def test_ten_times_the_rows_ask_the_same_six_queries(make_committee, make_sitting, add_agenda, count_queries):
    committee = make_committee()

    def ask():
        with count_queries() as counted:
            entries()
        return counted.number

    make_sitting(committee)
    assert ask() == 6, "versions, agendas, seats, what is not kept yet; and whether there are events or milestones"
    for day in range(1, 11):
        add_agenda(make_sitting(committee, datetime(2027, 3, day, 18, 0)), "Begrüßung")
    assert ask() == 6
    assert ask() == 5, "the entries are kept"


def test_one_row_that_no_calendar_could_show_stops_nothing(make_committee, make_sitting):
    committee = make_committee()
    make_sitting(committee)
    broken = make_sitting(committee, datetime(2027, 2, 14, 18, 0))
    with transaction() as session:
        session.get(Sitting, broken.id).uid = "no/uid"
    assert [entry.starts_local.month for entry in entries()] == [1]


def test_a_single_sitting_is_found_by_whom_it_is_for(make_committee, make_sitting):
    committee = make_committee()
    row = make_sitting(committee, public=False)
    assert entry_of_sitting(row.id, audiences=inner(committee)).uid == row.uid
    with pytest.raises(NotFound):
        entry_of_sitting(row.id, audiences=EVERYBODY)


def test_memberships_and_seats_give_circles_by_date(make_committee, make_person, make_organization, seat, circles):
    committee, choir, person = make_committee(public=False), make_organization("Chor"), make_person()
    seat(committee, person, starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 16), rank=1)
    people.add_membership(SYSTEM, person.id, organization_id=choir.id, ends_on=date(2026, 11, 15))
    assert circle_of(committee.id) not in circles(person, date(2026, 10, 31))
    assert {a.kind for a in circles(person, date(2026, 11, 15))} == {"public", "person", "committee", "organization"}
    assert {a.kind for a in circles(person, date(2026, 11, 16))} == {"public", "person", "committee"}
    assert {a.kind for a in circles(person, date(2026, 11, 17))} == {"public", "person"}


def test_whoever_keeps_the_business_of_a_committee_belongs_to_it(make_committee, make_person, make_account, circles):
    committee, person = make_committee(public=False), make_person()
    account = make_account("clerk", organization_id=committee.organization_id, person_id=person.id)
    assert circle_of(committee.id) in circles(person)
    with transaction():
        account.active = False
    assert circle_of(committee.id) not in circles(person)
