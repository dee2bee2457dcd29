"""When a feed was asked for last, to the day.

A GET writes nothing to the database. The first one of a day, in each server process, adds a line to a file in the
data folder; the job `feeds-used` takes the file and writes the days down. A line added in the very instant in
which the file is taken may be lost; the next day's corrects it.
"""

import os
from datetime import date
from pathlib import Path

import structlog
from flask import current_app
from sqlalchemy import select

from calendars.feeds.models import FeedToken
from core.clock import today
from core.database import transaction

log = structlog.get_logger()


def note(token_id: int) -> None:
    """The feed of this key was asked for now. Never fails: the feed matters more."""
    noted: dict[int, date] = current_app.extensions.setdefault("feeds_used", {})
    day = today()
    if noted.get(token_id) == day:
        return
    noted[token_id] = day
    try:
        file = os.open(_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, f"{token_id} {day.isoformat()}\n".encode())
        finally:
            os.close(file)
    except OSError as error:
        log.warning("feeds.use_not_noted", exc_info=error)


def write_down() -> int:
    """Write the noted days to their keys; how many keys there were. A file left by a crash is taken first."""
    taken = _file().with_suffix(".taken")
    if not taken.exists():
        try:
            _file().rename(taken)
        except FileNotFoundError:
            return 0
    days = _days(taken.read_text(encoding="ascii", errors="replace"))
    with transaction() as session:
        for row in session.scalars(select(FeedToken).where(FeedToken.id.in_(days))):
            row.last_used_on = max(days[row.id], row.last_used_on or date.min)
    taken.unlink()
    return len(days)


def _days(text: str) -> dict[int, date]:
    """The last day noted for each key. Half a line, left by a full disk, is passed over."""
    days: dict[int, date] = {}
    for line in text.splitlines():
        number, _, day = line.partition(" ")
        try:
            days[int(number)] = max(date.fromisoformat(day), days.get(int(number), date.min))
        except ValueError:
            continue
    return days


def _file() -> Path:
    return Path(current_app.config["SETTINGS"].data) / "feeds-used.txt"
