"""Two entries of one organization become one. That no table loses a record: tests/architecture/test_merges.py."""

from datetime import date

import pytest
from sqlalchemy import select

from coordination.accounts.models import Assignment
from coordination.contacts import operations as contacts
from coordination.contacts.models import ContactNote
from coordination.contacts.operations import Contact
from coordination.contacts.rules import Channel
from coordination.letters import operations as letters
from coordination.letters import queries as letter_queries
from coordination.organizations import consents, landscape, queries, rules
from coordination.organizations import operations as organizations
from coordination.organizations.landscape import Belonging, Stage
from coordination.organizations.merging import merge_organizations
from coordination.organizations.models import Organization
from coordination.organizations.publication import Field, Level
from coordination.organizations.rules import Kind, Topic
from coordination.people import operations as people
from coordination.people.models import Membership
from core.access import SYSTEM
from core.database import session, transaction
from core.errors import Refused
from core.history import check_chain, lines_of
from core.merging import find_merged_into, hanging_on, state_of

TODAY = date(2026, 11, 16)


@pytest.fixture
def pair(make_organization):
    """The entry that is kept, and the one that means the same."""
    return make_organization("Chor der Brücken"), make_organization("Chor d. Brücken e. V.")


def the_line(organization):
    return next(line for line in lines_of("organization", organization.id) if line.action == "organizations.merge")


def test_what_hung_on_the_duplicate_hangs_on_the_kept_one_with_a_line_of_history(actor, pair, make_person):
    kept, duplicate = pair
    person = make_person("Ada Ahorn", organization=duplicate, function="Vorsitz")
    note = contacts.note_contact(SYSTEM, duplicate.id, Contact(TODAY, Channel.PHONE, "Anruf"))
    version = note.version
    merge_organizations(actor, kept.id, duplicate.id)
    assert session().query(Membership).one().organization_id == kept.id
    assert session().get_one(ContactNote, note.id).organization_id == kept.id
    assert note.version == version + 1, "a form that was open is outdated"
    line = the_line(kept)
    assert (line.actor_account, line.new["duplicate_id"], line.new["duplicate"]) == (
        actor.account_id,
        duplicate.id,
        "Chor d. Brücken e. V.",
    )
    assert line.new["moved"] == {"membership": 1, "contact_note": 1}
    assert person.name == "Ada Ahorn"
    assert check_chain(session()).holds


def test_the_duplicate_leads_to_the_kept_one(pair, make_organization):
    kept, duplicate = pair
    key = duplicate.key
    merge_organizations(SYSTEM, kept.id, duplicate.id)
    assert find_merged_into(Organization, duplicate.id) == kept.id
    assert queries.find_by_key(key) == kept
    assert duplicate.name == "Chor d. Brücken e. V."
    last = make_organization("Brückenchor")
    merge_organizations(SYSTEM, last.id, kept.id)
    assert find_merged_into(Organization, duplicate.id) == last.id, "also by way of a second merge"


def test_merged_twice_is_merged_once(actor, pair):
    kept, duplicate = pair
    for _time in range(2):
        merge_organizations(actor, kept.id, duplicate.id)
    assert [line.action for line in lines_of("organization", kept.id)].count("organizations.merge") == 1


def test_what_is_refused(pair, make_organization):
    kept, duplicate = pair
    office = make_organization("Amt", kind=Kind.DEPARTMENT)
    archived = organizations.archive_organization(SYSTEM, make_organization("Alt").id)
    for one, other in ((kept, kept), (kept, office), (archived, kept)):
        with pytest.raises(Refused):
            merge_organizations(SYSTEM, one.id, other.id)
    merge_organizations(SYSTEM, kept.id, duplicate.id)
    with pytest.raises(Refused):
        merge_organizations(SYSTEM, make_organization("Tanz").id, duplicate.id)


def test_nothing_is_merged_when_something_has_changed_since_somebody_looked(pair):
    kept, duplicate = pair
    state = state_of(Organization, hanging_on(Organization, kept.id, duplicate.id))
    contacts.note_contact(SYSTEM, duplicate.id, Contact(TODAY, Channel.PHONE, "Anruf"))
    with pytest.raises(Refused):
        merge_organizations(SYSTEM, kept.id, duplicate.id, state=state)
    assert find_merged_into(Organization, duplicate.id) is None
    merge_organizations(
        SYSTEM, kept.id, duplicate.id, state=state_of(Organization, hanging_on(Organization, kept.id, duplicate.id))
    )


