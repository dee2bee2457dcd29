"""Reads of lists of people: noted without changing a row, in the history exactly once whatever happens between."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import reads
from core.access import ANONYMOUS, Actor
from core.clock import now
from core.database import db, session
from core.history import HistoryLine, check_chain
from core.instance import Instance


@pytest.fixture
def folder(app):
    return app.config["SETTINGS"].data


def lines() -> list[HistoryLine]:
    session().rollback()
    found = select(HistoryLine).where(HistoryLine.action.startswith("read.")).order_by(HistoryLine.id)
    return list(session().scalars(found))


def read(number: int = 7) -> None:
    reads.note(Actor(account_id=number), "read.people", Instance)


def test_a_read_is_noted_beside_the_database_and_written_down_by_a_job(app, folder):
    before = now()
    read()
    assert lines() == []
    assert (folder / "reads.txt").stat().st_mode & 0o077 == 0
    assert reads.write_down() == 1
    (line,) = lines()
    assert (line.actor_account, line.action, line.object_type, line.object_id) == (7, "read.people", "instance", None)
    assert before <= line.at < before + timedelta(minutes=1)
    assert check_chain(session()).holds
    assert reads.write_down() == 0
    assert [name.name for name in folder.glob("reads*")] == []


def test_nobody_signed_in_leaves_no_note(app, folder):
    reads.note(ANONYMOUS, "read.people", Instance)
    assert not (folder / "reads.txt").exists()


def test_killed_after_the_commit_nothing_stands_twice(app, folder):
    read()
    kept = (folder / "reads.txt").read_bytes()
    assert reads.write_down() == 1
    (folder / "reads.taken").write_bytes(kept)  # as if it was killed before it could remove the file
    read(8)
    assert reads.write_down() == 0
    assert reads.write_down() == 1
    assert [line.actor_account for line in lines()] == [7, 8]


def test_killed_before_the_commit_nothing_is_lost(app, folder):
    read()
    (folder / "reads.txt").rename(folder / "reads.taken")
    read(8)
    assert (reads.write_down(), reads.write_down()) == (1, 1)
    assert [line.actor_account for line in lines()] == [7, 8]


def test_half_a_line_harms_no_other(app, folder):
    read()
    with (folder / "reads.txt").open("a") as file:
        file.write('\n{"note": "ab')
    read(8)
    assert reads.write_down() == 2
    assert [line.actor_account for line in lines()] == [7, 8]


def test_notes_made_while_the_file_is_taken_are_all_kept(app):
    """Eight readers note, while the job takes the file again and again."""

    def reader(number: int) -> None:
        with app.app_context():
            for _ in range(25):
                read(number)
            db.session.remove()

    readers = [threading.Thread(target=reader, args=(number,)) for number in range(1, 9)]
    for thread in readers:
        thread.start()
    written = 0
    while any(thread.is_alive() for thread in readers):
        written += reads.write_down()
    written += reads.write_down()
    found = [line.actor_account for line in lines()]
    assert written == len(found) == 200
    assert {number: found.count(number) for number in range(1, 9)} == dict.fromkeys(range(1, 9), 25)
    assert check_chain(session()).holds


def test_where_nothing_can_be_noted_the_page_is_shown(app, folder):
    """A folder stands where the file should: as a full disk, it is no reason to keep people from their work."""
    (folder / "reads.txt").mkdir()
    try:
        read()
    finally:
        (folder / "reads.txt").rmdir()
    assert lines() == []
