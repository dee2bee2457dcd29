"""Tables of this room."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.organizations.models import Organization
from core.database import Model, UtcDateTime, Versioned


class Person(Versioned, Model):
    """Somebody who sits, writes or is asked. Kept to name and ways to reach them."""

    __tablename__ = "person"
    #: two active persons never share an address: an answer by mail must be the answer of one
    __table_args__ = (
        Index(
            "uq_person_active_email",
            "email",
            unique=True,
            sqlite_where=text("email != '' AND archived_at IS NULL"),
            postgresql_where=text("email != '' AND archived_at IS NULL"),
        ),
    )
    #: stable short name for files; random where nobody gave one
    key: Mapped[str] = mapped_column(String(80), unique=True)
    given_name: Mapped[str] = mapped_column(String(100), default="")
    family_name: Mapped[str] = mapped_column(String(100), index=True)
    #: e.g. „Frau“, „Dr.“; empty where the person wants none
    form_of_address: Mapped[str] = mapped_column(String(40), default="")
    #: lower case; invitations go here; empty = reached by post or phone only
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    phone: Mapped[str] = mapped_column(String(60), default="")
    #: language of mails to this person
    language: Mapped[str] = mapped_column(String(8), default="de")
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: since when the row is all that is left: an office in records, or an entry that was merged, without a person
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: the entry that means the same person and has all that this one had; this one keeps number and key, to lead there
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}".strip()


class Membership(Versioned, Model):
    """A person in an organization, with a function, from–until (both inclusive, open where None)."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_person_organization", "person_id", "organization_id"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: e.g. „Vorsitz“, „Kassenführung“
    function: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    #: words of `Topic`: on what others turn to this person, as long as the membership lasts
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: since when everybody may read the name of a department's contact, by their word; None = signed-in people only
    name_public_since: Mapped[date | None] = mapped_column()

    person: Mapped[Person] = relationship()
    organization: Mapped[Organization] = relationship()

    #: a membership gives a right to see the organization's dates
    shown_in_calendars = True
