"""After a change a feed is renewed in part: what comes out is what building it anew would give."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from calendars.feeds import assembly
from calendars.feeds.assembly import Options, committee_feed, personal_feed, public_feed, shelf
from calendars.feeds.queries import find_key
from calendars.feeds.shelf import Shelf
from coordination.places import operations as places
from core.access import SYSTEM
from core.database import transaction
from core.dated import Status
from core.errors import Refused
from core.instance import CHANGES_KEPT, CalendarChange, calendar_counter, changed_rows, move_calendars
from meetings.agenda import operations as agenda
from meetings.agenda.operations import Item
from meetings.agenda.queries import items_of
from meetings.sittings import operations as sittings
from meetings.sittings.queries import get_sitting
from participation.committees import operations as committees

EVERYTHING = Options(everything=True)
NEW_YEAR = datetime(2027, 1, 1, 18)


@pytest.fixture
def read(monkeypatch):
    """How many dates were read at each build of a feed, as a list that grows."""
    numbers, entries = [], assembly.entries

    def counted(*args, **kwargs):
        found = entries(*args, **kwargs)
        numbers.append(len(found))
        return found

    monkeypatch.setattr(assembly, "entries", counted)
    return numbers


@pytest.fixture
def anew(app):
    """`anew(feed)`: the bytes of a feed as a process that has none yet builds it; what is kept here stays."""

    def build(feed):
        kept = shelf()
        app.extensions["feeds"] = Shelf()
        body = feed().body
        app.extensions["feeds"] = kept
        return body

    return build


def planned(sitting_id, **changes):
    """Save the sitting with these changes of its plan."""
    plan = replace(sittings.plan_of(get_sitting(sitting_id)), **changes)
    sittings.edit(SYSTEM, sitting_id, version=None, plan=plan)


def public():
    return public_feed(EVERYTHING)


def test_after_one_change_one_date_is_read(make_committee, make_sitting, read, anew):
    committee = make_committee()
    ids = [make_sitting(committee, NEW_YEAR + timedelta(days=day)).id for day in range(20)]
    before = public()
    planned(ids[7], title="Haushalt")
    after = public()
    assert read == [20, 1]
    assert (before.body.count(b"Haushalt"), after.body.count(b"Haushalt")) == (0, 1)
    assert anew(public) == after.body
    assert before.etag != after.etag


@pytest.mark.parametrize("number", [3, 30])
def test_renewing_asks_as_often_for_many_dates_as_for_few(make_committee, make_sitting, count_queries, number):
    committee = make_committee()
    ids = [make_sitting(committee, NEW_YEAR + timedelta(days=day)).id for day in range(number)]
    public()
    planned(ids[1], title="Haushalt")
    with count_queries() as counted:
        public()
    assert counted.number == 6, counted.statements


def test_a_sitting_that_is_not_public_any_more_is_gone_and_nothing_else(make_committee, make_sitting, read, anew):
    committee = make_committee()
    gone, stays = make_sitting(committee).id, make_sitting(committee, NEW_YEAR, title="Offen").id
    public()
    planned(gone, public=False, title="Geheim")
    assert public().body.count(b"BEGIN:VEVENT") == 1
    assert read == [2, 0]
    planned(stays, start=datetime(2027, 3, 1, 18), end=None)
    planned(gone, public=True)
    assert public().body == anew(public)
    assert public().body.index(b"Geheim") < public().body.index(b"Offen"), "by start"


def test_what_stands_in_many_dates_is_read_in_all_of_them(make_committee, make_sitting, make_place, read, anew):
    committee, place = make_committee(), make_place()
    for day in range(3):
        make_sitting(committee, NEW_YEAR + timedelta(days=day), place_id=place.id)
    public()
    places.edit_place(SYSTEM, place.id, version=None, profile=replace(places.profile_of(place), name="Neues Haus"))
    assert public().body.count(b"Neues Haus") == 3
    charter = replace(committees.charter_of(committee), name="Beirat")
    committees.edit_committee(SYSTEM, committee.id, version=None, charter=charter)
    assert public().body.count(b"SUMMARY:Beirat") == 3
    assert read == [3, 3, 3]
    assert anew(public) == public().body


def test_a_right_changes_no_public_feed_and_reads_a_personal_one_anew(  # noqa: PLR0917 (rows of many rooms)
    make_committee, make_sitting, make_person, seat, subscribe, read
):
    committee = make_committee()
    make_sitting(committee)
    make_sitting(committee, NEW_YEAR, public=False)
    person = make_person()
    key = find_key(subscribe(person)[1].split("/")[2])
    public(), personal_feed(key, everything=True)
    seat(committee, person)
    public()
    assert read == [1, 1, 0]
    assert personal_feed(key, everything=True).body.count(b"BEGIN:VEVENT") == 2


def test_a_hundred_random_changes_leave_each_feed_as_if_built_anew(  # noqa: PLR0917
    make_committee, make_sitting, make_place, make_person, seat, subscribe, anew
):
    chance = random.Random(7)
    open_one, closed = make_committee(), make_committee("Steuerungsgruppe", public=False)
    rooms, member = [make_place(), make_place("Treffpunkt")], make_person()
    seat(closed, member)
    ids = [make_sitting(chance.choice([open_one, closed]), some_day(chance)).id for _ in range(8)]
    key = find_key(subscribe(member)[1].split("/")[2])
    feeds = [
        public,
        lambda: committee_feed("integrationsrat", EVERYTHING),
        lambda: personal_feed(key, everything=True),
    ]

    def change(sitting_id):
        day, item = some_day(chance), next(iter(items_of(sitting_id)), None)
        steps = [
            lambda: planned(sitting_id, title=f"Titel {chance.random()}"),
            lambda: planned(sitting_id, start=day, end=day + timedelta(hours=2)),
            lambda: planned(sitting_id, place_id=chance.choice(rooms).id),
            lambda: planned(sitting_id, public=chance.random() > 0.5),
            lambda: planned(sitting_id, status=Status.CONFIRMED),
            lambda: sittings.cancel(SYSTEM, sitting_id),
            lambda: agenda.add(SYSTEM, sitting_id, Item(f"Vorhaben {day}", public=chance.random() > 0.3)),
            lambda: item and agenda.remove(SYSTEM, sitting_id, item.id),
            lambda: item and agenda.shift(SYSTEM, sitting_id, item.id, steps=1),
            lambda: ids.append(make_sitting(chance.choice([open_one, closed]), day).id),
            lambda: ids.append(make_sitting(open_one, day, status=Status.DRAFT).id),
        ]
        try:
            chance.choice(steps)()
        except Refused:  # the room is taken, or the sitting was called off
            return

    for _number in range(50):
        for _change in range(chance.randint(1, 3)):
            change(chance.choice(ids))
        for feed in feeds:
            assert feed().body == anew(feed)
    assert len(ids) > 20


def some_day(chance):
    return NEW_YEAR + timedelta(days=chance.randrange(300))


def test_rows_that_moved_the_counter_are_known_one_by_one(make_committee, make_sitting, actor):
    row = make_sitting(make_committee())
    counter = calendar_counter()
    assert changed_rows(counter, counter) == frozenset()
    item = agenda.add(actor, row.id, Item("Haushalt"))
    assert changed_rows(counter, calendar_counter()) == {f"sitting:{row.id}"}, "an agenda is a part of its sitting"
    agenda.remove(actor, row.id, item.id)
    assert changed_rows(counter, calendar_counter()) == {f"sitting:{row.id}"}
    assert changed_rows(counter + 9, calendar_counter()) is None, "a counter that went back, after a restore"


def test_rows_that_nobody_named_may_be_any(make_committee, make_sitting):
    row = make_sitting(make_committee())
    counter = calendar_counter()
    with transaction():
        move_calendars()
    planned(row.id, title="Haushalt")
    assert changed_rows(counter, calendar_counter()) is None


def test_many_rows_in_one_go_are_not_named_and_old_moves_are_forgotten(make_place):
    counter = calendar_counter()
    with transaction():
        for number in range(51):
            make_place(f"Haus {number}")
    assert changed_rows(counter, calendar_counter()) is None
    first = calendar_counter()
    with transaction() as session:
        session.add(CalendarChange(counter=first - CHANGES_KEPT, rows="place:1"))
    make_place("Neu")
    with transaction() as session:
        assert session.get(CalendarChange, first + 1) is not None
        assert session.get(CalendarChange, first - CHANGES_KEPT) is None
    assert changed_rows(first - CHANGES_KEPT, first + 1) is None
