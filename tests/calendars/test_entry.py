"""An entry is one frozen date: equal entries are the same, impossible ones are refused."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from calendars.entry import PUBLIC, Audience, Circle, Entry, Status, whole_days

CHANGED = datetime(2026, 5, 1, 12, tzinfo=UTC)


def sitting(**changes: Any) -> Entry:
    """A sitting on a summer evening."""
    values: dict[str, Any] = {
        "uid": "7f3c@town.example",
        "changed_at": CHANGED,
        "starts_local": datetime(2026, 7, 1, 18, 30),
        "ends_local": datetime(2026, 7, 1, 20, 30),
        "summary": "Integrationsrat",
    }
    return Entry(**values | changes)


def test_utc_follows_from_wall_time_and_zone() -> None:
    summer, winter = sitting(), sitting(starts_local=datetime(2026, 1, 14, 18, 30))
    assert summer.starts_at == datetime(2026, 7, 1, 16, 30, tzinfo=UTC)
    assert summer.ends_at == datetime(2026, 7, 1, 18, 30, tzinfo=UTC)
    assert winter.starts_at == datetime(2026, 1, 14, 17, 30, tzinfo=UTC)


def test_an_unknown_end_stays_unknown() -> None:
    entry = sitting(ends_local=None)
    assert entry.ends_at is None
    assert entry.last_day == date(2026, 7, 1)


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    twice = datetime(2026, 10, 25, 2, 30, fold=1)
    entry = sitting(starts_local=twice, ends_local=None)
    assert entry.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_equal_entries_are_one_key() -> None:
    assert sitting() == sitting()
    assert len({sitting(), sitting(), sitting(summary="Anders")}) == 2
    assert hash(sitting()) == hash(sitting())


def test_an_entry_cannot_be_changed_but_replaced() -> None:
    entry = sitting()
    with pytest.raises(FrozenInstanceError):
        entry.summary = "Anders"  # type: ignore[misc]
    moved = replace(entry, starts_local=datetime(2026, 7, 1, 19), sequence=1)
    assert moved.starts_at == datetime(2026, 7, 1, 17, tzinfo=UTC)
    assert replace(entry, status=Status.CANCELLED).cancelled
    assert not entry.cancelled


def test_whole_days_are_given_inclusively() -> None:
    starts, ends = whole_days(date(2026, 12, 30), date(2027, 1, 1))
    entry = sitting(starts_local=starts, ends_local=ends, all_day=True)
    assert (entry.starts_local, entry.ends_local) == (datetime(2026, 12, 30), datetime(2027, 1, 2))
    assert entry.last_day == date(2027, 1, 1)


def test_the_last_day_of_an_evening_that_ends_at_midnight_is_that_evening() -> None:
    assert sitting(ends_local=datetime(2026, 7, 2)).last_day == date(2026, 7, 1)
    assert sitting(ends_local=datetime(2026, 7, 2, 0, 1)).last_day == date(2026, 7, 2)
    assert sitting(starts_local=datetime(2026, 7, 2), ends_local=datetime(2026, 7, 2)).last_day == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"uid": ""}, "uid has 1 to 255"),
        ({"uid": "a/b@town.example"}, "uid has 1 to 255"),
        ({"uid": "a@town.example\r\nBEGIN:VALARM"}, "uid has 1 to 255"),
        ({"uid": "ä@town.example"}, "uid has 1 to 255"),
        ({"uid": "a" * 256}, "uid has 1 to 255"),
        ({"sequence": -1}, "never goes below 0"),
        ({"ends_local": datetime(2026, 7, 1, 18, 29)}, "end lies before the start"),
        # 02:30 does not exist on that night, it is 03:30: so this end lies before its start in real time
        (
            {"starts_local": datetime(2026, 3, 29, 2, 30), "ends_local": datetime(2026, 3, 29, 3, 10)},
            "end lies before the start",
        ),
        ({"starts_local": datetime(2026, 7, 1, 18, tzinfo=UTC)}, "naive"),
        ({"ends_local": datetime(2026, 7, 1, 23, tzinfo=UTC)}, "naive"),
        ({"changed_at": datetime(2026, 5, 1)}, "aware and in UTC"),
        ({"changed_at": datetime(2026, 5, 1, tzinfo=timezone(timedelta(hours=2)))}, "aware and in UTC"),
        ({"zone": "Mitteleuropa/Musterstadt"}, "unknown time zone"),
        ({"zone": "../../etc/passwd"}, "unknown time zone"),
        ({"starts_local": datetime(1, 1, 1)}, "out of range"),
        ({"all_day": True, "ends_local": None}, "has an end"),
        ({"all_day": True}, "at 00:00"),
        (
            {"all_day": True, "starts_local": datetime(2026, 7, 1), "ends_local": datetime(2026, 7, 1)},
            "at least one day",
        ),
    ],
)
def test_what_no_calendar_could_show_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sitting(**changes)


def test_an_audience_is_a_value() -> None:
    assert sitting().audience == PUBLIC
    assert Audience(Circle.COMMITTEE, 3) in {Audience(Circle.COMMITTEE, 3), PUBLIC}
    with pytest.raises(ValueError, match="has an id"):
        Audience(Circle.COMMITTEE)
    with pytest.raises(ValueError, match="the public has none"):
        Audience(Circle.PUBLIC, 1)
