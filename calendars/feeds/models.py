"""Tables of this room."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.people.models import Person
from core.clock import now
from core.database import Identified, Model, UtcDateTime


class FeedToken(Identified, Model):
    """The key to one personal feed. Only its hash is kept; what it shows is what the person may see now."""

    __tablename__ = "feed_token"
    __unrecorded__ = frozenset({"token_hash", "last_used_on"})
    #: SHA-256 of the token, hexadecimal
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: what the person calls it, e.g. „Handy“
    name: Mapped[str] = mapped_column(String(100))
    #: language of the entries
    language: Mapped[str] = mapped_column(String(8), default="de")
    #: reminder before each date, minutes; None = none
    alarm_minutes: Mapped[int | None] = mapped_column()
    #: without the public dates of committees and organizations to which the person does not belong
    only_mine: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: counted in memory, written by a job
    last_used_on: Mapped[date | None] = mapped_column()

    person: Mapped[Person] = relationship()
