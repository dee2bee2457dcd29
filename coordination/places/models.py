"""Tables of this room."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Identified, Model, UtcDateTime, Versioned


class Place(Versioned, Model):
    """A room, or an address without one, where people meet (Location in OParl)."""

    __tablename__ = "place"
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    street: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    locality: Mapped[str] = mapped_column(String(100), default="")
    room: Mapped[str] = mapped_column(String(100), default="")
    capacity: Mapped[int | None] = mapped_column()
    #: can be reached without steps; None = nobody has checked
    step_free: Mapped[bool | None] = mapped_column()
    #: how to get in, whom to ask for the key; public
    note: Mapped[str] = mapped_column(String(400), default="")
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shown_in_calendars = True

    @property
    def label(self) -> str:
        """Name and room: what tells it from other rooms of the house."""
        return ", ".join(part for part in (self.name, self.room) if part)

    @property
    def postal_address(self) -> str:
        """Street and town in one line."""
        town = f"{self.postal_code} {self.locality}".strip()
        return ", ".join(part for part in (self.street, town) if part)

    @property
    def address(self) -> str:
        """The postal address in one line, with the room: what a calendar's location field takes."""
        return ", ".join(part for part in (self.label, self.postal_address) if part)


class Booking(Identified, Model):
    """A room that is taken from–until (end exclusive). Whoever books points to the row."""

    __tablename__ = "booking"
    __table_args__ = (Index("ix_booking_place_starts", "place_id", "starts_at"),)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)

    place: Mapped[Place] = relationship()
