"""Two entries of one person, with appointments to one seat, become one."""

from datetime import date

import pytest
from sqlalchemy import select

from coordination.people.merging import merge_people
from core.access import SYSTEM
from core.database import session
from core.errors import Refused
from participation.seats import operations as seats
from participation.seats.models import Appointment

TERMS = ((None, date(2024, 12, 31)), (date(2025, 1, 1), None))


@pytest.fixture
def pair(make_person):
    return make_person("Ada", "Ahorn"), make_person("Adele", "Ahorn")


def test_one_after_the_other_they_stay_two_of_the_same_person(make_committee, make_seat, pair):
    kept, duplicate = pair
    seat = make_seat(make_committee())
    for person, (first, last) in zip(pair, TERMS, strict=True):
        seats.appoint(SYSTEM, seat.id, person_id=person.id, starts_on=first, ends_on=last)
    merge_people(SYSTEM, kept.id, duplicate.id)
    rows = session().scalars(select(Appointment).order_by(Appointment.id)).all()
    assert [(row.person_id, row.starts_on, row.ends_on) for row in rows] == [(kept.id, *days) for days in TERMS]


def test_nobody_becomes_their_own_deputy(make_committee, make_seat, pair):
    kept, duplicate = pair
    seat = make_seat(make_committee())
    for rank, person in enumerate(pair):
        seats.appoint(SYSTEM, seat.id, person_id=person.id, rank=rank)
    with pytest.raises(Refused, match="auf einem Sitz"):
        merge_people(SYSTEM, kept.id, duplicate.id)
    assert {row.person_id for row in session().scalars(select(Appointment))} == {kept.id, duplicate.id}
