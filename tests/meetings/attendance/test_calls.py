"""Answers given by phone: the clerk enters them as if the person had answered, takes them back, and never wins."""

import re
from datetime import datetime, timedelta

import pytest

from coordination.people.models import Person
from core.database import session, transaction
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of
from meetings.attendance import operations, queries
from meetings.attendance.forms import call_questions, read_call
from meetings.attendance.models import Reply
from meetings.attendance.operations import Call
from meetings.attendance.rules import Answer
from meetings.sittings import operations as sittings
from meetings.sittings.rules import Mode
from participation.seats.models import Seat

COMING, ONLINE, NOT_COMING = Answer.COMING, Answer.ONLINE, Answer.NOT_COMING


@pytest.fixture
def sitting(board, make_sitting) -> int:
    """The id of a sitting that is still to come."""
    return make_sitting(board.committee).id


@pytest.fixture
def clerk(board, sign_in):
    """A browser of the board's clerk."""
    return sign_in("clerk", organization_id=board.committee.organization_id)


@pytest.fixture
def enter(actor, sitting, board):
    """`enter("Elif", COMING)`: for the seat MO 1, by phone."""

    def do(name: str, said: Answer | None, seen: Answer | None = None) -> None:
        call = Call(getattr(board, name), board.first, said, seen)
        operations.answer_by_phone(actor, sitting, call=call)

    return do


def reply_of(sitting: int, person: int) -> tuple[str, bool, str | None] | None:
    session().expire_all()
    row = session().query(Reply).filter_by(sitting_id=sitting, person_id=person).one_or_none()
    return row and (row.answer, row.by_phone, row.own_answer)


def test_an_answer_by_phone_counts_and_is_told_apart_also_in_the_history(board, sitting, enter, actor):
    enter("Elif", COMING)
    enter("Elif", COMING)
    assert reply_of(sitting, board.Elif) == (COMING, True, None)
    (line,) = lines_of("reply", session().query(Reply).one().id)
    assert (line.action, line.actor_account, line.new["by_phone"]) == (
        "attendance.answer_by_phone",
        actor.account_id,
        True,
    )
    assert queries.expected_quorum(session().get_one(sittings.Sitting, sitting)).there == 1


def test_taken_back_nothing_is_left(board, sitting, enter):
    enter("Elif", COMING)
    enter("Elif", None, COMING)
    assert reply_of(sitting, board.Elif) is None


def test_taken_back_what_the_person_said_themselves_holds_again(board, sitting, enter):
    operations.answer(board.Elif, sitting, board.first, COMING)
    enter("Elif", NOT_COMING, COMING)
    enter("Elif", ONLINE, NOT_COMING)  # and once more on the phone
    assert reply_of(sitting, board.Elif) == (ONLINE, True, COMING)
    enter("Elif", None, ONLINE)
    assert reply_of(sitting, board.Elif) == (COMING, False, None)
    with pytest.raises(Refused, match="keine Antwort vom Telefon"):
        enter("Elif", None, COMING)


def test_the_persons_own_later_answer_wins(board, sitting, enter):
    enter("Elif", COMING)
    operations.answer(board.Elif, sitting, board.first, COMING)  # the same, but their own
    assert reply_of(sitting, board.Elif) == (COMING, False, None)
    enter("Elif", NOT_COMING, COMING)
    operations.answer(board.Elif, sitting, board.first, ONLINE)
    assert reply_of(sitting, board.Elif) == (ONLINE, False, None)


def test_after_a_move_answers_by_phone_are_taken_anew(board, sitting, enter, clerk, actor):
    operations.answer(board.Elif, sitting, board.first, COMING)
    enter("Elif", NOT_COMING, COMING)
    later = session().get_one(sittings.Sitting, sitting).starts_local + timedelta(days=7)
    sittings.move(actor, sitting, version=None, start=later, end=None, place_id=None, reason="")
    page = clerk.get(f"/sitzungen/{sitting}/antworten").text
    assert "Vor der Verlegung, für Do., 26. November 2026, 18:30 Uhr: Kann nicht kommen" in page
    assert "Zurücknehmen" not in page
    with pytest.raises(Refused, match="keine Antwort vom Telefon"):
        enter("Elif", None, NOT_COMING)
    enter("Elif", NOT_COMING)  # the same, for the new time
    assert reply_of(sitting, board.Elif) == (NOT_COMING, True, None)
    enter("Elif", None, NOT_COMING)  # what she had said herself was for the old time
    assert reply_of(sitting, board.Elif) is None


