"""What stands in public feeds, and how they are answered."""

import gzip
import os
import subprocess
import sys
from datetime import UTC, date, datetime

import icalendar
import pytest
import recurring_ical_events
import time_machine
from flask.sessions import SecureCookieSessionInterface

from calendars.feeds import assembly
from calendars.feeds.assembly import shelf
from calendars.sources.entries import entries
from coordination.organizations import operations as organizations
from coordination.organizations.operations import Profile as OrganizationProfile
from core.access import SYSTEM
from core.database import transaction
from core.dated import Status
from core.instance import calendar_counter
from meetings.agenda import operations as agenda
from meetings.agenda.operations import Item
from meetings.sittings import operations as sittings
from meetings.sittings.models import Sitting
from participation.committees import operations as committees
from participation.seats import operations as seats

FEED = "/gremien/integrationsrat/kalender.ics"


def read(response):
    """The calendar as a strict reader sees it."""
    assert response.status_code == 200
    parsed = icalendar.Calendar.from_ical(response.data)
    assert [event.errors for event in parsed.walk("VEVENT") if event.errors] == []
    return parsed


def summaries(response):
    return [str(event["SUMMARY"]) for event in read(response).walk("VEVENT")]


def test_sittings_stand_at_the_right_local_hour_in_summer_and_winter(client, make_committee, make_sitting):
    committee = make_committee()
    make_sitting(committee, datetime(2026, 12, 3, 18, 30))
    make_sitting(committee, datetime(2027, 7, 1, 18, 30), end=None)
    parsed = read(client.get(FEED))
    found = recurring_ical_events.of(parsed).between(date(2026, 1, 1), date(2028, 1, 1))
    starts = sorted(event["DTSTART"].dt for event in found)
    assert [start.replace(tzinfo=None) for start in starts] == [
        datetime(2026, 12, 3, 18, 30),
        datetime(2027, 7, 1, 18, 30),
    ]
    assert [start.astimezone(UTC).hour for start in starts] == [17, 16]
    assert "Das Ende ist offen." in str(parsed.walk("VEVENT")[1]["DESCRIPTION"])
    assert parsed["X-WR-CALNAME"] == "Integrationsrat"
    assert parsed["METHOD"] == "PUBLISH"


def test_a_feed_holds_twelve_months_back_and_all_to_come_or_everything(client, make_committee, make_sitting):
    committee = make_committee()
    for start in (
        datetime(2003, 5, 7, 15),
        datetime(2025, 10, 31, 18),
        datetime(2025, 11, 1, 18),
        datetime(2031, 1, 9),
    ):
        make_sitting(committee, start)
    years = [event["DTSTART"].dt.year for event in read(client.get(FEED)).walk("VEVENT")]
    assert years == [2025, 2031]
    years = [event["DTSTART"].dt.year for event in read(client.get(f"{FEED}?alle=1")).walk("VEVENT")]
    assert years == [2003, 2025, 2025, 2031]


def test_only_public_sittings_of_public_committees_are_in_it(client, make_committee, make_sitting):
    committee, hidden = make_committee(), make_committee("Steuerungsgruppe", public=False)
    make_sitting(committee, title="Offen")
    make_sitting(committee, datetime(2027, 2, 1, 18), title="Geheim", public=False)
    make_sitting(committee, datetime(2027, 2, 2, 18), title="Entwurf", status=Status.DRAFT)
    make_sitting(hidden, datetime(2027, 2, 3, 18))
    assert summaries(client.get(FEED)) == ["Integrationsrat: Offen"]
    assert summaries(client.get("/kalender.ics")) == ["Integrationsrat: Offen"]


@pytest.mark.parametrize("slug", ["steuerungsgruppe", "gibt-es-nicht", "%00", "x" * 3000])
def test_an_unknown_committee_and_one_that_is_not_public_are_the_same_404(client, make_committee, slug):
    make_committee("Steuerungsgruppe", public=False)
    answer = client.get(f"/gremien/{slug}/kalender.ics")
    assert answer.status_code == 404
    assert answer.mimetype == "text/plain"
    assert answer.data == client.get("/gremien/noch-eins/kalender.ics").data


