"""Two entries of one person become one. That no table loses a record: tests/architecture/test_merges.py."""

from datetime import date

import pytest
from sqlalchemy import select

from coordination.accounts import erasing
from coordination.accounts.models import Account
from coordination.organizations.rules import Kind
from coordination.people import operations as people
from coordination.people import queries
from coordination.people.commands import group
from coordination.people.merging import merge_people
from coordination.people.models import Membership, Person
from core.access import SYSTEM
from core.database import session
from core.errors import NotFound, Refused
from core.history import check_chain, lines_of
from core.merging import find_merged_into, hanging_on, state_of


@pytest.fixture
def pair(make_person):
    """The entry that is kept, and the one that means the same."""
    kept = make_person("Ada Ahorn", email="ada@example.org", key="ada")
    return kept, make_person("Adele Ahorn", email="adele@example.org", key="adele", phone="07531 1")


def the_line(person):
    return next(line for line in lines_of("person", person.id) if line.action == "people.merge")


def test_what_hung_on_the_duplicate_hangs_on_the_kept_one_with_a_line_of_history(actor, pair, make_organization):
    kept, duplicate = pair
    choir = make_organization("Chor")
    people.add_membership(SYSTEM, duplicate.id, organization_id=choir.id, function="Vorsitz")
    merge_people(actor, kept.id, duplicate.id)
    assert [row.function for row in queries.memberships_of(kept.id)] == ["Vorsitz"]
    said = the_line(kept).new
    assert (said["duplicate_id"], said["duplicate"], said["filled"]) == (duplicate.id, "Adele Ahorn", ["phone"])
    assert (said["moved"], said["said"]["email"]) == ({"membership": 1}, "adele@example.org")
    assert (kept.name, kept.email, kept.phone) == ("Ada Ahorn", "ada@example.org", "07531 1")
    assert check_chain(session()).holds


def test_of_the_duplicate_only_number_and_key_stay_and_lead_to_the_kept_one(pair, make_person):
    kept, duplicate = pair
    merge_people(SYSTEM, kept.id, duplicate.id)
    assert (duplicate.name, duplicate.email, duplicate.phone) == ("Zusammengeführter Eintrag", "", "")
    assert queries.find_by_key("adele") == kept
    assert queries.ids_by_key(["ada", "adele"]) == {"ada": kept.id, "adele": kept.id}
    with pytest.raises(NotFound):
        queries.get_person(duplicate.id)
    assert list(session().scalars(queries.search(archived=True))) == []
    last = make_person("A. Ahorn")
    merge_people(SYSTEM, last.id, kept.id)
    assert find_merged_into(Person, duplicate.id) == last.id, "also by way of a second merge"


def test_merged_twice_is_merged_once(pair):
    kept, duplicate = pair
    for _time in range(2):
        merge_people(SYSTEM, kept.id, duplicate.id)
    assert [line.action for line in lines_of("person", kept.id)].count("people.merge") == 1


def test_what_is_refused(pair, make_person):
    kept, duplicate = pair
    archived = people.archive_person(SYSTEM, make_person("Alt").id)
    erased = make_person("Weg")
    erasing.erase(SYSTEM, erasing.subject_of(person_id=erased.id))
    for one, other, answer in (
        (kept, kept, Refused),
        (archived, kept, Refused),
        (kept, erased, NotFound),
        (erased, kept, NotFound),
    ):
        with pytest.raises(answer):
            merge_people(SYSTEM, one.id, other.id)
    state = state_of(Person, hanging_on(Person, kept.id, duplicate.id))
    people.edit_person(SYSTEM, duplicate.id, version=None, profile=people.Profile("Ahorn", "Ada"))
    with pytest.raises(Refused):
        merge_people(SYSTEM, kept.id, duplicate.id, state=state)
    merge_people(SYSTEM, kept.id, duplicate.id, state=state_of(Person, hanging_on(Person, kept.id, duplicate.id)))
    with pytest.raises(Refused):
        merge_people(SYSTEM, make_person("Eva").id, duplicate.id)


def test_an_address_is_taken_where_the_kept_one_has_none_and_nobody_else_has_it(make_person):
    kept, duplicate, archived = (make_person("Ada", email=email) for email in ("", "ada@example.org", "x@example.org"))
    people.archive_person(SYSTEM, archived.id)
    make_person("Eva", email="x@example.org")
    merge_people(SYSTEM, kept.id, archived.id)
    assert kept.email == ""
    merge_people(SYSTEM, kept.id, duplicate.id)
    assert kept.email == "ada@example.org"


def test_the_account_of_the_duplicate_moves_and_of_two_none_does(pair, make_account):
    kept, duplicate = pair
    account = make_account("clerk", person_id=duplicate.id)
    merge_people(SYSTEM, kept.id, duplicate.id)
    assert session().get_one(Account, account.id).person_id == kept.id


def test_where_both_have_an_account_people_decide(pair, make_account):
    kept, duplicate = pair
    for person in pair:
        make_account("clerk", person_id=person.id, email=f"konto-{person.key}@example.org")
    with pytest.raises(Refused, match="Beide haben ein Konto"):
        merge_people(SYSTEM, kept.id, duplicate.id)
    assert queries.get_person(duplicate.id).name == "Adele Ahorn"


@pytest.mark.parametrize(("ours", "theirs", "public"), [(True, True, True), (True, False, False), (False, True, False)])
def test_a_name_stays_public_only_where_it_was_for_both(pair, make_organization, ours, theirs, public):
    office = make_organization("Amt", kind=Kind.DEPARTMENT)
    for person, shown in zip(pair, (ours, theirs), strict=True):
        row = people.add_membership(SYSTEM, person.id, organization_id=office.id, function="Leitung")
        people.publish_name(SYSTEM, row.id, publish=shown)
    merge_people(SYSTEM, *(person.id for person in pair))
    row = session().scalars(select(Membership)).one()
    assert (row.name_public_since is not None) == public


def test_an_erased_person_leaves_nothing_of_an_entry_that_was_merged_into_theirs(pair):
    kept, duplicate = pair
    merge_people(SYSTEM, kept.id, duplicate.id)
    subject = erasing.subject_of(person_id=kept.id)
    assert subject.names == {"Ada Ahorn", "Adele Ahorn"}
    assert subject.addresses == {"ada@example.org", "adele@example.org"}
    erasing.erase(SYSTEM, subject)
    session().expire_all()
    for row in session().scalars(select(Person)):
        assert (row.given_name, row.email, row.phone) == ("", "", "")
        assert row.key.startswith("erased-")
    for line in [*lines_of("person", kept.id), *lines_of("person", duplicate.id)]:
        assert (line.old, line.new) == (None, None)


def test_a_file_that_names_the_duplicate_tells_of_the_kept_one(app, pair, make_organization, tmp_path):
    kept, duplicate = pair
    make_organization("Chor", key="chor")
    merge_people(SYSTEM, kept.id, duplicate.id)
    file = tmp_path / "people.csv"
    file.write_text(
        "key,given_name,family_name,email,organization,member_since\n"
        "adele,Adele,Ahorn,adele@example.org,chor,2020-01-01\n"
    )
    answer = app.test_cli_runner().invoke(group, ["import", str(file)])
    assert "1 neu" in answer.output
    session().rollback()
    assert [row.starts_on for row in queries.memberships_of(kept.id)] == [date(2020, 1, 1)]
    assert queries.get_person(kept.id).name == "Ada Ahorn"
    assert "1 unverändert" in app.test_cli_runner().invoke(group, ["import", str(file)]).output
