"""Persons and memberships: entered, found, changed, archived."""

import re
import threading
from datetime import date

import pytest

from coordination.people import operations, queries
from coordination.people.operations import Profile
from core.access import SYSTEM
from core.database import session, transaction
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of
from core.instance import calendar_counter

ADA = Profile(given_name="Ada", family_name="Beispiel", email="Ada@Example.org")
TODAY, YESTERDAY = date(2026, 11, 16), date(2026, 11, 15)


def found(*args, **kwargs) -> list[str]:
    return [row.name for row in session().scalars(queries.search(*args, **kwargs))]


def test_a_person_gets_a_key_that_tells_no_order_and_a_line_of_history(actor):
    row = operations.create_person(actor, ADA)
    assert re.fullmatch(r"ada-beispiel-[0-9a-f]{6}", row.key)
    assert row.email == "ada@example.org"
    (line,) = lines_of("person", row.id)
    assert (line.action, line.actor_account) == ("people.create", actor.account_id)


def test_a_name_in_any_script_gets_a_key(actor):
    row = operations.create_person(actor, Profile(given_name="آدا", family_name="مثال"))
    assert queries.get_by_key(row.key).name == "آدا مثال"


def test_two_active_persons_never_share_an_address(actor, make_person):
    first = make_person("Ada Beispiel", email="ada@example.org")
    with pytest.raises(Refused, match="Ada Beispiel") as refused:
        operations.create_person(actor, Profile(family_name="Muster", email="ADA@example.org"))
    assert refused.value.field == "email"
    second = make_person("Eva Muster")
    with pytest.raises(Refused):
        operations.edit_person(actor, second.id, version=None, profile=Profile(family_name="Muster", email=first.email))
    operations.edit_person(actor, first.id, version=None, profile=ADA)  # her own address is no obstacle


def test_many_persons_may_have_no_address(actor):
    for name in ("Beispiel", "Muster"):
        operations.create_person(actor, Profile(family_name=name))
    assert found() == ["Beispiel", "Muster"]


def test_an_address_of_an_archived_person_is_free_until_she_comes_back(actor, make_person):
    first = make_person("Ada Beispiel", email="ada@example.org")
    operations.archive_person(actor, first.id)
    second = make_person("Eva Muster", email="ada@example.org")
    with pytest.raises(Refused, match="Eva Muster"):
        operations.restore_person(actor, first.id)
    assert queries.get_person(first.id).archived_at is not None
    operations.archive_person(actor, second.id)
    assert operations.restore_person(actor, first.id).archived_at is None


