"""What minutes say as a value: kept as text, read back, compared, and cut down to what is public."""

from dataclasses import replace
from datetime import datetime

from meetings.attendance.rules import Quorum
from meetings.minutes.content import (
    Content,
    Difference,
    ItemEntry,
    Part,
    SeatEntry,
    checksum,
    differences,
    public_part,
    read,
    replaced,
    signs_of,
    write,
)

ELIF = SeatEntry("MO 1", "Verein „Ş“", "Dario", 12, "Elif", 1, represented=True, online=False)
OLENA = SeatEntry("MO 2", "", "Olena", 3, "", None, represented=False, online=False)
FIRST = ItemEntry(7, "1", "Räume", True, "Elif fragt.\n\n- 2 Säle")
SECOND = ItemEntry(8, "N1", "Personal", False, "Geheim")
WHOLE = Content(
    municipality="Musterstadt",
    committee="Beirat",
    title="",
    number="3/2026",
    mode="in_person",
    starts=datetime(2026, 11, 12, 18, 30),
    ends=None,
    began=datetime(2026, 11, 12, 18, 35),
    ended=None,
    room="Rathaus, Saal 2",
    chair="Elif",
    secretary="",
    guests=("Gast ሰላም", '\\u0022 "Zitat"'),
    publishes_names=True,
    voting=(ELIF,),
    advisory=(),
    excused=(OLENA,),
    absent=(),
    quorum=Quorum(1, 1, voting_only=True),
    items=(FIRST, SECOND),
)


def test_what_is_kept_is_read_back_the_same():
    text = write(WHOLE, "salz")
    assert read(text) == WHOLE
    assert write(read(text), "salz") == text
    assert "ሰላም" in text  # found by a search for a name, and read by whoever looks into the table


def test_the_same_content_has_another_checksum_with_another_salt():
    assert checksum(write(WHOLE, "a")) != checksum(write(WHOLE, "b"))
    assert checksum(write(WHOLE, "a")) == checksum(write(WHOLE, "a"))


def test_people_are_found_in_a_kept_text_by_their_number():
    text = write(WHOLE, "salz")
    found = [number for number in (1, 2, 3, 12, 123) if any(sign in text for sign in signs_of(number))]
    assert found == [1, 3, 12]


def test_the_public_part_leaves_out_what_is_not_public():
    part = public_part(WHOLE, names=True)
    assert (part.items, part.excused, part.voting, part.chair) == ((FIRST,), (), (ELIF,), "Elif")
    assert public_part(WHOLE, names=True, hidden={7}).items == ()
    nameless = write(public_part(WHOLE, names=False), "")
    assert [name for name in ("Dario", 'Elif"', "Gast", ":12", "Olena") if name in nameless] == []
    assert "Verein „Ş“" in nameless


def test_an_office_takes_the_place_of_a_person_and_nobody_else():
    done = replaced(WHOLE, offices={1: "Vertretung"}, in_text=lambda text: text.replace("Elif", "Vertretung"))
    assert (done.voting[0].name, done.voting[0].instead_of) == ("Dario", "Vertretung")
    assert (done.chair, done.items[0].text) == ("Vertretung", "Vertretung fragt.\n\n- 2 Säle")
    assert done.excused == (OLENA,)


def test_what_differs_is_named_part_by_part():
    added = ItemEntry(9, "2", "Neu", True, "")
    changed = replace(FIRST, text="Anders")
    assert differences(WHOLE, WHOLE) == []
    assert differences(WHOLE, replace(WHOLE, chair="Jan", absent=(OLENA,))) == [
        Difference(Part.HEAD),
        Difference(Part.ATTENDANCE),
    ]
    assert differences(WHOLE, replace(WHOLE, room="", publishes_names=False)) == [
        Difference(Part.SITTING),
        Difference(Part.NAMES),
    ]
    assert differences(WHOLE, replace(WHOLE, items=(changed, added))) == [
        Difference(Part.ITEM_CHANGED, changed),
        Difference(Part.ITEM_ADDED, added),
        Difference(Part.ITEM_GONE, SECOND),
    ]
    assert differences(WHOLE, replace(WHOLE, items=(SECOND, FIRST))) == [Difference(Part.ORDER)]
