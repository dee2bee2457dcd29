"""The second factor of an account: turning it on and off, and using codes up.

The secret that an authenticator app and this site share, its encryption and the judgement of a code are the
library's (see codes.py).
"""

from collections.abc import Callable

from flask_security import hash_password, verify_password
from flask_security.proxies import _security

from coordination.accounts.mails import FactorNews, queue_factor_news
from coordination.accounts.models import Account
from coordination.accounts.operations import locked, new_uniquifier
from coordination.accounts.queries import get_account, is_factor_demanded
from coordination.accounts.rules import RECOVERY_SIGNS, plain_digits, plain_recovery_code, recovery_codes
from coordination.accounts.sign_in_log import failed
from core import history
from core.access import Actor
from core.clock import now
from core.database import transaction
from core.errors import Refused
from core.languages import _


def turn_on(actor: Actor, *, secret: str, code: str, proof: str, make_secret: Callable[[], str]) -> Account:
    """From now on the actor signs in with a code of the app that knows `secret`; on already, this app takes its place.

    For the latter `proof` is a code of the app so far, or a recovery code, and used up.
    All their sessions end, since those opened before needed no code of this app.
    `make_secret` gives what the recovery codes are made of; those before end. Refused for a code that does not fit.
    """
    with transaction():
        row = locked(actor.account_id or 0)
        counter = _security.totp_factory.counter_of(code, secret)  # type: ignore[attr-defined] # ours: see codes.py
        if counter is None:
            raise Refused(_("This code does not fit. Please enter the one that the app shows now."), "code")
        if row.second_factor_since is not None:
            _prove(row, proof)
        row.tf_totp_secret, row.tf_counter, row.second_factor_since = secret, counter, now()
        row.mf_recovery_codes = _hashes(make_secret())
        row.fs_uniquifier = new_uniquifier()
        history.record(actor, "accounts.second_factor_on", row)
        queue_factor_news(row, FactorNews.ON)
    return row


def renew_codes(actor: Actor, *, proof: str, make_secret: Callable[[], str]) -> Account:
    """New recovery codes for the actor; those before end. Refused without a second factor; `proof` as for `turn_on`."""
    with transaction():
        row = locked(actor.account_id or 0)
        if row.second_factor_since is None:
            raise Refused(_("There is no second factor."))
        _prove(row, proof)
        row.mf_recovery_codes = _hashes(make_secret())
        history.record(actor, "accounts.recovery_codes", row)
        queue_factor_news(row, FactorNews.CODES)
    return row


def turn_off(actor: Actor, *, proof: str) -> Account:
    """The actor signs in without a code again; all their sessions end. Twice is as once. `proof`: as for `turn_on`.

    Refused where the settings tell the actor to have a second factor.
    """
    if is_factor_demanded(actor):
        raise Refused(_("Here, whoever administers signs in with a second factor. You can set up another app."))
    with transaction():
        row = locked(actor.account_id or 0)
        if row.second_factor_since is not None:
            _prove(row, proof)
        _take_away(actor, row, FactorNews.OFF)
    return row


def take_off(actor: Actor, account_id: int) -> Account:
    """Take the second factor off somebody who lost it, and tell them by mail; their sessions end. Twice is as once.

    Refused for one's own account: whoever sits at another's computer must not get rid of it this way.
    """
    if actor.account_id == account_id:
        raise Refused(_("You turn off your own second factor under “My account”."))
    with transaction():
        row = locked(account_id)
        _take_away(actor, row, FactorNews.TAKEN_OFF)
    return row


def use_code(account_id: int, counter: int) -> bool:
    """Use up the code of this half minute and all before it; False where that was done, or the factor taken off."""
    with transaction():
        row = locked(account_id)
        unused = row.tf_totp_secret is not None and (row.tf_counter or 0) < counter
        if unused:
            row.tf_counter = counter
    return unused


def use_recovery_code(account_id: int, text: str) -> bool:
    """Use up a recovery code of the account; False where it is none, or was used before."""
    kept = get_account(account_id).mf_recovery_codes or []
    code = plain_recovery_code(text)
    if len(code) != RECOVERY_SIGNS:
        return False
    found = next((one for one in kept if verify_password(code, one)), None)
    if found is None:
        return False
    with transaction():
        row = locked(account_id)
        left = [one for one in row.mf_recovery_codes or [] if one != found]
        unused = len(left) < len(row.mf_recovery_codes or [])
        if unused:
            row.mf_recovery_codes = left
            history.record(Actor(account_id=account_id), "accounts.recovery_code", row)
            queue_factor_news(row, FactorNews.CODE_USED)
    return unused


def tell_stopped(account_id: int) -> None:
    """Tell the owner by mail that somebody gave too many wrong codes."""
    with transaction():
        queue_factor_news(locked(account_id), FactorNews.STOPPED)


def are_valid(account: Account, made: list[str]) -> bool:
    """Whether these recovery codes are the account's latest, though some may be used; False when none is left."""
    kept = account.mf_recovery_codes or []
    return bool(kept) and any(verify_password(plain_recovery_code(code), kept[-1]) for code in reversed(made))


def _hashes(secret: str) -> list[str]:
    return [str(hash_password(plain_recovery_code(code))) for code in recovery_codes(secret)]


def _prove(row: Account, text: str) -> None:
    """Use up the code of the app or the recovery code in the text. Refused, and counted, for anything else."""
    factory, digits = _security.totp_factory, plain_digits(text).strip()
    counter = factory.counter_of(digits, row.tf_totp_secret, row.tf_counter)  # type: ignore[attr-defined] # codes.py
    used = use_recovery_code(row.id, text) if counter is None else use_code(row.id, counter)
    if not used:
        failed("code again", row.id)
        raise Refused(
            _(
                "This code does not fit. Please wait for the next one if you have used this one already, "
                "or enter a recovery code."
            ),
            "proof",
        )


def _take_away(actor: Actor, row: Account, news: FactorNews) -> None:
    if row.second_factor_since is not None:
        row.tf_totp_secret = row.tf_counter = row.mf_recovery_codes = row.second_factor_since = None
        row.fs_uniquifier = new_uniquifier()
        history.record(actor, "accounts.second_factor_off", row)
        queue_factor_news(row, news)
