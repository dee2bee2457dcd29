"""Pages of the own account: /konto/, and the language of the pages: /sprache."""

from flask import Blueprint, redirect, render_template, request
from flask import session as cookie
from flask_security import current_user
from werkzeug.wrappers import Response

from coordination.accounts import operations
from coordination.accounts.rules import ADVISED, ROLE_LABELS, holds_on, is_inside
from coordination.accounts.sign_in import stay_signed_in
from core.access import current_actor, demands, public
from core.clock import today
from core.errors import Refused
from core.languages import LANGUAGES, _, languages
from core.web import flash_done

blueprint = Blueprint("account", __name__)


@blueprint.get("/konto/")
@demands("signed-in")
def show() -> str:
    """My account: how I sign in, my roles, my language, and what the rooms above keep for me."""
    account = current_user._get_current_object()
    roles = [row for row in account.assignments if holds_on(today(), row.starts_on, row.ends_on)]
    return render_template(
        "coordination/accounts/account.html",
        account=account,
        roles=roles,
        labels=ROLE_LABELS,
        languages=LANGUAGES,
        advised=account.second_factor_since is None and any(row.role in ADVISED for row in roles),
    )


@blueprint.post("/konto/ueberall-abmelden")
@demands("signed-in")
def sign_out_everywhere() -> Response:
    """End all other sessions; this one stays, no fresher than it was."""
    actor = current_actor()
    operations.end_sessions(actor, actor.account_id or 0)
    stay_signed_in(actor.account_id or 0)
    flash_done(_("You are signed out on all other devices."))
    return redirect("/konto/")


@blueprint.post("/sprache")
@public
def language() -> Response:
    """Choose the language of the pages; signed in, it is kept with the account. Empty: the browser's."""
    wanted = request.form.get("language") or None
    if wanted is not None and wanted not in languages():
        raise Refused(_("The pages do not exist in this language."))
    if wanted is None or wanted in LANGUAGES:  # the pseudo language is looked at, and never kept
        operations.set_language(current_actor(), wanted)
    if wanted is None:
        cookie.pop("language", None)
    else:
        cookie["language"] = wanted
    target = request.form.get("next")
    return redirect(target if target and is_inside(target) else "/")
