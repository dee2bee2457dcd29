"""Entries that may mean the same organization."""

import pytest

from coordination.organizations.duplicates import Entry, fold, fold_website, grouped, likely_duplicates, same_as
from coordination.organizations.merging import merge_organizations
from coordination.organizations.rules import Kind
from core.access import SYSTEM

MO = Kind.MIGRANT_ORGANISATION


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kulturverein Brücke e. V.", "KULTURVEREIN  BRUECKE".replace("UE", "Ü")),
        ("Berfîn – Kurdischer Verein e.V.", "Berfin Kurdischer"),
        ("Straße der Kulturen", "STRASSE DER KULTUREN"),
        ("Chor (gGmbH)", "Chor"),
    ],
)
def test_names_are_the_same_however_they_are_written(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    "address", ["https://www.chor.example/", "http://chor.example", "chor.example/", "CHOR.example"]
)
def test_websites_are_the_same_however_they_are_written(address):
    assert fold_website(address) == "chor.example"


def test_entries_are_grouped_by_name_mail_and_website_within_their_kind():
    entries = [
        Entry(1, "Chor e. V.", MO),
        Entry(2, "CHOR", MO, email="a@b.example"),
        Entry(3, "Singkreis", MO, email="A@b.example", website="https://sing.example"),
        Entry(4, "Tanz", MO, website="http://www.sing.example/"),
        Entry(5, "Chor", Kind.ASSOCIATION),
        Entry(6, "Theater", MO),
    ]
    assert [[each.id for each in group] for group in grouped(entries)] == [[2, 1, 3, 4]]


def test_what_is_archived_or_merged_is_in_no_list(make_organization, count_queries):
    first, second = make_organization("Chor e. V."), make_organization("Chor")
    with count_queries() as counted:
        groups = likely_duplicates()
    assert counted.number == 1
    assert [[each.id for each in group] for group in groups] == [[second.id, first.id]]
    assert [each.id for each in same_as(first)] == [second.id]
    merge_organizations(SYSTEM, first.id, second.id)
    assert likely_duplicates() == []
