"""What stands in a VEVENT, a feed and an invitation, read back by the icalendar library."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from calendars.entry import Entry, Status, whole_days
from calendars.ical import COLOURS, Mailbox, Texts, calendar, invitation, render_events, vevent

ROOT = Path(__file__).resolve().parents[2]
TEXTS = Texts(
    cancelled_prefix="ABGESAGT: ",
    end_open="Das Ende ist offen.",
    details="Mehr dazu: %(url)s",
    conference="Online dabei: %(url)s",
    conference_label="Online dabei",
)
CHANGED = datetime(2026, 5, 1, 12, 0, 30, tzinfo=UTC)
OFFICE = Mailbox("Geschäftsstelle", "gremien@town.example")
MEMBER = Mailbox("Amina Muster", "amina@verein.example")


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


def feed(*entries: Entry, **options: Any) -> bytes:
    """A whole feed of these entries, none of them broken."""
    vevents, broken = render_events(entries, TEXTS)
    assert broken == []
    return calendar("Integrationsrat", "Sitzungen", [text for _, text in vevents], **{"colour": "teal"} | options)


def read(entry: Entry, **options: Any) -> Any:
    """The one VEVENT of this entry as a strict reader sees it."""
    parsed = icalendar.Calendar.from_ical(calendar("x", "", [vevent(entry, TEXTS, **options)], colour="teal"))
    (event,) = parsed.walk("VEVENT")
    assert event.errors == []
    return event


def lines(text: bytes | str) -> list[str]:
    """Unfolded lines."""
    data = text if isinstance(text, str) else text.decode()
    return data.replace("\r\n ", "").split("\r\n")


def test_a_sitting_is_written_in_wall_time_with_its_zone() -> None:
    written = lines(vevent(sitting(location="Rathaus, Saal 1"), TEXTS))
    assert "DTSTART;TZID=Europe/Berlin:20260701T183000" in written
    assert "DTEND;TZID=Europe/Berlin:20260701T203000" in written
    assert "LOCATION:Rathaus\\, Saal 1" in written


def test_another_zone_is_written_as_berlin_time() -> None:
    written = lines(vevent(sitting(zone="Europe/London"), TEXTS))
    assert "DTSTART;TZID=Europe/Berlin:20260701T193000" in written


def test_stamps_are_those_of_the_last_change() -> None:
    event = read(sitting(sequence=4))
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == CHANGED
    assert event["SEQUENCE"] == 4
    assert event["UID"] == "7f3c@town.example"
    assert event["STATUS"] == "CONFIRMED"
    assert event["TRANSP"] == "OPAQUE"


def test_a_planned_date_is_tentative() -> None:
    assert read(sitting(status=Status.PLANNED))["STATUS"] == "TENTATIVE"


def test_a_cancelled_date_says_so_in_three_ways() -> None:
    event = read(sitting(status=Status.CANCELLED, sequence=1), alarm_minutes=30)
    assert event["SUMMARY"] == "ABGESAGT: Integrationsrat"
    assert event["STATUS"] == "CANCELLED"
    assert event["TRANSP"] == "TRANSPARENT"
    assert event.subcomponents == []


def test_an_open_end_has_no_end_and_says_so() -> None:
    event = read(sitting(ends_local=None, description="Erste Sitzung."))
    assert "DTEND" not in event
    assert "DURATION" not in event
    assert event["DESCRIPTION"] == "Das Ende ist offen.\n\nErste Sitzung."


def test_a_moment_has_no_end_and_no_such_words() -> None:
    event = read(sitting(ends_local=datetime(2026, 7, 1, 18, 30)))
    assert "DTEND" not in event
    assert "DESCRIPTION" not in event


def test_whole_days_end_on_the_day_after_and_block_nobody() -> None:
    starts, ends = whole_days(date(2026, 10, 24), date(2026, 10, 25))
    entry = sitting(starts_local=starts, ends_local=ends, all_day=True)
    written = lines(vevent(entry, TEXTS))
    assert "DTSTART;VALUE=DATE:20261024" in written
    assert "DTEND;VALUE=DATE:20261026" in written
    assert "TRANSP:TRANSPARENT" in written


def test_links_stand_as_property_and_in_the_words() -> None:
    event = read(
        sitting(
            url="https://town.example/sitzungen/7?x=1,2;3",
            conference_url="https://video.example/Räume/7",
            description="Tagesordnung folgt.",
        )
    )
    assert event["URL"] == "https://town.example/sitzungen/7?x=1,2;3"
    assert event["CONFERENCE"] == "https://video.example/R%C3%A4ume/7"
    assert event["CONFERENCE"].params == {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Online dabei"}
    assert event["DESCRIPTION"] == (
        "Tagesordnung folgt.\n\nOnline dabei: https://video.example/R%C3%A4ume/7"
        "\n\nMehr dazu: https://town.example/sitzungen/7?x=1,2;3"
    )
    assert "X-ALT-DESC" not in event


@pytest.mark.parametrize(
    "address",
    [
        "https://town.example/\r\nBEGIN:VALARM",
        "https://town.example/\nX",
        "https://town.example/\rX",
        "https://town.example/a b",
        "https://town.example/\x00",
        "https://town.example/\ud800",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//town.example",
    ],
)
def test_a_bad_address_is_left_out_and_the_date_stays(address: str) -> None:
    event = read(sitting(url=address, conference_url=address))
    assert "URL" not in event
    assert "CONFERENCE" not in event
    assert "DESCRIPTION" not in event
    assert event["SUMMARY"] == "Integrationsrat"


def test_categories_keep_their_commas() -> None:
    event = read(sitting(categories=("Gremium", "Kultur, Sport; \\Neues", " ", "Zwei\r\nZeilen")))
    assert [str(word) for word in event["CATEGORIES"].cats] == [
        "Gremium",
        "Kultur, Sport; \\Neues",
        "Zwei Zeilen",
    ]


def test_who_invites_is_the_contact() -> None:
    assert read(sitting(organizer="Büro,\nTelefon 0000"))["CONTACT"] == "Büro, Telefon 0000"


def test_no_alarm_unless_asked_for_and_then_after_all_properties() -> None:
    assert b"VALARM" not in vevent(sitting(), TEXTS)
    text = vevent(sitting(url="https://town.example/7"), TEXTS, alarm_minutes=90)
    assert lines(text)[-6:-2] == [
        "ACTION:DISPLAY",
        "DESCRIPTION:Integrationsrat",
        "TRIGGER:-PT1H30M",
        "END:VALARM",
    ]


def test_the_same_entry_is_built_once() -> None:
    vevent.cache_clear()
    render_events([sitting(), sitting(uid="b")], TEXTS)
    render_events([sitting(), sitting(uid="b"), sitting(uid="b2", summary="Anders")], TEXTS)
    assert vevent.cache_info().misses == 3
    assert vevent.cache_info().hits == 2


def test_a_feed_begins_with_what_programs_look_for() -> None:
    head = lines(feed(sitting()))
    assert head[: head.index("BEGIN:VTIMEZONE")] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Augenhoehe//Kalender//DE",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Integrationsrat",
        "X-WR-CALNAME:Integrationsrat",
        "X-WR-CALDESC:Sitzungen",
        "X-WR-TIMEZONE:Europe/Berlin",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "COLOR:teal",
        "X-APPLE-CALENDAR-COLOR:#008080",
    ]


def test_name_and_description_of_a_feed_are_escaped_too() -> None:
    data = calendar("Rat, A; B\r\nX-EVIL:1", "Zeile\nzwei, drei", [], colour="navy", refresh_minutes=90)
    assert "NAME:Rat\\, A\\; B X-EVIL:1" in lines(data)
    assert "X-WR-CALDESC:Zeile\\nzwei\\, drei" in lines(data)
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H30M" in lines(data)
    assert icalendar.Calendar.from_ical(data).errors == []


def test_a_calendar_for_a_server_has_no_method() -> None:
    assert b"METHOD" not in feed(sitting(), method=None)


def test_colours_are_known_names() -> None:
    for name, code in COLOURS.items():
        assert f"COLOR:{name}" in lines(feed(colour=name))
        assert f"X-APPLE-CALENDAR-COLOR:{code}" in lines(feed(colour=name))
    with pytest.raises(ValueError, match="unknown colour"):
        feed(colour="teal\r\nX:1")


def test_one_broken_entry_never_breaks_the_feed() -> None:
    broken = sitting(uid="broken")
    object.__setattr__(broken, "summary", None)  # what no type checker stopped
    unhashable = sitting(uid="unhashable")
    object.__setattr__(unhashable, "changed_at", [])
    vevents, errors = render_events([sitting(uid="a"), broken, unhashable, sitting(uid="b")], TEXTS)
    assert [uid for uid, _ in errors] == ["broken", "unhashable"]
    assert all(isinstance(error, Exception) for _, error in errors)
    parsed = icalendar.Calendar.from_ical(calendar("x", "", [text for _, text in vevents], colour="teal"))
    assert [event["UID"] for event in parsed.walk("VEVENT")] == ["a", "b"]


def test_a_uid_comes_once_in_a_feed() -> None:
    vevents, errors = render_events([sitting(), sitting(summary="Noch einmal")], TEXTS)
    assert len(vevents) == 1
    assert [uid for uid, _ in errors] == ["7f3c@town.example"]


def test_an_invitation_names_one_person_and_asks() -> None:
    data = invitation(sitting(sequence=2), method="REQUEST", organizer=OFFICE, attendee=MEMBER, texts=TEXTS)
    parsed = icalendar.Calendar.from_ical(data)
    (event,) = parsed.walk("VEVENT")
    assert parsed["METHOD"] == "REQUEST"
    assert event["ORGANIZER"] == "mailto:gremien@town.example"
    assert event["ORGANIZER"].params["CN"] == "Geschäftsstelle"
    assert event["ATTENDEE"] == "mailto:amina@verein.example"
    assert event["ATTENDEE"].params == {
        "CN": "Amina Muster",
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("7f3c@town.example", 2, "CONFIRMED")
    assert len(parsed.walk("VTIMEZONE")) == 1
    assert "X-WR-CALNAME" not in parsed


def test_a_cancelled_sitting_is_taken_back_by_the_same_uid() -> None:
    entry = replace(sitting(), status=Status.CANCELLED, sequence=3)
    data = invitation(entry, method="CANCEL", organizer=OFFICE, attendee=MEMBER, texts=TEXTS)
    parsed = icalendar.Calendar.from_ical(data)
    (event,) = parsed.walk("VEVENT")
    assert parsed["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("7f3c@town.example", 3, "CANCELLED")
    assert event["SUMMARY"] == "ABGESAGT: Integrationsrat"


def test_who_is_no_longer_invited_is_not_told_that_it_is_called_off() -> None:
    data = invitation(sitting(), method="CANCEL", organizer=OFFICE, attendee=MEMBER, texts=TEXTS, alarm_minutes=30)
    assert b"VALARM" not in data
    assert "SUMMARY:Integrationsrat" in lines(data)
    assert "STATUS:CANCELLED" in lines(data)
    assert "TRANSP:TRANSPARENT" in lines(data)


def test_nobody_is_invited_to_what_is_called_off() -> None:
    with pytest.raises(ValueError, match="called off"):
        invitation(sitting(status=Status.CANCELLED), method="REQUEST", organizer=OFFICE, attendee=MEMBER, texts=TEXTS)


@pytest.mark.parametrize(
    "mail",
    [
        "",
        "amina",
        "a@b@c.example",
        "a@b.example\r\nATTENDEE:x",
        "a b@c.example",
        "<a@b.example>",
        "a@b;c",
        "@b",
    ],
)
def test_a_bad_mail_address_is_refused(mail: str) -> None:
    with pytest.raises(ValueError, match="no mail address"):
        invitation(sitting(), method="REQUEST", organizer=OFFICE, attendee=Mailbox("", mail), texts=TEXTS)


def test_a_name_cannot_leave_its_parameter() -> None:
    attendee = Mailbox('Ämt; "x":\r\nX-EVIL:1 ^', "a@verein.example")
    data = invitation(sitting(), method="REQUEST", organizer=OFFICE, attendee=attendee, texts=TEXTS)
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    assert event["ATTENDEE"].params["CN"] == 'Ämt; "x": X-EVIL:1 ^'
    assert not any(line.startswith("X-EVIL") for line in lines(data))


def test_two_renders_are_the_same_bytes() -> None:
    entries = [sitting(uid=str(number), organization_ids=frozenset({number, 99})) for number in range(20)]
    first = feed(*entries)
    vevent.cache_clear()
    assert feed(*entries) == first
    assert first.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in first.replace(b"\r\n", b"")


def test_a_fresh_process_writes_the_same_bytes() -> None:
    code = (
        "import sys, datetime as d; from calendars.entry import *; from calendars.ical import *\n"
        "t = Texts(cancelled_prefix='', end_open='', details='%(url)s', conference='', conference_label='')\n"
        "e = Entry(uid='a@b', summary='Rat, \\\\N', changed_at=d.datetime(2026, 5, 1, tzinfo=d.UTC), "
        "starts_local=d.datetime(2026, 7, 1, 18), categories=('b', 'a'), url='https://town.example/')\n"
        "sys.stdout.buffer.write(calendar('x', 'y', [vevent(e, t)], colour='teal'))"
    )
    seeds = ("1", "2")
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in zip(seeds, ("UTC", "America/New_York"), strict=True)
    ]
    assert outputs[0] == outputs[1]
    assert b"SUMMARY:Rat\\, \\\\N\r\n" in outputs[0]


def test_reminders_of_a_day_are_durations() -> None:
    event = read(sitting(), alarm_minutes=24 * 60)
    assert event.walk("VALARM")[0]["TRIGGER"].dt == -timedelta(days=1)
