"""Every table that may hold something of a person names who gives it out and who erases it."""

import re

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table

from core.database import db
from core.retention import PERIODS
from wsgi import PERSONAL

#: a column that is called like this may hold somebody's name, address, words or number
TELLING = re.compile(
    r"name|mail|phone|address|person|account|actor|author|guest|contact|text$|secretary|chair|participant|user|"
    r"(^|_)(by|ip|for)$|birth|nationality|religion"
)
#: tables whose telling columns hold nothing of a person
OF_NO_PERSON = {
    "organization": "name and contact of a group, as it gives them itself",
    "place": "name of a house",
    "text_page": "a page about the site",
    "own_topic": "name of a topic",
    "event": "title and announcement of an event; who plans it is in the tables of planning",
    "advice": "`participants` is how many took part; who took part is not kept",
}
#: what is never kept of anybody
NEVER = re.compile(r"birth|nationality|religion|rating|(^|_)ip($|_)|remote_addr")


def may_hold_people(table: Table) -> bool:
    """Whether a table points to a person or an account, or has a column that is called as if."""
    points = {key.column.table.name for column in table.columns for key in column.foreign_keys}
    return bool(points & {"person", "account"}) or any(TELLING.search(column.name) for column in table.columns)


def without_eraser(tables: list[Table], named: set[str]) -> set[str]:
    """The tables that may hold people and are neither named nor known to hold none."""
    return {table.name for table in tables if may_hold_people(table)} - named - OF_NO_PERSON.keys()


def test_every_table_with_people_in_it_names_its_eraser():
    named = [entry.table for entry in PERSONAL]
    assert len(named) == len(set(named))
    assert without_eraser(db.metadata.sorted_tables, set(named)) == set(), (
        "say in the room's personal.py what the table keeps of people, and name it in PERSONAL in wsgi.py"
    )


def test_the_registry_names_tables_that_exist():
    tables = {table.name for table in db.metadata.sorted_tables}
    assert {entry.table for entry in PERSONAL} - tables == set()
    assert OF_NO_PERSON.keys() - tables == set()


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("member_id", ForeignKey("person.id")),
        ("owner", ForeignKey("account.id")),
        ("contact_mail", String()),
        ("written_by", String()),
        ("family_name", String()),
    ],
)
def test_a_planted_table_is_found(column, kind):
    metadata = MetaData()
    for name in ("person", "account"):
        Table(name, metadata, Column("id", Integer, primary_key=True))
    planted = Table("planted", metadata, Column("id", Integer, primary_key=True), Column(column, kind))
    assert without_eraser([planted], {entry.table for entry in PERSONAL}) == {"planted"}


def test_a_table_without_people_is_left_alone():
    harmless = Table("harmless", MetaData(), Column("id", Integer, primary_key=True), Column("title", String))
    assert not may_hold_people(harmless)


def test_what_deletes_by_itself_has_a_period_and_the_other_way_round():
    for entry in PERSONAL:
        assert (entry.expired is not None) == (PERIODS[entry.retention] is not None), entry.table


def test_no_column_holds_what_is_never_kept():
    columns = [column for table in db.metadata.sorted_tables for column in table.columns]
    assert [str(column) for column in columns if NEVER.search(column.name)] == []
    assert NEVER.search("remote_addr")
    assert NEVER.search("ip")
