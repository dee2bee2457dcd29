"""Sign-in by Flask-Security: its settings, its pages' look, and what happens when somebody signs in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, g, request, url_for
from flask import session as cookie
from flask_login import LoginManager, current_user
from flask_security import RoleMixin, Security
from flask_security.signals import user_authenticated

from coordination.accounts import codes, lasting, sign_in, sign_in_log
from coordination.accounts.datastore import Datastore, OutboxMailUtil, PasswordUtil
from coordination.accounts.forms import (
    CodeForm,
    ForgottenForm,
    LinkForm,
    NewPasswordForm,
    NoRescueForm,
    RecoveryForm,
    ResetForm,
    SignInForm,
    VerifyForm,
)
from coordination.accounts.mails import RESET_TIME
from coordination.accounts.models import Account
from coordination.accounts.texts import MESSAGES, Texts
from core.access import ANONYMOUS, current_actor
from core.database import db
from core.languages import LANGUAGES

#: what the cookie of a session keeps when somebody signs in; all else in it may have been planted before
KEPT = frozenset(
    {
        "_user_id",
        "_fresh",
        "_id",
        "_remember",
        "_remember_seconds",
        "_flashes",
        "fs_cc",
        "fs_paa",
        "identity.name",
        "identity.auth_type",
        "language",
        lasting.USED,
    }
)


class _NoRole(RoleMixin):
    """Flask-Security's own roles are not used: see Assignment."""


def init_app(app: Flask) -> None:
    """Set Flask-Security up: password or a link by mail, German addresses, our pages and words."""
    app.config.update(_settings(app))
    app.config.update({f"SECURITY_MSG_{key}": message for key, message in MESSAGES.items()})
    security = Security(
        app,
        Datastore(db, Account, _NoRole),
        mail_util_cls=OutboxMailUtil,
        password_util_cls=PasswordUtil,
        totp_cls=codes.Codes,
        mf_recovery_codes_util_cls=codes.RecoveryCodes,
        login_form=SignInForm,
        verify_form=VerifyForm,
        forgot_password_form=ForgottenForm,
        reset_password_form=ResetForm,
        change_password_form=NewPasswordForm,
        two_factor_verify_code_form=CodeForm,
        two_factor_rescue_form=NoRescueForm,
        mf_recovery_form=RecoveryForm,
    )
    security.i18n_domain = Texts(app)
    security.want_json(lambda _request: False)
    security.login_context_processor(lambda: {"link_form": LinkForm.empty()})
    manager: LoginManager = app.login_manager  # type: ignore[attr-defined]
    manager.request_loader(lambda _request: None)
    manager.user_loader(_unless_nobody_asks(manager._user_callback))
    app.context_processor(_frame)
    sign_in_log.listen()
    for endpoint, view in sign_in.LIMITED.items():
        app.view_functions[endpoint] = view


def _unless_nobody_asks(load: Callable[[str], Account | None]) -> Callable[[str], Account | None]:
    """The library's way from a session to its account, unused where it is settled already that nobody asks: so an
    error page can be shown while the database is away. A session that is over leads nowhere."""

    def account_of(mark: str) -> Account | None:
        nobody_asks, is_file = g.get("actor") is ANONYMOUS, "." in request.path.rpartition("/")[2]
        return None if nobody_asks or lasting.is_over(mark, cookie, note=not is_file) else load(mark)

    return account_of


def _settings(app: Flask) -> dict[str, Any]:
    settings = app.config["SETTINGS"]
    return {
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
        "SECURITY_PASSWORD_LENGTH_MIN": 12,
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_LOGIN_URL": "/anmelden",
        "SECURITY_LOGOUT_URL": "/abmelden",
        "SECURITY_VERIFY_URL": "/anmelden/bestaetigen",
        "SECURITY_RESET_URL": "/passwort-vergessen",
        "SECURITY_CHANGE_URL": "/passwort-aendern",
        "SECURITY_POST_CHANGE_VIEW": "/konto/",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_RESET_PASSWORD_WITHIN": RESET_TIME,
        # the password or a link must be this young where one changes how one signs in; visiting such pages adds nothing
        "SECURITY_FRESHNESS": timedelta(minutes=30),
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
        "SECURITY_TWO_FACTOR": True,
        # read by the library's own set-up page alone, which is not used; "authenticator" would need a further package
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["none"],
        "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {"code": "coordination.accounts.codes.CodePlugin"},
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/anmelden/code",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/anmelden/ersatzcode",
        "SECURITY_TOTP_SECRETS": codes.keys(settings.secret_key),
        # how apps call the account; a colon would end the name
        "SECURITY_TOTP_ISSUER": f"Augenhöhe {settings.body_name}".replace(":", " "),
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_EMAIL_PLAINTEXT": False,  # mails.py writes them
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_CACHE_CONTROL": {},  # core.web sets it; the library's own would come out as "no-store=True"
        "SECURITY_CLI_USERS_NAME": False,
        "SECURITY_CLI_ROLES_NAME": False,
        "REMEMBER_COOKIE_NAME": "__Host-remember" if settings.secure else "remember",
        "REMEMBER_COOKIE_DURATION": timedelta(seconds=lasting.LONGEST),
        "REMEMBER_COOKIE_SECURE": settings.secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
    }


@user_authenticated.connect
def _begin_session(_app: Flask, user: Account, **_facts: Any) -> None:
    """Start the cookie's session anew, so that nothing planted before (a CSRF token) lives on; and the language."""
    for key in set(cookie) - KEPT:
        cookie.pop(key)
    # the session's own key, in the remembered cookie as well: see sign_in.sign_out
    lasting.begin(user.fs_uniquifier, cookie)
    g.pop("csrf_token", None)
    if user.language in LANGUAGES:
        cookie["language"] = user.language


def _frame() -> dict[str, Any]:
    """What the frame of every page shows of the account, and where its language switch posts to."""
    label = None
    if current_actor().signed_in:
        label = current_user.person.name if current_user.person else current_user.email
    first = current_actor().first
    return {
        "current_account_label": label,
        "language_action": "/sprache",
        "first_to_do": url_for(first) if first else None,
    }