def test_a_cancelled_sitting_stays_and_says_so_in_the_readers_language(client, make_committee, make_sitting):
    row = make_sitting(make_committee())
    sittings.cancel(SYSTEM, row.id)
    (event,) = read(client.get(FEED)).walk("VEVENT")
    assert event["SUMMARY"] == "ABGESAGT: Integrationsrat"
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", 1)
    assert event["UID"] == row.uid
    assert summaries(client.get(f"{FEED}?sprache=en")) == ["CANCELLED: Integrationsrat"]
    assert summaries(client.get(f"{FEED}?sprache=kl%00")) == ["ABGESAGT: Integrationsrat"]
    assert summaries(client.get(FEED, headers={"Accept-Language": "en"})) == ["ABGESAGT: Integrationsrat"]


def test_the_headers_that_programs_need(client, make_committee, make_sitting):
    make_sitting(make_committee())
    answer = client.get(FEED, headers={"Accept": "text/html"})
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Content-Disposition"].startswith('inline; filename="integrationsrat.ics"')
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert answer.last_modified is not None


def test_head_is_as_get_without_a_body(client, make_committee, make_sitting):
    make_sitting(make_committee())
    got, head = client.get(FEED), client.head(FEED)
    assert head.data == b""
    assert dict(head.headers) == dict(got.headers)


def test_who_has_these_bytes_gets_304_after_one_query(client, make_committee, make_sitting, count_queries):
    row = make_sitting(make_committee())
    etag = client.get(FEED).headers["ETag"]
    for tags in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        with count_queries() as counted:
            answer = client.get(FEED, headers={"If-None-Match": tags})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)
        assert counted.number == 1, counted.statements
    sittings.cancel(SYSTEM, row.id)
    answer = client.get(FEED, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.headers["ETag"] != etag) == (200, True)


def test_who_knows_only_the_date_gets_304_until_something_changes(client, make_committee, make_sitting):
    with time_machine.travel(datetime(2026, 11, 16, 9, 0, tzinfo=UTC), tick=False) as clock:
        row = make_sitting(make_committee())
        date_sent = client.get(FEED).headers["Last-Modified"]
        assert client.get(FEED, headers={"If-Modified-Since": date_sent}).status_code == 304
        stale = {"If-Modified-Since": date_sent, "If-None-Match": '"other"'}
        assert client.get(FEED, headers=stale).status_code == 200, "the tag alone counts where there is one"
        clock.shift(60)
        sittings.cancel(SYSTEM, row.id)
        assert client.get(FEED, headers={"If-Modified-Since": date_sent}).status_code == 200


def test_gzip_is_negotiated_and_has_a_tag_of_its_own(client, make_committee, make_sitting):
    make_sitting(make_committee())
    plain = client.get(FEED)
    packed = client.get(FEED, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gz"'
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert client.get(FEED, headers={"Accept-Encoding": "gzip;q=0"}).data == plain.data
    assert client.get(f"{FEED}?gzip=0", headers={"Accept-Encoding": "gzip"}).data == plain.data
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    assert client.get(FEED, headers=again).status_code == 304


def test_no_session_no_user_and_no_cookie(sign_in, make_committee, make_sitting, count_queries, monkeypatch):
    make_sitting(make_committee())
    client = sign_in("officer")
    client.get(FEED)

    def opened(*_):
        raise AssertionError("a feed opens no session")

    monkeypatch.setattr(SecureCookieSessionInterface, "open_session", opened)
    with count_queries() as counted:
        answer = client.get(FEED)
    assert answer.status_code == 200
    assert counted.number == 1, "the counter, and nobody is looked up"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]


def test_other_methods_go_the_way_of_pages(client, make_committee):
    make_committee()
    assert client.post(FEED).status_code in (400, 405)


