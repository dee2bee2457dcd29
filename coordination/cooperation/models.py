"""Tables of this room. What each column means to a reader of the export stands in `codebook`."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.cooperation.rules import (
    BEGINNING,
    ContributionKind,
    Figure,
    Format,
    InitiatorKind,
    Lead,
    Source,
    Status,
    lead_on,
)
from coordination.organizations.models import Organization
from coordination.organizations.rules import PartnerRole, Topic
from coordination.strategy.models import Measure
from core.clock import today
from core.database import Identified, Model, UtcDateTime, Versioned


class Cooperation(Versioned, Model):
    """One thing that municipality and organizations do together: an event, a project, a committee, or another form.

    No index on format or days: figures look at all records, and quickest in the order in which they are kept.
    """

    __tablename__ = "cooperation"
    #: short name in files, by which an import knows it again
    key: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    format: Mapped[Format] = mapped_column(String(20))
    #: it is (part of) the regular exchange with umbrella bodies or working groups of migrant organizations
    regular_exchange: Mapped[bool] = mapped_column(default=False)
    #: who gave the impulse; None = nobody has said
    initiator_kind: Mapped[InitiatorKind | None] = mapped_column(String(30))
    #: and which organization that was, where it is known
    initiator_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    #: the period, both days inclusive; an event of one day has its day twice; None = not fixed, or still going on
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    #: wall time of the start, where it has one: whether that is office time, evening or a free day follows from it
    starts_local: Mapped[datetime | None] = mapped_column()
    status: Mapped[Status] = mapped_column(String(20))
    #: how many people came; None = not known
    participants: Mapped[int | None] = mapped_column()
    what_worked: Mapped[str] = mapped_column(Text, default="")
    do_differently: Mapped[str] = mapped_column(Text, default="")
    #: which of the survey's three figures a committee counts for; None = no committee
    figure: Mapped[Figure | None] = mapped_column(String(30))
    source: Mapped[Source] = mapped_column(String(20), default=Source.ENTERED)
    #: the measure of the strategy that it serves; None = none
    measure_id: Mapped[int | None] = mapped_column(ForeignKey("measure.id"), index=True)
    #: belongs to a committee that is not public: in no list, count or export but the administration's
    restricted: Mapped[bool] = mapped_column(default=False)
    #: since when the record is complete and closed; None = open
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    initiator: Mapped[Organization | None] = relationship()
    measure: Mapped[Measure | None] = relationship()
    leads: Mapped[list["CooperationLead"]] = relationship(
        order_by="CooperationLead.since", cascade="all, delete-orphan"
    )
    topics: Mapped[list["CooperationTopic"]] = relationship(
        order_by="CooperationTopic.id", cascade="all, delete-orphan"
    )
    partners: Mapped[list["Partner"]] = relationship(order_by="Partner.id", cascade="all, delete-orphan")
    contributions: Mapped[list["MunicipalContribution"]] = relationship(
        order_by="MunicipalContribution.id", cascade="all, delete-orphan"
    )

    @property
    def lead(self) -> Lead | None:
        """Who leads it today."""
        return lead_on(self.leads, today())


class CooperationLead(Identified, Model):
    """Who leads a cooperation from a day on. It may move; the lead on a day is the newest before it."""

    __tablename__ = "cooperation_lead"
    __table_args__ = (UniqueConstraint("cooperation_id", "since"),)
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"))
    lead: Mapped[Lead] = mapped_column(String(30))
    #: first day; the earliest day there is = from the beginning
    since: Mapped[date] = mapped_column(default=BEGINNING)


class OwnTopic(Versioned, Model):
    """A topic that the municipality has added, and the one of the survey's twelve to which it belongs."""

    __tablename__ = "own_topic"
    #: short name in files
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    topic: Mapped[Topic] = mapped_column(String(30))


class CooperationTopic(Identified, Model):
    """A topic of a cooperation. With an own topic, `topic` is the one to which that belongs: analysis asks it alone,
    and counts each cooperation once where two own topics belong to one of the twelve."""

    __tablename__ = "cooperation_topic"
    __table_args__ = (
        UniqueConstraint("cooperation_id", "topic", "own_topic_id"),
        Index("ix_cooperation_topic_topic", "topic", "cooperation_id"),
    )
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"))
    topic: Mapped[Topic] = mapped_column(String(30))
    own_topic_id: Mapped[int | None] = mapped_column(ForeignKey("own_topic.id"), index=True)

    own_topic: Mapped[OwnTopic | None] = relationship(lazy="joined")


class Partner(Versioned, Model):
    """An organization that takes part in a cooperation: as what, what it gives, what it gains, what it is paid."""

    __tablename__ = "partner"
    __table_args__ = (UniqueConstraint("cooperation_id", "organization_id"),)
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    role: Mapped[PartnerRole] = mapped_column(String(20))
    contribution: Mapped[str] = mapped_column(Text, default="")
    benefit: Mapped[str] = mapped_column(Text, default="")
    #: in euro cents; 0 = agreed that none is paid, None = not known
    honorarium: Mapped[int | None] = mapped_column()

    organization: Mapped[Organization] = relationship(lazy="joined", innerjoin=True)


class MunicipalContribution(Identified, Model):
    """What the municipality gives to a cooperation, and which of its departments gives it."""

    __tablename__ = "municipal_contribution"
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"), index=True)
    kind: Mapped[ContributionKind] = mapped_column(String(20))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    #: in euro cents; None = no money, or not known
    amount: Mapped[int | None] = mapped_column()
    note: Mapped[str] = mapped_column(String(200), default="")

    department: Mapped[Organization | None] = relationship(lazy="joined")
