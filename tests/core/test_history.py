"""The history: one line an operation, chained; blanking names keeps the proof, changing lines breaks it."""

from sqlalchemy import select, update

from coordination.organizations import operations
from coordination.organizations.operations import Profile
from coordination.organizations.rules import Kind
from core.database import session, transaction
from core.history import HistoryLine, broken_links
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


def test_saving_the_same_again_still_says_who_saved(actor):
    profile = Profile(name="Verein", kind=Kind.ASSOCIATION)
    row = operations.create_organization(actor, profile)
    operations.edit_organization(actor, row.id, version=None, profile=profile)
    assert [line.new for line in chain()[0]][1] is None


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
