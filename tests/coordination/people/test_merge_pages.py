"""The pages that merge two entries of one person."""

import pytest

from coordination.organizations.rules import Kind
from coordination.people import operations as people
from coordination.people.models import Person
from core.access import SYSTEM
from core.merging import find_merged_into


@pytest.fixture
def pair(make_person, make_organization):
    first = make_person("Ada Ahorn", email="ada@example.org")
    return first, make_person("Ahorn Ada", phone="07531 111", organization=make_organization("Chor"), email="")


def test_from_the_list_of_likely_ones_to_one_entry(sign_in, pair, make_organization):
    first, second = pair
    browser = sign_in("officer", organization_id=make_organization("Amt", kind=Kind.DEPARTMENT).id)
    assert "Einträge, die vielleicht dieselben sind" in browser.get("/personen/").text
    assert "Chor" in browser.get("/personen/doppelt").text
    assert f"/personen/{first.id}/zusammenfuehren" in browser.get(f"/personen/{first.id}").text
    assert second.name in browser.get(f"/personen/{first.id}/zusammenfuehren").text
    assert second.name in browser.get(f"/personen/{first.id}/zusammenfuehren?q=Ahorn").text
    address = f"/personen/{first.id}/zusammenfuehren/{second.id}"
    page = browser.get(address).text
    for shown in ("07531 111", "ada@example.org", "Mitgliedschaften", "Jetzt zusammenführen"):
        assert shown in page
    assert "Inzwischen hat sich einer der beiden Einträge geändert" in browser.submit(address, {"state": "x"}).text
    assert find_merged_into(Person, second.id) is None
    state = page.partition('name="state" value="')[2].partition('"')[0]
    page = browser.submit(address, {"state": state}).text
    assert "„Ahorn Ada“ und „Ada Ahorn“ sind jetzt ein Eintrag." in page
    assert find_merged_into(Person, second.id) == first.id
    assert browser.get(f"/personen/{second.id}").location == f"/personen/{first.id}"
    assert browser.get(f"/personen/{second.id}/bearbeiten").status_code == 404
    assert "Keine zwei Einträge sehen nach derselben Person aus." in browser.get("/personen/doppelt").text


def test_nobody_but_the_administration_merges_with_their_own_entry(sign_in, pair, make_account):
    """It would give them the memberships of the other, and rights with these."""
    own, other = pair
    browser = sign_in(account=make_account("clerk", person_id=own.id))
    for first, second in ((own, other), (other, own)):
        address = f"/personen/{first.id}/zusammenfuehren/{second.id}"
        assert browser.get(address).status_code == 404
        assert browser.submit(address).status_code == 404
    assert find_merged_into(Person, other.id) is find_merged_into(Person, own.id) is None


@pytest.fixture
def crowd(pair, make_person, make_organization):
    """`crowd()`: more people, of whom two at a time may be the same, and memberships of the first of the pair."""

    def make():
        for number in range(10):
            club = make_organization()
            make_person(f"Eva Buche{number // 2}", organization=club)
            people.add_membership(SYSTEM, pair[0].id, organization_id=club.id)

    return make


@pytest.mark.parametrize("address", ["doppelt", "{first}/zusammenfuehren?q=A", "{first}/zusammenfuehren/{second}"])
def test_pages_ask_as_often_for_many_as_for_few(sign_in, pair, crowd, count_queries, address):
    first, second = pair
    url = "/personen/" + address.format(first=first.id, second=second.id)

    def queries_of_page():
        with count_queries() as counted:
            assert browser.get(url).status_code == 200
        return counted.number

    browser = sign_in("admin")
    queries_of_page()
    few = queries_of_page()
    crowd()
    assert queries_of_page() == few
