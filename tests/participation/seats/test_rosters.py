"""The roster as on any day, who belongs to a committee, and the numbers a quorum is judged by."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.people.operations import archive_person
from core.access import ANONYMOUS, SYSTEM, Actor, Grant
from core.clock import today
from core.database import session
from participation.committees.operations import archive_committee
from participation.seats import policies, queries
from participation.seats.models import Appointment, Seat
from participation.seats.operations import appoint, end_seat

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)

days = st.dates(date(2026, 1, 1), date(2026, 1, 12))
periods = st.tuples(st.none() | days, st.none() | days)
appointments = st.lists(st.tuples(st.integers(0, 3), periods), max_size=6)


def every_day(period: tuple[date | None, date | None]) -> set[date]:
    """The naive reading of a period: each of its days."""
    start, end = period[0] or date(2025, 12, 20), period[1] or date(2026, 1, 20)
    return {start + n * DAY for n in range((end - start).days + 1)}


@given(seat=periods, people=appointments, day=days)
def test_holdings_agree_with_counting_days(seat, people, day):
    rows = [
        Appointment(id=number, person_id=number, rank=rank, starts_on=period[0], ends_on=period[1])
        for number, (rank, period) in enumerate(people)
    ]
    found = queries.holdings([Seat(label="MO 1", starts_on=seat[0], ends_on=seat[1], appointments=rows)], day)
    there = [rows[n] for n, (_rank, period) in enumerate(people) if day in every_day(period)]
    assert bool(found) == (day in every_day(seat))
    for holding in found:
        members = [row for row in there if row.rank == 0]
        assert holding.member in members if members else holding.member is None
        assert {row.id for row in holding.deputies} == {row.id for row in there if row.rank > 0}
        assert [row.rank for row in holding.deputies] == sorted(row.rank for row in there if row.rank > 0)
        assert holding.people[:1] == ((holding.member,) if holding.member else holding.deputies[:1])


@pytest.mark.parametrize(
    ("day", "seats", "people"),
    [(FIRST - DAY, 0, 0), (FIRST, 1, 2), (LAST, 1, 2), (LAST + DAY, 1, 0)],
    ids=["the day before", "first day", "last day", "the day after"],
)
def test_the_database_counts_days_as_the_rule_does(make_committee, make_person, make_seat, *, day, seats, people):
    committee, alma, bela = make_committee(), make_person("Alma"), make_person("Bela")
    make_seat(committee, member=alma, deputies=[bela], since=FIRST, until=LAST, starts_on=FIRST)
    roster = queries.roster_on(committee.id, day)
    assert (len(roster), sum(len(holding.people) for holding in roster)) == (seats, people)
    assert queries.committees_of(bela.id, day) == (frozenset({committee.id}) if people else frozenset())
    assert len(queries.seats_of_person(alma.id, day)) == (1 if people else 0)


def test_an_ended_seat_gives_nothing_to_an_open_appointment(actor, make_committee, make_person, make_seat):
    committee, alma = make_committee(), make_person()
    seat = make_seat(committee, member=alma)
    end_seat(actor, seat.id, last_day=LAST)
    assert queries.committees_of(alma.id, LAST) == {committee.id}
    assert queries.committees_of(alma.id, LAST + DAY) == frozenset()


def test_an_archived_person_belongs_to_no_committee_but_stays_in_rosters(actor, make_committee, make_person, make_seat):
    committee, alma = make_committee(), make_person()
    make_seat(committee, member=alma)
    archive_person(actor, alma.id)
    assert queries.committees_of(alma.id, today()) == frozenset()
    (holding,) = queries.roster_on(committee.id, today())
    assert holding.member.person is alma


def test_a_change_of_member_keeps_the_earlier_roster(actor, make_committee, make_person, make_seat):
    committee, alma, bela = make_committee(), make_person("Alma"), make_person("Bela")
    seat = make_seat(committee, member=alma, until=LAST)
    appoint(actor, seat.id, person_id=bela.id, starts_on=LAST + DAY)
    seats = queries.list_seats(committee.id)
    on = {day: queries.holdings(seats, day)[0].member.person.given_name for day in (LAST, LAST + DAY)}
    assert on == {LAST: "Alma", LAST + DAY: "Bela"}


def test_the_seats_of_an_organization_are_those_of_today_in_active_committees(
    actor, make_committee, make_organization, make_seat
):
    chorus, old = make_organization(), make_committee("Alt")
    current = make_committee("Neu")
    make_seat(old, "MO 1", chorus)
    make_seat(current, "MO 1", chorus)
    make_seat(current, "MO 2", chorus, ends_on=today() - DAY)
    make_seat(current, "MO 3", chorus, starts_on=today() + DAY)
    make_seat(current, "MO 4")
    archive_committee(actor, old.id)
    assert [(s.committee.name, s.label) for s in queries.seats_of_organization(chorus.id, today())] == [("Neu", "MO 1")]


def test_a_roster_takes_two_queries_whatever_its_size(make_committee, make_person, make_seat, count_queries):
    committee = make_committee()

    def ask() -> int:
        session().expire_all()
        with count_queries() as counted:
            for holding in queries.roster_on(committee_id, today()):
                assert holding.member.person.name
                assert all(deputy.person.name for deputy in holding.deputies)
        return counted.number

    committee_id = committee.id
    make_seat(committee, "0", member=make_person(), deputies=[make_person()])
    few = ask()
    for number in range(1, 12):
        make_seat(committee, str(number), member=make_person(), deputies=[make_person(), make_person()])
    assert ask() == few == 2


def test_the_health_of_a_roster_names_what_needs_care(make_committee, make_person, make_seat):
    committee, soon, later = make_committee(), today() + queries.SOON, today() + queries.SOON + DAY
    make_seat(committee, "vacant")
    make_seat(committee, "alone", member=make_person(), until=later)
    make_seat(committee, "ending", member=make_person(), deputies=[make_person()], until=soon)
    make_seat(committee, "seat ends", member=make_person(), deputies=[make_person()], ends_on=today())
    found = queries.health(queries.roster_on(committee.id, today()), today())
    assert [[seat.label for seat in seats] for seats in found] == [["vacant"], ["alone"], ["ending", "seat ends"]]


SITTING = frozenset({"seats.edit"})


@pytest.mark.parametrize(
    ("who", "insider", "edits", "names"),
    [
        (lambda c, p: ANONYMOUS, False, False, False),
        (lambda c, p: Actor(account_id=1), False, False, False),
        (lambda c, p: Actor(account_id=1, person_id=p["outsider"]), False, False, False),
        (lambda c, p: Actor(account_id=1, person_id=p["member"]), True, False, True),
        (lambda c, p: Actor(account_id=1, person_id=p["deputy"]), True, False, True),
        (lambda c, p: Actor(account_id=1, person_id=p["ended yesterday"]), False, False, False),
        (lambda c, p: Actor(account_id=1, person_id=p["starts tomorrow"]), False, False, False),
        (lambda c, p: Actor(account_id=1, permissions=frozenset({"people.read"})), False, False, True),
        (
            lambda c, p: Actor(account_id=1, permissions=SITTING, grants=frozenset({Grant("clerk", c)})),
            True,
            True,
            True,
        ),
        (
            lambda c, p: Actor(account_id=1, permissions=SITTING, grants=frozenset({Grant("clerk", c + 1)})),
            False,
            False,
            False,
        ),
        (lambda c, p: Actor(account_id=1, permissions=SITTING, is_admin=True), True, True, True),
        (lambda c, p: SYSTEM, True, True, True),
    ],
    ids=[
        "nobody",
        "account without person",
        "outsider",
        "member",
        "deputy",
        "ended yesterday",
        "starts tomorrow",
        "officer",
        "clerk",
        "clerk of another",
        "admin",
        "command",
    ],
)
def test_who_belongs_to_a_committee_and_may_do_what(
    make_committee, make_person, make_seat, *, who, insider, edits, names
):
    committee = make_committee()
    people = {
        name: make_person(name) for name in ("outsider", "member", "deputy", "ended yesterday", "starts tomorrow")
    }
    make_seat(committee, "1", member=people["member"], deputies=[people["deputy"]], since=today(), until=today())
    make_seat(committee, "2", member=people["ended yesterday"], until=today() - DAY)
    make_seat(committee, "3", member=people["starts tomorrow"], since=today() + DAY)
    actor = who(committee.organization_id, {name: person.id for name, person in people.items()})
    assert policies.is_insider(actor, committee) is insider
    assert policies.inner_circle_of(actor) == (frozenset({committee.id}) if insider else frozenset())
    assert policies.may_edit(actor, committee) is edits
    assert policies.may_see_names(actor, insider=insider) is names


def test_the_inner_circle_is_asked_for_a_day(make_committee, make_person, make_seat):
    committee, alma = make_committee(), make_person()
    make_seat(committee, member=alma, until=LAST)
    actor = Actor(account_id=1, person_id=alma.id)
    assert policies.is_insider(actor, committee, LAST)
    assert not policies.is_insider(actor, committee, LAST + DAY)