def test_the_counter_moves_with_what_is_shown_and_not_with_drafts(make_committee, make_sitting):
    committee = make_committee()
    row = make_sitting(committee, status=Status.DRAFT)
    counted = [calendar_counter()]

    def moved() -> bool:
        counted.append(calendar_counter())
        return counted[-1] > counted[-2]

    sittings.edit(SYSTEM, row.id, version=None, plan=sittings.Plan(start=datetime(2027, 3, 1, 18), title="Neu"))
    assert not moved(), "a draft is seen by those who plan it only"
    sittings.confirm(SYSTEM, row.id)
    assert moved()
    sittings.move(SYSTEM, row.id, version=None, start=datetime(2027, 3, 2, 18), end=None, place_id=None)
    assert moved()
    sittings.cancel(SYSTEM, row.id)
    assert moved()


def test_a_right_that_begins_or_ends_moves_the_counter(make_committee, make_person, seat):
    committee, person = make_committee(), make_person()
    before = calendar_counter()
    row = seat(committee, person)
    appointed = calendar_counter()
    seats.end_seat(SYSTEM, row.seat_id, last_day=date(2026, 11, 16))
    assert before < appointed < calendar_counter()


def test_an_agenda_is_in_the_feed_as_soon_as_it_is_changed(client, make_committee, make_sitting):
    row = make_sitting(make_committee())
    etag = client.get(FEED).headers["ETag"]
    item = agenda.add(SYSTEM, row.id, Item("Begrüßung"))
    answer = client.get(FEED, headers={"If-None-Match": etag})
    assert "Begrüßung" in str(read(answer).walk("VEVENT")[0]["DESCRIPTION"])
    agenda.edit(SYSTEM, row.id, item.id, version=None, item=Item("Geheimes", public=False))
    answer = client.get(FEED, headers={"If-None-Match": answer.headers["ETag"]})
    assert b"Geheimes" not in answer.data
    assert answer.status_code == 200


def test_a_new_name_of_the_committee_is_in_the_feed_at_once(client, make_committee, make_sitting):
    committee = make_committee()
    make_sitting(committee)
    assert summaries(client.get(FEED)) == ["Integrationsrat"]
    renamed = OrganizationProfile("Beirat", committee.organization.kind)
    organizations.edit_organization(SYSTEM, committee.organization_id, version=None, profile=renamed)
    answer = client.get(FEED)
    assert summaries(answer) == ["Beirat"]
    assert read(answer)["X-WR-CALNAME"] == "Beirat"


def test_any_text_leaves_the_feed_readable(client, make_committee, make_sitting, add_agenda):
    nasty = [
        "Klausur\r\nBEGIN:VALARM\r\nX-EVIL:1",
        "<img src=x onerror=alert(1)> {{7*7}}",
        'Gruß; mit, Zeichen \\n und "mehr"',
        "نهر \u202eneröh " + "é̈" * 60,
        "👩‍👩‍👧" * 30,
    ]
    committee = make_committee()
    for day, title in enumerate(nasty, start=1):
        add_agenda(make_sitting(committee, datetime(2027, 3, day, 18), title=title[:200]), title)
    answer = client.get(FEED)
    parsed = read(answer)
    assert len(parsed.walk("VEVENT")) == len(nasty)
    assert not parsed.walk("VALARM")
    assert all(len(line) <= 75 and line.decode() is not None for line in answer.data.split(b"\r\n"))
    assert "\u202e".encode() not in answer.data


def test_the_window_moves_with_the_month_without_any_write(client, make_committee, make_sitting):
    committee = make_committee()
    make_sitting(committee, datetime(2025, 11, 5, 18))
    make_sitting(committee, datetime(2027, 1, 5, 18))
    etag = client.get(FEED).headers["ETag"]
    with time_machine.travel(datetime(2026, 11, 30, 22, 59, tzinfo=UTC)):
        assert client.get(FEED, headers={"If-None-Match": etag}).status_code == 304
    with time_machine.travel(datetime(2026, 11, 30, 23, 1, tzinfo=UTC)):  # 1 December, 00:01
        assert len(summaries(client.get(FEED, headers={"If-None-Match": etag}))) == 1


