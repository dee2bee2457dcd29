"""Seats and appointments: what may be entered, what is refused, and how things end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from core.access import SYSTEM
from core.database import session
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of
from participation.seats import operations, queries
from participation.seats.operations import SeatTerms
from participation.seats.rules import SeatRole

SPRING, SUMMER, AUTUMN, WINTER = date(2026, 3, 1), date(2026, 6, 1), date(2026, 9, 1), date(2026, 12, 1)


def test_seats_stand_in_the_order_in_which_they_were_entered(make_committee, make_seat):
    committee = make_committee()
    for label in ("Vorsitz", "MO 2", "MO 10", "Amt 1"):
        make_seat(committee, label)
    assert [seat.label for seat in queries.list_seats(committee.id)] == ["Vorsitz", "MO 2", "MO 10", "Amt 1"]


def test_each_right_stands_for_itself(actor, make_committee):
    committee = make_committee()
    rights = {"speaking_right": False, "motion_right": True, "voting_right": False}
    seat = operations.create_seat(actor, committee.id, terms=SeatTerms(label="MO 1", **rights))
    assert seat.rights == ("motion_right",)
    (line,) = lines_of("seat", seat.id)
    assert (line.action, line.new["motion_right"]) == ("seats.create", True)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (SeatTerms(label=""), "label"),
        (SeatTerms(label="MO 1"), "label"),
        (SeatTerms(label="MO 2", starts_on=SUMMER, ends_on=SPRING), "ends_on"),
    ],
)
def test_a_name_twice_and_an_end_before_the_start_are_refused(actor, make_committee, make_seat, terms, field):
    committee = make_committee()
    make_seat(committee, "MO 1")
    with pytest.raises(Refused) as refused:
        operations.create_seat(actor, committee.id, terms=terms)
    assert refused.value.field == field


def test_two_committees_may_have_a_seat_of_the_same_name(make_committee, make_seat):
    one, other = make_committee("Beirat"), make_committee("Runder Tisch")
    assert make_seat(one, "MO 1").id != make_seat(other, "MO 1").id


def test_an_edit_needs_the_newest_version_and_may_keep_the_name(actor, make_committee, make_seat):
    seat = make_seat(make_committee(), "MO 1")
    opened = seat.version
    operations.edit_seat(actor, seat.id, version=opened, terms=SeatTerms(label="MO 1", voting_right=True))
    with pytest.raises(Outdated):
        operations.edit_seat(actor, seat.id, version=opened, terms=SeatTerms(label="MO 7"))
    assert (seat.label, seat.voting_right) == ("MO 1", True)


def test_a_seat_is_ended_not_deleted(actor, make_committee, make_seat):
    committee = make_committee()
    seat = make_seat(committee, starts_on=SPRING)
    operations.end_seat(actor, seat.id, last_day=SUMMER)
    assert len(queries.roster_on(committee.id, SUMMER)) == 1
    assert queries.roster_on(committee.id, AUTUMN) == []
    with pytest.raises(Refused):
        operations.end_seat(actor, seat.id, last_day=date(2026, 2, 28))
    assert [line.action for line in lines_of("seat", seat.id)] == ["seats.end", "seats.create"]


def test_unknown_rows_are_not_found(actor, make_committee, make_seat, make_person):
    committee = make_committee()
    seat, person_id = make_seat(committee), make_person().id
    with pytest.raises(NotFound):
        operations.create_seat(actor, 4711, terms=SeatTerms(label="MO 2"))
    with pytest.raises(NotFound):
        operations.create_seat(actor, committee.id, terms=SeatTerms(label="MO 2", organization_id=4711))
    with pytest.raises(NotFound):
        operations.appoint(actor, 4711, person_id=person_id)
    with pytest.raises(NotFound):
        operations.appoint(actor, seat.id, person_id=4711)
    with pytest.raises(NotFound):
        operations.edit_appointment(actor, 4711, role=SeatRole.MEMBER, ends_on=SPRING)


def test_an_appointment_leaves_a_line_of_history(actor, make_committee, make_seat, make_person):
    seat, person = make_seat(make_committee()), make_person()
    appointment = operations.appoint(actor, seat.id, person_id=person.id, role=SeatRole.CHAIR, starts_on=SPRING)
    (line,) = lines_of("appointment", appointment.id)
    assert line.action == "seats.appoint"
    assert (line.new["person_id"], line.new["role"], line.new["starts_on"]) == (person.id, "chair", "2026-03-01")


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "free"),
    [
        (None, date(2026, 2, 28), True),
        (None, SPRING, False),
        (SPRING, SPRING, False),
        (SUMMER, None, False),
        (date(2026, 5, 31), None, False),
        (date(2026, 6, 2), None, True),
        (None, None, False),
    ],
)
def test_a_place_on_a_seat_has_one_person_a_day(
    actor, make_committee, make_seat, make_person, *, starts_on, ends_on, free
):
    seat, alma, bela = make_seat(make_committee()), make_person("Alma"), make_person("Bela")
    operations.appoint(actor, seat.id, person_id=alma.id, starts_on=SPRING, ends_on=SUMMER)
    if free:
        operations.appoint(actor, seat.id, person_id=bela.id, starts_on=starts_on, ends_on=ends_on)
    else:
        with pytest.raises(Refused, match="Alma Beispiel") as refused:
            operations.appoint(actor, seat.id, person_id=bela.id, starts_on=starts_on, ends_on=ends_on)
        assert refused.value.field == "rank"
    assert len(queries.list_appointments(seat.id)) == (2 if free else 1)


def test_of_two_who_fill_a_place_at_the_same_moment_one_is_refused(app, make_committee, make_seat, make_person):
    seat_id, people = make_seat(make_committee()).id, [make_person(name).id for name in ("Alma", "Bela", "Cora")]
    session().rollback()
    start = Barrier(len(people))

    def fill(person_id: int) -> str:
        with app.app_context():
            start.wait()
            try:
                operations.appoint(SYSTEM, seat_id, person_id=person_id)
            except Refused as refused:
                return str(refused.field)
            return "done"

    with ThreadPoolExecutor(len(people)) as pool:
        assert sorted(pool.map(fill, people)) == ["done", "rank", "rank"]
    assert len(queries.list_appointments(seat_id)) == 1


def test_nobody_has_two_places_on_one_seat_at_once(actor, make_committee, make_seat, make_person):
    alma = make_person()
    seat = make_seat(make_committee(), member=alma, until=SUMMER)
    with pytest.raises(Refused) as refused:
        operations.appoint(actor, seat.id, person_id=alma.id, rank=1, starts_on=SUMMER)
    assert refused.value.field == "person_id"
    operations.appoint(actor, seat.id, person_id=alma.id, rank=1, starts_on=date(2026, 6, 2))


def test_one_person_may_sit_on_two_seats(make_committee, make_seat, make_person):
    committee, alma = make_committee(), make_person()
    make_seat(committee, "MO 1", member=alma)
    make_seat(committee, "MO 2", deputies=[alma])
    assert [a.seat.label for a in queries.seats_of_person(alma.id, SPRING)] == ["MO 1", "MO 2"]


@pytest.mark.parametrize(
    ("appointment", "field"),
    [
        ({"starts_on": SUMMER, "ends_on": SPRING}, "ends_on"),
        ({"rank": -1}, "rank"),
        ({"rank": 10}, "rank"),
        ({"starts_on": WINTER}, "starts_on"),
        ({"ends_on": date(2026, 2, 28)}, "starts_on"),
    ],
)
def test_an_impossible_appointment_is_refused_at_its_field(
    actor, make_committee, make_seat, make_person, *, appointment, field
):
    seat = make_seat(make_committee(), starts_on=SPRING, ends_on=AUTUMN)
    with pytest.raises(Refused) as refused:
        operations.appoint(actor, seat.id, person_id=make_person().id, **appointment)
    assert refused.value.field == field
    assert queries.list_appointments(seat.id) == []


def test_an_appointment_is_ended_and_its_end_corrected_while_the_place_is_free(
    actor, make_committee, make_seat, make_person
):
    seat = make_seat(make_committee(), member=make_person("Alma"), since=SPRING)
    (first,) = queries.list_appointments(seat.id)
    operations.edit_appointment(actor, first.id, role=SeatRole.MEMBER, ends_on=SUMMER)
    operations.appoint(actor, seat.id, person_id=make_person("Bela").id, starts_on=AUTUMN)
    operations.edit_appointment(actor, first.id, role=SeatRole.MEMBER, ends_on=date(2026, 8, 31))
    for bad in (AUTUMN, date(2026, 2, 28)):
        with pytest.raises(Refused):
            operations.edit_appointment(actor, first.id, role=SeatRole.MEMBER, ends_on=bad)
    session().expire_all()
    assert first.ends_on == date(2026, 8, 31)
    assert [line.action for line in lines_of("appointment", first.id)][-1] == "seats.appoint"
