"""Whatever people type reaches their calendar unharmed, and harms no line beside it."""

import re
import unicodedata
from datetime import UTC, datetime

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.entry import Entry
from calendars.ical import Mailbox, Texts, calendar, invitation, one_line, plain_text, vevent

TEXTS = Texts(cancelled_prefix="ABGESAGT: ", end_open="", details="", conference="", conference_label="")

NASTY = [
    "C:\\Neu \\n \\N \\\\n \\, \\; \\:",
    "Rat\r\nBEGIN:VALARM\r\nTRIGGER:-PT1M\r\nEND:VALARM",
    "Rat\nEND:VEVENT\nBEGIN:VEVENT",
    "Rat\rATTENDEE:mailto:x@y.example",
    "Rat\u2028X-EVIL:1\u2029X\x85X\x0bX\x0cX",
    "NUL\x00, Glocke\x07, Schnitt\x1c\x1d\x1e\x1f, lösche\x7f",
    "Halbe Zeichen \ud83d und \udc00",
    "Umdrehen \u202etxt.exe\u202c \u2067innen\u2069",
    "مجلس الاندماج، الجلسة الأولى؛ التاريخ\u200f: ٢٠٢٦",
    "شورای هم‌زیستی می‌آید",
    "👩‍👩‍👧‍👦🏳️‍🌈" * 30,
    "e" + "\u0301" * 10_000,
    "ß" * 10_000,
    "𝔸" * 10_000,
    "x" * 10_000,
    "," * 500 + ";" * 500 + "\\" * 501,
    "\"^n ^^ ^' :;,=",
    "\ufeffBOM",
    "   \t  ",
    "",
]
ALPHABET = st.one_of(
    st.characters(),  # lone surrogates too
    st.sampled_from(list('\\\\\\nN,;:"^=\r\n\t \x00\x85\u2028\u202e\u200d\u0301ä€مש👩🏽')),
)
ANY_TEXT = st.text(ALPHABET, max_size=200)


def written(title: str, words: str, place: str, inviter: str, category: str) -> bytes:
    """A feed of one entry that holds these texts wherever people may type."""
    entry = Entry(
        uid="a@town.example",
        changed_at=datetime(2026, 5, 1, tzinfo=UTC),
        starts_local=datetime(2026, 7, 1, 18),
        ends_local=datetime(2026, 7, 1, 20),
        summary=title,
        description=words,
        location=place,
        organizer=inviter,
        categories=(category, "zweite"),
        url=place,
        conference_url=inviter,
    )
    return calendar(title, words, [vevent(entry, TEXTS, alarm_minutes=10)], colour="teal")


def unescaped(value: str) -> str:
    """TEXT read by the letter of RFC 5545 section 3.3.11; the library leaves X- properties as they are."""
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)


def assert_unharmed(title: str, words: str, place: str, inviter: str, category: str) -> None:
    """The feed's lines are short and sound, and each text comes back as `one_line` or `plain_text` has it."""
    data = written(title, words, place, inviter, category)
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        assert not any(unicodedata.category(sign) == "Cc" and sign != "\t" for sign in line.decode())
    parsed = icalendar.Calendar.from_ical(data)
    (event,) = parsed.walk("VEVENT")
    assert parsed.errors == event.errors == []
    assert len(event.walk("VALARM")) == 1
    assert event.get("SUMMARY", "") == unescaped(parsed.get("X-WR-CALNAME", "")) == one_line(title)
    assert event.get("DESCRIPTION", "") == unescaped(parsed.get("X-WR-CALDESC", "")) == plain_text(words)
    assert event.get("LOCATION", "") == one_line(place)
    assert event.get("CONTACT", "") == one_line(inviter)
    assert [str(word) for word in event["CATEGORIES"].cats] == [*filter(None, [one_line(category)]), "zweite"]
    assert set(event) <= {
        *("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "STATUS", "TRANSP", "DTSTART", "DTEND"),
        *("SUMMARY", "DESCRIPTION", "LOCATION", "CONTACT", "CATEGORIES", "URL", "CONFERENCE"),
    }


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nasty_texts_do_no_harm(text: str) -> None:
    assert_unharmed(*[text] * 5)


@settings(max_examples=500, deadline=None)
@given(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT))
def test_2500_random_texts_come_back(texts: tuple[str, str, str, str, str]) -> None:
    assert_unharmed(*texts)


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_any_name_comes_back_from_an_invitation(name: str) -> None:
    entry = Entry(
        uid="a",
        changed_at=datetime(2026, 5, 1, tzinfo=UTC),
        starts_local=datetime(2026, 7, 1, 18),
        summary="x",
    )
    somebody = Mailbox(name, "a@verein.example")
    data = invitation(entry, method="REQUEST", organizer=somebody, attendee=somebody, texts=TEXTS)
    (event,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
    shown = one_line(name).replace("\\", "/")
    assert event["ATTENDEE"].params.get("CN", "") == event["ORGANIZER"].params.get("CN", "") == shown
    assert event["ATTENDEE"] == event["ORGANIZER"] == "mailto:a@verein.example"
    assert max(map(len, data.split(b"\r\n"))) <= 75


def test_ordinary_text_is_left_alone() -> None:
    for text in ("Grüße aus dem Rathaus, Saal 1; 18:30 Uhr", "مجلس الاندماج", "می‌آید", "👩‍👩‍👧‍👦", "a\\Nb"):
        assert one_line(text) == plain_text(text) == text
    assert plain_text("eins\r\nzwei\rdrei\u2028vier\n\n") == "eins\nzwei\ndrei\nvier"
    assert one_line("eins\r\n\tzwei   drei ") == "eins zwei drei"


def test_what_turns_the_direction_is_taken_out() -> None:
    assert one_line("a\u202eb\u2066c\u2069d\u202c") == "abcd"
    assert one_line("\u200fa\u061cb\u200e") == "\u200fa\u061cb\u200e"
