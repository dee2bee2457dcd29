"""Entries that may mean the same person."""

from coordination.people import operations as people
from coordination.people.duplicates import likely_duplicates, same_as
from coordination.people.merging import merge_people
from core.access import SYSTEM


def test_entries_are_grouped_by_name_in_any_order_and_by_address(make_person, count_queries):
    first, turned, before = (
        make_person("Zoé Ahorn"),
        make_person("Ahorn Zoe"),
        make_person("Z. Buche", email="z@x.example"),
    )
    people.archive_person(SYSTEM, before.id)
    heir = make_person("Zoe Buche-Ahorn", email="z@x.example")
    make_person("Eva Linde")
    with count_queries() as counted:
        groups = likely_duplicates()
    assert counted.number == 1
    assert [[each.id for each in group] for group in groups] == [[turned.id, first.id], [heir.id, before.id]]
    assert [each.id for each in same_as(first)] == [turned.id]


def test_what_is_all_archived_or_merged_is_in_no_list(make_person):
    pairs = [[make_person(name) for _time in range(2)] for name in ("Ada Ahorn", "Eva Buche")]
    for person in pairs[0]:
        people.archive_person(SYSTEM, person.id)
    assert len(likely_duplicates()) == 1
    merge_people(SYSTEM, *(person.id for person in pairs[1]))
    assert likely_duplicates() == []
