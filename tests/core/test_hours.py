"""Every minute is office time, evening or a free day: exactly one of them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.hours import (
    LAENDER,
    HourRules,
    Kind,
    count_by_kind,
    holiday_name,
    kind_at,
    minutes_by_kind,
    rules_from,
)
from core.settings import Settings

BW = HourRules()
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("wall", "kind"),
    [
        ("2027-01-14T07:59", Kind.EVENING),
        ("2027-01-14T08:00", Kind.OFFICE),
        ("2027-01-14T17:29", Kind.OFFICE),
        ("2027-01-14T17:29:59", Kind.OFFICE),
        ("2027-01-14T17:30", Kind.EVENING),
        ("2027-01-14T18:30", Kind.EVENING),
        ("2027-01-14T00:00", Kind.EVENING),
        ("2027-01-16T10:00", Kind.FREE_DAY),  # Saturday
        ("2027-01-17T19:00", Kind.FREE_DAY),  # Sunday
        ("2027-01-06T10:00", Kind.FREE_DAY),  # Epiphany, a Wednesday
        ("2027-12-31T10:00", Kind.OFFICE),  # New Year's Eve is no public holiday
    ],
)
def test_each_minute_has_one_kind(wall: str, kind: Kind) -> None:
    assert kind_at(datetime.fromisoformat(wall), BW) == kind


def test_holidays_are_those_of_the_land() -> None:
    epiphany = datetime(2027, 1, 6, 10)
    assert kind_at(epiphany, HourRules(land="BW")) == Kind.FREE_DAY
    assert kind_at(epiphany, HourRules(land="HE")) == Kind.OFFICE
    repentance_day = datetime(2026, 11, 18, 10)
    assert kind_at(repentance_day, HourRules(land="SN")) == Kind.FREE_DAY
    assert kind_at(repentance_day, HourRules(land="BY")) == Kind.OFFICE


def test_assumption_day_is_free_in_catholic_places_of_bavaria() -> None:
    assumption = date(2025, 8, 15)
    assert holiday_name(assumption, HourRules(land="BY", catholic=True)) == "Mariä Himmelfahrt"
    assert holiday_name(assumption, HourRules(land="BY")) is None
    assert holiday_name(assumption, HourRules(land="BW", catholic=True)) is None


def test_a_holiday_has_a_name_in_the_reader_s_language() -> None:
    unity = date(2027, 10, 3)
    assert holiday_name(unity, BW, "de") == "Tag der Deutschen Einheit"
    assert holiday_name(unity, BW, "en") == "German Unity Day"
    assert holiday_name(unity, BW, "ar") == "Tag der Deutschen Einheit"
    assert holiday_name(date(2027, 10, 4), BW, "de") is None


@pytest.mark.parametrize("land", sorted(LAENDER))
def test_all_16_laender_are_known(land: str) -> None:
    assert len(LAENDER) == 16
    assert holiday_name(date(2027, 5, 17), HourRules(land=land)) == "Pfingstmontag"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"land": "XX"}, "unknown Land 'XX'"),
        ({"land": "bw"}, "unknown Land"),
        ({"land": "Augsburg"}, "unknown Land"),
        ({"office_from": time(18)}, "before office_to"),
        ({"office_to": time(8)}, "before office_to"),
        ({"office_to": time(17, 30, 5)}, "whole minutes"),
        ({"office_from": time(8, tzinfo=UTC)}, "whole minutes"),
        ({"office_days": frozenset({0, 5})}, "Saturday and Sunday are free"),
    ],
)
def test_rules_that_make_no_sense_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        HourRules(**change)  # type: ignore[arg-type]


def test_rules_come_from_the_settings() -> None:
    rules = rules_from(Settings(land="HH", office_from="07:30", office_to="16:00"))
    assert rules == HourRules(land="HH", office_from=time(7, 30), office_to=time(16))
    with pytest.raises(ValueError, match="Invalid isoformat"):
        rules_from(Settings(office_from="half past seven"))


def test_a_friday_without_office_time_is_evening_or_early() -> None:
    rules = HourRules(office_days=frozenset({0, 1, 2, 3}))
    assert kind_at(datetime(2027, 1, 15, 10), rules) == Kind.EVENING
    assert minutes_by_kind(datetime(2027, 1, 15), datetime(2027, 1, 16), rules)[Kind.EVENING] == 24 * 60


def test_a_date_counts_by_its_start() -> None:
    starts = [datetime(2027, 1, 14, 17), datetime(2027, 1, 14, 17, 30), datetime(2027, 1, 16, 9)]
    assert count_by_kind(starts, BW) == {Kind.OFFICE: 1, Kind.EVENING: 1, Kind.FREE_DAY: 1}
    assert count_by_kind([], BW) == {Kind.OFFICE: 0, Kind.EVENING: 0, Kind.FREE_DAY: 0}


def test_hours_count_by_their_minutes() -> None:
    sitting = minutes_by_kind(datetime(2027, 1, 14, 16, 30), datetime(2027, 1, 14, 19), BW)
    assert sitting == {Kind.OFFICE: 60, Kind.EVENING: 90, Kind.FREE_DAY: 0}


def test_a_span_over_midnight_into_a_holiday() -> None:
    eve = minutes_by_kind(datetime(2026, 12, 31, 23, 30), datetime(2027, 1, 1, 0, 30), BW)
    assert eve == {Kind.OFFICE: 0, Kind.EVENING: 30, Kind.FREE_DAY: 30}


@pytest.mark.parametrize(("sunday", "hours"), [(datetime(2026, 3, 29), 23), (datetime(2026, 10, 25), 25)])
def test_the_day_of_the_clock_change_has_the_hours_that_pass(sunday: datetime, hours: int) -> None:
    assert minutes_by_kind(sunday, sunday + timedelta(days=1), BW)[Kind.FREE_DAY] == hours * 60


def test_the_hour_that_comes_twice_is_told_by_fold() -> None:
    first = datetime(2026, 10, 25, 2, 50)
    second = datetime(2026, 10, 25, 2, 10, fold=1)
    assert minutes_by_kind(first, second, BW)[Kind.FREE_DAY] == 20


def test_a_whole_year_is_added_up() -> None:
    year = minutes_by_kind(datetime(2026, 1, 1), datetime(2027, 1, 1), BW)
    assert sum(year.values()) == 365 * 24 * 60
    assert year[Kind.OFFICE] % 570 == 0


def test_what_is_no_span_of_wall_time_is_refused() -> None:
    with pytest.raises(ValueError, match="end lies before"):
        minutes_by_kind(datetime(2027, 1, 14, 19), datetime(2027, 1, 14, 18), BW)
    with pytest.raises(ValueError, match="naive"):
        kind_at(datetime(2027, 1, 14, 19, tzinfo=UTC), BW)
    with pytest.raises(ValueError, match="out of range"):
        minutes_by_kind(datetime(9999, 12, 31, 22), datetime(9999, 12, 31, 23), BW)


def counted_minute_by_minute(start: datetime, end: datetime, rules: HourRules) -> dict[Kind, int]:
    """The slow judge: walk through real time and ask for each minute."""
    minutes = dict.fromkeys(Kind, 0)
    moment, last = (wall.replace(tzinfo=BERLIN).astimezone(UTC) for wall in (start, end))
    while moment < last:
        minutes[kind_at(moment.astimezone(BERLIN).replace(tzinfo=None), rules)] += 1
        moment += timedelta(minutes=1)
    return minutes


ANY_RULES = st.builds(
    HourRules,
    land=st.sampled_from(sorted(LAENDER)),
    office_from=st.builds(time, st.integers(0, 11), st.integers(0, 59)),
    office_to=st.builds(time, st.integers(12, 23), st.integers(0, 59)),
    office_days=st.frozensets(st.integers(0, 4)),
    catholic=st.booleans(),
)
CLOCK_CHANGES = st.sampled_from([datetime(2026, 3, 28, 22), datetime(2026, 10, 24, 22), datetime(2027, 3, 27, 12)])
ANY_START = st.datetimes(datetime(1990, 1, 2), datetime(2045, 1, 1)) | CLOCK_CHANGES


@settings(max_examples=150, deadline=None)
@given(start=ANY_START, length=st.integers(0, 4 * 24 * 60), rules=ANY_RULES)
def test_minutes_equal_the_count_minute_by_minute(start: datetime, length: int, rules: HourRules) -> None:
    start = start.replace(second=0, microsecond=0)
    end = start + timedelta(minutes=length)
    if start.replace(tzinfo=BERLIN).astimezone(UTC) > end.replace(tzinfo=BERLIN).astimezone(UTC):
        return  # a wall time inside the gap of March: not a span
    assert minutes_by_kind(start, end, rules) == counted_minute_by_minute(start, end, rules)
