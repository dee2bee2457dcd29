"""Rows inserted column by column are the rows that the session would have written."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from coordination.organizations import queries
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from core.access import SYSTEM
from core.bulk import Repeated, columns_of, each, insert_columns, length
from core.database import session, transaction
from meetings.sittings.models import Sitting
from participation.committees import operations as committees
from participation.committees.operations import Charter
from participation.committees.rules import Kind as CommitteeKind


def test_rows_inserted_at_once_are_as_the_session_would_have_written_them(app):
    """Defaults, lists, moments and ids of their own: a table with each of these."""
    committee = committees.create_committee(SYSTEM, Charter(name="Beirat", kind=CommitteeKind.ADVISORY_BOARD))
    start, moment = datetime(2026, 11, 19, 18, 30), datetime(2026, 11, 19, 17, 30, tzinfo=UTC)
    told = {"committee_id": committee.id, "title": "Sitzung", "starts_local": start, "starts_at": moment}
    with transaction() as writing:
        writing.add(Sitting(**told))
        writing.flush()
        insert_columns(Sitting.__table__, columns_of([told, told]))
    one, *others = session().execute(select(Sitting.__table__).order_by(Sitting.id)).mappings()
    for other in others:
        differing = {name for name, value in other.items() if value != one[name]}
        assert differing - {"changed_at"} == {"id", "uid"}
        assert type(other["changed_at"]) is datetime
    assert len({row["uid"] for row in (one, *others)}) == 3


def test_rows_with_a_column_that_the_table_does_not_have_are_not_inserted(app):
    with pytest.raises(KeyError, match="colour"), transaction():
        insert_columns(
            Organization.__table__, {"key": ["a"], "name": ["A"], "kind": [Kind.ASSOCIATION], "colour": ["red"]}
        )
    assert queries.find_by_key("a") is None


def test_rows_as_columns():
    assert columns_of([{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]) == {"a": [1, 2], "b": ["x", "y"]}
    assert (length({"a": [1, 2]}), length({}), columns_of([])) == (2, 0, {})
    with pytest.raises(KeyError, match="b"):
        columns_of([{"a": 1, "b": "x"}, {"a": 2}])


def test_one_value_in_many_rows():
    repeated = Repeated("x", 3)
    assert (list(repeated), len(repeated), repeated[2], repeated[1:]) == (["x", "x", "x"], 3, "x", ["x", "x"])
    with pytest.raises(IndexError):
        repeated[3]
    assert list(each(str.upper, repeated)) == ["X", "X", "X"]


def test_what_comes_again_is_made_once_and_what_only_looks_the_same_is_not():
    made = []

    def make(value):
        made.append(value)
        return repr(value)

    assert list(each(make, [True, True, 1, 1.0])) == ["True", "True", "1", "1.0"]
    assert made == [True, 1, 1.0]
