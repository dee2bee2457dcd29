"""Quorum, expectation and attendance over a period: tables, and what holds for any input."""

from datetime import datetime, timedelta
from fractions import Fraction
from itertools import combinations_with_replacement

import pytest

from meetings.attendance.rules import (
    THERE,
    Answer,
    Presence,
    SeatState,
    expected_presence,
    quorum,
    still_holds,
    tally,
    total,
    twice_there,
)
from participation.committees.rules import QuorumRule

VOTING = QuorumRule.MAJORITY_OF_VOTING_SEATS
ALL = QuorumRule.MAJORITY_OF_SEATS
THIRD = QuorumRule.THIRD_OF_VOTING_SEATS
LETTERS = {
    "P": Presence.PRESENT,
    "R": Presence.REMOTE,
    "D": Presence.REPRESENTED,
    "E": Presence.EXCUSED,
    "A": Presence.ABSENT,
    "?": None,
}


def seats(voting: str, advisory: str = "") -> list[SeatState]:
    """A letter a seat: P present, R remote, D represented, E excused, A absent, ? not recorded."""
    return [SeatState(True, LETTERS[s]) for s in voting] + [SeatState(False, LETTERS[s]) for s in advisory]


@pytest.mark.parametrize(
    ("rule", "voting", "advisory", "statutory", "expected"),
    [
        # half is not more than half
        (VOTING, "PPEE", "", (None, None), (2, 3, False)),
        (VOTING, "PPPE", "", (None, None), (3, 3, True)),
        # advisory seats count for nothing where votes are asked for
        (VOTING, "PPEE", "PPPP", (None, None), (2, 3, False)),
        (ALL, "PPEE", "PPPP", (None, None), (6, 5, True)),
        # online and represented are there; a represented seat counts once
        (VOTING, "PRD??", "", (None, None), (3, 3, True)),
        # not recorded counts as nobody, and the seat is still one of those needed for the majority
        (VOTING, "PP???", "", (None, None), (2, 3, False)),
        # the statute's numbers rule, also while seats are vacant
        (VOTING, "PPP", "", (None, 7), (3, 4, False)),
        (ALL, "PPP", "P", (9, None), (4, 5, False)),
        (THIRD, "PPEEEEE", "", (None, None), (2, 3, False)),
        (THIRD, "PPPEEEE", "", (None, None), (3, 3, True)),
        (QuorumRule.PRESENCE, "EEE", "P", (None, None), (1, 1, True)),
        (QuorumRule.PRESENCE, "EEE", "?", (None, None), (0, 1, False)),
        # no seats at all: nobody can decide
        (VOTING, "", "", (None, None), (0, 1, False)),
    ],
)
def test_quorum(rule, voting, advisory, statutory, expected):
    found = quorum(rule, seats(voting, advisory), statutory_seats=statutory[0], statutory_voting_seats=statutory[1])
    assert (found.there, found.needed, found.reached) == expected


PRESENCES = [None, *Presence]
#: every committee of up to three seats; their order says nothing
SMALL = [
    list(some)
    for number in range(4)
    for some in combinations_with_replacement(
        [SeatState(votes, p) for votes in (True, False) for p in PRESENCES], number
    )
]


@pytest.mark.parametrize("rule", QuorumRule)
def test_one_more_seat_filled_never_loses_a_quorum(rule):
    for before in filter(None, SMALL):
        after = [SeatState(before[0].votes, Presence.PRESENT), *before[1:]]
        assert quorum(rule, after).there >= quorum(rule, before).there
        assert quorum(rule, after).needed == quorum(rule, before).needed


@pytest.mark.parametrize("rule", QuorumRule)
def test_never_more_there_than_seats_and_never_nobody_needed(rule):
    for some in SMALL:
        found = quorum(rule, some)
        assert 0 <= found.there <= len(some)
        assert found.needed >= 1
        assert found.there <= sum(s.votes for s in some) or not found.voting_only


COMING, ONLINE, NOT = Answer.COMING, Answer.ONLINE, Answer.NOT_COMING


@pytest.mark.parametrize(
    ("member", "deputies", "expected"),
    [
        (None, [], None),
        (COMING, [], Presence.PRESENT),
        (ONLINE, [], Presence.REMOTE),
        (NOT, [], Presence.EXCUSED),
        (NOT, [None, NOT], Presence.EXCUSED),
        (NOT, [NOT, ONLINE], Presence.REPRESENTED),
        # a deputy who says yes before the member says no does not count
        (None, [COMING], None),
        # the member changed the answer: the deputy is not needed any more
        (COMING, [COMING], Presence.PRESENT),
    ],
)
def test_what_answers_let_us_expect(member, deputies, expected):
    assert expected_presence(member, deputies) is expected


def test_a_deputy_stands_in_for_a_vacant_place():
    assert expected_presence(None, [COMING], vacant=True) is Presence.REPRESENTED
    assert expected_presence(None, [NOT], vacant=True) is None


def test_the_share_holds_what_was_not_recorded_against_nobody():
    found = tally([Presence.PRESENT, Presence.REPRESENTED, Presence.EXCUSED, Presence.ABSENT, None, None])
    assert (found.sittings, found.recorded, found.there, found.not_recorded) == (6, 4, 2, 2)
    assert (found[Presence.EXCUSED], found[Presence.ABSENT]) == (1, 1)
    assert found.share == Fraction(1, 2)
    assert tally([None]).share is None


@pytest.mark.parametrize("parts", range(3))
def test_the_total_is_the_tally_of_all(parts):
    persons = [list(some) for number in range(3) for some in combinations_with_replacement(PRESENCES, number)]
    for seen in combinations_with_replacement(persons, parts):
        together = tally(p for one in seen for p in one)
        added = total(tally(one) for one in seen)
        assert (added.sittings, added.there, added.share) == (together.sittings, together.there, together.share)
        assert together.sittings == sum(map(len, seen))
        assert together.there == sum(p in THERE for one in seen for p in one)


def test_nobody_is_there_on_two_seats():
    assert twice_there([1, 2, None, None, 2]) == {2}


@pytest.mark.parametrize(
    ("minutes", "holds"), [(0, True), (15, True), (30, True), (-30, True), (31, False), (-31, False), (24 * 60, False)]
)
def test_an_answer_holds_where_the_start_moves_slightly(minutes, holds):
    evening = datetime(2026, 11, 26, 18, 30)
    assert still_holds(evening, evening + timedelta(minutes=minutes)) is holds
