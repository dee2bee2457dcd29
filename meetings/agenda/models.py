"""Tables of this room."""

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Model, Versioned
from meetings.sittings.models import Sitting


class AgendaItem(Versioned, Model):
    """An item of a sitting's agenda (TOP)."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        Index("ix_agenda_item_sitting_position", "sitting_id", "position"),
        UniqueConstraint("sitting_id", "source_key"),
    )
    #: a draft that is deleted takes its agenda with it
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id", ondelete="CASCADE"))
    #: as printed: „4“, „4.1“, „N2“; kept in step with the order unless it was typed
    number: Mapped[str] = mapped_column(String(20))
    #: somebody typed the number, so it stays when items move
    typed_number: Mapped[bool] = mapped_column(default=False)
    #: place in the order, from 0
    position: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(String(300))
    #: what it is about, for the invitation
    description: Mapped[str] = mapped_column(Text, default="")
    #: heard in public; the title of a non-public item is seen by the committee's inner circle alone
    public: Mapped[bool] = mapped_column(default=True)
    #: the number it had in the file it was imported from; None when entered by hand
    source_key: Mapped[str | None] = mapped_column(String(20))

    sitting: Mapped[Sitting] = relationship()

    @property
    def shown_in_calendars(self) -> bool:
        """The agenda of a published sitting stands in calendars."""
        return self.sitting.shown_in_calendars

    @property
    def calendar_row(self) -> str:
        """Calendars show it as a part of its sitting."""
        return f"{Sitting.__tablename__}:{self.sitting_id}"
