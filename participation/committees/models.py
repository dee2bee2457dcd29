"""Tables of this room."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import Figure
from coordination.organizations.models import Organization
from core.database import Model, Versioned
from participation.committees.rules import FIGURE_OF_KIND, Kind, QuorumRule


class Committee(Versioned, Model):
    """A body that meets regularly. Its name, text and archiving are its organization's."""

    __tablename__ = "committee"
    #: name in addresses: `/gremien/<slug>/`; stays when the committee is renamed
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), unique=True)
    #: its record of cooperation, kept in step with it: who works with whom
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperation.id"), unique=True)
    kind: Mapped[Kind] = mapped_column(String(30))
    #: which of the survey's three figures it counts for; None = as is usual for its kind
    figure: Mapped[Figure | None] = mapped_column(String(30))
    #: full days between sending the invitation and the sitting
    notice_days: Mapped[int] = mapped_column(default=7)
    quorum_rule: Mapped[QuorumRule] = mapped_column(String(30))
    #: seats the statute provides for, also while vacant; None = no statute, the seats kept here count
    statutory_seats: Mapped[int | None] = mapped_column()
    statutory_voting_seats: Mapped[int | None] = mapped_column()
    #: its dates and public agenda items may be seen by everybody
    public: Mapped[bool] = mapped_column(default=True)
    #: names of those present may stand in the public minutes
    publishes_attendance: Mapped[bool] = mapped_column(default=False)

    organization: Mapped[Organization] = relationship(lazy="joined", innerjoin=True)
    cooperation: Mapped[Cooperation] = relationship()
    shown_in_calendars = True

    @property
    def name(self) -> str:
        """The committee's name."""
        return self.organization.name

    @property
    def counts_for(self) -> Figure:
        """Which of the survey's three figures the committee counts for."""
        return Figure(self.figure) if self.figure else FIGURE_OF_KIND[Kind(self.kind)]
