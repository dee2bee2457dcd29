"""Answering before a sitting, and recording at it: what is kept, and what is refused."""

from datetime import date, datetime, timedelta
from threading import Thread
from types import SimpleNamespace

import pytest

from coordination.people.models import Person
from core.access import SYSTEM
from core.database import db, session
from core.dated import Status
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of
from meetings.attendance import operations, queries
from meetings.attendance.models import Attendance, Reply
from meetings.attendance.operations import Mark
from meetings.attendance.rules import Answer, Presence
from meetings.sittings import operations as sittings
from participation.seats import operations as seats
from participation.seats.rules import SeatRole

TODAY = datetime(2026, 11, 16, 9, 30)  # half an hour ago
COMING, ONLINE, NOT_COMING = Answer.COMING, Answer.ONLINE, Answer.NOT_COMING


def said(sitting_id: int) -> list[tuple[int, Answer]]:
    session().expire_all()
    return [(row.person_id, Answer(row.answer)) for row in session().query(Reply).filter_by(sitting_id=sitting_id)]


def recorded(sitting_id: int) -> dict[int, tuple[str, int | None]]:
    return {seat: (row.presence, row.person_id) for seat, row in queries.attendance_of(sitting_id).items()}


def test_the_newest_answer_holds_and_the_same_again_changes_nothing(board, make_sitting):
    sitting = make_sitting(board.committee).id
    first = operations.answer(board.Elif, sitting, board.first, COMING)
    operations.answer(board.Elif, sitting, board.first, COMING)
    assert len(lines_of("reply", first.id)) == 1
    operations.answer(board.Elif, sitting, board.first, NOT_COMING)
    assert said(sitting) == [(board.Elif, NOT_COMING)]
    assert len(lines_of("reply", first.id)) == 2


def test_a_deputy_answers_only_while_the_member_cannot_come(board, make_sitting):
    sitting = make_sitting(board.committee)
    with pytest.raises(Refused, match="Elif Aydın hat nicht"):
        operations.answer(board.Dario, sitting.id, board.first, COMING)
    operations.answer(board.Elif, sitting.id, board.first, COMING)
    with pytest.raises(Refused, match="Elif Aydın hat nicht"):
        operations.answer(board.Dario, sitting.id, board.first, COMING)
    operations.answer(board.Elif, sitting.id, board.first, NOT_COMING)
    operations.answer(board.Dario, sitting.id, board.first, COMING)
    assert queries.expected_quorum(sitting).there == 1
    # the member can come after all: the seat still counts once
    operations.answer(board.Elif, sitting.id, board.first, ONLINE)
    assert queries.expected_quorum(sitting).there == 1


def test_who_would_come_on_two_seats_counts_once(board, make_sitting, make_seat, actor):
    """Jan is a member twice; Olena, a member, is also first deputy of a seat without a member, and Ada its second."""
    twice = make_seat(board.committee, session().get_one(Person, board.Jan), label="Rat 2", voting_right=True)
    vacant = make_seat(board.committee, label="Rat 3", voting_right=True)
    for rank, person in ((1, board.Olena), (2, board.Ada)):
        seats.appoint(actor, vacant.id, person_id=person, rank=rank)
    sitting = make_sitting(board.committee)
    for person, seat in ((board.Jan, board.third), (board.Jan, twice.id), (board.Olena, board.second)):
        operations.answer(person, sitting.id, seat, COMING)
    operations.answer(board.Olena, sitting.id, vacant.id, COMING)
    assert queries.expected_quorum(sitting).there == 2
    operations.answer(board.Ada, sitting.id, vacant.id, COMING)
    assert queries.expected_quorum(sitting).there == 3


def test_expected_quorum_counts_voting_seats_of_those_who_come(board, make_sitting):
    sitting = make_sitting(board.committee)
    operations.answer(board.Elif, sitting.id, board.first, COMING)
    operations.answer(board.Ada, sitting.id, board.fourth, COMING)
    found = queries.expected_quorum(sitting)
    assert (found.there, found.needed, found.reached) == (1, 2, False)
    operations.answer(board.Jan, sitting.id, board.third, ONLINE)
    assert queries.expected_quorum(sitting).reached


