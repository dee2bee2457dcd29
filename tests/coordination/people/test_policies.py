"""Who may see members and change memberships."""

import pytest

from coordination.people.policies import may_change_memberships, may_see_members
from core.access import ANONYMOUS, SYSTEM, Actor

STAFF = frozenset({"people.read", "people.edit"})
MEMBER = Actor(account_id=1, person_id=1, organizations=frozenset({3}))
OFFICER = Actor(account_id=2, person_id=2, permissions=STAFF)
ADMIN = Actor(account_id=3, person_id=3, permissions=STAFF, is_admin=True)


@pytest.mark.parametrize(
    ("actor", "organization_id", "allowed"),
    [(ANONYMOUS, 3, False), (MEMBER, 3, True), (MEMBER, 4, False), (OFFICER, 4, True), (SYSTEM, 4, True)],
)
def test_members_are_seen_by_staff_and_by_members(actor, organization_id, allowed):
    assert may_see_members(actor, organization_id) is allowed


@pytest.mark.parametrize(
    ("actor", "person_id", "allowed"),
    [
        (ANONYMOUS, 1, False),
        (MEMBER, 1, False),
        (MEMBER, 2, False),
        (OFFICER, 1, True),
        (OFFICER, 2, False),
        (ADMIN, 3, True),
        (SYSTEM, 1, True),
    ],
)
def test_nobody_but_the_administration_gives_themself_a_membership(actor, person_id, allowed):
    assert may_change_memberships(actor, person_id) is allowed
