"""What is kept of support: what cannot be, sums and years, what was not used and why, who may read it."""

import threading

import pytest

from coordination.organizations.rules import Kind
from coordination.support import operations, policies, queries
from coordination.support.operations import AdviceTerms, BudgetTerms, FundingTerms, RoomTerms, terms_of
from coordination.support.queries import Wanted
from coordination.support.rules import (
    AdviceForm,
    Area,
    FundingForm,
    RoomForm,
    YearOfMoney,
    highest,
    told_people,
    unused,
)
from core.access import ANONYMOUS, SYSTEM, Actor, Grant
from core.database import db, session
from core.errors import NotFound, Outdated, Refused
from core.history import HistoryLine


@pytest.mark.parametrize(
    ("available", "used", "left"), [(500, 200, 300), (500, None, 0), (None, 200, 0), (500, 600, 0), (500, 500, 0)]
)
def test_what_is_left_is_known_only_where_both_are(available, used, left):
    assert unused(available, used) == left


@pytest.mark.parametrize(("number", "told"), [(None, None), (0, 0), (1, None), (4, None), (5, 5), (80, 80)])
def test_a_small_group_of_people_is_not_told(number, told):
    assert told_people(number) == told


def test_bars_are_measured_by_the_greatest_amount():
    assert highest([YearOfMoney(2025, asked=5, granted=9), YearOfMoney(2026, used=7)]) == 9
    assert highest([]) == 0


def speaker(organization_id: int) -> Actor:
    """Who speaks for the organization."""
    return Actor(account_id=1, grants=frozenset({Grant("representative", organization_id)}))


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (ANONYMOUS, False),
        (Actor(account_id=1, organizations=frozenset({3})), False),
        (speaker(4), False),
        (speaker(3), True),
        (Actor(account_id=1, permissions=frozenset({"support.edit"})), True),
        (Actor(account_id=1, permissions=frozenset({"organizations.edit", "people.read"})), False),
        (SYSTEM, True),
    ],
)
def test_staff_and_who_speaks_for_the_organization_read_it(actor, allowed):
    assert policies.may_read_of(actor, 3) is allowed


