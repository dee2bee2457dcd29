"""Writing minutes: revisions, outdated saves, the head, release, what is owed."""

from datetime import datetime
from threading import Thread

import pytest

from core.database import db, session
from core.dated import Status
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of
from meetings.agenda import operations as agenda
from meetings.attendance import operations as attendance
from meetings.attendance.rules import Presence
from meetings.minutes import niederschrift, operations, queries
from meetings.minutes.models import MinutesRevision
from meetings.minutes.operations import Draft, Head
from meetings.sittings import operations as sittings

MARKUP = "<script>alert(1)</script> **fett** {{7*7}}"


def texts(item_id: int) -> list[tuple[int, str]]:
    session().rollback()
    return [(row.number, row.text) for row in session().scalars(queries.revisions_of(item_id))]


def test_each_save_is_a_revision_and_the_same_text_is_none(held, actor):
    operations.save_text(actor, held.item, 0, "Erste Fassung")
    operations.save_text(actor, held.item, 1, "  Erste Fassung\r\n")
    operations.save_text(actor, held.item, 1, "Zweite Fassung")
    assert texts(held.item) == [(2, "Zweite Fassung"), (1, "Erste Fassung")]
    (line, *_) = lines_of("minutes_revision", 2)
    assert line.action == "minutes.save"
    assert "Zweite" not in str(line.new)  # texts stand in the revisions alone


def test_an_outdated_save_stores_nothing_until_it_is_meant(held, actor):
    operations.save_text(actor, held.item, 0, "Von A")
    with pytest.raises(Outdated) as outdated:
        operations.save_text(actor, held.item, 0, MARKUP)
    assert outdated.value.field == f"text-{held.item}"
    assert texts(held.item) == [(1, "Von A")]
    operations.save_text(actor, held.item, 1, MARKUP)
    assert texts(held.item) == [(2, MARKUP), (1, "Von A")]


def test_an_old_text_sent_along_does_not_replace_a_newer_one(held, actor):
    """Two clerks have the same page open; each writes about another item."""
    operations.save_texts(actor, held.sitting, drafts={held.item: Draft(0, "Von A"), held.secret: Draft(0, "")})
    outcome = operations.save_texts(
        actor, held.sitting, drafts={held.item: Draft(0, ""), held.secret: Draft(0, "Von B")}
    )
    assert (set(outcome.saved), outcome.conflicts) == ({held.secret}, frozenset())
    assert texts(held.item) == [(1, "Von A")]


def test_of_texts_sent_together_only_the_conflict_waits(held, actor):
    operations.save_text(actor, held.item, 0, "Von A")
    outcome = operations.save_texts(
        actor, held.sitting, drafts={held.item: Draft(0, "Von B"), held.secret: Draft(0, "Auch von B")}
    )
    assert (set(outcome.saved), outcome.conflicts) == ({held.secret}, {held.item})


