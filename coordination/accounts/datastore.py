"""Flask-Security's way to rows and to mail, led through our one commit and our outbox."""

from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app
from flask_security import MailUtil, SQLAlchemyUserDatastore
from flask_security import PasswordUtil as LibraryPasswordUtil
from flask_security.mail_util import EmailValidateException
from sqlalchemy import inspect

from coordination.accounts.addresses import normal_address
from coordination.accounts.mails import queue_password_notice, queue_reset_link
from coordination.accounts.models import Account
from coordination.accounts.passwords import is_guessable
from coordination.accounts.queries import find_by_session
from core import history
from core.access import Actor
from core.database import hold_row, session, transaction
from core.errors import Outdated, Refused
from core.languages import _

ACTIONS = {"password": "accounts.change_password", "fs_uniquifier": "accounts.end_sessions"}


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security's datastore, whose every change is a write transaction of its own with a line of history.

    The library changes a row that a reading session has loaded and asks for a commit at the end of the request.
    A query in between would flush that change into the reading transaction, where SQLite refuses it as soon as
    somebody else has written; so each `put` is carried out at once.
    """

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Account | None:
        """As the library's; the mark of a session carries its own key behind a dot (see security.py)."""
        if mark := kwargs.get("fs_uniquifier"):
            uniquifier, _dot, key = str(mark).partition(".")
            return find_by_session(uniquifier, key)
        return cast("Account | None", super().find_user(case_insensitive, **kwargs))

    def put(self, model: Any) -> Any:
        """Save what was changed so far. Raises Outdated when the account's sessions were ended meanwhile."""
        self._write()
        return model

    def tf_set(self, *_facts: Any, **_more: Any) -> None:
        """Nothing: after a code the library sets what is set already; turning it on is for factors.py."""

    def commit(self) -> None:
        """What the library asks for at the end of a request."""
        self._write()

    def _write(self) -> None:
        """Take the changes over into a write transaction. Within one, they are written with it."""
        current = session()
        if current.info.get("writing"):
            return
        pending = [(row.id, _changes(row)) for row in current.dirty if isinstance(row, Account)]
        if not any(changes for _id, changes in pending):
            return
        with transaction():
            for account_id, changes in pending:
                _apply(hold_row(Account, account_id), changes)


def _changes(row: Account) -> dict[str, tuple[Any, Any]]:
    """Old (None where it was not loaded) and new value of each column changed since."""
    found = {}
    for column in inspect(row).mapper.column_attrs:
        change = inspect(row).attrs[column.key].history
        if change.has_changes():
            found[column.key] = (next(iter(change.deleted or ()), None), getattr(row, column.key))
    return found


def _apply(row: Account, changes: dict[str, tuple[Any, Any]]) -> None:
    if not changes:
        return
    if changes.get("fs_uniquifier", (None, None))[0] not in (None, row.fs_uniquifier):
        # two password resets by the same link at once, or a sign-out everywhere meanwhile: the first one counts
        raise Outdated(_("This account was changed meanwhile. Please sign in and try again."))
    for name, (_old, new) in changes.items():
        setattr(row, name, new)
    action = next((ACTIONS[name] for name in ACTIONS if name in changes), "accounts.security")
    history.record(Actor(account_id=row.id), action, row)


class PasswordUtil(LibraryPasswordUtil):
    """Flask-Security's judgement of a new password, and ours: not one that is tried early."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """Complaints (None: there are none), and the password in Unicode's normal form."""
        complaints, plain = super().validate(password, is_register, **kwargs)
        if complaints or not is_guessable(plain, _names_about(kwargs.get("user"))):
            return complaints, plain
        return [
            _(
                "This password is easy to guess. Please take another one: three or more words that have nothing to do "
                "with one another are long and easy to keep in mind."
            )
        ], plain


def _names_about(account: Account | None) -> list[str]:
    """What somebody who knows the person and the site would try."""
    settings = current_app.config["SETTINGS"]
    names = [settings.body_name, urlsplit(settings.public_url).hostname or ""]
    if account is not None:
        names += [account.email, account.person.name if account.person else ""]
    return names


class OutboxMailUtil(MailUtil):
    """Flask-Security's mail, put into our outbox; and its addresses, spelled as ours."""

    def send_mail(  # noqa: PLR0917 (the library calls it so)
        self,
        template: str,
        subject: str,  # noqa: ARG002
        recipient: str | tuple[str, str],  # noqa: ARG002
        sender: str | tuple[str, str],  # noqa: ARG002
        body: str | None,  # noqa: ARG002
        html: str | None,  # noqa: ARG002
        **kwargs: Any,
    ) -> None:
        """Queue the mail of this kind to the account, in our words (see mails.py): the library hands in no text."""
        with transaction() as writing:
            account = writing.get_one(Account, kwargs["user"].id)
            if template.endswith("/reset_instructions"):
                queue_reset_link(account, kwargs["reset_token"])
            else:
                queue_password_notice(account)

    def normalize(self, email: str) -> str:
        """The one spelling of the address; a complaint for the field where it is none."""
        try:
            return normal_address(email)
        except Refused as refused:
            raise EmailValidateException(refused.message) from refused

    def validate(self, email: str) -> str:
        """As `normalize`: whether mail arrives shows when it is sent, not by asking the DNS."""
        return self.normalize(email)
