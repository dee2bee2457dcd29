"""When a committee can decide: the rules of quorum as a table."""

import pytest

from participation.committees.rules import (
    KIND_LABELS,
    QUORUM_LABELS,
    Kind,
    QuorumRule,
    counts_voting_seats_only,
    needed_for_quorum,
)

VOTING, ALL, THIRD, PRESENCE = QuorumRule


@pytest.mark.parametrize(
    ("rule", "seats", "voting_seats", "needed"),
    [
        (VOTING, 20, 10, 6),
        (VOTING, 20, 11, 6),
        (VOTING, 20, 1, 1),
        (ALL, 20, 10, 11),
        (ALL, 21, 10, 11),
        (THIRD, 20, 9, 3),
        (THIRD, 20, 10, 4),
        (THIRD, 20, 12, 4),
        (PRESENCE, 20, 10, 1),
        # without any seat still nobody decides alone at home
        (VOTING, 0, 0, 1),
        (ALL, 0, 0, 1),
        (THIRD, 0, 0, 1),
    ],
)
def test_how_many_must_be_there(rule, seats, voting_seats, needed):
    assert needed_for_quorum(rule, seats=seats, voting_seats=voting_seats) == needed


def test_a_majority_is_the_smallest_number_above_half():
    for seats in range(1, 501):
        needed = needed_for_quorum(ALL, seats=seats, voting_seats=0)
        assert needed * 2 > seats >= (needed - 1) * 2


def test_a_third_is_the_smallest_number_not_below_a_third():
    for voting_seats in range(1, 501):
        needed = needed_for_quorum(THIRD, seats=0, voting_seats=voting_seats)
        assert needed * 3 >= voting_seats > (needed - 1) * 3


@pytest.mark.parametrize(("rule", "voting_only"), [(VOTING, True), (THIRD, True), (ALL, False), (PRESENCE, False)])
def test_who_counts_towards_the_quorum(rule, voting_only):
    assert counts_voting_seats_only(rule) is voting_only


def test_every_kind_and_rule_is_said_in_words():
    assert set(KIND_LABELS) == set(Kind)
    assert set(QUORUM_LABELS) == set(QuorumRule)
