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


class MinutesRelease(Identified, Model):
    """What released minutes said, word for word. A later release is a row of its own; a row changes only where a
    person is erased."""

    __tablename__ = "minutes_release"
    __table_args__ = (UniqueConstraint("sitting_id", "number"),)
    __unrecorded__ = frozenset({"content", "reason"})
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    #: 1, 2, 3 … within the sitting
    number: Mapped[int] = mapped_column()
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: when this copy was made; later than the release where the minutes are older than such copies
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    #: opaque account number, without key
    by_account: Mapped[int | None] = mapped_column()
    #: why there is a new version; empty for the first
    reason: Mapped[str] = mapped_column(String(400), default="")
    #: JSON, see `content.py`
    content: Mapped[str] = mapped_column(Text)
    #: SHA-256 of the content, hexadecimal
    checksum: Mapped[str] = mapped_column(String(64))

    sitting: Mapped[Sitting] = relationship()

    @property
    def afterwards(self) -> bool:
        """Whether the copy was made some time after the release, from what the minutes said by then."""
        return self.recorded_at != self.released_at
