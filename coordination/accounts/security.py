"""Sign-in by Flask-Security: its settings and its datastore, routed through our one commit."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_security import RoleMixin, Security, SQLAlchemyUserDatastore
from sqlalchemy import inspect

from coordination.accounts.models import Account
from core import history
from core.access import Actor
from core.database import db, session, transaction


class _NoRole(RoleMixin):
    """Flask-Security's own roles are not used: see Assignment."""


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security's datastore; what it wants to commit goes through `transaction()` and into the history."""

    def commit(self) -> None:
        """Take the pending changes over into a write transaction (the session so far was a reading one)."""
        current = session()
        pending = [(row, _changed(row)) for row in (*current.new, *current.dirty)]
        if not pending:
            return
        with transaction() as writing:
            for row, values in pending:
                for name, value in values.items():
                    setattr(row, name, value)
                writing.add(row)
                history.record(Actor(account_id=row.id), "accounts.security", row)


def _changed(row: Any) -> dict[str, Any]:
    return {
        column.key: getattr(row, column.key)
        for column in inspect(row).mapper.column_attrs
        if inspect(row).attrs[column.key].history.has_changes()
    }


def init_app(app: Flask) -> None:
    """Set Flask-Security up: password or a link by mail, German addresses, our pages."""
    settings = app.config["SETTINGS"]
    app.config.update(
        SECURITY_PASSWORD_SALT=settings.secret_key,
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_LOGIN_URL="/anmelden",
        SECURITY_LOGOUT_URL="/abmelden",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_FRESHNESS=timedelta(hours=12),
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/",
    )
    app.extensions["datastore"] = Datastore(db, Account, _NoRole)
    Security(app, app.extensions["datastore"])
