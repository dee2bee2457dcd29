"""Places: entered, found, edited, archived."""

import pytest

from coordination.places import operations, queries
from coordination.places.operations import Profile
from core.database import session
from core.errors import NotFound, Outdated
from core.history import lines_of
from core.instance import calendar_counter

HALL = Profile(
    name="Rathaus",
    room="Saal 1",
    street="Marktplatz 1",
    postal_code="00720",
    locality="Musterstadt",
    capacity=40,
    step_free=True,
)


def found(*args, **kwargs) -> list[str]:
    return [row.label for row in session().scalars(queries.search(*args, **kwargs))]


def test_a_place_gets_a_key_from_house_and_room(actor):
    first, second = operations.create_place(actor, HALL), operations.create_place(actor, HALL)
    assert (first.key, second.key) == ("rathaus-saal-1", "rathaus-saal-1-2")
    assert first.address == "Rathaus, Saal 1, Marktplatz 1, 00720 Musterstadt"
    assert Profile(name="Park") == operations.profile_of(operations.create_place(actor, Profile(name="Park")))
    (line,) = lines_of("place", first.id)
    assert line.action == "places.create"


def test_an_address_leaves_out_what_is_not_known(make_place):
    assert make_place("Park", locality="Musterstadt").address == "Park, Musterstadt"


def test_a_new_name_moves_the_calendar_counter_and_a_save_without_change_does_not(actor, make_place):
    hall = make_place("Rathaus")
    before = calendar_counter()
    operations.edit_place(actor, hall.id, version=None, profile=Profile(name="Rathaus"))
    assert calendar_counter() == before
    operations.edit_place(actor, hall.id, version=None, profile=Profile(name="Altes Rathaus"))
    assert calendar_counter() == before + 1
    assert [line.action for line in lines_of("place", hall.id)] == ["places.edit", "places.create"]


def test_an_outdated_save_is_refused(actor, make_place):
    hall = make_place("Rathaus")
    opened = hall.version
    operations.edit_place(actor, hall.id, version=opened, profile=Profile(name="Altes Rathaus"))
    with pytest.raises(Outdated):
        operations.edit_place(actor, hall.id, version=opened, profile=HALL)
    assert queries.get_place(hall.id).name == "Altes Rathaus"
    with pytest.raises(NotFound):
        operations.edit_place(actor, hall.id + 1, version=None, profile=HALL)


def test_search_by_house_room_and_address(make_place):
    make_place("Rathaus", room="Saal 1", street="Marktplatz 1")
    make_place("100 % Halle", locality="Nebenort")
    assert found("saal") == found("marktplatz") == ["Rathaus, Saal 1"]
    assert found("%") == found("nebenort") == ["100 % Halle"]


def test_archived_places_leave_the_choices_but_stay_with_their_dates(actor, make_place):
    hall, park = make_place("Rathaus"), make_place("Park")
    operations.archive_place(actor, hall.id)
    operations.archive_place(actor, hall.id)
    assert queries.list_choices() == [(park.id, "Park")]
    assert queries.list_choices(including=hall.id) == [(park.id, "Park"), (hall.id, "Rathaus")]
    assert found(archived=True) == ["Rathaus"]
    operations.restore_place(actor, hall.id)
    assert found() == ["Park", "Rathaus"]
