"""From entries to iCalendar text (RFC 5545, RFC 7986): pure, and the same bytes for the same entries.

The icalendar library escapes and folds. Worked round are its ways that would spoil a feed: a random UID and
DTSTAMP "now" (both are given here), zones as lists of dates (one constant rule here), a refresh interval
without VALUE=DURATION, names of calendars left unescaped, and a backslash before N turned into a line break.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vCategory, vDuration, vText

from calendars.entry import Entry

MEDIA_TYPE = "text/calendar; charset=utf-8"
#: Names of CSS colours that calendar programs know, and what they look like
COLOURS = {
    "steelblue": "#4682B4",
    "teal": "#008080",
    "seagreen": "#2E8B57",
    "olive": "#808000",
    "darkgoldenrod": "#B8860B",
    "chocolate": "#D2691E",
    "firebrick": "#B22222",
    "palevioletred": "#DB7093",
    "purple": "#800080",
    "slateblue": "#6A5ACD",
    "navy": "#000080",
    "slategray": "#708090",
}

# No version number: else every new version of the program would change every feed.
_PRODUCT = "-//Augenhoehe//Kalender//DE"
_BERLIN = ZoneInfo("Europe/Berlin")
# Central European time since October 1996, when summer time was lengthened by a month. As rules: some
# programs are said to ignore zones that list dates. Programs that know the zone by name use their own table.
_VTIMEZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
""".replace("\n", "\r\n")
_END = "END:VCALENDAR\r\n"

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, lone surrogates, byte order marks, and what turns the direction of the text around it.
_UNWANTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_NEVER_IN_ADDRESS = r"\s\x00-\x1f\x7f-\x9f\ud800-\udfff"
_WEB_ADDRESS = re.compile(rf"https?://[^{_NEVER_IN_ADDRESS}]+", re.IGNORECASE)
_NAME_IN_MAIL = rf"""[^{_NEVER_IN_ADDRESS}@<>"(),:;\\]+"""
_MAIL_ADDRESS = re.compile(f"{_NAME_IN_MAIL}@{_NAME_IN_MAIL}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The words that a date brings along in a calendar, in the reader's language."""

    cancelled_prefix: str
    """Stands before the title of what is called off, with its space: "ABGESAGT: "."""
    end_open: str
    """A sentence that says that the end is not known."""
    details: str
    """A sentence with the placeholder `%(url)s` for the address of the page. Empty: no such line."""
    conference: str
    """A sentence with the placeholder `%(url)s` for the address for taking part online."""
    conference_label: str
    """A few words for that link in programs that show it as a button."""


class Mailbox(NamedTuple):
    """Somebody who can be written to."""

    name: str
    mail: str


def plain_text(text: str) -> str:
    """The text as it goes out: line ends as \\n, no control characters, nothing that turns the direction.

    Direction marks (U+200E, U+200F, U+061C) and joiners stay: Arabic, Persian and emoji need them.
    """
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)).strip()


def one_line(text: str) -> str:
    """The same in one line, runs of blanks as one."""
    return re.sub(r"[ \t\n]+", " ", plain_text(text))


@lru_cache(maxsize=16_384)
def vevent(entry: Entry, texts: Texts, alarm_minutes: int | None = None) -> bytes:
    """One VEVENT (UTF-8), folded, with CRLF at the end of each line. Kept for as long as the entry stays the same.

    `alarm_minutes` before the start a reminder is shown; None, the default, means no alarm. Addresses that
    are not plain http(s) are left out: the date matters more. Other zones are written as Berlin time.
    """
    text: bytes = _event(entry, texts, alarm_minutes).to_ical()
    return text


def render_events(
    entries: Iterable[Entry], texts: Texts, alarm_minutes: int | None = None
) -> tuple[list[tuple[Entry, bytes]], list[tuple[str, Exception]]]:
    """All entries that can be written, each with its VEVENT, in their order, and uid and error of those that cannot.

    One broken entry never breaks a feed. A uid that comes again is an error too: servers refuse such a feed.
    """
    written: dict[str, tuple[Entry, bytes]] = {}
    broken: list[tuple[str, Exception]] = []
    for entry in entries:
        try:
            if entry.uid in written:
                raise ValueError("this uid is in the feed already")
            written[entry.uid] = (entry, vevent(entry, texts, alarm_minutes))
        except Exception as error:  # whatever it is, the others go out
            broken.append((entry.uid, error))
    return list(written.values()), broken


def calendar(
    name: str,
    description: str,
    vevents: Iterable[bytes],
    *,
    colour: str,
    method: str | None = "PUBLISH",
    refresh_minutes: int = 60,
) -> bytes:
    """A whole calendar (MEDIA_TYPE) of texts made by `vevent`, in the order given.

    `colour` is one of COLOURS, else ValueError. `method` is None for what is put on a CalDAV server
    (RFC 4791 section 4.1). `refresh_minutes` is how often subscribers are asked to look again.
    """
    header = _header(one_line(name), plain_text(description), colour, method, refresh_minutes)
    return b"".join([(header + _VTIMEZONE).encode(), *vevents, _END.encode()])


