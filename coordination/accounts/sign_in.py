"""Sign-in by a link from a mail: /anmelden/link; and the limits on all ways to sign in.

Token, its signature and its age are Flask-Security's, as is the session. What is ours: opening the link only shows
a button (mail scanners open links), a link works once, and the answer never tells whether there is an account.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_security import auth_required, current_user, hash_password, login_user
from flask_security.proxies import _security
from flask_security.recovery_codes import mf_recovery
from flask_security.utils import check_and_get_token_status
from flask_security.views import (
    change_password,
    forgot_password,
    login,
    logout,
    reset_password,
    two_factor_token_validation,
    verify,
)
from limits import parse
from werkzeug.wrappers import Response

from coordination.accounts import codes, factors, operations, queries
from coordination.accounts.addresses import normal_address
from coordination.accounts.forms import EnterForm, LinkForm, SignInForm
from coordination.accounts.mails import LINK_TIME
from coordination.accounts.models import Account
from coordination.accounts.rules import is_inside
from coordination.accounts.sign_in_log import failed, has_failed, stopped
from core import submissions
from core.access import public
from core.errors import NotFound, NotSaved, Refused
from core.languages import _
from core.web import flash_done, limiter

blueprint = Blueprint("sign_in", __name__)
#: so long the button of a link signs in again: a double click, or another try where the first answer was lost
AGAIN = timedelta(minutes=1)


def _address() -> str:
    """Whom a request is about: counted apart from where it comes from, whether there is an account or not."""
    text = request.form.get("link-email") or request.form.get("email") or ""
    try:
        return normal_address(text)
    except Refused:
        return "no address"


by_network = limiter.shared_limit(
    "20 per minute; 200 per hour", scope="sign-in", methods=["POST"], on_breach=lambda _limit: stopped("network")
)
by_address = limiter.limit(
    "10 per 15 minutes", key_func=_address, methods=["POST"], on_breach=lambda _limit: stopped("address")
)


def _whose_factor() -> Account | None:
    """Whose code a request brings: who is signed in, or whose password or link was given."""
    if current_user.is_authenticated:
        return current_user._get_current_object()  # type: ignore[no-any-return]
    return queries.find_by_uniquifier(str(cookie.get("tf_user_id")))


def _stop_codes(_limit: object) -> None:
    """Log it, and tell the owner once a day."""
    stopped("account")
    account = _whose_factor()
    if account is not None and limiter.limiter.hit(parse("1 per day"), "codes-stopped", str(account.id)):
        g.pop("submission", None)  # the form itself has done nothing
        factors.tell_stopped(account.id)


def _limit_codes(limits: str, scope: str) -> Any:
    """Wrong codes are counted by the account's number, which no new password changes; right ones are not."""
    return limiter.shared_limit(
        limits,
        scope=scope,
        key_func=lambda: str(getattr(_whose_factor(), "id", "nobody")),
        methods=["POST"],
        deduct_when=has_failed,
        on_breach=_stop_codes,
    )


by_account = _limit_codes("10 per 15 minutes; 50 per day", "code")
#: 48 bits are not guessed: so whoever knows the password alone keeps the owner out for minutes
by_recovery = _limit_codes("10 per 15 minutes", "recovery code")
by_proof = _limit_codes("10 per 15 minutes; 50 per day", "code again")
#: around a view that changes how somebody signs in: the password or a link must be young, else it is asked for again
fresh = auth_required("session", within=lambda: current_app.config["SECURITY_FRESHNESS"])


def stay_signed_in(account_id: int) -> None:
    """After all sessions of the account were ended: this one goes on, no fresher than it was, its forms still good."""
    remembered = current_app.config["REMEMBER_COOKIE_NAME"] in request.cookies
    kept = {"fs_paa": 0, **{name: cookie[name] for name in ("fs_paa", "csrf_token") if name in cookie}}
    login_user(queries.get_account(account_id), remember=remembered, authn_via=["session"])
    cookie.update(kept)


def give_password() -> Response | str:
    """The library's view for a new password; who chooses one is no fresher afterwards."""
    signed_in_at = cookie.get("fs_paa", 0)
    answer = change_password()
    if cookie.get("fs_paa", 0) != signed_in_at:
        cookie["fs_paa"] = signed_in_at
    return answer  # type: ignore[no-any-return]


def forget_password() -> Response | str:
    """The library's view, whose answer to a form is a redirect: reloaded, it sends no second mail."""
    page = forgot_password()
    if request.method != "POST":
        return page  # type: ignore[no-any-return]
    submissions.use_up()
    return redirect(url_for("security.forgot_password"))


def sign_out() -> Response:
    """The library's view, which deletes the cookies; a copy of them, wherever it lies, ends with them."""
    _uniquifier, dot, key = str(cookie.get("_user_id", "")).partition(".")
    if dot:
        operations.end_session(key)
    return logout()  # type: ignore[return-value]


