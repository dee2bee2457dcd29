"""The pages that merge two entries of one organization."""

import pytest

from coordination.contacts import operations as contacts
from coordination.contacts.operations import Contact
from coordination.contacts.rules import Channel
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from core.access import SYSTEM
from core.clock import today
from core.merging import find_merged_into


@pytest.fixture
def pair(make_organization):
    first = make_organization("Chor der Brücken e. V.", phone="030 23125 1")
    second = make_organization("Chor der Brücken", email="chor@verein.example")
    contacts.note_contact(SYSTEM, second.id, Contact(today(), Channel.PHONE, "Anruf"))
    return first, second


def test_from_the_list_of_likely_ones_to_one_entry(sign_in, pair, make_organization):
    first, second = pair
    browser = sign_in("officer", organization_id=make_organization("Amt", kind=Kind.DEPARTMENT).id)
    assert "Einträge, die vielleicht dieselben sind" in browser.get("/organisationen/").text
    assert "Chor der Brücken e. V." in browser.get("/organisationen/doppelt").text
    assert second.name in browser.get(f"/organisationen/{first.id}/zusammenfuehren").text
    address = f"/organisationen/{first.id}/zusammenfuehren/{second.id}"
    page = browser.get(address).text
    for shown in ("030 23125 1", "chor@verein.example", "Kontakte", "Jetzt zusammenführen"):
        assert shown in page
    assert "Inzwischen hat sich einer der beiden Einträge geändert" in browser.submit(address, {"state": "x"}).text
    assert find_merged_into(Organization, second.id) is None
    state = page.partition('name="state" value="')[2].partition('"')[0]
    page = browser.submit(address, {"state": state}).text
    assert "„Chor der Brücken“ und „Chor der Brücken e. V.“ sind jetzt ein Eintrag." in page
    assert find_merged_into(Organization, second.id) == first.id
    answer = browser.get(f"/organisationen/{second.id}")
    assert answer.location == f"/organisationen/{first.id}"
    assert browser.get(f"/organisationen/{second.id}/bearbeiten").status_code == 404
    assert "Keine zwei Einträge sehen nach derselben Organisation aus." in browser.get("/organisationen/doppelt").text


def test_only_who_keeps_the_profiles_merges(sign_in, pair, make_organization):
    first, second = pair
    make_organization("Stabsstelle", kind=Kind.DEPARTMENT, integration_department=True)
    browser = sign_in("officer", organization_id=make_organization("Amt", kind=Kind.DEPARTMENT).id)
    addresses = ("doppelt", f"{first.id}/zusammenfuehren", f"{first.id}/zusammenfuehren/{second.id}")
    for address in addresses:
        assert browser.get(f"/organisationen/{address}").status_code == 404
    assert browser.submit(f"/organisationen/{addresses[-1]}").status_code == 404
    assert find_merged_into(Organization, second.id) is None


def test_to_compare_counts_what_hangs_on_both_once(sign_in, pair, count_queries):
    first, second = pair
    browser = sign_in("admin")
    with count_queries() as counted:
        assert browser.get(f"/organisationen/{first.id}/zusammenfuehren/{second.id}").status_code == 200
    assert sum("UNION ALL" in statement for statement in counted.statements) == 1


@pytest.mark.parametrize("address", ["doppelt", "{first}/zusammenfuehren", "{first}/zusammenfuehren/{second}"])
def test_pages_ask_as_often_for_many_as_for_few(sign_in, pair, make_organization, count_queries, address):
    first, second = pair
    url = "/organisationen/" + address.format(first=first.id, second=second.id)

    def queries_of_page():
        with count_queries() as counted:
            assert browser.get(url).status_code == 200
        return counted.number

    browser = sign_in("admin")
    queries_of_page()
    few = queries_of_page()
    for number in range(10):
        make_organization(f"Tanz {number // 2}")
        contacts.note_contact(SYSTEM, first.id, Contact(today(), Channel.PHONE, "Anruf"))
    assert queries_of_page() == few
