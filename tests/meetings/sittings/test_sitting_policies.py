"""Who sees and changes which sitting: every kind of person × every kind of sitting."""

from datetime import date, datetime, timedelta

import pytest

from coordination.accounts.queries import actor_of
from coordination.organizations.operations import Profile, create_organization
from coordination.organizations.rules import Kind
from core.access import ANONYMOUS, SYSTEM
from core.dated import Status
from core.errors import NotFound
from meetings.sittings import policies, queries
from meetings.sittings.queries import When
from meetings.sittings.rules import Sight, within_sight

EVENING = datetime(2026, 11, 26, 18, 30)
KINDS = {
    "draft": {"status": Status.DRAFT},
    "public": {"status": Status.TENTATIVE},
    "closed": {"status": Status.CONFIRMED, "public": False},
}


@pytest.fixture
def committees_of_test(make_committee):
    return make_committee("Beirat"), make_committee("Ausschuss")


@pytest.fixture
def actors(actor, committees_of_test, make_account, make_seat, make_person):
    """A committee, another one, and everybody who could ask."""
    committee, other = committees_of_test
    verein = create_organization(actor, Profile(name="Kulturverein", kind=Kind.MIGRANT_ORGANISATION))
    member, deputy, gone, coming, outsider = (make_person(name) for name in ("Mit", "Ver", "Alt", "Neu", "Fern"))
    make_seat(committee, member, deputy, label="1", organization_id=verein.id)
    make_seat(committee, gone, label="2", ends_on=date(2026, 11, 15))
    make_seat(committee, coming, label="3", starts_on=date(2026, 11, 17))
    make_seat(other, outsider, label="1")

    def who(role, person=None, organization_id=None):
        return actor_of(
            make_account(
                role,
                organization_id=organization_id,
                person_id=person.id if person else None,
                email=f"{role}-{person.id if person else organization_id}@example.org",
            )
        )

    return committee, {
        "anonymous": ANONYMOUS,
        "system": SYSTEM,
        "admin": actor,
        "clerk": who("clerk", organization_id=committee.organization_id),
        "other clerk": who("clerk", organization_id=other.organization_id),
        "officer": who("officer", organization_id=verein.id),
        "member": who("representative", member, verein.id),
        "deputy": who("representative", deputy, verein.id),
        "gone": who("representative", gone, verein.id),
        "coming": who("representative", coming, verein.id),
        "outsider": who("representative", outsider, verein.id),
    }


TABLE = {
    "anonymous": "public",
    "officer": "public",
    "other clerk": "public",
    "gone": "public",
    "coming": "public",
    "outsider": "public",
    "member": "public closed",
    "deputy": "public closed",
    "clerk": "draft public closed",
    "admin": "draft public closed",
}


@pytest.mark.parametrize("who", TABLE)
def test_what_each_person_sees_of_a_public_committee(actors, make_sitting, who):
    committee, people = actors
    rows = {name: make_sitting(committee, **plan) for name, plan in KINDS.items()}
    seen = [name for name, row in rows.items() if policies.may_see(people[who], row)]
    assert seen == TABLE[who].split()
    sight = policies.sight_of(people[who], committee)
    listed = {row.id for row in queries.list_of_committee(committee.id, sight)}
    assert listed == {rows[name].id for name in seen}  # the list and the single page never differ
    may_edit = {name: policies.may_edit(people[who], row) for name, row in rows.items()}
    assert set(may_edit.values()) == {who in ("clerk", "admin")}


@pytest.mark.parametrize("who", TABLE)
def test_nothing_of_a_committee_that_is_not_public_reaches_outsiders(actor, actors, make_sitting, who):
    from dataclasses import replace

    from participation.committees import operations as committees

    committee, people = actors
    charter = replace(committees.charter_of(committee), public=False)
    committees.edit_committee(actor, committee.id, version=None, charter=charter)
    row = make_sitting(committee)
    allowed = who in ("member", "deputy", "clerk", "admin")
    assert policies.may_see(people[who], row) == allowed
    assert policies.may_see_inside(people[who], row) == allowed
    if not allowed:
        with pytest.raises(NotFound):
            policies.get_visible(people[who], row.id)


@pytest.mark.parametrize(
    ("sight", "draft", "public", "seen"),
    [
        (Sight.NOTHING, False, True, False),
        (Sight.PUBLIC, False, True, True),
        (Sight.PUBLIC, False, False, False),
        (Sight.PUBLIC, True, True, False),
        (Sight.INSIDE, False, False, True),
        (Sight.INSIDE, True, True, False),
        (Sight.EVERYTHING, True, False, True),
    ],
)
def test_sight(sight, draft, public, seen):
    assert within_sight(sight, draft=draft, public=public) == seen


def test_today_counts_as_coming_until_midnight(make_committee, make_sitting):
    committee = make_committee()
    early = make_sitting(committee, start=datetime(2026, 11, 16, 8, 0))
    late = make_sitting(committee, start=datetime(2026, 11, 15, 23, 59))
    assert [row.id for row in queries.list_of_committee(committee.id, Sight.PUBLIC, When.UPCOMING)] == [early.id]
    assert [row.id for row in queries.list_of_committee(committee.id, Sight.PUBLIC, When.PAST)] == [late.id]


def test_between_takes_the_start_and_leaves_the_end(make_committee, make_sitting):
    committee = make_committee()
    rows = [make_sitting(committee, start=EVENING + timedelta(days=day)) for day in range(3)]
    make_sitting(committee, start=EVENING, status=Status.DRAFT)
    found = queries.between(rows[0].starts_at, rows[2].starts_at)
    assert [row.id for row in found] == [rows[0].id, rows[1].id]
    assert queries.between(None, None, committee_ids=[]) == []
    assert len(queries.between(None, None, drafts=True)) == 4