def test_ten_saves_from_one_base_at_once_make_one_revision(app, held, actor):
    outcomes: list[str] = []

    def attempt(number: int) -> None:
        with app.app_context():
            try:
                operations.save_text(actor, held.item, 0, f"Fassung {number}")
                outcomes.append("saved")
            except Outdated:
                outcomes.append("outdated")
            finally:
                db.session.remove()

    threads = [Thread(target=attempt, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["outdated"] * 9 + ["saved"]
    assert len(texts(held.item)) == 1


@pytest.mark.parametrize("text", ["x" * 50_001, "Beschluss \u202egeändert"])
def test_bad_texts_are_refused_at_their_field_and_none_is_stored(held, actor, text):
    with pytest.raises(Refused) as refused:
        operations.save_texts(actor, held.sitting, drafts={held.item: Draft(0, "gut"), held.secret: Draft(0, text)})
    assert refused.value.field == f"text-{held.secret}"
    assert texts(held.item) == []


def test_texts_for_items_of_another_sitting_are_not_stored_and_named_unless_they_are_empty(held, actor, make_sitting):
    other = make_sitting(held.committee).id
    drafts = {held.item: Draft(0, "A"), held.secret: Draft(0, " "), 999_999: Draft(0, "B")}
    outcome = operations.save_texts(actor, other, drafts=drafts)
    assert (outcome.saved, outcome.gone) == ({}, {held.item, 999_999})
    assert texts(held.item) == []
    with pytest.raises(NotFound):
        operations.save_text(actor, 999_999, 0, "A")
    with pytest.raises(NotFound):
        operations.save_texts(actor, 999_999, drafts={})


def test_released_minutes_are_closed_until_they_are_reopened(held, actor):
    operations.save_text(actor, held.item, 0, "Text")
    row = operations.release(actor, held.sitting)
    released_at = row.released_at
    assert operations.release(actor, held.sitting).released_at == released_at
    with pytest.raises(Refused, match="freigegeben"):
        operations.save_text(actor, held.item, 1, "Anders")
    with pytest.raises(Refused, match="freigegeben"):
        operations.save_head(actor, held.sitting, version=None, head=Head(chair_name="Jan"))
    operations.save_text(actor, held.item, 1, "Text")  # nothing to store, nothing to refuse
    operations.reopen(actor, held.sitting)
    operations.reopen(actor, held.sitting)
    operations.save_text(actor, held.item, 1, "Anders")
    assert [line.action for line in lines_of("minutes", row.id)] == ["minutes.reopen", "minutes.release"]


def test_only_what_took_place_is_released(actor, make_sitting, make_committee):
    committee = make_committee()
    coming = make_sitting(committee).id
    draft = make_sitting(committee, start=datetime(2026, 11, 2, 18, 0), status=Status.DRAFT).id
    cancelled = make_sitting(committee, start=datetime(2026, 11, 3, 18, 0)).id
    sittings.cancel(actor, cancelled)
    for sitting in (coming, draft, cancelled):
        with pytest.raises(Refused, match="stattgefunden"):
            operations.release(actor, sitting)


def test_the_head_is_kept_by_version(held, actor):
    head = Head(datetime(2026, 11, 12, 18, 35), datetime(2026, 11, 12, 20, 10), "Jan", "Ada", "Gast A\nGast B")
    row = operations.save_head(actor, held.sitting, version=0, head=head)
    with pytest.raises(Outdated):
        operations.save_head(actor, held.sitting, version=0, head=Head(chair_name="Uta"))
    operations.save_head(actor, held.sitting, version=row.version, head=Head(chair_name="Uta"))
    assert queries.find_minutes(held.sitting).chair_name == "Uta"


@pytest.mark.parametrize("ended", [datetime(2026, 11, 12, 18, 0), datetime(2026, 11, 13, 18, 0)])
def test_an_end_that_cannot_be_is_refused_at_its_field(held, actor, ended):
    with pytest.raises(Refused) as refused:
        operations.save_head(actor, held.sitting, version=0, head=Head(datetime(2026, 11, 12, 18, 30), ended))
    assert refused.value.field == "ended"


def test_owed_are_attendance_and_released_minutes_of_held_sittings(held, actor, make_sitting, count_queries):
    ids = [held.committee.id]
    make_sitting(held.committee)  # still to come
    make_sitting(held.committee, start=datetime(2023, 11, 2, 18, 0))  # too long ago to ask for
    bare = make_sitting(held.committee, start=datetime(2026, 10, 1, 18, 0)).id
    with count_queries() as counted:
        owed = queries.owed_by(ids)
    assert counted.number <= 3
    assert [(each.sitting.id, each.attendance, each.minutes) for each in owed] == [
        (held.sitting, False, True),
        (bare, True, True),
    ]
    operations.release(actor, held.sitting)
    operations.release(actor, bare)
    assert [(each.sitting.id, each.attendance, each.minutes) for each in queries.owed_by(ids)] == [(bare, True, False)]
    seat = session().query(attendance.Seat).filter_by(label="Rat 1").one().id
    attendance.record(actor, bare, seat_id=seat, presence=Presence.PRESENT)
    assert queries.owed_by(ids) == []
    assert queries.owed_by([]) == []


def test_the_niederschrift_lists_who_was_there_and_nobody_unrecorded(held):
    said = niederschrift.written(session().get_one(sittings.Sitting, held.sitting), full=True).content
    assert [(e.seat, e.name, e.instead_of) for e in said.voting] == [("MO 1", "Dario", "Elif"), ("Rat 1", "Jan", "")]
    assert [e.name for e in said.advisory] == ["Ada"]
    assert [e.name for e in said.excused] == ["Olena"]
    assert [e.name for e in said.absent] == ["Tom"]
    assert (said.quorum.there, said.quorum.needed, said.quorum.reached) == (2, 3, False)
    assert [one.item_id for one in said.items] == [held.item, held.secret]


def test_the_public_part_names_nobody_who_was_missing(held):
    found = niederschrift.written(session().get_one(sittings.Sitting, held.sitting), full=False)
    said = found.content
    assert [e.name for e in said.voting] == ["Dario", "Jan"]
    assert (said.excused, said.absent, found.excused_number, found.absent_number) == ((), (), 1, 1)
    assert [one.item_id for one in said.items] == [held.item]


def test_reading_asks_the_same_number_of_queries_for_ten_times_the_items(held, actor, count_queries):
    def ask() -> int:
        session().rollback()
        sitting = session().get_one(sittings.Sitting, held.sitting)
        with count_queries() as counted:
            niederschrift.written(sitting, full=True)
        return counted.number

    few = ask()
    for number in range(20):
        row = agenda.add(actor, held.sitting, agenda.Item(f"Punkt {number}"))
        operations.save_text(actor, row.id, 0, "Text")
    assert ask() == few <= 8


def test_revisions_of_one_item_are_numbered_without_gaps(held, actor):
    for number in range(5):
        operations.save_text(actor, held.item, number, f"Fassung {number + 1}")
    assert [number for number, _text in texts(held.item)] == [5, 4, 3, 2, 1]
    assert session().query(MinutesRevision).count() == 5
