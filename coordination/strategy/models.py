"""Tables of this room."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from coordination.organizations.models import Organization
from coordination.strategy.rules import Foundation, State, is_overdue
from core.clock import today
from core.database import Model, Versioned


class Planned(Versioned):
    """What aims and measures have in common: who sees to it, until when, how far it is, and who adopted it."""

    #: short name in files, by which an import knows it again
    key: Mapped[str] = mapped_column(String(80), unique=True, sort_order=-9)
    title: Mapped[str] = mapped_column(String(200), sort_order=-8)
    #: what is meant, in plain words; public once it was adopted
    text: Mapped[str] = mapped_column(Text, default="", sort_order=-7)
    #: the department or other organization that sees to it, never a person; None = nobody yet
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    #: the day until which it shall be reached; None = open
    due_on: Mapped[date | None] = mapped_column()
    state: Mapped[State] = mapped_column(String(20), default=State.PLANNED)
    #: the day from which it is in this state; the states before stand in the history
    state_since: Mapped[date] = mapped_column()
    #: why it was given up, or what was reached
    reason: Mapped[str] = mapped_column(Text, default="")
    #: the day on which a body adopted it: from then on it is public; None = a draft of the administration
    adopted_on: Mapped[date | None] = mapped_column(index=True)
    #: the body, as it is called in the resolution
    adopted_by: Mapped[str] = mapped_column(String(200), default="")

    @declared_attr
    @classmethod
    def owner(cls) -> Mapped[Organization | None]:
        """The organization that sees to it."""
        return relationship(Organization, lazy="joined")

    @property
    def overdue(self) -> bool:
        """Whether it should have been reached by now and something is still to be done."""
        return is_overdue(self, today())


class Aim(Planned, Model):
    """What the municipality wants to reach in working with migrant organizations."""

    __tablename__ = "aim"

    measures: Mapped[list["Measure"]] = relationship(order_by="Measure.id", back_populates="aim")


class Measure(Planned, Model):
    """Something that is done to reach an aim. Cooperations may serve it."""

    __tablename__ = "measure"
    __table_args__ = (Index("ix_measure_state_due_on", "state", "due_on"),)
    aim_id: Mapped[int] = mapped_column(ForeignKey("aim.id"), index=True)

    aim: Mapped[Aim] = relationship(back_populates="measures")


class Statement(Versioned, Model):
    """What the municipality states of itself from a day on: that it has a foundation of the cooperation, or has not."""

    __tablename__ = "strategy_statement"
    __table_args__ = (UniqueConstraint("foundation", "since"),)
    foundation: Mapped[Foundation] = mapped_column(String(20))
    holds: Mapped[bool] = mapped_column()
    #: first day; the newest statement until a day counts on it
    since: Mapped[date] = mapped_column()
    #: what it is called or where it can be read; public
    note: Mapped[str] = mapped_column(String(200), default="")
