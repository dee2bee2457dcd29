"""Tables of this room."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.people.models import Person
from core.clock import now
from core.database import Identified, Model, UtcDateTime
from meetings.sittings.models import Sitting
from participation.seats.models import Seat


class Invitation(Identified, Model):
    """What a person was told about a sitting last, so that only the difference is told next.

    The key in the mail is made of signed numbers of this row: every mail can carry it, and nothing secret is stored.
    """

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("sitting_id", "person_id"),)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: the seat for which the person is asked: as member, or as deputy once the one before cannot come
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    rank: Mapped[int] = mapped_column(default=0)
    #: sequence of the sitting that the person was told; a higher one means there is news to tell
    told_sequence: Mapped[int] = mapped_column()
    #: the person was told not to come, or needed no telling (they had said that they cannot)
    told_cancelled: Mapped[bool] = mapped_column(default=False)
    #: wall time and place that the person was told, so that a change can name the old beside the new
    told_start: Mapped[datetime] = mapped_column()
    told_end: Mapped[datetime | None] = mapped_column()
    told_place: Mapped[str] = mapped_column(String(800), default="")
    first_told_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    sitting: Mapped[Sitting] = relationship()
    person: Mapped[Person] = relationship()
    seat: Mapped[Seat] = relationship()
