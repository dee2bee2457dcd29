"""Tables of this room. Amounts are euro cents; None = not known."""

from collections.abc import Iterable

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.organizations.models import Organization
from coordination.places.models import Place
from coordination.support.rules import AdviceForm, FundingForm, RoomForm
from core.database import Identified, Model, Versioned


class Entry(Versioned):
    """What all areas of support have: a year, and a short name in files, by which an import knows it again."""

    key: Mapped[str] = mapped_column(String(80), unique=True, sort_order=-9)
    year: Mapped[int] = mapped_column(sort_order=-8)


class Funding(Entry, Model):
    """Money that an organization asked for in a year, what it got and what it used of it."""

    __tablename__ = "funding"
    __table_args__ = (
        Index("ix_funding_organization_year", "organization_id", "year"),
        Index("ix_funding_year", "year"),
    )
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    form: Mapped[FundingForm] = mapped_column(String(30))
    #: what the money is for
    title: Mapped[str] = mapped_column(String(200))
    asked: Mapped[int | None] = mapped_column()
    #: 0 = refused
    granted: Mapped[int | None] = mapped_column()
    used: Mapped[int | None] = mapped_column()
    #: why it was refused, or not used
    reason: Mapped[str] = mapped_column(Text, default="")

    organization: Mapped[Organization] = relationship()
    offices: Mapped[list["FundingOffice"]] = relationship(order_by="FundingOffice.id", cascade="all, delete-orphan")

    @property
    def office_ids(self) -> frozenset[int]:
        """The offices that give it, often several together."""
        return frozenset(row.office_id for row in self.offices)

    @office_ids.setter
    def office_ids(self, wanted: Iterable[int]) -> None:
        present = {row.office_id: row for row in self.offices}
        self.offices = [present.get(key) or FundingOffice(office_id=key) for key in sorted(wanted)]


class FundingOffice(Identified, Model):
    """A department that gives (part of) the money."""

    __tablename__ = "funding_office"
    __table_args__ = (UniqueConstraint("funding_id", "office_id"),)
    funding_id: Mapped[int] = mapped_column(ForeignKey("funding.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)

    office: Mapped[Organization] = relationship()


class Budget(Entry, Model):
    """Money that a department sets aside for organizations in a year, and what stopped it from being used."""

    __tablename__ = "budget"
    __table_args__ = (UniqueConstraint("office_id", "year", "form"), Index("ix_budget_year", "year"))
    office_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    form: Mapped[FundingForm] = mapped_column(String(30))
    set_aside: Mapped[int] = mapped_column()
    used: Mapped[int | None] = mapped_column()
    #: who hears of it, and how
    announced: Mapped[str] = mapped_column(Text, default="")
    #: which hurdle stopped it
    reason: Mapped[str] = mapped_column(Text, default="")

    office: Mapped[Organization] = relationship()


class RoomUse(Entry, Model):
    """Rooms that an organization has had in a year."""

    __tablename__ = "room_use"
    __table_args__ = (
        Index("ix_room_use_organization_year", "organization_id", "year"),
        Index("ix_room_use_year", "year"),
    )
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    form: Mapped[RoomForm] = mapped_column(String(30))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    #: hours in the year
    hours: Mapped[int | None] = mapped_column()
    #: how many times
    occasions: Mapped[int | None] = mapped_column()
    note: Mapped[str] = mapped_column(Text, default="")

    organization: Mapped[Organization] = relationship()
    place: Mapped[Place | None] = relationship()


class Advice(Entry, Model):
    """Qualification and advice that an organization has had in a year."""

    __tablename__ = "advice"
    __table_args__ = (Index("ix_advice_organization_year", "organization_id", "year"), Index("ix_advice_year", "year"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    form: Mapped[AdviceForm] = mapped_column(String(30))
    #: what it was about
    title: Mapped[str] = mapped_column(String(200))
    hours: Mapped[int | None] = mapped_column()
    #: how many people took part; fewer than five are never told as a figure
    participants: Mapped[int | None] = mapped_column()
    note: Mapped[str] = mapped_column(Text, default="")

    organization: Mapped[Organization] = relationship()
