"""Tables of this room."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.places.models import Booking, Place
from core.database import Model, Versioned
from core.dated import Dated
from core.languages import _
from meetings.sittings.rules import Mode
from participation.committees.models import Committee


class Sitting(Versioned, Dated, Model):
    """One sitting of a committee (Meeting in OParl). Published ones are cancelled, drafts deleted."""

    __tablename__ = "sitting"
    __table_args__ = (UniqueConstraint("committee_id", "source", "source_key"),)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"), index=True)
    #: what it is called beside the committee's name; may be empty
    title: Mapped[str] = mapped_column(String(200), default="")
    #: running number as the committee counts, e.g. „3/2027“
    number: Mapped[str] = mapped_column(String(40), default="")
    mode: Mapped[Mode] = mapped_column(String(20), default=Mode.IN_PERSON)
    #: address of the video room, for those who are invited only
    video_url: Mapped[str] = mapped_column(String(400), default="")
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    #: the place is taken by this row while the sitting is neither a draft nor cancelled
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id"), unique=True)
    #: everybody may know of it and come
    public: Mapped[bool] = mapped_column(default=True)
    #: why it was cancelled or moved, for those who were told
    reason: Mapped[str] = mapped_column(String(400), default="")
    #: the file it was imported from and the start it had there; both None when entered by hand
    source: Mapped[str | None] = mapped_column(String(60))
    source_key: Mapped[str | None] = mapped_column(String(60))

    committee: Mapped[Committee] = relationship(lazy="joined", innerjoin=True)
    place: Mapped[Place | None] = relationship(lazy="joined")
    booking: Mapped[Booking | None] = relationship()

    @property
    def heading(self) -> str:
        """What the sitting is called: its title, else „Sitzung: <Gremium>“."""
        return self.title or _("Sitting: %(committee)s", committee=self.committee.name)
