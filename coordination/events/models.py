"""Tables of this room."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.cooperation.models import Cooperation
from coordination.events.rules import State
from coordination.places.models import Booking, Place
from coordination.projects.models import Project
from core.database import Model, UtcDateTime, Versioned
from core.dated import MayBeDated


class Event(Versioned, MayBeDated, Model):
    """One event that is planned together. Topics, lead and who takes part stand in its record.

    An idea may lack its day, and so may one of which nothing came; everything else has it.
    """

    __tablename__ = "event"
    #: its record and, by it, its workspace; one to one
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[State] = mapped_column(String(20), default=State.IDEA)
    #: what the public reads; of an idea, what it is about
    text: Mapped[str] = mapped_column(Text, default="")
    #: in which languages it is held, as people read it: „Deutsch, Arabisch“
    languages: Mapped[str] = mapped_column(String(200), default="")
    #: everybody may know of it and come, once it is announced
    public: Mapped[bool] = mapped_column(default=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    #: the place is taken by this row while the event is planned, announced or held
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), unique=True)
    #: since when everybody may know of it; None = never announced
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: why it was called off or not taken up; those who plan it read it
    reason: Mapped[str] = mapped_column(String(400), default="")

    #: the project of which it is a part
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), index=True)

    cooperation: Mapped[Cooperation] = relationship(lazy="joined", innerjoin=True)
    place: Mapped[Place | None] = relationship(lazy="joined")
    booking: Mapped[Booking | None] = relationship()
    project: Mapped[Project | None] = relationship()

    @property
    def open_to_all(self) -> bool:
        """Whether everybody may know of it: a public one that was announced, also when it was called off later."""
        return self.public and self.announced_at is not None
