"""Other programs' eyes: the dates of a feed fall on the right local hours, by the zone's rules and name."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from calendars.entry import Entry
from calendars.ical import Texts, calendar, render_events

BERLIN = ZoneInfo("Europe/Berlin")
TEXTS = Texts(cancelled_prefix="", end_open="", details="", conference="", conference_label="")
# One date a month, at the hours sittings have, over the clock changes.
STARTS = [datetime(year, month, 15, 15 + month % 5, 30) for year in (2003, 2026, 2035) for month in range(1, 13)]


def feed(starts: list[datetime]) -> bytes:
    """A feed of two-hour sittings."""
    entries = [
        Entry(
            uid=f"{number}@town.example",
            changed_at=datetime(2026, 5, 1, tzinfo=UTC),
            starts_local=start,
            ends_local=start + timedelta(hours=2),
            summary=str(number),
        )
        for number, start in enumerate(starts)
    ]
    vevents, broken = render_events(entries, TEXTS)
    assert broken == []
    return calendar("x", "", [text for _, text in vevents], colour="teal")


def embedded_zone(data: bytes) -> icalendar.Timezone:
    """The zone as a program sees it that knows none by name."""
    (zone,) = icalendar.Calendar.from_ical(data).walk("VTIMEZONE")
    return zone


def test_the_expander_finds_every_date_at_its_local_hour() -> None:
    parsed = icalendar.Calendar.from_ical(feed(STARTS))
    found = recurring_ical_events.of(parsed).between(datetime(2000, 1, 1), datetime(2040, 1, 1))
    local = sorted(event["DTSTART"].dt.astimezone(BERLIN).replace(tzinfo=None) for event in found)
    assert local == sorted(STARTS)
    assert {event["DTEND"].dt - event["DTSTART"].dt for event in found} == {timedelta(hours=2)}


def test_the_hours_are_right_when_only_the_embedded_zone_is_known() -> None:
    renamed = feed(STARTS).replace(b"TZID=Europe/Berlin", b"TZID=Town").replace(b"TZID:Europe/Berlin", b"TZID:Town")
    events = icalendar.Calendar.from_ical(renamed).walk("VEVENT")
    moments = [event["DTSTART"].dt.astimezone(UTC) for event in events]
    assert moments == [start.replace(tzinfo=BERLIN).astimezone(UTC) for start in STARTS]


def test_the_zone_is_two_rules_and_no_list_of_dates() -> None:
    zone = embedded_zone(feed([]))
    assert [(part.name, part["DTSTART"].dt, part["RRULE"].to_ical()) for part in zone.subcomponents] == [
        ("DAYLIGHT", datetime(1981, 3, 29, 2), b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"),
        ("STANDARD", datetime(1996, 10, 27, 3), b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"),
    ]
    assert b"RDATE" not in feed([])


def rule_offset(zone: icalendar.Timezone, moment: datetime) -> timedelta:
    """The offset by the letter of RFC 5545: that of the latest onset at or before the moment."""
    onsets = []
    for part in zone.subcomponents:
        before = part["TZOFFSETFROM"].td
        (month,), year = part["RRULE"]["BYMONTH"], moment.year
        for candidate in (year - 1, year):
            last = datetime(candidate, int(month), 31)
            sunday = last - timedelta(days=(last.weekday() + 1) % 7)
            wall = sunday.replace(hour=part["DTSTART"].dt.hour)
            if wall >= part["DTSTART"].dt:
                onsets.append(((wall - before).replace(tzinfo=UTC), part["TZOFFSETTO"].td))
    return max(onset for onset in onsets if onset[0] <= moment)[1]


@pytest.mark.parametrize("year", range(1997, 2036))
def test_the_rules_agree_with_the_zone_table_around_every_change(year: int) -> None:
    zone = embedded_zone(feed([]))
    judged = zone.to_tz(lookup_tzid=False)
    moments = [
        datetime(year, month, day, hour, tzinfo=UTC) for month in (1, 4, 7, 12) for day in (1, 28) for hour in (0, 12)
    ]
    hours = range(24 * 8)
    moments += [datetime(year, month, 24, tzinfo=UTC) + timedelta(hours=hour) for month in (3, 10) for hour in hours]
    for moment in moments:
        expected = moment.astimezone(BERLIN).utcoffset()
        assert rule_offset(zone, moment) == expected, moment
        if moment.minute == 0 and moment.day not in (
            25,
            26,
            27,
            28,
            29,
            30,
            31,
        ):  # dateutil blurs the hour of change
            assert moment.astimezone(judged).utcoffset() == expected, moment


@pytest.mark.parametrize("year", range(1990, 1997))
def test_summers_before_1996_are_right_too(year: int) -> None:
    moment = datetime(year, 7, 1, tzinfo=UTC)
    assert rule_offset(embedded_zone(feed([])), moment) == moment.astimezone(BERLIN).utcoffset()