def move(sitting, **by: int) -> None:
    start = sitting.starts_local + timedelta(**by)
    sittings.move(SYSTEM, sitting.id, version=None, start=start, end=None, place_id=None, reason="")


def test_answers_count_for_the_time_that_they_were_given_for(board, make_sitting):
    sitting = make_sitting(board.committee)
    evening = sitting.starts_local
    operations.answer(board.Elif, sitting.id, board.first, COMING)
    operations.answer(board.Jan, sitting.id, board.third, COMING)
    move(sitting, minutes=20)  # who can come at 18:30 can come at 18:50
    assert queries.expected_quorum(sitting).there == 2
    move(sitting, minutes=20)  # 40 minutes from what was answered, however many steps it took
    assert queries.expected_quorum(sitting).there == 0
    line = queries.sheet_of(sitting).lines[0]
    assert (line.answers, line.earlier[board.Elif].for_start) == ({}, evening)
    operations.answer(board.Elif, sitting.id, board.first, COMING)  # the same, for the new time
    assert queries.expected_quorum(sitting).there == 1
    assert queries.sheet_of(sitting).lines[0].earlier == {}
    move(sitting, minutes=-40)  # moved back, the old answers count again, and the new one does not
    assert queries.expected_quorum(sitting).there == 1
    assert queries.sheet_of(sitting).lines[0].answers == {}


def test_a_deputy_is_not_free_to_answer_for_who_declined_another_time(board, make_sitting):
    sitting = make_sitting(board.committee)
    operations.answer(board.Elif, sitting.id, board.first, NOT_COMING)
    operations.answer(board.Dario, sitting.id, board.first, COMING)
    move(sitting, days=7)
    with pytest.raises(Refused, match="Elif Aydın hat nicht"):
        operations.answer(board.Dario, sitting.id, board.first, COMING)
    assert not queries.sheet_of(sitting).lines[0].open


def test_strangers_and_former_members_are_not_taken(board, make_sitting, make_committee, make_seat, actor):
    sitting = make_sitting(board.committee).id
    with pytest.raises(Refused, match="weder Mitglied noch Vertretung"):
        operations.answer(board.Olena, sitting, board.first, COMING)
    (appointment,) = seats.get_row(seats.Seat, board.second).appointments
    the_day_before = date(2026, 11, 25)
    seats.edit_appointment(actor, appointment.id, role=SeatRole.MEMBER, ends_on=the_day_before)
    with pytest.raises(Refused, match="weder Mitglied noch Vertretung"):
        operations.answer(board.Olena, sitting, board.second, COMING)
    foreign = make_seat(make_committee("Anderer"), label="X").id
    with pytest.raises(NotFound):
        operations.answer(board.Elif, sitting, foreign, COMING)
    with pytest.raises(NotFound):
        operations.answer(board.Elif, 999_999, board.first, COMING)


def test_no_answers_to_what_has_begun_is_cancelled_or_a_draft(board, make_sitting, actor):
    begun = make_sitting(board.committee, start=TODAY).id
    with pytest.raises(Refused, match="hat begonnen"):
        operations.answer(board.Elif, begun, board.first, COMING)
    cancelled = make_sitting(board.committee).id
    sittings.cancel(actor, cancelled)
    with pytest.raises(Refused, match="abgesagt"):
        operations.answer(board.Elif, cancelled, board.first, COMING)
    draft = make_sitting(board.committee, status=Status.DRAFT).id
    with pytest.raises(NotFound):
        operations.answer(board.Elif, draft, board.first, COMING)


def test_recording_all_seats_is_one_line_of_history(board, make_sitting, actor):
    sitting = make_sitting(board.committee, start=TODAY)
    before = len(lines_of("sitting", sitting.id))
    changed = operations.record_all(
        actor,
        sitting.id,
        marks=[
            Mark(board.first, Presence.REPRESENTED, board.Mina),
            Mark(board.second, Presence.EXCUSED),
            Mark(board.third, Presence.PRESENT),
            Mark(board.fourth, None),
        ],
    )
    assert changed == 3
    assert recorded(sitting.id) == {
        board.first: ("represented", board.Mina),
        board.second: ("excused", board.Olena),
        board.third: ("present", board.Jan),
    }
    line, *_ = lines_of("sitting", sitting.id)
    assert len(lines_of("sitting", sitting.id)) == before + 1
    assert line.new == {"MO 1": "represented", "MO 2": "excused", "Rat 1": "present"}
    quorum = queries.sheet_of(sitting).quorum
    assert (quorum.there, quorum.needed, quorum.reached) == (2, 2, True)


