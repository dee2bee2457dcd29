"""Pages of the administration: /verwaltung/."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.accounts import factors, operations, queries
from coordination.accounts.forms import ConfirmForm, DutyForm, EndForm, InviteForm, PersonForm
from coordination.accounts.models import Account
from coordination.accounts.rules import ROLE_LABELS, holds_on
from coordination.accounts.sign_in import fresh
from coordination.accounts.words import say_action, say_object
from core import reads
from core.access import current_actor, demands
from core.clock import to_local, today
from core.forms import choices
from core.history import HistoryLine
from core.languages import _
from core.web import asked_for, flash_done, paginate

blueprint = Blueprint("administration", __name__)


@blueprint.get("/")
@demands("accounts.manage")
def index() -> str:
    """All accounts, with what they may and whose they are."""
    page = paginate(queries.search(asked_for()))
    reads.note(current_actor(), "read.accounts", Account)
    return render_template(
        "coordination/accounts/index.html", page=page, q=asked_for(), labels=ROLE_LABELS, held=_held_today
    )


@blueprint.route("/einladen", methods=["GET", "POST"])
@demands("accounts.manage")
def invite() -> str | Response:
    """Enter an account and send its owner a mail."""
    form = InviteForm()
    form.organization.choices = choices([("", _("none")), *queries.list_organizations()])
    form.person.choices = choices([("", _("nobody entered yet")), *queries.list_people_without_account()])

    def enter() -> None:
        operations.create_account(
            current_actor(), form.email.data, person_id=form.person.data, duty=form.duty(), invite=True
        )

    if form.try_to(enter):
        flash_done(_("%(email)s was invited; the mail is on its way.", email=form.email.data))
        return redirect(url_for(".index"))
    return render_template("coordination/accounts/invite.html", form=form)


@blueprint.get("/konten/<int:account_id>")
@demands("accounts.manage")
def show(account_id: int) -> str:
    """One account: its roles, its person, and whether it may sign in."""
    account = queries.get_account(account_id)
    reads.note(current_actor(), "read.accounts", account)
    return render_template(
        "coordination/accounts/show.html",
        account=account,
        labels=ROLE_LABELS,
        held=_held_today,
    )


@blueprint.route("/konten/<int:account_id>/rolle", methods=["GET", "POST"])
@demands("accounts.manage")
def assign(account_id: int) -> str | Response:
    """Give the account a role."""
    account = queries.get_account(account_id)
    form = DutyForm()
    form.organization.choices = choices([("", _("none")), *queries.list_organizations()])
    if form.try_to(lambda: operations.assign(current_actor(), account_id, form.duty())):
        flash_done(_("The role was given."))
        return redirect(url_for(".show", account_id=account_id))
    return render_template("coordination/accounts/assign.html", form=form, account=account)


@blueprint.route("/konten/<int:account_id>/rolle/<int:assignment_id>/beenden", methods=["GET", "POST"])
@demands("accounts.manage")
def end(account_id: int, assignment_id: int) -> str | Response:
    """End a role, at once or on a day to come."""
    row = queries.get_assignment(account_id, assignment_id)
    form = EndForm(obj=row)

    def end_it() -> None:
        operations.end_assignment(current_actor(), account_id, assignment_id, last_day=form.ends_on.data)

    if form.try_to(end_it):
        flash_done(_("The role has ended.") if form.ends_on.data is None else _("The last day of the role was set."))
        return redirect(url_for(".show", account_id=account_id))
    return render_template("coordination/accounts/end.html", form=form, assignment=row, labels=ROLE_LABELS)


@blueprint.route("/konten/<int:account_id>/person", methods=["GET", "POST"])
@demands("accounts.manage")
def person(account_id: int) -> str | Response:
    """Say who signs in with the account."""
    account = queries.get_account(account_id)
    form = PersonForm(data={"person": account.person_id})
    people = queries.list_people_without_account(besides=account.person_id)
    form.person.choices = choices([("", _("nobody entered yet")), *people])
    if form.try_to(lambda: operations.link_person(current_actor(), account_id, form.person.data)):
        flash_done(_("The person was saved."))
        return redirect(url_for(".show", account_id=account_id))
    return render_template("coordination/accounts/person.html", form=form, account=account)


@blueprint.post("/konten/<int:account_id>/aktiv")
@demands("accounts.manage")
def activate(account_id: int) -> Response:
    """Deactivate the account, which signs it out everywhere, or activate it again."""
    if request.form.get("active") == "1":
        account = operations.activate_account(current_actor(), account_id)
        flash_done(_("%(email)s may sign in again.", email=account.email))
    else:
        account = operations.deactivate_account(current_actor(), account_id)
        flash_done(_("%(email)s was deactivated and signed out everywhere.", email=account.email))
    return redirect(url_for(".show", account_id=account_id))


@blueprint.route("/konten/<int:account_id>/zweiter-faktor", methods=["GET", "POST"])
@demands("accounts.manage")
@fresh
def take_off_factor(account_id: int) -> str | Response:
    """Take the second factor off somebody who has lost phone and recovery codes."""
    account, form = queries.get_account(account_id), ConfirmForm()
    if form.try_to(lambda: factors.take_off(current_actor(), account_id)):
        flash_done(_("The second factor was taken off, and %(email)s is told by mail.", email=account.email))
        return redirect(url_for(".show", account_id=account_id))
    return render_template("coordination/accounts/take_off_factor.html", form=form, account=account)


@blueprint.get("/verlauf")
@demands("accounts.manage")
def history() -> str:
    """Who did what, newest first; or who read which list of people."""
    of_reads = request.args.get("gelesen") == "1"
    page = paginate(queries.history_lines(reads=of_reads), per_page=200)
    reads.note(current_actor(), "read.history", HistoryLine)
    return render_template(
        "coordination/accounts/history.html",
        page=page,
        of_reads=of_reads,
        addresses=queries.addresses_of(line.actor_account for line in page.rows),
        say_action=say_action,
        say_object=say_object,
        to_local=to_local,
    )


def _held_today(assignment: object) -> bool:
    return holds_on(today(), assignment.starts_on, assignment.ends_on)  # type: ignore[attr-defined]
