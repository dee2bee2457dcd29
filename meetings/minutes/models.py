"""Tables of this room."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from core.database import Identified, Model, UtcDateTime, Versioned
from meetings.agenda.models import AgendaItem
from meetings.sittings.models import Sitting


class Minutes(Versioned, Model):
    """The minutes of a sitting as a whole: real times, who signs, whether they are released."""

    __tablename__ = "minutes"
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), unique=True)
    #: when the sitting really began and ended, wall time
    began_local: Mapped[datetime | None] = mapped_column()
    ended_local: Mapped[datetime | None] = mapped_column()
    chair_name: Mapped[str] = mapped_column(String(200), default="")
    secretary_name: Mapped[str] = mapped_column(String(200), default="")
    #: others who were there: officials, experts, guests; one a line
    guests: Mapped[str] = mapped_column(Text, default="")
    #: since when those entitled may read them; None = being written
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    sitting: Mapped[Sitting] = relationship()

    @property
    def described(self) -> bool:
        """Whether anything is said of the sitting as a whole."""
        texts = (self.chair_name, self.secretary_name, self.guests)
        return any(texts) or self.began_local is not None or self.ended_local is not None


class MinutesRevision(Identified, Model):
    """One state of an item's text. Append-only: the newest number holds, nothing is lost."""

    __tablename__ = "minutes_revision"
    __table_args__ = (UniqueConstraint("agenda_item_id", "number"),)
    __unrecorded__ = frozenset({"text"})
    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_item.id"))
    #: 1, 2, 3 … within the item
    number: Mapped[int] = mapped_column()
    #: simple Markdown
    text: Mapped[str] = mapped_column(Text)
    #: opaque account number, without key
    author_account: Mapped[int | None] = mapped_column()
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    agenda_item: Mapped[AgendaItem] = relationship()
