"""Codes at sign-in, as Flask-Security asks for them: of an authenticator app (TOTP, RFC 6238), or for recovery.

The library makes and encrypts the secret, judges codes, and begins the session after them. What is ours: a code works
once also when it is sent twice at the same moment, recovery codes are kept as hashes, and who has given a password or a
link has some minutes for the code.
"""

import hashlib
import hmac
import time
from datetime import timedelta
from typing import Any

import structlog
from flask import session as cookie
from flask_security.proxies import _security
from flask_security.recovery_codes import MfRecoveryCodesUtil
from flask_security.tf_plugin import tf_clean_session
from flask_security.totp import Totp
from flask_security.twofactor import CodeTfPlugin
from flask_security.utils import check_and_get_token_status, logout_user
from passlib.exc import TokenError
from werkzeug.wrappers import Response

from coordination.accounts import factors
from coordination.accounts.models import Account
from coordination.accounts.rules import is_inside
from core.languages import _
from core.qr_codes import qr_code

log = structlog.get_logger()
#: a code is taken in its half minute, in the one before and in the one after, since clocks differ; in seconds
TOLERANCE = 30
#: so long a code may be given after the password or the link, in seconds
PATIENCE = 10 * 60
#: so long a new secret may be set up in an app
OFFER_TIME = timedelta(minutes=30)
BEGAN = "tf_began"


def keys(secret_key: str) -> dict[str, str]:
    """The key that encrypts what apps and this site share, by its name: both made of the installation's secret key.

    So with a new secret key nothing is read as if it were what it is not: see `Codes.counter_of`.
    """
    key = hmac.new(secret_key.encode(), b"second factor", hashlib.sha256).hexdigest()
    return {"k" + hashlib.sha256(key.encode()).hexdigest()[:12]: key}


class Codes(Totp):
    """The library's codes of authenticator apps, each of which works once."""

    def counter_of(self, code: str, secret: str, after: int | None = None) -> int | None:
        """The half minute (counted from 1970) to which the code belongs.

        None for a wrong one, for one not later than `after`, and where the secret was encrypted by another key.
        """
        if not code.isascii():  # the library compares nothing else
            return None
        try:
            return int(self._totp.verify(code, secret, window=TOLERANCE, last_counter=after).counter)
        except TokenError:
            return None
        except KeyError:
            log.error("sign-in.another-secret-key")
            return None

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:  # noqa: ARG002
        """Whether the code is right and was not used; then it is used up."""
        counter = self.counter_of(token, totp_secret, user.tf_counter)
        return counter is not None and factors.use_code(user.id, counter)

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The picture with which an app learns the secret, by the part that makes all our QR codes."""
        return qr_code(self.get_totp_uri(username, totp), _("QR code for your authenticator app"))


class RecoveryCodes(MfRecoveryCodesUtil):
    """The library's recovery codes, kept as hashes: they are shown once and can be read nowhere afterwards."""

    def check_recovery_code(self, user: Any, code: str) -> bool:
        """Whether the code is one of the account's and was not used; then it is used up."""
        return factors.use_recovery_code(user.id, code)

    def delete_recovery_code(self, user: Any, code: str) -> bool:  # noqa: ARG002
        """Nothing is left to do."""
        return True


class CodePlugin(CodeTfPlugin):
    """The library's step from the password or the link to the code."""

    def tf_login(self, user: Any, json_payload: dict[str, Any], next_loc: str | None) -> Response:
        """Ask for the code; then lead on, within this site."""
        cookie[BEGAN] = int(time.time())
        return super().tf_login(user, json_payload, next_loc if is_inside(next_loc) else None)  # type: ignore[return-value]


def ask(account: Account, *, remember: bool, target: str) -> Response | None:
    """The way to the code, for an account that needs one after its link; nobody is signed in meanwhile."""
    if account.tf_totp_secret is None:
        return None
    logout_user()
    return _security.two_factor_plugins.tf_enter(account, remember, "email", target)  # type: ignore[return-value]


def end_late_sign_in() -> None:
    """Forget whose password or link was given, where that was too long ago."""
    if abs(time.time() - cookie.get(BEGAN, 0)) > PATIENCE:
        tf_clean_session()  # type: ignore[no-untyped-call]


def offer(account: Account) -> str:
    """A new secret for the account's app, encrypted and signed: the form brings it back with the first code."""
    return str(_security.tf_setup_serializer.dumps([account.id, _security.totp_factory.generate_totp_secret()]))


def accepted(text: str, account: Account) -> str | None:
    """The secret that was offered to this account, still encrypted; None for anything else and after half an hour."""
    expired, invalid, found = check_and_get_token_status(text, "tf_setup", OFFER_TIME)
    if expired or invalid or not isinstance(found, list) or found[:1] != [account.id]:
        return None
    return str(found[1])