def test_what_the_kept_one_leaves_open_is_taken_from_the_duplicate(make_organization):
    kept = make_organization("Chor", phone="1", topics=["culture"])
    duplicate = make_organization("Chor", phone="2", email="chor@verein.example", topics=["sport"])
    merge_organizations(SYSTEM, kept.id, duplicate.id)
    assert (kept.phone, kept.email, kept.topics) == ("1", "chor@verein.example", ["culture"])
    assert the_line(kept).new["filled"] == ["email"]


def agree(organization, **levels):
    wished = {Field(name): level for name, level in levels.items()}
    consents.set_consents(SYSTEM, organization.id, wished=wished, state=None, agreed=True)


@pytest.mark.parametrize(
    ("ours", "theirs", "after"),
    [
        (Level.PUBLIC, None, Level.PUBLIC),
        (Level.PUBLIC, Level.PUBLIC, Level.PUBLIC),
        (Level.PUBLIC, Level.ADMINISTRATION, Level.ADMINISTRATION),
        (Level.ADMINISTRATION, Level.PUBLIC, Level.ADMINISTRATION),
        (None, Level.PUBLIC, None),
        (Level.PUBLIC, "withdrawn", None),
    ],
)
def test_the_stricter_consent_counts(make_organization, ours, theirs, after):
    kept, duplicate = (make_organization("Chor", phone="030 23125 1") for _ in range(2))
    if ours:
        agree(kept, phone=ours)
    if theirs:
        agree(duplicate, phone=Level.PUBLIC if theirs == "withdrawn" else theirs)
    if theirs == "withdrawn":
        consents.withdraw(SYSTEM, duplicate.id)
    merge_organizations(SYSTEM, kept.id, duplicate.id)
    assert queries.consents_in_force([kept.id])[kept.id].get(Field.PHONE) == after
    assert queries.consents_in_force([duplicate.id])[duplicate.id] == {}


def test_a_consent_to_an_empty_field_does_not_publish_what_is_taken_from_the_duplicate(make_organization):
    kept, duplicate = make_organization("Chor"), make_organization("Chor", phone="030 23125 1")
    agree(kept, phone=Level.PUBLIC, about=Level.PUBLIC)
    merge_organizations(SYSTEM, kept.id, duplicate.id)
    assert kept.phone == "030 23125 1"
    assert queries.consents_in_force([kept.id])[kept.id] == {Field.ABOUT: Level.PUBLIC}


@pytest.mark.parametrize("asked", [None, Level.ADMINISTRATION])
def test_what_is_dated_is_shown_no_further_than_the_duplicate_agreed_to(make_organization, asked):
    kept, duplicate, umbrella = (make_organization(name) for name in ("Chor", "Chor", "Verband"))
    agree(kept, name=Level.PUBLIC, umbrellas=Level.PUBLIC, phase=Level.PUBLIC)
    if asked:
        agree(duplicate, umbrellas=asked, phase=asked)
    landscape.join_umbrella(SYSTEM, duplicate.id, belonging=Belonging(umbrella.id))
    landscape.enter_phase(SYSTEM, duplicate.id, stage=Stage(date(2020, 1, 1), rules.Phase.NETWORK))
    merge_organizations(SYSTEM, kept.id, duplicate.id)
    assert queries.umbrella_memberships_of(kept.id)
    assert queries.phases_of(kept.id)
    after = queries.consents_in_force([kept.id])[kept.id]
    assert (after.get(Field.UMBRELLAS), after.get(Field.PHASE)) == (asked, asked)
    assert set(the_line(kept).new["consents"]) == {"umbrellas", "phase"}


@pytest.mark.parametrize(
    ("ours", "theirs", "after"),
    [
        (Level.PUBLIC, None, ""),
        (Level.PUBLIC, Level.ADMINISTRATION, ""),
        (Level.PUBLIC, Level.PUBLIC, "CdB"),
        (None, None, "CdB"),
    ],
)
def test_a_short_name_is_taken_where_the_duplicate_agreed_to_its_name_as_far(make_organization, ours, theirs, after):
    kept, duplicate = make_organization("Chor"), make_organization("Chor", short_name="CdB")
    for organization, level in ((kept, ours), (duplicate, theirs)):
        if level:
            agree(organization, name=level)
    merge_organizations(SYSTEM, kept.id, duplicate.id)
    assert kept.short_name == after
    assert duplicate.short_name == "CdB"