def test_several_offices_give_money_together(make_organization, make_funding):
    offices = [make_organization(kind=Kind.DEPARTMENT).id for _ in range(3)]
    row = make_funding(make_organization(), office_ids=frozenset(offices[:2]))
    before = row.version
    terms = terms_of(Area.FUNDING, row)
    assert terms.office_ids == frozenset(offices[:2])
    changed = FundingTerms(**{**vars(terms), "office_ids": frozenset(offices[1:])})
    row = operations.edit(SYSTEM, Area.FUNDING, row.id, version=before, terms=changed)
    assert row.office_ids == frozenset(offices[1:])
    assert row.version > before
    line = session().query(HistoryLine).order_by(HistoryLine.id.desc()).first()
    assert (line.action, line.new["offices"]) == ("support.edit", offices[1:])
    with pytest.raises(Outdated):
        operations.edit(SYSTEM, Area.FUNDING, row.id, version=before, terms=terms)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"year": 1900}, "year"),
        ({"form": RoomForm.SCHOOL}, "form"),
        ({"asked": -1}, "asked"),
        ({"granted": 10**12}, "granted"),
        ({"granted": 100, "used": 101}, "used"),
        ({"granted": 0}, "reason"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(make_organization, make_funding, terms, field):
    with pytest.raises(Refused) as refused:
        make_funding(make_organization(), **terms)
    assert refused.value.field == field


def test_only_departments_give_and_set_aside(make_organization, make_funding, make_budget):
    choir = make_organization()
    with pytest.raises(Refused):
        make_funding(choir, office_ids=frozenset({choir.id}))
    with pytest.raises(Refused):
        make_budget(choir)


def test_a_department_sets_money_of_a_form_aside_once_a_year(make_organization, make_budget):
    office = make_organization(kind=Kind.DEPARTMENT)
    row = make_budget(office)
    make_budget(office, year=2025)
    make_budget(office, form=FundingForm.FLEXIBLE)
    with pytest.raises(Refused):
        make_budget(office)
    operations.edit(SYSTEM, Area.BUDGET, row.id, version=None, terms=terms_of(Area.BUDGET, row))


def test_of_two_who_enter_the_same_budget_at_once_the_second_is_told(app, make_organization):
    office_id = make_organization(kind=Kind.DEPARTMENT).id
    session().rollback()
    together = threading.Barrier(2)
    said = []

    def enter(year):
        with app.app_context():
            together.wait(timeout=60)
            try:
                operations.enter(SYSTEM, Area.BUDGET, BudgetTerms(office_id, year, FundingForm.PROJECT, set_aside=100))
            except Refused as refused:
                said.append((year, refused.field))
            db.session.remove()

    for year in range(2020, 2026):
        threads = [threading.Thread(target=enter, args=(year,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert said == [(year, "form") for year in range(2020, 2026)]
    assert len(session().scalars(queries.search(Area.BUDGET, Wanted())).all()) == 6


def test_an_entry_that_was_a_mistake_is_gone_and_its_history_is_not(make_organization, make_funding):
    office = make_organization(kind=Kind.DEPARTMENT)
    row = make_funding(make_organization(), office_ids=frozenset({office.id}))
    number = row.id
    operations.remove(SYSTEM, Area.FUNDING, number)
    with pytest.raises(NotFound):
        queries.get_entry(Area.FUNDING, number)
    lines = session().query(HistoryLine).filter_by(object_type="funding", object_id=number).all()
    assert [line.action for line in lines] == ["support.enter", "support.remove"]


def test_lists_and_sums_follow_the_same_filters(make_organization, make_funding):
    choir, dance, office = make_organization("Chor"), make_organization("Tanz"), make_organization(kind=Kind.DEPARTMENT)
    make_funding(choir, granted=80_000, used=70_000, office_ids=frozenset({office.id}))
    make_funding(dance, form=FundingForm.FLEXIBLE, granted=50_000)
    make_funding(choir, year=2025)

    def found(**wanted) -> tuple[list[str], dict[str, int | None]]:
        asked = Wanted(**wanted)
        rows = session().scalars(queries.search(Area.FUNDING, asked))
        return [f"{row.organization.name} {row.year}" for row in rows], queries.sums(Area.FUNDING, asked)

    everything = {"asked": 300_000, "granted": 130_000, "used": 70_000}
    assert found() == (["Chor 2026", "Tanz 2026", "Chor 2025"], everything)
    assert found(year=2025) == (["Chor 2025"], {"asked": 100_000, "granted": 0, "used": 0})
    assert found(form=FundingForm.FLEXIBLE)[0] == ["Tanz 2026"]
    assert found(office_id=office.id)[1] == {"asked": 100_000, "granted": 80_000, "used": 70_000}
    assert found(organization_id=choir.id)[0] == ["Chor 2026", "Chor 2025"]


def test_years_tell_asked_granted_used_and_set_aside(make_organization, make_funding, make_budget):
    choir = make_organization()
    make_funding(choir, granted=80_000, used=70_000)
    make_funding(choir, title="Chorreise")
    make_budget(make_organization(kind=Kind.DEPARTMENT), year=2024)
    assert queries.money_by_year() == [
        YearOfMoney(2024, set_aside=500_000),
        YearOfMoney(2026, asked=200_000, granted=80_000, used=70_000, organizations=1),
    ]
    assert queries.list_years() == [2026, 2024]


def test_what_was_refused_or_left_is_listed_and_what_nobody_knows_is_not(make_organization, make_funding, make_budget):
    choir, office = make_organization(), make_organization(kind=Kind.DEPARTMENT)
    make_funding(choir, title="abgelehnt", granted=0, reason="Frist versäumt")
    make_funding(choir, title="übrig", granted=500, used=100)
    make_funding(choir, title="ausgeschöpft", granted=500, used=500)
    make_funding(choir, title="läuft noch", granted=500)
    assert [row.title for row in queries.grants_not_used(2026)] == ["abgelehnt", "übrig"]
    left = make_budget(office, used=100, reason="Niemand wusste davon.")
    make_budget(office, form=FundingForm.FLEXIBLE)
    make_budget(office, form=FundingForm.GUIDELINES, used=500_000)
    assert queries.budgets_not_used(2026) == [left]
    assert queries.budgets_not_used(2025) == []


def test_rooms_and_advice_have_sums_without_small_groups(make_organization, make_place):
    choir = make_organization()
    rooms = RoomTerms(choir.id, 2026, RoomForm.SCHOOL, place_id=make_place().id, hours=40, occasions=20)
    operations.enter(SYSTEM, Area.ROOM, rooms)
    assert queries.sums(Area.ROOM, Wanted()) == {"hours": 40, "occasions": 20}
    advice = AdviceTerms(choir.id, 2026, AdviceForm.UMBRELLA, "Anträge stellen", hours=3, participants=4)
    operations.enter(SYSTEM, Area.ADVICE, advice)
    assert queries.sums(Area.ADVICE, Wanted()) == {"hours": 3, "participants": None}
