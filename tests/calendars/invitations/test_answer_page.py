"""The page behind the link in a mail: one tap, no password, nobody else's answer."""

from datetime import date, datetime

import pytest
import time_machine
from icalendar import Calendar
from sqlalchemy import select

from calendars.invitations import operations
from calendars.invitations.keys import _signer
from coordination.people.merging import merge_people
from core.access import SYSTEM
from core.clock import to_utc
from core.database import session
from meetings.attendance import operations as attendance
from meetings.attendance.models import Reply
from meetings.attendance.rules import Answer
from meetings.sittings import operations as sittings
from meetings.sittings.rules import Mode
from participation.seats import operations as seats
from participation.seats.queries import list_appointments


@pytest.fixture
def invited(world, arrived):
    operations.invite(SYSTEM, world.sitting.id)
    world.mails = {mail.to: mail for mail in arrived()}
    return world


def answers(sitting):
    session().rollback()
    rows = session().scalars(select(Reply).where(Reply.sitting_id == sitting.id).order_by(Reply.id))
    return {row.person.given_name.lower(): Answer(row.answer) for row in rows}


def text(response):
    return response.get_data(as_text=True)


def test_from_the_mail_to_the_answer_on_a_phone(invited, client, add_agenda):
    add_agenda(invited.sitting, "Begrüßung", ("Personalia", False))
    link = invited.mails["amina"].link
    page = text(client.get(link))
    assert "Kommen Sie?" in page
    assert "Do., 14. Januar 2027, 18:30 bis 20:30 Uhr" in page
    assert "Begrüßung" in page
    assert "Personalia" in page
    assert "Ich komme" in page
    assert "Ich nehme online teil" not in page, "there is no video room"
    done = text(client.submit(link, {"answer": "coming"}))
    assert "Danke. Wir haben notiert: Sie kommen." in done
    assert "Ihre Antwort bisher" in done or "big-choice__button--current" in done
    assert answers(invited.sitting) == {"amina": Answer.COMING}
    undone = text(client.submit(link, {"answer": "not_coming"}))
    assert "Sie können nicht kommen" in undone
    assert answers(invited.sitting) == {"amina": Answer.NOT_COMING}


def test_after_a_move_the_page_names_the_old_answer_and_asks_for_a_new_one(invited, client):
    link = invited.mails["amina"].link
    client.submit(link, {"answer": "coming"})
    later = datetime(2027, 1, 21, 18, 30)
    sittings.move(SYSTEM, invited.sitting.id, version=None, start=later, end=None, place_id=None)
    page = text(client.get(link))
    assert "Für eine andere Zeit, Do., 14. Januar 2027, 18:30 Uhr, hatten Sie geantwortet: Ich komme." in page
    assert "big-choice__button--current" not in page
    assert "Bitte neu antworten" not in text(client.submit(link, {"answer": "coming"}))


def test_opening_the_link_changes_nothing(invited, client, counts):
    before = counts()
    for mail in invited.mails.values():
        client.get(mail.link)
        client.get(mail.link + "?answer=coming")
        client.get(mail.link + "/termin.ics")
    assert counts() == before


def test_a_post_without_the_token_of_the_session_changes_nothing(invited, client):
    response = client.post(invited.mails["amina"].link, data={"answer": "coming"})
    assert answers(invited.sitting) == {}
    assert "kern-alert--danger" in text(response)


def test_the_page_works_over_https_though_it_sends_no_referer(invited, client):
    link = invited.mails["amina"].link
    address = {"base_url": "https://localhost"}
    page = client.get(link, **address)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    token = text(page).partition('name="csrf_token" value="')[2].partition('"')[0]
    client.post(link, data={"answer": "coming", "csrf_token": token}, **address)
    assert answers(invited.sitting) == {"amina": Answer.COMING}


@pytest.mark.parametrize(
    "change", [lambda k: k[:-1] + ("A" if k[-1] != "A" else "B"), lambda k: "x", lambda k: k + "x"]
)
def test_a_key_that_was_not_made_here_opens_nothing(invited, client, change):
    link = invited.mails["amina"].link
    key = link.removeprefix("/antwort/")
    forged = f"/antwort/{change(key)}"
    assert client.get(forged).status_code == 404
    assert client.submit(forged, {"answer": "coming"}).status_code == 404
    assert client.get(forged + "/termin.ics").status_code == 404
    assert answers(invited.sitting) == {}


