"""Pages of the second factor: /konto/zweiter-faktor/ for one's own account."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_security import current_user
from flask_security.proxies import _security
from werkzeug.wrappers import Response

from coordination.accounts import codes, factors, queries
from coordination.accounts.forms import ProofForm, SetUpForm
from coordination.accounts.models import Account
from coordination.accounts.rules import recovery_codes
from coordination.accounts.sign_in import by_network, by_proof, fresh, stay_signed_in
from core import submissions
from core.access import current_actor, demands
from core.clock import to_local
from core.errors import Refused
from core.languages import _
from core.web import flash_done

blueprint = Blueprint("second_factor", __name__)


@blueprint.get("/")
@demands("signed-in")
def show() -> str:
    """Whether I have a second factor, and what I can do about it."""
    account = _own()
    since = account.second_factor_since
    return render_template(
        "coordination/accounts/second_factor.html",
        since=to_local(since).date() if since else None,
        codes_left=len(account.mf_recovery_codes or []),
        demanded=queries.is_factor_demanded(current_actor()),
    )


@blueprint.route("/einrichten", methods=["GET", "POST"])
@by_network
@by_proof
@submissions.answers_again
@demands("signed-in")
@fresh
def set_up() -> str | Response:
    """Tell an app a new secret, and take its first code; the recovery codes are on the answer to this form alone."""
    account, form = _own(), SetUpForm()
    secret = codes.accepted(form.offer.data or "", account)

    def turn_on() -> None:
        if secret is None:
            raise Refused(_("The picture was too old. Please scan the new one."), "code")
        factors.turn_on(
            current_actor(), secret=secret, code=form.code.data, proof=form.shown, make_secret=submissions.secret
        )

    if form.try_to(lambda: submissions.once(turn_on)):
        stay_signed_in(current_actor().account_id or 0)
        return _codes_shown_once(turned_on=True)
    if secret is None:
        form.offer.data = codes.offer(account)
        secret = codes.accepted(form.offer.data, account) or ""
    known = _security.totp_factory.fetch_setup_values(secret, account)
    return render_template(
        "coordination/accounts/set_up_factor.html",
        form=form,
        code=known["image"],
        key=known["key"],
        address=known["uri"],
        account=account,
        demanded=bool(current_actor().first),
    )


@blueprint.route("/codes", methods=["GET", "POST"])
@by_network
@by_proof
@submissions.answers_again
@demands("signed-in")
@fresh
def renew() -> str | Response:
    """New recovery codes, when few are left or somebody may have seen them."""
    form = ProofForm()
    if form.try_to(
        lambda: submissions.once(
            lambda: factors.renew_codes(current_actor(), proof=form.shown, make_secret=submissions.secret)
        )
    ):
        return _codes_shown_once(turned_on=False)
    return render_template("coordination/accounts/renew_codes.html", form=form)


@blueprint.route("/ausschalten", methods=["GET", "POST"])
@by_network
@by_proof
@submissions.answers_again
@demands("signed-in")
@fresh
def turn_off() -> str | Response:
    """Sign in without a code again."""
    form = ProofForm()
    if form.try_to(lambda: submissions.once(lambda: factors.turn_off(current_actor(), proof=form.shown))):
        stay_signed_in(current_actor().account_id or 0)
        flash_done(_("The second factor is off. You are signed out on all other devices."))
        return redirect(url_for("account.show"))
    return render_template("coordination/accounts/turn_off_factor.html", form=form)


def _own() -> Account:
    return current_user._get_current_object()  # type: ignore[no-any-return]


def _codes_shown_once(*, turned_on: bool) -> str | Response:
    """The codes that this form made; sent again after they were replaced, it says so."""
    made = recovery_codes(submissions.secret())
    if not factors.are_valid(_own(), made):
        flash(_("These recovery codes are no longer valid."), "error")
        return redirect(url_for(".show"))
    return render_template("coordination/accounts/recovery_codes.html", codes=made, turned_on=turned_on)
