"""Tables of this room."""

from datetime import datetime

from sqlalchemy import String, Text, inspect
from sqlalchemy.orm import Mapped, mapped_column

from coordination.organizations.rules import Kind
from core.database import Model, UtcDateTime, Versioned


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
    #: since when it is kept for the records only; None = active
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def shown_in_calendars(self) -> bool:
        """Its name stands in entries: a committee's always, any other's where it takes part in an event."""
        state = inspect(self)
        return self.kind == Kind.COMMITTEE or (state.persistent and state.attrs.name.history.has_changes())