def test_a_key_signed_for_another_purpose_opens_nothing(invited, client, app):
    from itsdangerous import URLSafeSerializer

    other = URLSafeSerializer(app.config["SECRET_KEY"], salt="something else").dumps([1, invited.amina.id])
    assert client.get(f"/antwort/{other}").status_code == 404


def test_a_key_of_a_row_that_now_is_somebody_elses_opens_nothing(invited, client, row_of):
    from core.database import transaction

    link = invited.mails["amina"].link
    number = row_of(invited.sitting, invited.amina).id
    with transaction() as current:
        row = current.get_one(type(row_of(invited.sitting, invited.amina)), number)
        row.person_id = invited.cem.id
    assert client.get(link).status_code == 404


def test_the_link_to_an_entry_that_was_merged_leads_to_the_page_of_the_person(invited, client, row_of):
    before = _signer().dumps([row_of(invited.sitting, invited.amina).id, invited.amina.id])
    merge_people(SYSTEM, invited.amina.id, invited.dina.id)
    assert row_of(invited.sitting, invited.amina).person_id == invited.amina.id
    for path in (invited.mails["dina"].link, invited.mails["amina"].link, f"/antwort/{before}"):
        assert "Amina" in text(client.get(path))
        assert client.get(path + "/termin.ics").status_code == 200
    client.submit(invited.mails["dina"].link, {"answer": "coming"})
    assert answers(invited.sitting) == {"amina": Answer.COMING}


def test_answers_that_are_not_offered_are_refused(invited, client):
    link = invited.mails["amina"].link
    for wrong in ("online", "vielleicht", "", "coming\x00"):
        assert client.submit(link, {"answer": wrong}).status_code == 200
    assert answers(invited.sitting) == {}


def test_joining_online_is_offered_where_there_is_a_video_room(invited, client, make_sitting, arrived):
    hybrid = make_sitting(
        invited.committee, datetime(2027, 2, 4, 18, 30), mode=Mode.HYBRID, video_url="https://video.example/raum"
    )
    operations.invite(SYSTEM, hybrid.id)
    mail = arrived()[0]
    assert "Online: https://video.example/raum" in mail.text
    page = text(client.get(mail.link))
    assert "Ich nehme online teil" in page
    assert "https://video.example/raum" in page
    assert "Sie nehmen online teil" in text(client.submit(mail.link, {"answer": "online"}))


def test_nobody_elses_answer_is_shown(invited, client):
    attendance.answer(invited.dina.id, invited.sitting.id, invited.other_seat.id, Answer.NOT_COMING)
    page = text(client.get(invited.mails["amina"].link))
    assert "Dina" not in page
    assert "big-choice__button--current" not in page


def test_a_deputy_answers_and_the_next_is_asked(invited, client, arrived):
    client.submit(invited.mails["amina"].link, {"answer": "not_coming"})
    operations.tell_all()
    bela = arrived()[0]
    page = text(client.get(bela.link))
    assert "Amina Aminamann</bdi> kann nicht kommen" in page
    client.submit(bela.link, {"answer": "not_coming"})
    operations.tell_all()
    assert [mail.to for mail in arrived()] == ["cem"]
    assert answers(invited.sitting) == {"amina": Answer.NOT_COMING, "bela": Answer.NOT_COMING}


def test_a_deputy_who_is_not_needed_any_more_is_told_so(invited, client, arrived):
    client.submit(invited.mails["amina"].link, {"answer": "not_coming"})
    operations.tell_all()
    bela = arrived()[0]
    client.submit(invited.mails["amina"].link, {"answer": "coming"})
    page = text(client.get(bela.link))
    assert "nicht als Vertretung gebraucht" in page
    assert "big-choice" not in page
    refused = text(client.submit(bela.link, {"answer": "coming"}))
    assert "werden Sie nicht mehr gefragt" in refused
    assert answers(invited.sitting) == {"amina": Answer.COMING}


def test_a_cancelled_sitting_takes_no_answer(invited, client):
    sittings.cancel(SYSTEM, invited.sitting.id, reason="Krankheit")
    link = invited.mails["amina"].link
    page = text(client.get(link))
    assert "Diese Sitzung ist abgesagt." in page
    assert "Krankheit" in page
    assert "big-choice" not in page
    client.submit(link, {"answer": "coming"})
    assert answers(invited.sitting) == {}


def test_a_past_sitting_takes_no_answer(invited, client):
    with time_machine.travel(to_utc(datetime(2027, 1, 14, 18, 31)), tick=True):
        link = invited.mails["amina"].link
        page = text(client.get(link))
        assert "hat begonnen oder ist vorbei" in page
        client.submit(link, {"answer": "coming"})
    assert answers(invited.sitting) == {}


