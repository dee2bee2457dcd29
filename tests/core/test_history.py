"""The history: one line an operation, chained; blanking names keeps the proof, changing lines breaks it."""

from sqlalchemy import select, update

from coordination.organizations import operations
from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile
from coordination.organizations.rules import Kind
from coordination.people.models import Membership, Person
from core.database import session, transaction
from core.history import HistoryLine, broken_links, record
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
    lines, head = chain()
    assert [line.action for line in lines] == [
        "organizations.create",
        "organizations.edit",
        "organizations.archive",
    ]
    assert lines[1].old["name"] == "Verein"
    assert lines[1].new["name"] == "Klub"
    assert lines[1].actor_account == actor.account_id
    assert broken_links(lines, head) == []


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


def test_erasure_blanks_names_and_the_chain_still_holds(actor):
    make_history(actor)
    with transaction() as writing:
        writing.execute(update(HistoryLine).values(old=None, new=None))
    assert broken_links(*chain()) == []


def test_a_changed_or_missing_line_is_found(actor):
    make_history(actor)
    with transaction() as writing:
        writing.execute(update(HistoryLine).where(HistoryLine.action == "organizations.edit").values(action="nothing"))
    lines, head = chain()
    assert broken_links(lines, head) == [lines[1].id]
    assert broken_links(lines[:1], head) == [lines[0].id], "the end is missing"
