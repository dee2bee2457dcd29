"""Tables of this room. All hang on a cooperation: the record of an event or a project."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.accounts.models import Account
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import ContributionKind
from coordination.organizations.models import Organization
from coordination.organizations.rules import PartnerRole
from coordination.people.models import Person
from coordination.planning.rules import Answer, NeedKind, RequestState
from core.clock import now
from core.database import Identified, Model, UtcDateTime, Versioned


class Invitation(Versioned, Model):
    """An organization is asked to take part. It becomes a partner in the record when it accepts, and not before."""

    __tablename__ = "planning_invitation"
    __table_args__ = (UniqueConstraint("cooperation_id", "organization_id"),)
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: as what it is asked
    role: Mapped[PartnerRole] = mapped_column(String(20), default=PartnerRole.PARTNER)
    answer: Mapped[Answer] = mapped_column(String(20), default=Answer.OPEN)
    #: why it cannot; may be empty
    reason: Mapped[str] = mapped_column(String(400), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship()
    cooperation: Mapped[Cooperation] = relationship()


class Task(Versioned, Model):
    """Who does what until when."""

    __tablename__ = "planning_task"
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    #: whose task it is; None = nobody's yet
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    #: and who does it there
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: last day, inclusive
    due_on: Mapped[date | None] = mapped_column()
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organization: Mapped[Organization | None] = relationship()
    person: Mapped[Person | None] = relationship()


class Section(Versioned, Model):
    """A text that both sides write: the programme, who brings what."""

    __tablename__ = "planning_section"
    __unrecorded__ = frozenset({"text"})
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")


class Need(Versioned, Model):
    """Something people need so that they can take part, and whether it is provided for."""

    __tablename__ = "planning_need"
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"), index=True)
    kind: Mapped[NeedKind] = mapped_column(String(20))
    #: e.g. into which language, for how many children
    note: Mapped[str] = mapped_column(String(200), default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Post(Identified, Model):
    """A word in the discussion."""

    __tablename__ = "planning_post"
    __unrecorded__ = frozenset({"text"})
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"), index=True)
    #: who wrote it; None = a command on the server
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    #: for whom
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    text: Mapped[str] = mapped_column(Text)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    account: Mapped[Account | None] = relationship()
    organization: Mapped[Organization | None] = relationship()


class Follower(Identified, Model):
    """Somebody who works on it, and whether they want mail about the discussion."""

    __tablename__ = "planning_follower"
    __table_args__ = (UniqueConstraint("cooperation_id", "account_id"),)
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    wants_mail: Mapped[bool] = mapped_column(default=True)

    account: Mapped[Account] = relationship()


class Request(Versioned, Model):
    """An organization asks the municipality for something; the answer and its reason are there for it to see."""

    __tablename__ = "planning_request"
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    kind: Mapped[ContributionKind] = mapped_column(String(20))
    #: what exactly
    wish: Mapped[str] = mapped_column(String(400), default="")
    state: Mapped[RequestState] = mapped_column(String(20), default=RequestState.OPEN)
    reason: Mapped[str] = mapped_column(String(400), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship()


class Agreement(Versioned, Model):
    """What both sides promise each other. A change makes every word given before void: it was for another text."""

    __tablename__ = "planning_agreement"
    __unrecorded__ = frozenset({"subject", "duties", "money", "gains"})
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"), unique=True)
    #: what is agreed on: what, when, where
    subject: Mapped[str] = mapped_column(Text, default="")
    #: who does what until when
    duties: Mapped[str] = mapped_column(Text, default="")
    #: who pays what
    money: Mapped[str] = mapped_column(Text, default="")
    #: what each gains
    gains: Mapped[str] = mapped_column(Text, default="")
    #: grows with every change; confirmed is a revision
    revision: Mapped[int] = mapped_column(default=1)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    confirmations: Mapped[list["Confirmation"]] = relationship(order_by="Confirmation.id")


class Confirmation(Identified, Model):
    """Somebody gave the word of an organization for one revision of the agreement."""

    __tablename__ = "planning_confirmation"
    __table_args__ = (UniqueConstraint("agreement_id", "organization_id", "revision"),)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("planning_agreement.id"))
    #: None = the administration as such
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    revision: Mapped[int] = mapped_column()
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    organization: Mapped[Organization | None] = relationship()
    person: Mapped[Person | None] = relationship()


class Review(Versioned, Model):
    """How one side found it, afterwards."""

    __tablename__ = "planning_review"
    __table_args__ = (UniqueConstraint("cooperation_id", "organization_id"),)
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"))
    #: None = the administration as such
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    #: how many people came, as this side counted; None = not counted
    participants: Mapped[int | None] = mapped_column()
    what_worked: Mapped[str] = mapped_column(Text, default="")
    do_differently: Mapped[str] = mapped_column(Text, default="")

    organization: Mapped[Organization | None] = relationship()
