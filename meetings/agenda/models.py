"""Tables of this room."""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Model, Versioned
from meetings.sittings.models import Sitting


class AgendaItem(Versioned, Model):
    """An item of a sitting's agenda (TOP)."""

    __tablename__ = "agenda_item"
    __table_args__ = (Index("ix_agenda_item_sitting_position", "sitting_id", "position"),)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    #: as printed: „4“, „4.1“, „N 2“
    number: Mapped[str] = mapped_column(String(20))
    #: place in the order, from 0
    position: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(String(300))
    #: what it is about, for the invitation
    description: Mapped[str] = mapped_column(Text, default="")
    #: heard in public; the title of a non-public item is seen by the committee's inner circle alone
    public: Mapped[bool] = mapped_column(default=True)

    sitting: Mapped[Sitting] = relationship()
