"""Tables of this room."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.people.models import Person
from core.clock import now
from core.database import Identified, Model, UtcDateTime, Versioned
from meetings.attendance.rules import Answer, Presence, still_holds
from meetings.sittings.models import Sitting
from participation.seats.models import Seat


class Reply(Identified, Model):
    """What a person (member or deputy of a seat) answered to the invitation; the newest answer holds.

    It counts for the time that it was given for: after a move, `holds` says whether it counts still.
    """

    __tablename__ = "reply"
    __table_args__ = (UniqueConstraint("sitting_id", "seat_id", "person_id"),)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[Answer] = mapped_column(String(20))
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    #: wall time at which the sitting was to begin when the answer was given
    for_start: Mapped[datetime] = mapped_column()
    #: the person gave it by phone, and the clerk entered it
    by_phone: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: what the person had said themselves before that: it holds again when the clerk takes theirs back
    own_answer: Mapped[Answer | None] = mapped_column(String(20))

    sitting: Mapped[Sitting] = relationship()
    person: Mapped[Person] = relationship()
    seat: Mapped[Seat] = relationship()

    @property
    def holds(self) -> bool:
        """Whether it counts: the sitting was not moved since, or slightly. Everybody who counts answers asks this."""
        return still_holds(self.for_start, self.sitting.starts_local)


class Attendance(Versioned, Model):
    """Whether a seat was filled at a sitting, and by whom."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("sitting_id", "seat_id"),)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"), index=True)
    presence: Mapped[Presence] = mapped_column(String(20))
    #: who was there: the member, or the deputy where represented; the member who was missing otherwise
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    sitting: Mapped[Sitting] = relationship()
    seat: Mapped[Seat] = relationship()
    person: Mapped[Person | None] = relationship()
