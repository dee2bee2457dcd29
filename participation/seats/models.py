"""Tables of this room."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.organizations.models import Organization
from coordination.people.models import Person
from core.database import Identified, Model, Versioned
from participation.committees.models import Committee
from participation.seats.rules import Right, SeatRole


class Seat(Versioned, Model):
    """A seat in a committee, held on behalf of an organization where the statute gives it to one."""

    __tablename__ = "seat"
    __table_args__ = (UniqueConstraint("committee_id", "label"),)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"), index=True)
    #: short name in the committee, e.g. „MO 3“
    label: Mapped[str] = mapped_column(String(40))
    #: place in lists; lower first
    position: Mapped[int] = mapped_column(default=0)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    speaking_right: Mapped[bool] = mapped_column(default=True)
    motion_right: Mapped[bool] = mapped_column(default=False)
    voting_right: Mapped[bool] = mapped_column(default=False)
    #: the seat exists from–until (both inclusive, None = open)
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    #: who sits on it sees the committee's dates, while the seat exists
    shown_in_calendars = True

    committee: Mapped[Committee] = relationship()
    organization: Mapped[Organization | None] = relationship()
    appointments: Mapped[list["Appointment"]] = relationship(
        back_populates="seat", order_by="Appointment.rank, Appointment.starts_on, Appointment.id"
    )

    @property
    def rights(self) -> tuple[Right, ...]:
        """The rights that the seat carries, whoever sits on it."""
        return tuple(right for right in Right if getattr(self, right))


class Appointment(Identified, Model):
    """A person on a seat from–until (both inclusive): the member (rank 0) or the nth deputy (rank n)."""

    __tablename__ = "appointment"
    __table_args__ = (Index("ix_appointment_seat_rank", "seat_id", "rank"),)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seat.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    rank: Mapped[int] = mapped_column(default=0)
    role: Mapped[SeatRole] = mapped_column(String(20), default=SeatRole.MEMBER)
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()

    seat: Mapped[Seat] = relationship(back_populates="appointments")
    person: Mapped[Person] = relationship()

    #: who sits in a committee sees its dates
    shown_in_calendars = True
