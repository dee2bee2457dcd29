"""What every dated thing has in common, whichever room it lives in."""

import uuid
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ColumnElement, String
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import ZONE, now, to_utc
from core.database import UtcDateTime
from core.errors import Refused
from core.instance import uid_host
from core.languages import _


class Status(StrEnum):
    """How firm a date is. A draft is seen by those who plan it only."""

    DRAFT = "draft"
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


def new_uid() -> str:
    """A fresh iCalendar UID: stable from creation on, `<uuid>@<host of the instance when it was set up>`."""
    return f"{uuid.uuid4()}@{uid_host()}"


def period(start: datetime, end: datetime | None) -> dict[str, datetime | None]:
    """The columns of these wall times (naive). Refused as `Dated.set_period` does."""
    if end is not None and end <= start:
        raise Refused(_("The end must lie after the start."), "end")
    return {
        "starts_at": to_utc(start, "start"),
        "ends_at": None if end is None else to_utc(end, "end"),
        "starts_local": start,
        "ends_local": end,
    }


class MayBeDated:
    """Columns of a row whose day may not be known yet, as long as it is a draft. What was promised is wall time and
    zone; the moments in UTC are derived.

    Change the period only by `set_period` and `leave_open`, and call `announce_change` when time, place or status of
    something published changed: calendars rely on the sequence never going down.
    """

    uid: Mapped[str] = mapped_column(String(120), unique=True, default=new_uid)
    sequence: Mapped[int] = mapped_column(default=0)
    status: Mapped[Status] = mapped_column(String(20), default=Status.DRAFT)
    #: None: nobody knows the day yet, and so neither start nor end
    starts_local: Mapped[datetime | None] = mapped_column()
    #: None: nobody knows when it ends
    ends_local: Mapped[datetime | None] = mapped_column()
    zone: Mapped[str] = mapped_column(String(40), default=ZONE.key)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def cancelled(self) -> bool:
        """Whether it was called off. It stays in calendars, marked, so that nobody comes in vain."""
        return self.status == Status.CANCELLED

    @property
    def shown_in_calendars(self) -> bool:
        """Whether a change of this row changes anybody's calendar (see core.instance)."""
        return self.status != Status.DRAFT

    def set_period(self, start: datetime, end: datetime | None) -> None:
        """Set wall times (naive). Refuses an end not after the start, and times that do not exist or come twice."""
        for name, value in period(start, end).items():
            setattr(self, name, value)

    def leave_open(self) -> None:
        """Nobody knows the day."""
        self.starts_local = self.starts_at = self.ends_local = self.ends_at = None

    def announce_change(self) -> None:
        """Raise the sequence, so that calendars and invitations take the new state over the old."""
        self.sequence = (self.sequence or 0) + 1
        self.changed_at = now()


class Dated(MayBeDated):
    """Columns of a row that has its day from the beginning."""

    starts_local: Mapped[datetime] = mapped_column()
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def within(dated: type[MayBeDated], from_: date | None, until: date | None) -> list[ColumnElement[bool]]:
    """The conditions that a row begins on or after a local day, and before another; None sets no limit, and what has
    no day lies within no limits."""
    limits: list[ColumnElement[bool]] = []
    if from_ is not None:
        limits.append(dated.starts_local >= datetime.combine(from_, time()))
    if until is not None:
        limits.append(dated.starts_local < datetime.combine(until, time()))
    return limits
