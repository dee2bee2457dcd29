"""Tables of this room."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, inspect, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.organizations.publication import Field, Level
from coordination.organizations.rules import Kind, Phase, RoomSituation
from core.database import Identified, Model, UtcDateTime, Versioned


class Organization(Versioned, Model):
    """A group, department, committee or company that takes part. Never holds a rating of it."""

    __tablename__ = "organization"
    #: short name in addresses and files, e.g. `kulturverein-lindenhof`
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    short_name: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[Kind] = mapped_column(String(30), index=True)
    #: the department that works with migrant organizations first; the survey tells its impulses from other offices'
    integration_department: Mapped[bool] = mapped_column(default=False)
    #: what the organization calls itself, in its own words; it may refuse the label of its kind
    own_label: Mapped[str] = mapped_column(String(200), default="")
    #: plain text about its work
    about: Mapped[str] = mapped_column(Text, default="")
    #: the organization's own contact, for those who plan with it; not published, but a department's is
    email: Mapped[str] = mapped_column(String(254), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    #: postal address, several lines
    address: Mapped[str] = mapped_column(Text, default="")
    #: words of `MoKind`
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: words of `Aim`, the Mannheim matrix
    aims: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: words of `PartnerRole`: what it is to the municipality in general, as it says itself
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: words of `Topic`
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: words of `TargetGroup`
    target_groups: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: codes of `LANGUAGE_LABELS`: in which it works
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: what it offers: courses, advice, groups
    services: Mapped[str] = mapped_column(Text, default="")
    #: how many work there without pay, and how many are paid; None = not told
    volunteers: Mapped[int | None] = mapped_column()
    paid_staff: Mapped[int | None] = mapped_column()
    rooms: Mapped[RoomSituation | None] = mapped_column(String(20))
    #: since when it is kept for the records only; None = active
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: the entry that means the same organization and has all that hung on this one; None = an entry of its own
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)

    @property
    def shown_in_calendars(self) -> bool:
        """Its name stands in entries: a committee's always, any other's where it takes part in an event."""
        state = inspect(self)
        return self.kind == Kind.COMMITTEE or (state.persistent and state.attrs.name.history.has_changes())


class UmbrellaMembership(Versioned, Model):
    """An organization belongs to an umbrella body from–until (both days inclusive, open where None)."""

    __tablename__ = "umbrella_membership"
    __table_args__ = (UniqueConstraint("organization_id", "umbrella_id", "starts_on"),)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    umbrella_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()

    organization: Mapped[Organization] = relationship(foreign_keys=organization_id)
    umbrella: Mapped[Organization] = relationship(foreign_keys=umbrella_id)


class NetworkPhase(Versioned, Model):
    """In which phase a network of organizations is from a day on, and what was true of it then."""

    __tablename__ = "network_phase"
    __table_args__ = (UniqueConstraint("organization_id", "since"),)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    since: Mapped[date] = mapped_column()
    phase: Mapped[Phase] = mapped_column(String(20))
    #: words of `Criterion`
    criteria: Mapped[list[str]] = mapped_column(JSON, default=list)


class PublicationConsent(Identified, Model):
    """That an organization agreed to show one of its fields, from when until when. Kept after it was withdrawn."""

    __tablename__ = "publication_consent"
    __table_args__ = (
        Index(
            "uq_publication_consent_in_force",
            "organization_id",
            "field",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_publication_consent_organization", "organization_id"),
    )
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    field: Mapped[Field] = mapped_column(String(20))
    level: Mapped[Level] = mapped_column(String(20))
    #: which text was agreed to
    text_version: Mapped[int] = mapped_column()
    #: the day of the agreement; where it was given on paper that of the signature
    given_on: Mapped[date] = mapped_column()
    on_paper: Mapped[bool] = mapped_column(default=False)
    #: when it was entered here
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: number of the account that entered it, without a key as in the history; None = read from a file, or erased since
    account_id: Mapped[int | None] = mapped_column(index=True)
    #: from this moment on it counts no more; None = in force
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[int | None] = mapped_column(index=True)