def invitation(
    entry: Entry,
    *,
    method: Literal["REQUEST", "CANCEL"],
    organizer: Mailbox,
    attendee: Mailbox,
    texts: Texts,
    alarm_minutes: int | None = None,
) -> bytes:
    """The calendar part of an invitation by mail (iMIP, RFC 6047), for one person and naming no other.

    The mail's MIME type must carry the same method, and the mail come from the organizer's address. CANCEL
    takes the date out of this person's calendar: it is called off, or they are no longer invited.
    Raises ValueError for a bad mail address and for REQUEST of a cancelled entry.
    """
    if method == "REQUEST" and entry.cancelled:
        raise ValueError("nobody is invited to what is called off")
    event = _event(entry, texts, alarm_minutes if method == "REQUEST" else None)
    if method == "CANCEL":
        event["STATUS"], event["TRANSP"] = _Text("CANCELLED"), _Text("TRANSPARENT")
    event.add("organizer", _address(organizer))
    event.add(
        "attendee",
        _address(attendee, CUTYPE="INDIVIDUAL", ROLE="REQ-PARTICIPANT", PARTSTAT="NEEDS-ACTION", RSVP="TRUE"),
    )
    return "".join([_bare_header(method), _VTIMEZONE, _text_of(event), _END]).encode()


class _Text(vText):
    """Text escaped as RFC 5545 section 3.3.11 says. The library would turn `C:\\New` into two lines."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


def _event(entry: Entry, texts: Texts, alarm_minutes: int | None) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("status", entry.status.upper())
    event.add("transp", "TRANSPARENT" if entry.cancelled or entry.all_day else "OPAQUE")
    _add_times(event, entry)
    _add_texts(event, entry, texts)
    if alarm_minutes is not None and not entry.cancelled:
        event.add_component(_alarm(entry, alarm_minutes))
    return event


def _add_times(event: Event, entry: Entry) -> None:
    if entry.all_day:
        event.add("dtstart", entry.starts_local.date())
        event.add("dtend", entry.last_day + timedelta(days=1))
        return
    event.add("dtstart", entry.starts_at.astimezone(_BERLIN))
    if entry.ends_at is not None and entry.ends_at > entry.starts_at:
        event.add("dtend", entry.ends_at.astimezone(_BERLIN))


def _add_texts(event: Event, entry: Entry, texts: Texts) -> None:
    url, conference_url = _web_address(entry.url), _web_address(entry.conference_url)
    prefix = texts.cancelled_prefix if entry.cancelled else ""
    paragraphs = [
        texts.end_open if entry.ends_local is None else "",
        entry.description,
        texts.conference.replace("%(url)s", conference_url) if conference_url else "",
        texts.details.replace("%(url)s", url) if url else "",
    ]
    lines = {
        "summary": prefix + one_line(entry.summary),
        "description": plain_text("\n\n".join(filter(None, map(plain_text, paragraphs)))),
        "location": one_line(entry.location),
        "contact": one_line(entry.organizer),
    }
    for name, line in lines.items():
        if line:
            event.add(name, _Text(line))
    if categories := [_Text(word) for word in map(one_line, entry.categories) if word]:
        event.add("categories", _categories(categories))
    if url:
        event.add("url", url)
    if conference_url:
        label = one_line(texts.conference_label)
        event.add("conference", conference_url, {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": label})


def _alarm(entry: Entry, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(minutes=-minutes))
    alarm.add("description", _Text(one_line(entry.summary)))
    return alarm


def _categories(words: list[_Text]) -> vCategory:
    categories = vCategory([])
    categories.cats = list(words)
    return categories


def _address(mailbox: Mailbox, **parameters: str) -> vCalAddress:
    if not _MAIL_ADDRESS.fullmatch(mailbox.mail):
        raise ValueError("this is no mail address")
    address = vCalAddress(f"mailto:{mailbox.mail}")
    # Parameters know no backslash; readers that do would swallow the sign behind it.
    if name := one_line(mailbox.name).replace("\\", "/"):
        address.params["CN"] = name
    address.params.update(parameters)
    return address


def _web_address(url: str) -> str:
    """The address with what is not ASCII percent-encoded (RFC 3986), or "" when it is no http(s) address."""
    return quote(url, safe="%:/?#[]@!$&'()*+,;=~") if _WEB_ADDRESS.fullmatch(url) else ""


def _text_of(event: Event) -> str:
    text: str = event.to_ical().decode()
    return text


@lru_cache(maxsize=256)
def _header(name: str, description: str, colour: str, method: str | None, refresh_minutes: int) -> str:
    if colour not in COLOURS:
        raise ValueError(f"unknown colour {colour[:50]!r}")
    interval = timedelta(minutes=refresh_minutes)
    head = _head(method)
    head.add("name", _Text(name))
    head.add("x-wr-calname", _Text(name))
    if description:
        head.add("x-wr-caldesc", _Text(description))
    head.add("x-wr-timezone", "Europe/Berlin")
    head.add("refresh-interval", vDuration(interval), {"VALUE": "DURATION"})
    head.add("x-published-ttl", vDuration(interval))
    head.add("color", colour)
    head.add("x-apple-calendar-color", COLOURS[colour])
    return _opening(head)


def _bare_header(method: str) -> str:
    return _opening(_head(method))


def _head(method: str | None) -> Calendar:
    head = Calendar()
    head.add("version", "2.0")
    head.add("prodid", _PRODUCT)
    head.add("calscale", "GREGORIAN")
    if method is not None:
        head.add("method", method)
    return head


def _opening(head: Calendar) -> str:
    text: str = head.to_ical(sorted=False).decode()
    return text.removesuffix(_END)
