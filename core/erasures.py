"""The list of those who were erased: they stay erased when an older backup is restored.

A mark is a keyed hash (HMAC-SHA-256 with the installation's secret key) of what a row was before it was erased: so
the list names nobody, and only this installation can find in a restored backup who is on it. The list is kept twice:
in the table `erasure`, which newer backups carry and `flask database move` moves, and in a file of the data folder,
which no restore touches. With a new secret key, older marks find nobody any more.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import cast

from flask import Flask, current_app
from sqlalchemy import String, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.database import Identified, Model, UtcDateTime, after_commit, db, session, transaction
from core.lines import append_lines


class Erasure(Identified, Model):
    """Somebody was erased. The mark tells who only to whom has the key and the row as it was."""

    __tablename__ = "erasure"
    #: HMAC-SHA-256, hexadecimal
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


def init_app(app: Flask, erase_marked: Callable[[Collection[str]], int]) -> None:
    """Tell this room how to find the rows with these marks and erase them; it says how many people that were."""
    app.extensions["erase_marked"] = erase_marked


def mark_of(kind: str, *facts: object) -> str:
    """The mark of a row: its table and what never changes of it. Facts beside the id keep a later row that gets the
    same id, after an older backup was restored, from being taken for it."""
    key = hashlib.sha256(b"erasures:" + current_app.config["SETTINGS"].secret_key.encode()).digest()
    return hmac.new(key, json.dumps([kind, *facts]).encode(), hashlib.sha256).hexdigest()


def add(marks: Collection[str]) -> None:
    """Within a transaction: put the marks on the list; in the file they are, on the disk, before anybody is told."""
    current = session()
    known = set(current.scalars(select(Erasure.mark).where(Erasure.mark.in_(marks))))
    current.add_all(Erasure(mark=mark) for mark in sorted(set(marks) - known))
    after_commit(keep_in_file)


def keep_in_file() -> None:
    """Add to the file what the table has and the file has not, in one write that reaches the disk."""
    missing = set(session().scalars(select(Erasure.mark))) - in_file()
    if not missing:
        return
    handle = os.open(_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        append_lines(handle, sorted(missing))
    finally:
        os.close(handle)


def in_file() -> set[str]:
    """The marks in the file of the data folder; half a line, left by a full disk, is none."""
    try:
        lines = _file().read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return set()
    return {line for line in lines if len(line) == hashlib.sha256().digest_size * 2}


def secure() -> None:
    """Keep the list of a database that is about to be replaced, if it has one."""
    if inspect(db.engine).has_table(Erasure.__tablename__):
        keep_in_file()
        session().rollback()


def replay() -> int:
    """Erase again who is on the list and is there all the same, and say how many. For after a restore; twice is as
    once."""
    keep_in_file()
    marks, erased = in_file(), 0
    if marks:
        erased = cast(int, current_app.extensions["erase_marked"](marks))
        with transaction():
            add(marks)
    session().rollback()  # our own reading must not stand in the way of who replaces tables
    return erased


def _file() -> Path:
    return Path(current_app.config["SETTINGS"].data) / "erased.txt"
