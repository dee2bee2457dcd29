"""A board with seats, members and deputies."""

from types import SimpleNamespace

import pytest

from participation.committees.rules import QuorumRule


@pytest.fixture
def board(make_committee, make_seat, make_person, make_organization) -> SimpleNamespace:
    """A board with three voting seats and one advisory seat; Elif on MO 1 has the deputies Dario and Mina."""
    committee = make_committee(quorum_rule=QuorumRule.MAJORITY_OF_VOTING_SEATS)
    people = {
        name: make_person(family_name, given_name=name)
        for name, family_name in (
            ("Elif", "Aydın"),
            ("Dario", "Conti"),
            ("Mina", "Rahimi"),
            ("Olena", "Koval"),
            ("Jan", "Beck"),
            ("Ada", "Obi"),
        )
    }
    first = make_seat(
        committee,
        people["Elif"],
        people["Dario"],
        people["Mina"],
        label="MO 1",
        voting_right=True,
        organization_id=make_organization().id,
    )
    second = make_seat(committee, people["Olena"], label="MO 2", voting_right=True)
    third = make_seat(committee, people["Jan"], label="Rat 1", voting_right=True)
    fourth = make_seat(committee, people["Ada"], label="Amt")
    ids = {name: person.id for name, person in people.items()}
    return SimpleNamespace(
        committee=committee, first=first.id, second=second.id, third=third.id, fourth=fourth.id, **ids
    )