def test_who_answered_while_the_page_was_open_is_not_overruled(board, sitting, enter):
    operations.answer(board.Elif, sitting, board.first, NOT_COMING)
    for said in (COMING, None):
        with pytest.raises(Outdated, match="Elif Aydın hat inzwischen selbst geantwortet"):
            enter("Elif", said)
    assert reply_of(sitting, board.Elif) == (NOT_COMING, False, None)


def test_deputies_may_say_something_once_the_member_cannot_come(board, sitting, enter):
    with pytest.raises(Refused, match="Elif Aydın hat nicht"):
        enter("Dario", COMING)
    enter("Elif", NOT_COMING)
    enter("Dario", COMING)
    sheet = queries.sheet_of(session().get_one(sittings.Sitting, sitting))
    assert [line.standing_in.person_id for line in sheet.lines if line.standing_in] == [board.Dario]
    asked = [question.asked.person.given_name for question in call_questions(sheet)]
    assert asked == ["Elif", "Dario", "Mina", "Olena", "Jan", "Ada"]


def test_strangers_other_seats_and_past_sittings_are_refused(board, sitting, actor, make_sitting, make_committee):
    with pytest.raises(Refused, match="weder Mitglied noch Vertretung"):
        operations.answer_by_phone(actor, sitting, call=Call(board.Olena, board.first, COMING))
    other = make_sitting(make_committee("Anderer")).id
    with pytest.raises(NotFound):
        operations.answer_by_phone(actor, other, call=Call(board.Elif, board.first, COMING))
    sittings.cancel(actor, sitting)
    with pytest.raises(Refused, match="abgesagt"):
        operations.answer_by_phone(actor, sitting, call=Call(board.Elif, board.first, COMING))


@pytest.mark.parametrize(
    "text",
    ["", "1", "1-2", "1-2:", "1-2:coming", "a-2::coming", "1-2::late", "1-2:late:coming", "1" * 10 + "-2::coming"],
)
def test_what_no_button_sends_is_nothing(text):
    assert read_call(text) is None


def test_a_button_says_who_what_was_shown_and_what_they_say():
    assert read_call("3-4::coming") == Call(4, 3, COMING, None)
    assert read_call("3-4:coming:not_coming") == Call(4, 3, NOT_COMING, COMING)
    assert read_call("3-4:online:") == Call(4, 3, None, ONLINE)


def buttons(page: str) -> list[str]:
    return re.findall(r'name="call" value="([^"]*)"', page)


def test_a_part_of_a_name_finds_who_calls(board, sitting, clerk):
    here = f"/sitzungen/{sitting}/antworten"
    seat = session().get_one(Seat, board.first)
    for text in ("aydın", seat.organization.name[:6].upper()):
        page = clerk.get(here, query_string={"q": text}).text
        assert f'id="{board.first}-{board.Elif}"' in page
        assert len(buttons(page)) < len(buttons(clerk.get(here).text))
    nobody = clerk.get(here, query_string={"q": "Zzz"}).text
    assert "0 Personen gefunden." in nobody
    assert buttons(nobody) == []


