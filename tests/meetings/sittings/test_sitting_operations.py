"""Sittings: scheduled, moved, confirmed, cancelled, with their rooms kept in step."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from sqlalchemy import func, select

from coordination.places.models import Booking
from core.clock import AmbiguousTime, NonexistentTime
from core.database import session
from core.dated import Status
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of
from core.instance import calendar_counter
from meetings.sittings import operations, queries
from meetings.sittings.operations import Plan, plan_of
from meetings.sittings.rules import Mode

EVENING = datetime(2026, 11, 26, 18, 30)


def bookings() -> int:
    return session().scalar(select(func.count()).select_from(Booking)) or 0


def change(actor, row, **plan):
    return operations.edit(actor, row.id, version=None, plan=replace(plan_of(row), **plan), reason="Saal belegt")


def test_a_scheduled_sitting_keeps_wall_time_and_derives_utc(actor, make_committee):
    plan = Plan(start=EVENING, end=EVENING + timedelta(hours=2), title="Haushalt", status=Status.TENTATIVE)
    row = operations.schedule(actor, make_committee().id, plan)
    assert (row.starts_local, row.starts_at.isoformat()) == (EVENING, "2026-11-26T17:30:00+00:00")
    assert plan_of(row) == plan
    assert "@" in row.uid
    (line,) = lines_of("sitting", row.id)
    assert (line.action, line.new["title"]) == ("sittings.schedule", "Haushalt")


def test_a_sitting_without_title_is_called_by_its_committee(make_sitting):
    assert make_sitting().heading.endswith("Integrationsrat")


def test_a_title_of_its_own_is_its_name(make_sitting):
    assert make_sitting(title="Klausur").heading == "Klausur"


@pytest.mark.parametrize(
    "changes",
    [
        {"start": EVENING + timedelta(days=1)},
        {"end": EVENING + timedelta(hours=3)},
        {"mode": Mode.HYBRID},
        {"status": Status.TENTATIVE},
    ],
)
def test_time_place_and_status_of_a_published_sitting_raise_the_sequence(actor, make_sitting, changes):
    row = make_sitting()
    uid, told = row.uid, row.changed_at
    with time_machine.travel("2026-11-17T09:00:00Z", tick=True):
        row = change(actor, row, **changes)
    assert (row.uid, row.sequence, row.reason) == (uid, 1, "Saal belegt")
    assert row.changed_at > told
    assert lines_of("sitting", row.id)[0].action == "sittings.move"


def test_a_new_title_is_a_new_state_but_no_new_promise(actor, make_sitting):
    row = make_sitting()
    told = row.changed_at
    with time_machine.travel("2026-11-17T09:00:00Z", tick=True):
        row = change(actor, row, title="Sondersitzung")
    assert (row.sequence, row.reason) == (0, "")
    assert row.changed_at > told
    assert lines_of("sitting", row.id)[0].action == "sittings.edit"


def test_saving_without_a_change_writes_nothing(actor, make_sitting):
    row = make_sitting()
    version, before = row.version, calendar_counter()
    assert change(actor, row).version == version
    assert calendar_counter() == before
    assert len(lines_of("sitting", row.id)) == 1


def test_a_draft_may_change_unseen(actor, make_sitting):
    before = calendar_counter()
    row = make_sitting(status=Status.DRAFT)
    scheduled = calendar_counter()
    row = change(actor, row, start=EVENING + timedelta(days=1))
    assert row.sequence == 0
    operations.delete_draft(actor, row.id)
    assert calendar_counter() == scheduled
    assert scheduled - before <= 1  # the committee alone may have moved it
    with pytest.raises(NotFound):
        queries.get_sitting(row.id)


@pytest.mark.parametrize("status", [Status.TENTATIVE, Status.CONFIRMED])
def test_publishing_moving_hiding_and_cancelling_move_the_calendars(actor, make_sitting, status):
    row = make_sitting(status=Status.DRAFT)
    counters = [calendar_counter()]
    for step in (
        lambda: change(actor, row, status=status),
        lambda: change(actor, row, start=EVENING + timedelta(days=1)),
        lambda: change(actor, row, public=False),
        lambda: operations.cancel(actor, row.id),
    ):
        step()
        counters.append(calendar_counter())
    assert [after - before for before, after in pairwise(counters)] == [1, 1, 1, 1]


def test_a_published_sitting_does_not_become_a_draft_again(actor, make_sitting):
    row = make_sitting()
    with pytest.raises(Refused) as refused:
        change(actor, row, status=Status.DRAFT)
    assert refused.value.field == "status"
    with pytest.raises(Refused):
        operations.delete_draft(actor, row.id)
    assert queries.get_sitting(row.id).status == Status.CONFIRMED


def test_a_cancelled_sitting_stays_marked_and_cannot_be_changed(actor, make_sitting):
    row = operations.cancel(actor, make_sitting().id, reason="Sturm")
    assert (row.status, row.sequence, row.reason) == (Status.CANCELLED, 1, "Sturm")
    assert operations.cancel(actor, row.id, reason="Schnee").reason == "Sturm"  # twice is as once
    with pytest.raises(Refused):
        change(actor, row, title="Doch?")
    with pytest.raises(Refused):
        operations.confirm(actor, row.id)


def test_a_draft_is_deleted_not_cancelled(actor, make_sitting):
    row = make_sitting(status=Status.DRAFT)
    with pytest.raises(Refused):
        operations.cancel(actor, row.id)


def test_confirming_publishes(actor, make_sitting):
    row = operations.confirm(actor, make_sitting(status=Status.TENTATIVE).id)
    assert (row.status, row.sequence) == (Status.CONFIRMED, 1)
    assert operations.confirm(actor, row.id).sequence == 1


def test_an_outdated_save_is_refused(actor, make_sitting):
    row = make_sitting()
    opened, plan = row.version, replace(plan_of(row), title="Erste")
    operations.edit(actor, row.id, version=opened, plan=plan)
    with pytest.raises(Outdated):
        operations.edit(actor, row.id, version=opened, plan=replace(plan, title="Zweite"))
    assert queries.get_sitting(row.id).title == "Erste"


def test_two_who_save_at_once_do_not_overwrite_each_other(app, actor, make_sitting):
    row = make_sitting()
    number, opened, plan = row.id, row.version, plan_of(row)

    def save(count: int) -> bool:
        with app.app_context():
            try:
                operations.edit(actor, number, version=opened, plan=replace(plan, title=f"Titel {count}"))
            except Outdated:
                return False
            return True

    with ThreadPoolExecutor(6) as threads:
        assert list(threads.map(save, range(6))).count(True) == 1
    session().rollback()
    assert len(lines_of("sitting", number)) == 2


class TestRooms:
    def test_a_room_is_taken_moved_and_freed_with_the_sitting(self, actor, make_sitting, make_place):
        hall, attic = make_place("Saal"), make_place("Dachboden")
        row = make_sitting(status=Status.DRAFT, place_id=hall.id)
        assert bookings() == 0
        row = operations.confirm(actor, row.id)
        assert (row.booking.place_id, row.booking.starts_at) == (hall.id, row.starts_at)
        row = operations.move(
            actor, row.id, version=None, start=EVENING + timedelta(days=1), end=None, place_id=attic.id
        )
        assert (row.booking.place_id, row.booking.starts_at, row.sequence) == (attic.id, row.starts_at, 1)
        row = operations.cancel(actor, row.id)
        assert (row.booking_id, bookings()) == (None, 0)
        assert row.place_id == attic.id  # the notice still says where it would have been

    def test_without_a_room_the_booking_ends(self, actor, make_sitting, make_place):
        row = make_sitting(place_id=make_place().id)
        assert change(actor, row, place_id=None).booking_id is None
        assert bookings() == 0

    def test_a_taken_room_is_refused_at_its_field_and_nothing_changes(
        self, actor, make_committee, make_sitting, make_place
    ):
        hall, committee = make_place(), make_committee()
        make_sitting(committee, place_id=hall.id)
        other = make_sitting(committee, place_id=hall.id, start=EVENING + timedelta(days=1))
        for attempt in (
            lambda: make_sitting(committee, place_id=hall.id, start=EVENING + timedelta(minutes=30)),
            lambda: change(actor, other, start=EVENING - timedelta(minutes=30)),
        ):
            with pytest.raises(Refused) as refused:
                attempt()
            assert refused.value.field == "place"
        other = queries.get_sitting(other.id)
        assert (other.starts_local, other.sequence) == (EVENING + timedelta(days=1), 0)
        assert bookings() == 2


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        ({"end": EVENING}, "end"),
        ({"end": EVENING - timedelta(hours=1)}, "end"),
        ({"start": datetime(2027, 3, 28, 2, 30)}, "start"),
        ({"start": datetime(2027, 10, 31, 2, 30)}, "start"),
        ({"start": datetime(2027, 10, 31, 1, 0), "end": datetime(2027, 10, 31, 2, 30)}, "end"),
        ({"start": datetime(1, 1, 1)}, "date"),
        ({"start": datetime(9999, 12, 31, 23, 59)}, "date"),
        ({"title": "x" * 10_000}, "title"),
        ({"number": "x" * 41}, "number"),
        ({"video_url": "javascript:alert(1)", "mode": Mode.VIDEO}, "video_url"),
        ({"video_url": "https://", "mode": Mode.VIDEO}, "video_url"),
        ({"mode": Mode.VIDEO, "place_id": 1}, "place"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(actor, make_committee, plan, field):
    committee = make_committee()
    with pytest.raises(Refused) as refused:
        operations.schedule(actor, committee.id, Plan(**{"start": EVENING, **plan}))
    assert refused.value.field == field


def test_the_clock_change_is_named(actor, make_committee):
    committee = make_committee()
    with pytest.raises(NonexistentTime):
        operations.schedule(actor, committee.id, Plan(start=datetime(2027, 3, 28, 2, 30)))
    with pytest.raises(AmbiguousTime):
        operations.schedule(actor, committee.id, Plan(start=datetime(2027, 10, 31, 2, 30)))


def test_the_same_evening_hour_in_summer_and_winter(actor, make_committee):
    committee = make_committee()
    winter = operations.schedule(actor, committee.id, Plan(start=datetime(2027, 1, 14, 18, 30)))
    summer = operations.schedule(actor, committee.id, Plan(start=datetime(2027, 7, 14, 18, 30)))
    assert (winter.starts_at.hour, summer.starts_at.hour) == (17, 16)
