"""What is logged of signing in: that it was done, failed or was stopped, in which way and with which account.

The account is its number and nothing else: no address that was typed, no password, and not where it came from. So the
line of an attempt at an account that there is not says only that. When, and which request it was, the log adds.
"""

from typing import Any

import structlog
from flask import Flask, g
from flask_login import user_logged_out
from flask_security.signals import password_changed, password_reset, user_authenticated

log = structlog.get_logger()


def listen() -> None:
    """Log what the library tells: called once for each application, heard once."""
    user_authenticated.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    password_changed.connect(_new_password)
    password_reset.connect(_new_password)


def failed(way: str, account_id: int | None) -> None:
    """Somebody did not get in this way; `account_id` None: there is no such account. See `has_failed` too."""
    g.sign_in_failed = True
    log.warning("sign-in.failed", way=way, account=account_id)


def has_failed(_response: object = None) -> bool:
    """Whether this request failed to sign in, or to show a code: what some limits count."""
    return bool(g.get("sign_in_failed"))


def stopped(counted_by: str) -> None:
    """Somebody tried too often, counted by the network, the address that they typed or the account, and has to wait."""
    log.warning("sign-in.stopped", counted_by=counted_by)


def _signed_in(_app: Flask, user: Any, authn_via: list[str] | None = None, **_facts: Any) -> None:
    # after a code the library names no way
    log.info("sign-in.done", way=" ".join(authn_via or ["code"]), account=user.id)


def _signed_out(_app: Flask, user: Any = None, **_facts: Any) -> None:
    log.info("sign-in.ended", account=getattr(user, "id", None))


def _new_password(_app: Flask, user: Any, **_facts: Any) -> None:
    log.info("sign-in.new-password", account=user.id)
