"""Who read which list of people: noted at once, and written into the history by a job.

Reading a page never changes a row. So the note is a line in a file of the data folder, on the disk before the page
goes out; the job `reads` takes the file and writes its lines into the history in one transaction. Each line has a
number of its own: killed at any moment, none is lost and none stands twice.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import select

from core import history
from core.access import Actor
from core.clock import now
from core.database import Model, session, transaction
from core.history import HistoryLine
from core.lines import append_lines

log = structlog.get_logger()


def note(actor: Actor, action: str, thing: Model | type[Model]) -> None:
    """Within a request that only reads: the actor sees a list of people, or what is kept of one.

    `action` is `read.` and what is read, e.g. `read.members`; `thing` is the row whose people they are, or the model
    where it is a list of all. Nobody signed in reads nothing of this kind, so there is nothing to note. Where the
    disk is full the page is shown all the same and the log says so.
    """
    if actor.account_id is None:
        return
    number = None if isinstance(thing, type) else getattr(thing, "id", None)
    line = {
        "note": secrets.token_hex(8),
        "at": now().isoformat(),
        "account": actor.account_id,
        "action": action,
        "object_type": thing.__tablename__,
        "object_id": number,
    }
    try:
        with _locked(_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT) as handle:
            append_lines(handle, [json.dumps(line)])
    except OSError as error:
        log.error("reads.not_noted", error=str(error), action=action)


def write_down() -> int:
    """Write the notes into the history and say how many. What a killed run left is taken first."""
    file = _file()
    taken = file.with_suffix(".taken")
    if not taken.exists():
        try:
            with _locked(file, os.O_WRONLY):
                file.rename(taken)
        except FileNotFoundError:
            return 0
    try:
        with _locked(taken, os.O_RDONLY):
            written = _record(_notes(taken))
            taken.unlink()
    except FileNotFoundError:  # another run was faster
        return 0
    return written


def _record(notes: list[dict[str, Any]]) -> int:
    if not notes:
        return 0
    earliest = min(datetime.fromisoformat(line["at"]) for line in notes)
    with transaction():
        there = select(HistoryLine.new).where(HistoryLine.at >= earliest, HistoryLine.action.startswith("read."))
        known = {(new or {}).get("note") for new in session().scalars(there)}
        missing = [line for line in notes if line["note"] not in known]
        for line in missing:
            history.append(
                Actor(account_id=line["account"]),
                line["action"],
                line["object_type"],
                line["object_id"],
                {"note": line["note"]},
                at=datetime.fromisoformat(line["at"]),
            )
    return len(missing)


def _notes(file: Path) -> list[dict[str, Any]]:
    """The lines of a file. Half a line, left by a full disk, was never promised to anybody."""
    notes = []
    for text in filter(None, file.read_text(encoding="utf-8", errors="replace").splitlines()):
        try:
            notes.append(json.loads(text))
        except ValueError:
            log.warning("reads.half_a_line")
    return notes


@contextmanager
def _locked(file: Path, flags: int) -> Iterator[int]:
    """The open file, kept from everybody else. If it was taken away before we had it, the next one of its name."""
    while True:
        handle = os.open(file, flags, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if _is_at(handle, file):
                yield handle
                return
        finally:
            os.close(handle)


def _is_at(handle: int, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), file.stat())
    except FileNotFoundError:
        return False


def _file() -> Path:
    return Path(current_app.config["SETTINGS"].data) / "reads.txt"
