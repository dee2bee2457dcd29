"""The history: one line an operation, chained; blanking names keeps the proof, changing lines breaks it."""

import hashlib
import json

import pytest
from sqlalchemy import Text, cast, delete, event, select, update

from coordination.organizations import operations
from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile
from coordination.organizations.rules import Kind
from coordination.people.models import Membership, Person
from core.database import db, session, transaction
from core.history import HistoryLine, check_chain, group, record
from core.instance import Instance


def chain() -> tuple[list[HistoryLine], str]:
    lines = list(session().scalars(select(HistoryLine).order_by(HistoryLine.id)))
    return lines, session().scalar(select(Instance.history_head))


def make_history(actor):
    row = operations.create_organization(actor, Profile(name="Verein", kind=Kind.ASSOCIATION))
    operations.edit_organization(actor, row.id, version=None, profile=Profile(name="Klub", kind=Kind.ASSOCIATION))
    operations.archive_organization(actor, row.id)


def test_each_operation_writes_one_line_with_old_and_new(actor):
    make_history(actor)
    lines, _head = chain()
    assert [line.action for line in lines] == [
        "organizations.create",
        "organizations.edit",
        "organizations.archive",
    ]
    assert lines[1].old["name"] == "Verein"
    assert lines[1].new["name"] == "Klub"
    assert lines[1].actor_account == actor.account_id
    assert check_chain(session()).holds


def test_saving_the_same_again_leaves_no_line(actor):
    profile = Profile(name="Verein", kind=Kind.ASSOCIATION)
    row = operations.create_organization(actor, profile)
    before = chain()[1]
    operations.edit_organization(actor, row.id, version=None, profile=profile)
    lines, head = chain()
    assert [line.action for line in lines] == ["organizations.create"]
    assert (head, row.version) == (before, 1)


def test_what_changes_no_column_is_written_unless_it_is_an_edit(actor):
    """An operation may act on other things than the row's own columns: only an edit that edits nothing is silent."""
    row = operations.create_organization(actor, Profile(name="Verein", kind=Kind.ASSOCIATION))
    with transaction() as writing:
        again = writing.get(Organization, row.id)
        record(actor, "organizations.greet", again)
        record(actor, "organizations.edit", again, details={"by": "letter"})
    assert [line.new for line in chain()[0]][1:] == [None, {"by": "letter"}]


def test_a_row_assigned_to_a_relation_is_written_as_its_id(actor):
    """The foreign key is filled in by the flush, after the columns were compared."""
    with transaction() as writing:
        people = [Person(key=name, family_name=name) for name in ("ada", "eva")]
        clubs = [Organization(key=name, name=name, kind=Kind.OTHER) for name in ("chor", "klub")]
        member = Membership(person=people[0], organization=clubs[0])
        writing.add_all([*people, *clubs, member])
        record(actor, "people.add_membership", member)
    line = chain()[0][-1]
    assert (line.new["person_id"], line.new["organization_id"]) == (people[0].id, clubs[0].id)
    with transaction():
        member.organization = clubs[1]
        record(actor, "people.date_membership", member)
    line = chain()[0][-1]
    assert (line.old, line.new) == ({"organization_id": clubs[0].id}, {"organization_id": clubs[1].id})


@pytest.fixture
def verify(app):
    """`flask history verify`: its exit status, and what it says."""

    def run() -> tuple[int, str]:
        session().rollback()
        done = app.test_cli_runner().invoke(group, ["verify"])
        return done.exit_code, done.output

    return run


def test_verify_counts_the_lines_that_hold(actor, verify):
    assert verify()[0] == 0, "an empty history is in order"
    make_history(actor)
    status, said = verify()
    assert status == 0
    assert said.startswith("3 ")


def tamper(statement):
    with transaction() as writing:
        writing.execute(statement)


@pytest.mark.parametrize("column", ["action", "object_type", "digest", "chain"])
def test_verify_names_a_changed_line(actor, verify, column):
    make_history(actor)
    second = chain()[0][1].id
    tamper(update(HistoryLine).where(HistoryLine.id == second).values({column: "f" * 20}))
    status, said = verify()
    assert status == 1
    assert str(second) in said.splitlines()[1]


def test_verify_finds_missing_and_added_lines(actor, verify):
    make_history(actor)
    last = chain()[0][-1]
    facts = {column.name: getattr(last, column.name) for column in HistoryLine.__table__.columns}
    tamper(delete(HistoryLine).where(HistoryLine.id == last.id))
    assert not check_chain(session()).complete
    assert verify()[0] == 1, "the last line is missing"
    session().rollback()
    with transaction() as writing:
        writing.add(HistoryLine(**facts))
    assert verify()[0] == 0, "it is there again"
    first = chain()[0][0].id
    tamper(delete(HistoryLine).where(HistoryLine.id == first))
    assert check_chain(session()).examples == [first + 1]
    tamper(delete(HistoryLine))
    assert verify()[0] == 1, "all are missing"


def test_verify_holds_after_erasure(actor, verify):
    make_history(actor)
    tamper(update(HistoryLine).values(old=None, new=None))
    assert verify()[0] == 0


def test_a_long_history_is_read_in_one_statement_and_not_held_in_memory(actor, count_queries):
    make_history(actor)
    rows = []

    def note(_connection, cursor, statement, *_):
        if "chain" in statement:
            rows.append(type(cursor).__name__)

    session().rollback()
    event.listen(db.engine, "after_cursor_execute", note)
    with count_queries() as counted:
        assert check_chain(session()).lines == 3
    event.remove(db.engine, "after_cursor_execute", note)
    assert counted.number == 1
    assert rows == (["ServerCursor"] if db.engine.dialect.name == "postgresql" else ["Cursor"])


def test_lines_written_meanwhile_do_no_harm(app, actor):
    """The walk sees the lines and the head of one moment, although somebody writes between two of its batches."""
    make_history(actor)
    session().rollback()
    with db.engine.connect() as walking:
        found = []

        def write_more(_connection, _cursor, statement, *_):
            if not found and "digest" in statement:
                found.append(statement)
                make_history(actor)

        event.listen(db.engine, "after_cursor_execute", write_more)
        result = check_chain(walking)
        event.remove(db.engine, "after_cursor_execute", write_more)
    assert (result.holds, result.lines) == (True, 3)
    session().rollback()
    assert check_chain(session()).lines == 6


def test_a_line_is_hashed_and_written_so_that_anybody_can_check_it_and_a_name_is_found_in_it(actor):
    name = "Übersetzer „ohne Grenzen“\n"
    row = operations.create_organization(actor, Profile(name=name, kind=Kind.ASSOCIATION))
    operations.archive_organization(actor, row.id)
    (first, second), head = chain()
    told = [actor.account_id, "organizations.archive", "organization", row.id, second.digest]
    linked = json.dumps([first.chain, second.at.isoformat(), *told])
    assert head == second.chain == hashlib.sha256(linked.encode()).hexdigest()
    assert (first.old, first.new["name"], first.new["topics"]) == (None, name, [])
    written = session().scalar(select(cast(HistoryLine.new, Text)).where(HistoryLine.id == first.id))
    assert json.dumps(name)[1:-1] in written
    said = first.salt + json.dumps([first.old, first.new], sort_keys=True)
    assert first.digest == hashlib.sha256(said.encode()).hexdigest()