def test_who_has_no_seat_any_more_sees_nothing_of_the_sitting(invited, client):
    appointment = list_appointments(invited.other_seat.id)[0]
    seats.edit_appointment(SYSTEM, appointment.id, role=appointment.role, ends_on=datetime(2027, 1, 13).date())
    link = invited.mails["dina"].link
    page = text(client.get(link))
    assert "gilt nicht mehr für Sie" in page
    assert "Integrationsrat" not in page
    assert "Januar" not in page
    assert client.get(link + "/termin.ics").status_code == 404
    client.submit(link, {"answer": "coming"})
    assert answers(invited.sitting) == {}


def test_the_date_as_a_file(invited, client):
    response = client.get(invited.mails["amina"].link + "/termin.ics")
    assert response.content_type == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.get_data(as_text=True))
    assert str(calendar["METHOD"]) == "PUBLISH"
    events = calendar.walk("VEVENT")
    assert [str(event["UID"]) for event in events] == [invited.sitting.uid]
    assert "ATTENDEE" not in events[0]
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_the_page_is_in_the_language_of_the_person_and_can_be_read_in_another(invited, client, make_person, make_seat):
    make_seat(invited.committee, make_person("Edith English", language="en"))
    operations.invite(SYSTEM, invited.sitting.id)
    german = invited.mails["amina"].link
    assert '<html lang="de"' in text(client.get(german))
    english = text(client.get(german + "?sprache=en"))
    assert '<html lang="en"' in english
    assert "Are you coming?" in english
    assert "Thank you. We have noted: you are coming." in text(
        client.submit(german + "?sprache=en", {"answer": "coming"})
    )
    assert '<html lang="de"' in text(client.get(german + "?sprache=xx"))


def test_markup_in_names_and_titles_is_shown_as_text(world, client, arrived, make_sitting, add_agenda):
    evil = "<img src=x onerror=alert(1)>{{7*7}}"
    sitting = make_sitting(world.committee, datetime(2027, 2, 4, 18, 30), title=evil)
    add_agenda(sitting, evil)
    operations.invite(SYSTEM, sitting.id)
    page = text(client.get(arrived()[0].link))
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "49" not in page.partition("<main")[2]


def test_too_many_requests_are_slowed_down(invited, client):
    codes = [client.get("/antwort/geraten").status_code for _ in range(61)]
    assert (codes[0], codes[-1]) == (404, 429)


def test_reading_the_page_leaves_no_name_in_the_session(invited, client):
    client.get(invited.mails["amina"].link)
    with client.session_transaction() as cookie:
        assert set(cookie) == {"csrf_token"}


def test_who_is_signed_in_is_shown_the_way_to_all_own_dates(invited, client, sign_in):
    link = invited.mails["amina"].link
    assert "/konto/abos/" not in text(client.get(link))
    sign_in("representative", organization_id=invited.committee.organization_id, person_id=invited.amina.id)
    assert "/konto/abos/" in text(client.get(link))


def test_the_page_reads_little(invited, client, count_queries):
    link = invited.mails["amina"].link
    client.get(link)
    with count_queries() as counted:
        client.get(link)
    assert counted.number <= 16, counted.statements


def test_who_cannot_come_reads_who_is_asked_instead(invited, client, arrived):
    page = text(client.submit(invited.mails["amina"].link, {"answer": "not_coming"}))
    assert "Als Stellvertretung wird jetzt gefragt: Bela Belamann" in page
    assert "Cem" not in page
    operations.tell_all()
    (asked,) = [mail for mail in arrived() if mail.to == "bela"]
    page = text(client.submit(asked.link, {"answer": "not_coming"}))
    assert "Als Stellvertretung wird jetzt gefragt: Cem Cemmann" in page
    page = text(client.submit(invited.mails["dina"].link, {"answer": "not_coming"}))
    assert "Als Stellvertretung" not in page, "her seat has no deputy"
    assert "Sie können nicht kommen" in page


def test_whose_seat_begins_later_reads_no_names_of_the_committee_yet(world, make_person, make_seat, client, arrived):
    new, deputy = make_person("Emre Emremann"), make_person("Filiz Filizmann")
    make_seat(world.committee, new, deputy, starts_on=date(2027, 1, 1))
    operations.invite(SYSTEM, world.sitting.id)
    (mail,) = [mail for mail in arrived() if mail.to == "emre"]
    page = text(client.submit(mail.link, {"answer": "not_coming"}))
    assert "Sie können nicht kommen" in page
    assert "Filiz" not in page
