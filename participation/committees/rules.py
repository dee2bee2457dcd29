"""Kinds of committees and their rules of quorum."""

from enum import StrEnum

from coordination.cooperation.rules import Figure
from core.languages import _l


class Kind(StrEnum):
    """What a committee is. Which of the survey's three figures it counts for is told by `FIGURE_OF_KIND`."""

    INTEGRATION_COMMITTEE = "integration_committee"
    ADVISORY_BOARD = "advisory_board"
    WORKING_GROUP = "working_group"
    ROUND_TABLE = "round_table"
    NETWORK = "network"
    OTHER = "other"


KIND_LABELS = {
    Kind.INTEGRATION_COMMITTEE: _l("Integration committee"),
    Kind.ADVISORY_BOARD: _l("Advisory board"),
    Kind.WORKING_GROUP: _l("Working group"),
    Kind.ROUND_TABLE: _l("Round table"),
    Kind.NETWORK: _l("Network"),
    Kind.OTHER: _l("Other committee"),
}


#: kinds to which a project can belong: those in which organizations work on something together
NETWORKS = frozenset({Kind.NETWORK, Kind.WORKING_GROUP})

#: What a committee counts for unless it is told otherwise. A network joins the organizations themselves and meets
#: the town regularly; a working group is a working body of the town; a thematic one counts as a further level, as
#: do integration committees, advisory boards, round tables and partnerships for democracy (survey of 2020).
FIGURE_OF_KIND = {
    Kind.INTEGRATION_COMMITTEE: Figure.FURTHER_LEVEL,
    Kind.ADVISORY_BOARD: Figure.FURTHER_LEVEL,
    Kind.WORKING_GROUP: Figure.MUNICIPAL_BODY,
    Kind.ROUND_TABLE: Figure.FURTHER_LEVEL,
    Kind.NETWORK: Figure.REGULAR_EXCHANGE,
    Kind.OTHER: Figure.FURTHER_LEVEL,
}


#: full days between invitation and sitting that a statute may ask for
LONGEST_NOTICE = 90
#: beyond this a number of seats is a slip of the hand
MOST_SEATS = 999


class QuorumRule(StrEnum):
    """When a committee can decide."""

    MAJORITY_OF_VOTING_SEATS = "majority_of_voting_seats"
    MAJORITY_OF_SEATS = "majority_of_seats"
    THIRD_OF_VOTING_SEATS = "third_of_voting_seats"
    PRESENCE = "presence"


QUORUM_LABELS = {
    QuorumRule.MAJORITY_OF_VOTING_SEATS: _l("More than half of the seats with a vote"),
    QuorumRule.MAJORITY_OF_SEATS: _l("More than half of all seats"),
    QuorumRule.THIRD_OF_VOTING_SEATS: _l("At least a third of the seats with a vote"),
    QuorumRule.PRESENCE: _l("Whoever is there decides"),
}


def needed_for_quorum(rule: QuorumRule, *, seats: int, voting_seats: int) -> int:
    """How many must be there: of the seats with a vote, or of all seats, as the rule says. At least one.

    `seats` and `voting_seats` are the statutory numbers where the statute names them, else the seats held.
    """
    return max(
        1,
        {
            QuorumRule.MAJORITY_OF_VOTING_SEATS: voting_seats // 2 + 1,
            QuorumRule.MAJORITY_OF_SEATS: seats // 2 + 1,
            QuorumRule.THIRD_OF_VOTING_SEATS: -(-voting_seats // 3),
            QuorumRule.PRESENCE: 1,
        }[rule],
    )


def counts_voting_seats_only(rule: QuorumRule) -> bool:
    """Whether only seats with a vote count towards the quorum."""
    return rule in (QuorumRule.MAJORITY_OF_VOTING_SEATS, QuorumRule.THIRD_OF_VOTING_SEATS)
