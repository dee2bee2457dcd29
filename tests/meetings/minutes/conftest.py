"""A held sitting of a public board, with attendance and an agenda of one public and one other item."""

from datetime import datetime
from types import SimpleNamespace

import pytest

from meetings.agenda import operations as agenda
from meetings.agenda.operations import Item
from meetings.attendance import operations as attendance
from meetings.attendance.operations import Mark
from meetings.attendance.rules import Presence

HELD = datetime(2026, 11, 12, 18, 30)


@pytest.fixture
def held(actor, make_committee, make_seat, make_person, make_organization, make_sitting) -> SimpleNamespace:  # noqa: PLR0917
    """MO 1: Dario for Elif; Jan was there, Ada advised; Olena was excused, Tom absent, Uta was not recorded."""
    committee = make_committee("Beirat", publishes_attendance=True)
    people = {name: make_person(name, given_name="") for name in ("Elif", "Dario", "Jan", "Ada", "Olena", "Tom", "Uta")}
    club = make_organization("Kulturverein").id
    rows = {
        "MO 1": make_seat(
            committee, people["Elif"], people["Dario"], label="MO 1", voting_right=True, organization_id=club
        ),
        "MO 2": make_seat(committee, people["Olena"], label="MO 2", voting_right=True),
        "MO 3": make_seat(committee, people["Tom"], label="MO 3", voting_right=True),
        "MO 4": make_seat(committee, people["Uta"], label="MO 4", voting_right=True),
        "Rat 1": make_seat(committee, people["Jan"], label="Rat 1", voting_right=True),
        "Amt": make_seat(committee, people["Ada"], label="Amt"),
    }
    sitting = make_sitting(committee, start=HELD, number="3/2026")
    marks = [
        Mark(rows["MO 1"].id, Presence.REPRESENTED, people["Dario"].id),
        Mark(rows["MO 2"].id, Presence.EXCUSED),
        Mark(rows["MO 3"].id, Presence.ABSENT),
        Mark(rows["Rat 1"].id, Presence.PRESENT),
        Mark(rows["Amt"].id, Presence.PRESENT),
    ]
    attendance.record_all(actor, sitting.id, marks=marks)
    first = agenda.add(actor, sitting.id, Item("Sprachkurse am Abend"))
    secret = agenda.add(actor, sitting.id, Item("Beschwerde einer Familie", public=False))
    return SimpleNamespace(
        committee=committee, sitting=sitting.id, item=first.id, secret=secret.id, member=people["Jan"].id
    )