def test_a_committee_that_is_not_public_any_more_has_no_feed(client, make_committee, make_sitting):
    committee = make_committee()
    make_sitting(committee)
    assert client.get(FEED).status_code == 200
    charter = committees.charter_of(committee)
    committees.edit_committee(
        SYSTEM, committee.id, version=None, charter=type(charter)(name=charter.name, kind=charter.kind, public=False)
    )
    assert client.get(FEED).status_code == 404


def test_one_broken_row_leaves_the_others_in(client, make_committee, make_sitting):
    committee = make_committee()
    make_sitting(committee, title="Gut")
    broken = make_sitting(committee, datetime(2027, 2, 1, 18), title="Schlecht")
    with transaction() as session:
        session.get(Sitting, broken.id).uid = "no/uid"
    assert summaries(client.get(FEED)) == ["Integrationsrat: Gut"]


def test_when_nothing_can_be_built_the_last_good_feed_goes_out(client, make_committee, make_sitting, monkeypatch):
    row = make_sitting(make_committee())
    good = client.get(FEED).data
    sittings.cancel(SYSTEM, row.id)

    def fails(*_args, **_kwargs):
        raise RuntimeError("no calendar today")

    with monkeypatch.context() as broken:
        broken.setattr(assembly, "calendar", fails)
        assert client.get(FEED).data == good
        shelf().clear()
        answer = client.get(FEED)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
        assert answer.data != b""
    assert summaries(client.get(FEED)) == ["ABGESAGT: Integrationsrat"]


def test_a_feed_is_the_same_in_a_fresh_process(client, make_committee, make_sitting, add_agenda, app):
    committee = make_committee()
    for month in range(1, 5):
        add_agenda(make_sitting(committee, datetime(2027, month, 7, 18)), "Begrüßung", "Verschiedenes")
    first = client.get(FEED)
    script = (
        "import os, sys; from pathlib import Path; from core.settings import Settings; from wsgi import create_app\n"
        "settings = Settings(mode='test', secret_key='x' * 40, data=Path(sys.argv[1]), database=sys.argv[2],\n"
        "    public_url='http://localhost')\n"
        "import time_machine; time_machine.travel('2026-11-20T12:00:00+00:00').start()\n"
        "client = create_app(settings, testing=True).test_client()\n"
        "answer = client.get(sys.argv[3], headers={'Accept-Encoding': 'gzip'})\n"
        "sys.stdout.write(answer.headers['ETag'] + ' ' + answer.data.hex())\n"
    )
    settings = app.config["SETTINGS"]
    done = subprocess.run(
        [sys.executable, "-c", script, str(settings.data), settings.database_url, FEED],
        capture_output=True,
        text=True,
        check=True,
        cwd=settings.root,
        env={"PYTHONHASHSEED": "7", "PATH": os.environ["PATH"]},
    )
    etag, _, body = done.stdout.partition(" ")
    packed = client.get(FEED, headers={"Accept-Encoding": "gzip"})
    assert etag == packed.headers["ETag"]
    assert bytes.fromhex(body) == packed.data
    assert gzip.decompress(packed.data) == first.data


def test_ten_times_the_sittings_ask_the_same_queries(client, make_committee, make_sitting, count_queries):
    committee = make_committee()

    def ask() -> int:
        shelf().clear()
        with count_queries() as counted:
            client.get(FEED)
        return counted.number

    make_sitting(committee)
    few = ask()
    for day in range(1, 11):
        make_sitting(committee, datetime(2027, 3, day, 18))
    assert ask() == few <= 7  # counter, committee, four of sources, newest line of the history
    assert len(entries()) == 11
