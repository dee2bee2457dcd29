"""Tables of this room."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.cooperation.models import Cooperation
from coordination.organizations.models import Organization
from coordination.projects.rules import ONLY_AN_IDEA, State
from core.database import Model, UtcDateTime, Versioned
from core.dated import Dated


class Project(Versioned, Model):
    """One project that is carried out together. Topics, lead and who takes part stand in its record."""

    __tablename__ = "project"
    #: its record and, by it, its workspace; one to one
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[State] = mapped_column(String(20), default=State.IDEA, index=True)
    #: the period, both days inclusive; None = not fixed yet
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    #: what it is about; everybody reads it once the project is announced
    text: Mapped[str] = mapped_column(Text, default="")
    #: the organization of the network or working group to which it belongs
    network_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    #: since when everybody may know of it; None = not announced
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: why it is interrupted, was called off or not taken up; those who plan it read it
    reason: Mapped[str] = mapped_column(String(400), default="")

    cooperation: Mapped[Cooperation] = relationship(lazy="joined", innerjoin=True)
    network: Mapped[Organization | None] = relationship()
    milestones: Mapped[list["Milestone"]] = relationship(
        order_by="[Milestone.starts_at, Milestone.id]", back_populates="project", cascade="all, delete-orphan"
    )

    @property
    def shown_in_calendars(self) -> bool:
        """Whether its milestones can stand in somebody's calendar, with its title."""
        return self.state not in ONLY_AN_IDEA


class Milestone(Versioned, Dated, Model):
    """Something that a project wants to have reached by a day. In calendars it takes that whole day."""

    __tablename__ = "milestone"
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    #: the day on which it was reached; None = not yet
    reached_on: Mapped[date | None] = mapped_column()

    project: Mapped[Project] = relationship(back_populates="milestones")

    @property
    def due_on(self) -> date:
        """By when: that day inclusive."""
        return self.starts_local.date()