def _leads_out() -> bool:
    """Whether the library would lead on to somewhere that need not be within the site."""
    return not all(map(is_inside, request.values.getlist("next")))


def give_code() -> Response | str:
    """The library's view for the code of an app; who is signed in already needs none."""
    if current_user.is_authenticated:
        return redirect(url_for("account.show"))
    if _leads_out():
        return redirect(request.path)
    codes.end_late_sign_in()
    return two_factor_token_validation()  # type: ignore[no-any-return]


def give_recovery_code() -> Response | str:
    """The library's view for a recovery code."""
    if _leads_out():
        return redirect(request.path)
    codes.end_late_sign_in()
    return mf_recovery()  # type: ignore[no-any-return]


def not_used(**_arguments: str) -> Response:
    """A page of the library in whose place we have our own, or none."""
    raise NotFound


#: Flask-Security's views with what we add, limits mostly, by endpoint; made once, since each decoration counts
LIMITED = {
    "security.logout": sign_out,
    "security.login": by_network(by_address(login)),
    "security.forgot_password": by_network(by_address(forget_password)),
    "security.reset_password": by_network(reset_password),
    "security.change_password": by_network(give_password),
    "security.verify": by_network(verify),
    "security.two_factor_token_validation": by_network(by_account(give_code)),
    "security.mf_recovery": by_network(by_recovery(give_recovery_code)),
    "security.two_factor_setup": not_used,
    "security.two_factor_setup_validate": not_used,
    "security.two_factor_rescue": not_used,
    "security.tf_select": not_used,
    "security.mf_recovery_codes": not_used,
}


@blueprint.post("/link")
@by_network
@by_address
@public
def request_link() -> str | Response:
    """Send a link, if there is an account; the answer is the same if there is none."""
    form = LinkForm()
    if form.try_to(lambda: send_link_to(normal_address(form.email.data), form.next.data or "")):
        submissions.use_up()
        return redirect(url_for(".sent"))
    return render_template("security/login_user.html", link_form=form, login_user_form=SignInForm(formdata=None))


@blueprint.get("/link")
@public
def sent() -> str:
    """Says that a mail is on its way."""
    return render_template("coordination/accounts/link_sent.html", minutes=int(LINK_TIME.total_seconds() // 60))


@blueprint.get("/link/<string:token>")
@public
def open_link(token: str) -> str | Response:
    """The page that the mail leads to: one button. Nothing happens by opening it."""
    account, _number = find_by_token(token)
    if account is None:
        return _no_longer()
    return render_template(
        "coordination/accounts/open_link.html", account=account, form=EnterForm(), target=request.args.get("next", "")
    )


@blueprint.post("/link/<string:token>")
@by_network
@submissions.answers_again
@public
def enter(token: str) -> Response:
    """Sign in, and use the link up. A double click does both once, whichever of its answers the browser takes."""
    form = EnterForm()
    account, number = find_by_token(token, again=submissions.sent_before(within=AGAIN))
    if account is None or not form.validate_on_submit():
        failed("link", account.id if account else None)
        return _no_longer()
    account_id = account.id
    try:
        submissions.once(lambda: operations.use_link(account_id, number))
    except NotSaved:
        raise
    except Refused:
        failed("link", account_id)
        return _no_longer()
    account = queries.get_account(account_id)
    wanted = request.args.get("next")
    target = wanted if wanted and is_inside(wanted) else "/"
    if to_code := codes.ask(account, remember=bool(form.remember.data), target=target):
        return to_code
    login_user(account, remember=bool(form.remember.data), authn_via=["email"])
    flash_done(_("You are signed in."))
    return redirect(target)


def send_link_to(address: str, target: str) -> None:
    """Queue a link to the active account with this address, leading on to `target` where that lies within the site."""
    account = queries.find_account(address)
    if account is None or not account.active:
        hash_password(address)  # takes about as long as writing a mail
        return
    operations.send_link(account, token_for(account), target if is_inside(target) else "")


def token_for(account: Account) -> str:
    """A signed token that names the account and how many links it has used, so that it works once."""
    return str(_security.login_serializer.dumps([account.fs_uniquifier, account.links_used]))


def find_by_token(token: str, *, again: bool = False) -> tuple[Account | None, int]:
    """The account of a token that is signed by us, young enough, not used and not overtaken; else (None, 0).

    `again`: the form asking has used it itself, so it is the last one used.
    """
    expired, invalid, data = check_and_get_token_status(token, "login", LINK_TIME)
    if expired or invalid or not isinstance(data, list) or len(data) != 2:
        return None, 0
    account = queries.find_by_uniquifier(str(data[0]))
    if account is None or not account.active or account.links_used != data[1] + again:
        return None, 0
    return account, data[1]


def _no_longer() -> Response:
    flash(_("This link is no longer valid. Please ask for a new one."), "error")
    return redirect(url_for("account.show" if current_user.is_authenticated else "security.login"))
