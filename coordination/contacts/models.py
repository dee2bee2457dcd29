"""Tables of this room."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.accounts.models import Account
from coordination.contacts.rules import Channel
from coordination.organizations.models import Organization
from coordination.people.models import Person
from core.database import Model, Versioned


class ContactNote(Versioned, Model):
    """That somebody of the municipality was in contact with an organization, and about what. Never a judgement."""

    __tablename__ = "contact_note"
    __table_args__ = (Index("ix_contact_note_organization_happened", "organization_id", "happened_on"),)
    __unrecorded__ = frozenset({"about"})
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    happened_on: Mapped[date] = mapped_column(index=True)
    channel: Mapped[Channel] = mapped_column(String(20))
    #: in a few words
    about: Mapped[str] = mapped_column(String(1000))
    #: words of `Topic`
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: for which department; None = not told
    department_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    #: who wrote it down; None = read from a file, or erased since
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    #: with whom, where that person is known here
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    organization: Mapped[Organization] = relationship(foreign_keys=organization_id)
    department: Mapped[Organization | None] = relationship(foreign_keys=department_id)
    account: Mapped[Account | None] = relationship()
    person: Mapped[Person | None] = relationship()
