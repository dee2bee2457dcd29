"""The one row about the installation: host of its UIDs, head of the history, counter of calendar changes.

Feeds ask this row alone whether to look again. The counter is moved, together with the head of the history,
by the last statements of a transaction, so writers wait for one another only at its very end. What moved it
stands in `calendar_change` for a while, so that who kept a calendar looks again at those rows alone.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import String, Text, bindparam, delete, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.database import Model, db, session


class Instance(Model):
    """The installation itself; id is always 1."""

    __tablename__ = "instance"
    id: Mapped[int] = mapped_column(primary_key=True)
    #: host part of every UID; stays when the site's address changes
    uid_host: Mapped[str] = mapped_column(String(80))
    #: moved by every transaction that changes what a calendar shows, or who may see it
    calendar_counter: Mapped[int] = mapped_column(default=0)
    #: hash of the newest line of the history
    history_head: Mapped[str] = mapped_column(String(64), default="")


class CalendarChange(Model):
    """What one move of the counter was about. Only the last `CHANGES_KEPT` are there."""

    __tablename__ = "calendar_change"
    #: the counter after the move; without a gap, since the counter's row is held until the commit
    counter: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: the rows that changed, as „sitting:7,place:3“; „*“ where they are too many or not known one by one
    rows: Mapped[str] = mapped_column(Text)


#: moves of the counter that are told of; who saw an older state looks at everything again
CHANGES_KEPT = 500
#: rows that one move names at most
_MOST_ROWS = 50
_EVERYTHING = "*"
_MOVES = select(CalendarChange.rows).where(
    CalendarChange.counter > bindparam("since"), CalendarChange.counter <= bindparam("until")
)


def ensure_instance(current: Session) -> None:
    """Make the row on the first write of a new installation."""
    if current.scalar(select(Instance.id)) is None:
        host = urlsplit(current_app.config["SETTINGS"].public_url).hostname or "localhost"
        current.execute(insert(Instance).values(id=1, uid_host=host, calendar_counter=0, history_head=""))


def uid_host() -> str:
    """The host part of new UIDs."""
    current = session()
    if "uid_host" not in current.info:
        ensure_instance(current)
        current.info["uid_host"] = current.scalar(select(Instance.uid_host))
    return str(current.info["uid_host"])


def calendar_counter() -> int:
    """The counter of calendar changes: one indexed query."""
    return session().scalar(select(Instance.calendar_counter)) or 0


def changed_rows(since: int, until: int) -> frozenset[str] | None:
    """The rows that moved the counter from `since` (exclusive) to `until` (inclusive), or None where not all are known.

    Each is named as „sitting:7“: its table, or the table of the dated row that it belongs to, and the id there.
    """
    if not 0 <= until - since <= CHANGES_KEPT:
        return None
    moves = session().scalars(_MOVES, {"since": since, "until": until}).all()
    rows = frozenset(row for move in moves for row in move.split(","))
    return None if len(moves) < until - since or _EVERYTHING in rows else rows


def finish_instance(current: Session, *, head: str | None, moved: frozenset[str]) -> None:
    """The last statements of a transaction: new head of the history, counter moved by these rows, if any."""
    values: dict[str, Any] = {}
    if head is not None:
        values["history_head"] = head
    if moved:
        values["calendar_counter"] = Instance.calendar_counter + 1
    if values:
        changed = update(Instance).where(Instance.id == 1).values(**values).returning(Instance.calendar_counter)
        counter = current.scalar(changed) or 0
        if moved:
            _note_change(current, counter, moved)


def _note_change(current: Session, counter: int, moved: frozenset[str]) -> None:
    rows = ",".join(sorted(moved)) if len(moved) <= _MOST_ROWS else _EVERYTHING
    current.execute(delete(CalendarChange).where(CalendarChange.counter <= counter - CHANGES_KEPT))
    current.execute(insert(CalendarChange).values(counter=counter, rows=rows))


def move_calendars() -> None:
    """Within a transaction: the calendars change by rows that the session does not know."""
    session().info.setdefault("calendar_moved", set()).add(_EVERYTHING)


@event.listens_for(db.session, "before_flush")
def _notice_calendar_changes(current: Session, *_: object) -> None:
    """A class says by `shown_in_calendars` whether its rows (dated rows, rights to see them) move the counter.

    A row that leaves the calendars counts as well: its old status is still known here.
    """
    for row in (*current.new, *current.dirty, *current.deleted):
        if getattr(row, "shown_in_calendars", False) and (row not in current.dirty or current.is_modified(row)):
            current.info.setdefault("calendar_rows", []).append(row)


@event.listens_for(db.session, "after_flush")
def _name_calendar_changes(current: Session, *_: object) -> None:
    """Only now every row has its number. A class names another row by `calendar_row` where its own is a part of it."""
    for row in current.info.pop("calendar_rows", []):
        name = getattr(row, "calendar_row", None) or f"{row.__tablename__}:{row.id}"
        current.info.setdefault("calendar_moved", set()).add(name)