def test_who_wants_no_letters_gets_none_after_it(make_organization):
    kept, duplicate = (make_organization("Chor", email="chor@verein.example") for _ in range(2))
    letters.object_to_letters(SYSTEM, duplicate.id, objects=True)
    merge_organizations(SYSTEM, kept.id, duplicate.id)
    assert letter_queries.has_objected(kept.id)


def test_two_memberships_of_one_person_become_one_with_the_topics_of_both(pair, make_person):
    kept, duplicate = pair
    person = make_person("Ada Ahorn")
    for belongs, days, topic in (
        (kept, {"starts_on": date(2024, 1, 1)}, Topic.SPORT),
        (duplicate, {"starts_on": date(2020, 1, 1)}, Topic.CULTURE),
    ):
        people.add_membership(SYSTEM, person.id, organization_id=belongs.id, function="Vorsitz", topics=[topic], **days)
    earlier = {"starts_on": date(2010, 1, 1), "ends_on": date(2012, 1, 1)}
    people.add_membership(SYSTEM, person.id, organization_id=duplicate.id, function="Vorsitz", **earlier)
    merge_organizations(SYSTEM, kept.id, duplicate.id)
    rows = session().scalars(select(Membership).order_by(Membership.starts_on)).all()
    assert [(row.organization_id, row.starts_on, row.topics) for row in rows] == [
        (kept.id, date(2010, 1, 1), []),
        (kept.id, date(2020, 1, 1), ["culture", "sport"]),
    ]
    said = the_line(kept).new
    (joined,), (changed,) = said["joined"], said["changed"]
    assert (joined["table"], joined["starts_on"]) == ("membership", "2020-01-01")
    assert (changed["id"], changed["starts_on"], changed["topics"]) == (rows[1].id, "2024-01-01", ["sport"])


@pytest.mark.parametrize(
    ("ours", "theirs", "after"),
    [
        ([(2010, 2012), (2020, None)], (2021, None), [(2010, 2012), (2020, None)]),
        ([(2010, 2012), (2014, None)], (2011, 2015), [(2010, None)]),
        ([(2010, 2012), (2016, 2018)], (2013, 2014), [(2010, 2012), (2013, 2014), (2016, 2018)]),
    ],
)
def test_memberships_that_overlap_after_it_become_one(pair, make_person, ours, theirs, after):
    kept, duplicate = pair
    person = make_person("Ada Ahorn")
    for organization, (first, last) in [*((kept, years) for years in ours), (duplicate, theirs)]:
        days = {"starts_on": date(first, 1, 1), "ends_on": last and date(last, 12, 31)}
        people.add_membership(SYSTEM, person.id, organization_id=organization.id, function="Vorsitz", **days)
    merge_organizations(SYSTEM, kept.id, duplicate.id)
    rows = session().scalars(select(Membership).order_by(Membership.starts_on)).all()
    assert [(row.starts_on.year, row.ends_on and row.ends_on.year) for row in rows] == after
    assert len(rows) + len(the_line(kept).new["joined"]) == len(ours) + 1


@pytest.mark.parametrize(
    ("ours", "theirs", "after"),
    [
        ((2026, 2026), (2020, None), (2020, None)),
        ((None, 2024), (2020, 2025), (None, 2025)),
        ((2020, 2021), (2026, None), (2026, None)),
        ((2026, 2026), (2020, 2021), (2026, 2026)),
        ((2015, 2016), (2018, 2019), (2018, 2019)),
        ((2026, 2026), (2028, None), (2026, 2026)),
    ],
    ids=["longer", "open before", "ended long ago", "ended there", "both ended", "comes after a pause"],
)
def test_a_role_held_for_both_is_held_as_long_as_either_and_in_no_pause(pair, make_account, ours, theirs, after):
    kept, duplicate = pair
    account = make_account("representative", organization_id=kept.id)
    with transaction() as current:
        current.add(Assignment(account_id=account.id, role="representative", organization_id=duplicate.id))
        current.flush()
        rows = {row.organization_id: row for row in session().query(Assignment).filter_by(account_id=account.id)}
        for organization, (first, last) in ((kept, ours), (duplicate, theirs)):
            rows[organization.id].starts_on = first and date(first, 1, 1)
            rows[organization.id].ends_on = last and date(last, 12, 31)
    merge_organizations(SYSTEM, kept.id, duplicate.id)
    row = session().query(Assignment).filter_by(account_id=account.id).one()
    assert (row.organization_id, row.starts_on and row.starts_on.year, row.ends_on and row.ends_on.year) == (
        kept.id,
        *after,
    )
