"""The one row about the installation: host of its UIDs, head of the history, counter of calendar changes.

Feeds ask this row alone whether to look again. The counter is moved, together with the head of the history,
by the last statement of a transaction, so writers wait for one another only at its very end.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import String, event, insert, select, update
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


def finish_instance(current: Session, *, head: str | None, moved: bool) -> None:
    """The last statement of a transaction: new head of the history, counter moved where calendars changed."""
    values: dict[str, Any] = {}
    if head is not None:
        values["history_head"] = head
    if moved:
        values["calendar_counter"] = Instance.calendar_counter + 1
    if values:
        current.execute(update(Instance).where(Instance.id == 1).values(**values))


def move_calendars() -> None:
    """Within a transaction: the calendars change by rows that the session does not know."""
    session().info["calendar_moved"] = True


@event.listens_for(db.session, "before_flush")
def _notice_calendar_changes(current: Session, *_: object) -> None:
    """A class says by `shown_in_calendars` whether its rows (dated rows, rights to see them) move the counter.

    A row that leaves the calendars counts as well: its old status is still known here.
    """
    for row in (*current.new, *current.dirty, *current.deleted):
        if getattr(row, "shown_in_calendars", False) and (row not in current.dirty or current.is_modified(row)):
            current.info["calendar_moved"] = True
