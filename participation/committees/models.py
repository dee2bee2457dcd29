"""Tables of this room."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.organizations.models import Organization
from core.database import Model, Versioned
from participation.committees.rules import Kind, QuorumRule


class Committee(Versioned, Model):
    """A body that meets regularly. Its name, text and archiving are its organization's."""

    __tablename__ = "committee"
    #: name in addresses: `/gremien/<slug>/`; stays when the committee is renamed
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), unique=True)
    kind: Mapped[Kind] = mapped_column(String(30))
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
    shown_in_calendars = True

    @property
    def name(self) -> str:
        """The committee's name."""
        return self.organization.name
