"""Tables of this room."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.accounts.models import Account
from coordination.letters.rules import Way
from coordination.organizations.models import Organization
from coordination.organizations.rules import Topic
from coordination.people.models import Person
from core.clock import now
from core.database import Identified, Model, UtcDateTime, Versioned


class Letter(Versioned, Model):
    """A letter to the migrant organizations on a topic: a draft, or sent. Once sent it is not changed."""

    __tablename__ = "letter"
    __unrecorded__ = frozenset({"text"})
    #: to those who work on it; None = to all
    topic: Mapped[Topic | None] = mapped_column(String(40))
    #: code of a language: to those who work in it; "" = to all
    language: Mapped[str] = mapped_column(String(10), default="")
    #: the department that writes; answers go to its address
    department_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: who wrote it; None = erased since
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    subject: Mapped[str] = mapped_column(String(120))
    #: plain text that fits on one page
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    #: None = a draft
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    department: Mapped[Organization] = relationship()
    account: Mapped[Account | None] = relationship()
    recipients: Mapped[list["LetterRecipient"]] = relationship(
        back_populates="letter", cascade="all, delete-orphan", order_by="LetterRecipient.id"
    )


class LetterRecipient(Identified, Model):
    """To whom a sent letter went, one row a mail or a sheet; and which organization it could not reach, and why."""

    __tablename__ = "letter_recipient"
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    way: Mapped[Way] = mapped_column(String(20))
    #: the organization's own address as it was, of mail or of post; empty where it went to a person
    address: Mapped[str] = mapped_column(Text, default="")
    #: the contact to whom it went in the organization's place; None = to its own address, or erased since
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    letter: Mapped[Letter] = relationship(back_populates="recipients")
    organization: Mapped[Organization] = relationship()
    person: Mapped[Person | None] = relationship()


class LetterObjection(Model):
    """That an organization wants no letters to all (Art. 21 GDPR). Taken back, the row is deleted."""

    __tablename__ = "letter_objection"
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    since: Mapped[date] = mapped_column()
