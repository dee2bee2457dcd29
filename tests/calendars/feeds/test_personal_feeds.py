"""Personal feeds: whom a key opens what for, and when it does not any more."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import icalendar
import pytest
import time_machine

from calendars.feeds import assembly, operations, queries, used
from calendars.feeds.models import FeedToken
from calendars.feeds.rules import hash_of
from coordination.accounts import operations as accounts
from coordination.people import operations as people
from core.access import SYSTEM, Actor
from core.database import get_row, session, transaction
from core.errors import NotFound, Refused
from core.history import lines_of
from core.instance import calendar_counter
from meetings.sittings import operations as sittings
from participation.committees import operations as committees
from participation.seats import operations as seats
from participation.seats.rules import SeatRole


def summaries(response):
    assert response.status_code == 200
    return [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(response.data).walk("VEVENT")]


@pytest.fixture
def member(make_committee, make_person, make_sitting, seat):
    """Somebody on a seat of a committee that is not public and has one sitting, beside a public one with another."""
    inner, other, person = make_committee("Lenkungskreis", public=False), make_committee("Beirat"), make_person()
    make_sitting(inner, datetime(2027, 1, 14, 18))
    make_sitting(other, datetime(2027, 1, 15, 18))
    person.appointment = seat(inner, person)
    return person


def test_it_holds_what_the_person_may_see(client, member, subscribe):
    _row, path = subscribe(member)
    assert summaries(client.get(path)) == ["Lenkungskreis", "Beirat"]
    _row, path = subscribe(member, only_mine=True)
    assert summaries(client.get(path)) == ["Lenkungskreis"]


def test_language_and_reminder_are_the_keys(client, member, subscribe, make_sitting):
    _row, path = subscribe(member, language="en", alarm_minutes=30, only_mine=True)
    (event,) = icalendar.Calendar.from_ical(client.get(path).data).walk("VEVENT")
    assert "Status: Confirmed" in event["DESCRIPTION"]
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt.total_seconds() == -1800
    _row, path = subscribe(member)
    assert b"VALARM" not in client.get(path).data


def test_a_sitting_of_the_own_committee_is_in_it_once_in_the_inner_reading(client, member, subscribe, make_sitting):
    committee = member.appointment.seat.committee
    make_sitting(committee, datetime(2027, 2, 1, 18), mode="hybrid", video_url="https://video.example/room")
    opened = committees.charter_of(committee)
    committees.edit_committee(SYSTEM, committee.id, version=None, charter=replace(opened, public=True))
    body = client.get(subscribe(member, only_mine=True)[1]).data
    assert body.count(b"BEGIN:VEVENT") == 2
    assert b"video.example" in body
    public = client.get("/gremien/lenkungskreis/kalender.ics").data
    assert public.count(b"BEGIN:VEVENT") == 2
    assert b"video.example" not in public


def test_a_right_that_ended_yesterday_is_gone_this_morning_without_a_write(client, member, subscribe):
    seats.edit_appointment(SYSTEM, member.appointment.id, role=SeatRole.MEMBER, ends_on=date(2026, 11, 16))
    _row, path = subscribe(member)
    counter = calendar_counter()
    with time_machine.travel(datetime(2026, 11, 16, 22, 59, tzinfo=UTC)):
        etag = client.get(path).headers["ETag"]
        assert summaries(client.get(path)) == ["Lenkungskreis", "Beirat"]
    with time_machine.travel(datetime(2026, 11, 16, 23, 1, tzinfo=UTC)):  # the 17th, 00:01
        answer = client.get(path, headers={"If-None-Match": etag})
        assert summaries(answer) == ["Beirat"]
    assert calendar_counter() == counter


def test_a_seat_that_begins_tomorrow_opens_nothing_today(client, make_committee, make_person, make_sitting, subscribe):
    committee, person = make_committee(public=False), make_person()
    make_sitting(committee)
    terms = seats.SeatTerms(label="1", starts_on=date(2026, 11, 17))
    row = seats.create_seat(SYSTEM, committee.id, terms=terms)
    seats.appoint(SYSTEM, row.id, person_id=person.id)
    _row, path = subscribe(person)
    assert summaries(client.get(path)) == []
    with time_machine.travel(datetime(2026, 11, 17, 9, tzinfo=UTC)):
        assert summaries(client.get(path)) == ["Integrationsrat"]


def test_unknown_keys_are_all_the_same_404_after_one_query(client, member, subscribe, count_queries):
    _row, path = subscribe(member)
    bodies = set()
    for wrong in ("x", "x" * 32, path.split("/")[2][:-1] + "!", "%F0%9F%98%80", "%00", "x" * 5000):
        with count_queries() as counted:
            answer = client.get(f"/abo/{wrong}/handy.ics")
        assert answer.status_code == 404
        assert counted.number == 1
        bodies.add(answer.data)
    assert len(bodies) == 1


def test_a_revoked_key_is_gone_at_once_and_others_stay(client, member, subscribe):
    row, path = subscribe(member)
    _other, stays = subscribe(member, name="Rechner")
    etag = client.get(path).headers["ETag"]
    operations.revoke(Actor(account_id=1, person_id=member.id), row.id)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 410
    assert client.get(stays).status_code == 200


def test_an_account_that_is_somebody_elses_by_now_opens_nothing(client, member, subscribe, make_account, make_person):
    """It kept the business of the committee; whoever had it has another account, with which they do not."""
    committee, person = member.appointment.seat.committee, make_person("Cem Kaya")
    account = make_account("clerk", organization_id=committee.organization_id, person_id=person.id)
    _row, path = subscribe(person)
    assert summaries(client.get(path)) == ["Lenkungskreis", "Beirat"]
    accounts.link_person(SYSTEM, account.id, None)
    make_account(person_id=person.id)
    assert summaries(client.get(path)) == ["Beirat"]


def test_a_person_in_the_archive_has_no_feed(client, member, subscribe):
    _row, path = subscribe(member)
    assert client.get(path).status_code == 200
    people.archive_person(SYSTEM, member.id)
    assert client.get(path).status_code == 410


def test_a_new_address_ends_the_old_one(client, member, subscribe):
    row, path = subscribe(member, alarm_minutes=30)
    new, token = operations.rotate(Actor(account_id=1, person_id=member.id), row.id)
    assert client.get(path).status_code == 410
    assert client.get(f"/abo/{token}/x.ics").status_code == 200
    assert (new.alarm_minutes, new.name) == (30, "Handy")
    with pytest.raises(Refused):
        operations.rotate(Actor(account_id=1, person_id=member.id), row.id)


def test_304_after_two_queries_and_headers_that_keep_it_private(client, member, subscribe, count_queries):
    _row, path = subscribe(member)
    first = client.get(path)
    assert first.headers["Cache-Control"] == "private, max-age=60"
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in first.headers
    with count_queries() as counted:
        answer = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 304
    assert counted.number == 2, counted.statements


def test_the_name_in_the_address_becomes_a_safe_file_name(client, member, subscribe):
    _row, path = subscribe(member)
    token = path.split("/")[2]
    answer = client.get(f"/abo/{token}/%22%0d%0aX-Evil:%201;%E2%80%AE.ics")
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
    assert "\r" not in answer.headers["Content-Disposition"]


def test_a_token_opens_no_page(client, member, subscribe):
    token = subscribe(member)[1].split("/")[2]
    assert client.get(f"/abo/{token}/").status_code == 404
    assert client.get(f"/konto/abos/?token={token}").status_code == 302


def test_only_the_hash_is_kept_and_the_history_has_neither(member, subscribe):
    row, path = subscribe(member)
    token = path.split("/")[2]
    assert len(token) >= 22, "128 bits or more"
    kept = session().get(FeedToken, row.id)
    assert kept.token_hash == hash_of(token)
    (line,) = lines_of("feed_token", row.id)
    assert token not in str(line.new)
    assert kept.token_hash not in str(line.new)


def test_a_key_is_made_for_oneself_and_revoked_by_oneself_or_the_administration(member, subscribe, make_person, actor):
    row, _path = subscribe(member)
    stranger = Actor(account_id=2, person_id=make_person("Bo Fremd").id)
    with pytest.raises(NotFound):
        operations.create_token(stranger, member.id, name="Handy")
    with pytest.raises(NotFound):
        operations.create_token(actor, member.id, name="Handy")
    for verb in (operations.revoke, operations.rotate):
        with pytest.raises(NotFound):
            verb(stranger, row.id)
    operations.revoke(actor, row.id)
    operations.revoke(actor, row.id)
    assert queries.list_tokens(member.id) == []
    assert [line.action for line in lines_of("feed_token", row.id)] == ["feeds.revoke", "feeds.create"]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "language": "xx"}, "language"),
        ({"name": "x", "alarm_minutes": 7}, "alarm_minutes"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(member, options, field):
    with pytest.raises(Refused) as refused:
        operations.create_token(Actor(person_id=member.id), member.id, **options)
    assert refused.value.field == field


def test_there_is_an_end_to_the_number_of_keys(member, subscribe):
    for number in range(20):
        subscribe(member, name=f"Gerät {number}")
    with pytest.raises(Refused):
        subscribe(member)


def test_the_last_good_feed_is_never_given_to_who_belongs_to_less(client, member, subscribe, monkeypatch):
    _row, path = subscribe(member)
    good = client.get(path).data

    def fails(*_args, **_kwargs):
        raise RuntimeError("no calendar today")

    monkeypatch.setattr(assembly, "calendar", fails)
    with transaction():
        get_row(type(member), member.id)
    sittings.schedule(SYSTEM, 2, sittings.Plan(start=datetime(2027, 5, 1, 18), status=sittings.Status.CONFIRMED))
    assert client.get(path).data == good, "the same circles: the last good feed"
    seats.edit_appointment(SYSTEM, member.appointment.id, role=SeatRole.MEMBER, ends_on=date(2026, 11, 15))
    assert client.get(path).status_code == 503


def test_the_day_of_the_last_use_is_noted_outside_the_database_and_written_by_the_job(
    client, member, subscribe, count_queries
):
    row, path = subscribe(member)
    assert used.write_down() == 0
    with count_queries() as counted:
        client.get(path)
        client.get(path)
    assert not [statement for statement in counted.statements if not statement.startswith("SELECT")]
    counter = calendar_counter()
    assert used.write_down() == 1
    assert session().get(FeedToken, row.id).last_used_on == date(2026, 11, 16)
    assert calendar_counter() == counter
    client.get(path)
    assert used.write_down() == 0, "noted once a day"
    with time_machine.travel(datetime(2026, 11, 18, 9, tzinfo=UTC)):
        client.get(path)
        assert used.write_down() == 1
    session().expire_all()
    assert session().get(FeedToken, row.id).last_used_on == date(2026, 11, 18)


def test_a_file_left_half_written_or_half_taken_does_no_harm(app, member, subscribe):
    row, _path = subscribe(member)
    taken = app.config["SETTINGS"].data / "feeds-used.taken"
    taken.write_text(f"{row.id} 2026-11-15\n{row.id} 2026-11-1", encoding="ascii")
    assert used.write_down() == 1
    assert session().get(FeedToken, row.id).last_used_on == date(2026, 11, 15)
    assert not taken.exists()


def test_pages_make_show_renew_and_end_a_feed(sign_in, member):
    client = sign_in("representative", person_id=member.id)
    assert "Sie haben noch kein Abo." in client.get("/konto/abos/").text
    page = client.submit("/konto/abos/neu", {"name": "Mein <b>Handy", "language": "de", "alarm_minutes": "30"})
    assert "<svg" in page.text
    assert "&lt;b&gt;Handy" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    address = re.search(r'value="http://localhost(/abo/[^"]+)"', page.text)
    assert client.get(address[1]).status_code == 200
    assert f'href="webcal://localhost{address[1]}"' in page.text
    listed = client.get("/konto/abos/").text
    assert address[1].split("/")[2] not in listed, "shown once"
    assert "30 Minuten vorher" in listed
    (row,) = queries.list_tokens(member.id)
    assert "Alle Termine, die ich sehen darf" in client.get(f"/konto/abos/{row.id}").text
    page = client.submit(f"/konto/abos/{row.id}/erneuern")
    assert client.get(address[1]).status_code == 410
    (row,) = queries.list_tokens(member.id)
    page = client.submit(f"/konto/abos/{row.id}/beenden")
    assert "ist beendet" in page.text
    assert "Sie haben noch kein Abo." in page.text


@pytest.mark.parametrize(("name", "complaint"), [("", "Bitte füllen Sie dieses Feld aus."), ("x" * 101, "höchstens")])
def test_bad_input_gets_a_message_at_the_field(sign_in, member, name, complaint):
    client = sign_in("representative", person_id=member.id)
    page = client.submit("/konto/abos/neu", {"name": name, "language": "de", "alarm_minutes": "120", "only_mine": "y"})
    assert complaint in page.text
    page = client.submit("/konto/abos/neu", {"name": "Handy", "language": "xx", "alarm_minutes": "7"})
    assert page.status_code == 200
    assert queries.list_tokens(member.id) == []


def test_an_account_without_a_person_is_told_why(sign_in):
    client = sign_in("officer")
    assert "mit keiner Person verbunden" in client.get("/konto/abos/").text
    assert "mit keiner Person verbunden" in client.get("/konto/abos/neu", follow_redirects=True).text
    assert "mit keiner Person verbunden" in client.get("/konto/").text


def test_nobody_touches_the_feeds_of_others(sign_in, member, subscribe, make_person):
    row, path = subscribe(member)
    client = sign_in("representative", person_id=make_person("Bo Fremd").id)
    assert client.get(f"/konto/abos/{row.id}").status_code == 404
    for verb in ("erneuern", "beenden"):
        assert client.submit(f"/konto/abos/{row.id}/{verb}").status_code == 404
    assert client.get(path).status_code == 200


def test_the_administration_ends_a_feed_on_the_persons_page(sign_in, member, subscribe):
    row, path = subscribe(member, name="Altes Handy")
    assert "Altes Handy" not in sign_in("officer").get(f"/personen/{member.id}").text
    client = sign_in("admin")
    assert "Altes Handy" in client.get(f"/personen/{member.id}").text
    page = client.submit(f"/konto/abos/{row.id}/beenden")
    assert "Das Abo „Altes Handy“ ist beendet." in page.text
    assert client.get(path).status_code == 410


def test_a_change_between_key_and_counter_is_not_taken_as_seen(member, subscribe):
    _row, path = subscribe(member)
    session().rollback()
    assert queries.find_key(path.split("/")[2]) is not None
    queries.counter()
    assert not session().in_transaction(), "the session has no view of the rows before the counter is known"


def test_the_account_page_leads_to_the_feeds(sign_in, member, subscribe):
    subscribe(member)
    client = sign_in("representative", person_id=member.id)
    page = client.get("/konto/").text
    assert "Sie haben ein Abo" in page
    assert 'href="/konto/abos/"' in page
