"""Whom a sitting asks, and what each has yet to be told."""

from datetime import UTC, date, datetime, timedelta

import pytest

from calendars.invitations.rules import (
    News,
    Role,
    SeatView,
    Told,
    asked_deputies,
    last_sending_day,
    news,
    reminder_is_due,
    roles,
)
from meetings.attendance.rules import Answer

NO, YES, ONLINE = Answer.NOT_COMING, Answer.COMING, Answer.ONLINE
AMINA, BELA, CEM, DINA = 1, 2, 3, 4


@pytest.mark.parametrize(
    ("notice_days", "last_day"),
    [(0, date(2027, 1, 13)), (8, date(2027, 1, 5)), (14, date(2026, 12, 30))],
)
def test_full_days_lie_between_the_last_sending_day_and_the_sitting(notice_days, last_day):
    assert last_sending_day(date(2027, 1, 14), notice_days) == last_day


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, [BELA]),
        ({BELA: NO}, [BELA, CEM]),
        ({BELA: NO, CEM: NO}, [BELA, CEM]),
        ({BELA: YES}, [BELA]),
        ({BELA: NO, CEM: ONLINE}, [CEM]),
        ({CEM: YES}, [CEM]),
    ],
)
def test_deputies_are_asked_one_after_the_other(answers, asked):
    assert asked_deputies([BELA, CEM], answers, {BELA, CEM}) == asked


def test_a_deputy_whom_no_mail_reaches_is_passed_over():
    assert asked_deputies([BELA, CEM], {}, {CEM}) == [CEM]


def seat(number=1, member=AMINA, deputies=(BELA, CEM), **answers):
    given = {{"amina": AMINA, "bela": BELA, "cem": CEM, "dina": DINA}[name]: said for name, said in answers.items()}
    return SeatView(number, member, {person: rank for rank, person in enumerate(deputies, 1)}, given)


def asked(*seats, members=(AMINA, DINA), **kwargs):
    return roles(seats, members=members, reachable={AMINA, BELA, CEM, DINA}, **kwargs)


def test_members_are_asked_and_deputies_only_while_they_are_needed():
    assert asked(seat()) == {AMINA: Role(1, 0)}
    assert asked(seat(amina=NO)) == {AMINA: Role(1, 0), BELA: Role(1, 1)}
    assert asked(seat(member=None)) == {BELA: Role(1, 1)}


def test_a_new_member_is_not_asked_by_itself():
    assert asked(seat(), members=[DINA]) == {}


def test_nobody_is_asked_for_two_seats():
    declined = {"amina": NO, "dina": NO}
    both = asked(seat(1, **declined), seat(2, DINA, (BELA, CEM), **declined))
    assert (both[BELA], both[CEM]) == (Role(1, 1), Role(2, 2))
    member_elsewhere = asked(seat(1, AMINA, (DINA, CEM), amina=NO), seat(2, DINA, ()))
    assert (member_elsewhere[DINA], member_elsewhere[CEM]) == (Role(2, 0), Role(1, 2))


def test_a_deputy_stays_with_the_seat_they_were_asked_for_first():
    found = asked(seat(1, amina=NO), seat(2, DINA, (BELA,), dina=NO), asked_for={BELA: 2})
    assert (found[BELA], found[CEM]) == (Role(2, 1), Role(1, 2))


MEMBER, DEPUTY = Role(1, 0), Role(1, 1)


@pytest.mark.parametrize(
    ("role", "told", "answer", "state", "expected"),
    [
        (MEMBER, Told(MEMBER, 0, False), None, (0, False), None),
        (MEMBER, Told(MEMBER, 0, False), None, (1, False), News.CHANGED),
        (MEMBER, Told(MEMBER, 0, False), NO, (1, False), News.CHANGED),
        (MEMBER, Told(MEMBER, 0, False), NO, (1, True), News.CANCELLED),
        (MEMBER, Told(MEMBER, 1, True), None, (1, True), None),
        (MEMBER, Told(MEMBER, 0, True), None, (1, False), News.INVITED),
        (Role(3, 0), Told(MEMBER, 0, False), None, (0, False), News.QUIET),
        (None, Told(MEMBER, 0, False), None, (0, False), News.ENDED),
        (None, Told(MEMBER, 0, False), NO, (0, False), News.QUIET),
        (None, Told(MEMBER, 0, False), None, (1, True), News.CANCELLED),
        (DEPUTY, None, None, (5, False), News.ASKED),
        (DEPUTY, None, NO, (5, False), None),
        (DEPUTY, None, None, (5, True), None),
        (DEPUTY, Told(DEPUTY, 0, True), YES, (0, False), News.ASKED),
        (DEPUTY, Told(DEPUTY, 0, True), NO, (3, False), None),
        (DEPUTY, Told(MEMBER, 0, False), None, (0, False), News.ASKED),
        (Role(2, 1), Told(DEPUTY, 0, False), None, (0, False), News.ASKED),
        (None, Told(DEPUTY, 0, False), None, (0, False), News.NOT_NEEDED),
        (None, Told(DEPUTY, 0, False), NO, (0, False), News.QUIET),
        (None, None, None, (0, False), None),
    ],
)
def test_what_is_yet_to_be_told(role, told, answer, state, expected):
    sequence, cancelled = state
    assert news(role, told, answer, sequence=sequence, cancelled=cancelled) == expected


def test_reminders_come_three_days_before_and_never_right_after_a_mail():
    start = datetime(2027, 1, 14, 17, 30, tzinfo=UTC)
    long_ago = start - timedelta(days=30)
    assert not reminder_is_due(start - timedelta(days=3, minutes=1), start, long_ago)
    assert reminder_is_due(start - timedelta(days=3), start, long_ago)
    assert not reminder_is_due(start, start, long_ago)
    assert not reminder_is_due(start - timedelta(days=2), start, start - timedelta(days=2, hours=23))