def test_the_clerk_enters_and_takes_back_on_one_page(board, sitting, clerk):
    with transaction() as current:
        current.get_one(Person, board.Elif).phone = "0151 2345"
    url = f"/sitzungen/{sitting}/antworten"
    assert url in clerk.get(f"/sitzungen/{sitting}").text
    page = clerk.get(url)
    assert 'href="tel:01512345"' in page.text
    assert "Dario" not in page.text
    wanted = f"{board.first}-{board.Elif}::not_coming"
    assert wanted in buttons(page.text)
    assert f"{board.first}-{board.Elif}::online" not in buttons(page.text)  # no video room
    page = clerk.submit(url, {"call": wanted})
    assert "Elif Aydın: Kann nicht kommen. Die Antwort wurde eingetragen." in page.text
    assert "Am Telefon, von der Geschäftsstelle eingetragen: Mo., 16. November 2026, 10:0" in page.text
    assert f"{board.first}-{board.Dario}::coming" in buttons(page.text)
    page = clerk.submit(url, {"call": f"{board.first}-{board.Elif}:not_coming:"})
    assert "Die am Telefon gegebene Antwort von Elif Aydın wurde zurückgenommen." in page.text
    assert reply_of(sitting, board.Elif) is None


def test_a_video_room_can_be_joined_by_word_of_mouth(board, clerk, make_sitting):
    sitting = make_sitting(board.committee, mode=Mode.HYBRID, video_url="https://video.example/a").id
    page = clerk.get(f"/sitzungen/{sitting}/antworten").text
    assert f"{board.first}-{board.Elif}::online" in buttons(page)


def test_a_page_that_is_out_of_date_says_so_and_shows_what_holds(board, sitting, clerk):
    operations.answer(board.Elif, sitting, board.first, NOT_COMING)
    page = clerk.submit(f"/sitzungen/{sitting}/antworten", {"call": f"{board.first}-{board.Elif}::coming"})
    assert page.status_code == 409
    assert "Elif Aydın hat inzwischen selbst geantwortet" in page.text
    assert "Selbst geantwortet" in page.text


def test_the_member_sees_who_entered_it_and_that_their_own_word_holds(board, sitting, enter, sign_in):
    enter("Elif", NOT_COMING)
    member = sign_in("representative", person_id=board.Elif)
    page = member.get(f"/sitzungen/{sitting}")
    assert "Antworten Sie hier, gilt Ihre eigene Antwort." in page.text
    assert f"/sitzungen/{sitting}/antworten" not in page.text
    page = member.submit(f"/sitzungen/{sitting}/antwort", {"answer": f"{board.first}:coming"})
    assert "Antworten Sie hier, gilt Ihre eigene Antwort." not in page.text
    assert reply_of(sitting, board.Elif) == (COMING, False, None)


def test_nobody_else_opens_the_page_or_enters_anything(board, sitting, sign_in, client, make_organization):
    url, call = f"/sitzungen/{sitting}/antworten", {"call": f"{board.first}-{board.Elif}::coming"}
    assert [client.get(url).status_code, client.submit(url, call, follow_redirects=False).status_code] == [302, 302]
    foreign = sign_in("clerk", organization_id=make_organization("Andere").id)
    assert [foreign.get(url).status_code, foreign.submit(url, call).status_code] == [404, 404]
    member = sign_in("representative", person_id=board.Elif)
    assert [member.get(url).status_code, member.submit(url, call).status_code] == [403, 403]
    officer = sign_in("officer", organization_id=board.committee.organization_id)
    assert [officer.get(url).status_code, officer.submit(url, call).status_code] == [403, 403]
    assert session().query(Reply).count() == 0


@pytest.mark.parametrize("call", ["", "Unfug", "9-9::coming"])
def test_rubbish_is_not_found(sitting, clerk, call):
    assert clerk.submit(f"/sitzungen/{sitting}/antworten", {"call": call}).status_code == 404


def test_the_page_of_a_past_sitting_offers_nothing(board, clerk, make_sitting):
    past = make_sitting(board.committee, start=datetime(2026, 11, 2, 18)).id
    page = clerk.get(f"/sitzungen/{past}/antworten")
    assert buttons(page.text) == []
    assert "bis sie beginnen" in page.text


def test_the_page_asks_as_often_for_many_seats(  # noqa: PLR0917
    board, sitting, clerk, count_queries, make_seat, make_person
):
    def asked() -> int:
        session().rollback()
        with count_queries() as counted:
            assert clerk.get(f"/sitzungen/{sitting}/antworten").status_code == 200
        return counted.number

    few = asked()
    for number in range(30):
        make_seat(board.committee, make_person(f"Name {number}"), label=f"Sitz {number}")
    assert asked() == few
