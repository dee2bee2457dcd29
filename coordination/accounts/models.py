"""Tables of this room."""

from datetime import date, datetime
from typing import Any, ClassVar

from flask_security import UserMixin
from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coordination.accounts.rules import Role
from coordination.organizations.models import Organization
from coordination.people.models import Person
from core.database import Identified, Model, UtcDateTime, Versioned


class Account(Versioned, UserMixin, Model):
    """A way to sign in. Rights come from its assignments alone."""

    __tablename__ = "account"
    __unrecorded__ = frozenset(
        {"password", "fs_uniquifier", "links_used", "version", "tf_totp_secret", "tf_counter", "mf_recovery_codes"}
    )
    #: as `addresses.normal_address` gives it: lower case, plain ASCII
    email: Mapped[str] = mapped_column(String(254), unique=True)
    #: argon2 hash; None = signs in by a link only
    password: Mapped[str | None] = mapped_column(String(255))
    #: False = may not sign in, keeps its place in the history
    active: Mapped[bool] = mapped_column(default=True)
    #: changed to end all sessions of the account
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    #: when a link from a mail was first used, which shows that the address is this person's
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: sign-in links used so far: a link carries the number, so that each works once
    links_used: Mapped[int] = mapped_column(default=0)
    #: language of the pages for this account; None = the browser's
    language: Mapped[str | None] = mapped_column(String(8))
    #: since when signing in asks for a code of an authenticator app as well; None = it does not
    second_factor_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: what the app and this site know in common, encrypted (see `codes.keys`); None without a second factor
    tf_totp_secret: Mapped[str | None] = mapped_column(String(500))
    #: the half minute of the last code taken, counted from 1970: none before or in it is taken again
    tf_counter: Mapped[int | None] = mapped_column()
    #: argon2 hashes of the recovery codes that were not used yet
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    #: since when only its number is left, for the history
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person | None] = relationship()
    assignments: Mapped[list["Assignment"]] = relationship(back_populates="account", order_by="Assignment.id")

    #: Flask-Security's own roles are not used: see Assignment
    roles: ClassVar[list[Any]] = []  # type: ignore[misc]

    @property
    def tf_primary_method(self) -> str | None:  # type: ignore[override]
        """The library's name of the second factor: there is one kind."""
        return "authenticator" if self.tf_totp_secret else None


class EndedSession(Model):
    """A session that was signed out, so that a copy of its cookie opens nothing. Names nobody."""

    __tablename__ = "ended_session"
    #: SHA-256 of the session's own key
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: after 31 days the cookie itself is too old
    ended_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Assignment(Identified, Model):
    """A role held by an account, for an organization (None for the administration), from–until inclusive."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("account_id", "role", "organization_id"),)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(String(20))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()

    account: Mapped[Account] = relationship(back_populates="assignments")
    organization: Mapped[Organization | None] = relationship()

    #: a clerk sees the dates of the committee
    shown_in_calendars = True