def test_of_two_who_enter_one_address_at_once_one_is_refused(app):
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def enter(family_name: str) -> None:
        with app.app_context():
            start.wait()
            try:
                operations.create_person(SYSTEM, Profile(family_name=family_name, email="same@example.org"))
                outcomes.append("entered")
            except Refused as refused:
                outcomes.append(str(refused.field))

    for round_number in range(5):
        threads = [threading.Thread(target=enter, args=(f"Name {round_number} {n}",)) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["email", "entered"]
        outcomes.clear()
        session().rollback()
        (row,) = session().scalars(queries.search())
        operations.archive_person(SYSTEM, row.id)


def test_an_outdated_save_is_refused_and_a_save_without_change_leaves_no_line(actor):
    row = operations.create_person(actor, ADA)
    opened = row.version
    operations.edit_person(actor, row.id, version=opened, profile=ADA)
    assert len(lines_of("person", row.id)) == 1
    operations.edit_person(actor, row.id, version=opened, profile=Profile(family_name="Muster"))
    with pytest.raises(Outdated):
        operations.edit_person(actor, row.id, version=opened, profile=ADA)
    assert queries.get_person(row.id).name == "Muster"


def test_search_by_name_and_organization(actor, make_person, make_organization):
    choir, club = make_organization("Chor"), make_organization("Club")
    make_person("Ada Beispiel", organization=choir)
    make_person("Eva 100%Muster", organization=choir, ends_on=YESTERDAY)
    make_person("Ida Beispiel", organization=club)
    assert found("beispiel") == ["Ada Beispiel", "Ida Beispiel"]
    assert found("ada bei") == ["Ada Beispiel"]
    assert found("%") == ["Eva 100%Muster"]
    assert found("", choir.id) == ["Ada Beispiel"]
    assert [name for _, name in queries.list_choices()] == ["Eva 100%Muster", "Ada Beispiel", "Ida Beispiel"]


def test_a_membership_holds_on_its_first_and_last_day_and_not_beside_them(make_person, make_organization):
    choir = make_organization("Chor")
    make_person("Ada Beispiel", organization=choir, function="Vorsitz", starts_on=date(2026, 3, 1), ends_on=TODAY)

    def members(day: date) -> list[str]:
        return [f"{row.person.name}, {row.function}" for row in queries.members_of(choir.id, day)]

    assert members(date(2026, 2, 28)) == []
    assert members(date(2026, 3, 1)) == members(TODAY) == ["Ada Beispiel, Vorsitz"]
    assert members(date(2026, 11, 17)) == []


def test_a_membership_may_not_end_before_it_begins(actor, make_person, make_organization):
    person, choir = make_person(), make_organization()
    with pytest.raises(Refused) as refused:
        operations.add_membership(actor, person.id, organization_id=choir.id, starts_on=TODAY, ends_on=YESTERDAY)
    assert refused.value.field == "ends_on"
    row = operations.add_membership(actor, person.id, organization_id=choir.id, starts_on=TODAY)
    with pytest.raises(Refused):
        operations.end_membership(actor, row.id, ends_on=YESTERDAY)
    assert queries.memberships_of(person.id)[0].ends_on is None
    operations.end_membership(actor, row.id, ends_on=TODAY)
    assert queries.memberships_of(person.id)[0].ends_on == TODAY


def test_the_same_function_is_not_held_twice_at_a_time_but_again_after_a_pause(actor, make_person, make_organization):
    choir = make_organization()
    person = make_person(organization=choir, function="Vorsitz", ends_on=YESTERDAY)
    with pytest.raises(Refused) as refused:
        operations.add_membership(actor, person.id, organization_id=choir.id, function="Vorsitz", starts_on=YESTERDAY)
    assert refused.value.field == "function"
    operations.add_membership(actor, person.id, organization_id=choir.id, function="Vorsitz", starts_on=TODAY)
    operations.add_membership(actor, person.id, organization_id=choir.id, function="Kasse", starts_on=YESTERDAY)
    assert len(queries.memberships_of(person.id)) == 3


def test_what_does_not_exist_is_not_found(actor, make_person, make_organization):
    person, choir = make_person(), make_organization()
    with pytest.raises(NotFound):
        operations.add_membership(actor, person.id, organization_id=choir.id + 1)
    with pytest.raises(NotFound):
        operations.edit_person(actor, person.id + 1, version=None, profile=ADA)


def test_archiving_ends_memberships_at_once_and_restoring_does_not_bring_them_back(
    actor, make_person, make_organization
):
    choir, club = make_organization(), make_organization()
    person = make_person("Ada Beispiel", organization=choir)
    operations.add_membership(actor, person.id, organization_id=club.id, starts_on=TODAY)
    operations.archive_person(actor, person.id)
    operations.archive_person(actor, person.id)
    assert queries.members_of(choir.id, TODAY) == []
    (kept,) = queries.memberships_of(person.id)
    assert (kept.organization_id, kept.ends_on) == (choir.id, YESTERDAY)
    assert found() == []
    assert found(archived=True) == ["Ada Beispiel"]
    operations.restore_person(actor, person.id)
    assert queries.members_of(choir.id, TODAY) == []
    assert [line.action for line in lines_of("person", person.id)] == [
        "people.restore",
        "people.archive",
        "people.create",
    ]


def test_a_membership_moves_the_calendar_counter_and_a_telephone_number_does_not(actor, make_person, make_organization):
    person, choir = make_person("Ada Beispiel"), make_organization()
    before = calendar_counter()
    operations.edit_person(actor, person.id, version=None, profile=Profile(family_name="Beispiel", phone="0123"))
    assert calendar_counter() == before
    operations.add_membership(actor, person.id, organization_id=choir.id)
    assert calendar_counter() == before + 1


def test_operations_join_the_transaction_of_a_caller(actor):
    with pytest.raises(RuntimeError), transaction():
        operations.create_person(actor, ADA)
        raise RuntimeError
    assert found() == []