def test_the_same_again_writes_nothing_and_not_recorded_takes_it_back(board, make_sitting, actor):
    sitting = make_sitting(board.committee, start=TODAY).id
    operations.record(actor, sitting, seat_id=board.third, presence=Presence.PRESENT)
    lines = len(lines_of("sitting", sitting))
    assert operations.record(actor, sitting, seat_id=board.third, presence=Presence.PRESENT) == 0
    assert len(lines_of("sitting", sitting)) == lines
    assert operations.record(actor, sitting, seat_id=board.third, presence=None) == 1
    assert recorded(sitting) == {}


def test_only_a_deputy_of_that_seat_on_that_day_represents(board, make_sitting, actor):
    sitting = make_sitting(board.committee, start=TODAY).id
    for person in (board.Olena, board.Elif, 999_999, None):  # two deputies, so one must be named
        with pytest.raises(Refused, match="MO 1") as refused:
            operations.record(actor, sitting, seat_id=board.first, presence=Presence.REPRESENTED, person_id=person)
        assert refused.value.field == f"seat-{board.first}"
    with pytest.raises(Refused):
        operations.record(actor, sitting, seat_id=board.second, presence=Presence.REPRESENTED)
    with pytest.raises(Refused):
        operations.record(actor, sitting, seat_id=board.second, presence=Presence.PRESENT, person_id=board.Jan)
    assert recorded(sitting) == {}


def test_nobody_is_there_on_two_seats_at_once(board, make_sitting, make_seat, actor, make_person):
    """Olena is member of MO 2 and deputy of another seat: one of them at a sitting."""
    olena = session().get_one(Person, board.Olena)
    other = make_seat(board.committee, make_person("Weiß", given_name="Uta"), olena, label="MO 9").id
    sitting = make_sitting(board.committee, start=TODAY).id
    operations.record(actor, sitting, seat_id=board.second, presence=Presence.PRESENT)
    with pytest.raises(Refused, match="zwei Sitzen"):
        operations.record(actor, sitting, seat_id=other, presence=Presence.REPRESENTED, person_id=olena.id)
    operations.record_all(
        actor,
        sitting,
        marks=[Mark(board.second, Presence.EXCUSED), Mark(other, Presence.REPRESENTED, olena.id)],
    )
    assert recorded(sitting)[other] == ("represented", olena.id)


def test_a_refusal_in_one_row_saves_none(board, make_sitting, actor):
    sitting = make_sitting(board.committee, start=TODAY).id
    with pytest.raises(Refused):
        operations.record_all(
            actor,
            sitting,
            marks=[Mark(board.third, Presence.PRESENT), Mark(board.first, Presence.REPRESENTED, board.Jan)],
        )
    assert recorded(sitting) == {}


def test_an_outdated_record_is_refused_but_the_same_choice_is_not(board, make_sitting, actor):
    sitting = make_sitting(board.committee, start=TODAY).id
    operations.record(actor, sitting, seat_id=board.third, presence=Presence.EXCUSED)
    with pytest.raises(Outdated, match="Rat 1"):
        operations.record(actor, sitting, seat_id=board.third, presence=Presence.PRESENT, seen="")
    assert operations.record(actor, sitting, seat_id=board.third, presence=Presence.EXCUSED, seen="") == 0
    operations.record(actor, sitting, seat_id=board.third, presence=Presence.PRESENT, seen="excused")
    assert recorded(sitting)[board.third][0] == "present"


def test_nothing_is_recorded_before_the_day_or_of_what_did_not_take_place(board, make_sitting, actor):
    coming = make_sitting(board.committee).id
    with pytest.raises(Refused, match="vom Tag der Sitzung an"):
        operations.record(actor, coming, seat_id=board.third, presence=Presence.PRESENT)
    later_today = make_sitting(board.committee, start=datetime(2026, 11, 16, 18, 0)).id
    operations.record(actor, later_today, seat_id=board.third, presence=Presence.PRESENT)
    draft = make_sitting(board.committee, start=TODAY, status=Status.DRAFT).id
    with pytest.raises(Refused, match="Entwurf"):
        operations.record(actor, draft, seat_id=board.third, presence=Presence.PRESENT)
    sittings.cancel(actor, later_today)
    with pytest.raises(Refused, match="abgesagt"):
        operations.record(actor, later_today, seat_id=board.third, presence=Presence.EXCUSED)


def test_seats_of_another_committee_are_not_found(board, make_sitting, make_committee, make_seat, actor):
    foreign = make_seat(make_committee("Anderer"), label="X").id
    sitting = make_sitting(board.committee, start=TODAY).id
    with pytest.raises(NotFound):
        operations.record(actor, sitting, seat_id=foreign, presence=Presence.ABSENT)


@pytest.mark.parametrize("kind", ["answer", "record"])
def test_many_at_once_make_one_row(app, board, make_sitting, actor, kind):
    sitting = make_sitting(board.committee, start=TODAY if kind == "record" else datetime(2026, 11, 26, 18, 30)).id
    failures: list[BaseException] = []

    def attempt() -> None:
        with app.app_context():
            try:
                if kind == "answer":
                    operations.answer(board.Jan, sitting, board.third, COMING)
                else:
                    operations.record(actor, sitting, seat_id=board.third, presence=Presence.PRESENT)
            except BaseException as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [Thread(target=attempt) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    session().rollback()
    assert session().query(Reply if kind == "answer" else Attendance).count() == 1


def overview_of(board: SimpleNamespace) -> dict[str, tuple[int, int, int]]:
    """Sittings, filled, not recorded, by seat."""
    found = queries.overview(board.committee, date(2026, 1, 1), date(2026, 11, 16))
    return {r.seat.label: (r.tally.sittings, r.tally.there, r.tally.not_recorded) for r in found.seats}


def test_a_seat_counts_only_while_it_was_held(board, make_sitting, make_seat, make_person, actor):
    march, june = (make_sitting(board.committee, start=datetime(2026, month, 5, 18, 0)).id for month in (3, 6))
    make_sitting(board.committee, start=datetime(2026, 4, 5, 18, 0))  # nothing recorded: not among the held ones
    new = make_seat(board.committee, make_person("Neu"), label="Neu", since=date(2026, 5, 1)).id
    make_seat(board.committee, label="Leer")  # never filled: stands in no overview
    operations.record(actor, march, seat_id=board.first, presence=Presence.PRESENT)
    operations.record(actor, june, seat_id=board.first, presence=Presence.REPRESENTED, person_id=board.Dario)
    operations.record(actor, june, seat_id=new, presence=Presence.PRESENT)
    assert overview_of(board) == {
        "MO 1": (2, 2, 0),
        "MO 2": (2, 0, 2),
        "Rat 1": (2, 0, 2),
        "Amt": (2, 0, 2),
        "Neu": (1, 1, 0),
    }


def test_the_days_of_a_period_are_both_inclusive(board, make_sitting, actor):
    sitting = make_sitting(board.committee, start=datetime(2026, 3, 5, 23, 30)).id
    operations.record(actor, sitting, seat_id=board.first, presence=Presence.PRESENT)
    day = date(2026, 3, 5)
    assert queries.overview(board.committee, day, day).sittings == 1
    assert queries.overview(board.committee, date(2026, 3, 6), date(2026, 12, 31)).sittings == 0


def test_an_overview_asks_the_same_number_of_queries_for_ten_times_the_sittings(
    board, make_sitting, actor, count_queries
):
    def ask() -> int:
        session().rollback()
        committee = session().get_one(type(board.committee), board.committee.id)
        with count_queries() as counted:
            queries.overview(committee, date(2026, 1, 1), date(2026, 11, 16))
        return counted.number

    def hold(day: int) -> None:
        sitting = make_sitting(board.committee, start=datetime(2026, 5, day, 18, 0)).id
        operations.record(actor, sitting, seat_id=board.first, presence=Presence.PRESENT)

    hold(1)
    few = ask()
    for day in range(2, 12):
        hold(day)
    assert ask() == few <= 5
