"""Pages about personal data: /konto/daten/ for one's own; on the pages of persons and accounts for the administration.

People take their data along and have them erased without asking anybody. The administration does the same for those
who have no account.
"""

from flask import Blueprint, redirect, render_template, url_for
from flask_security import logout_user
from werkzeug.wrappers import Response

from coordination.accounts import erasing
from coordination.accounts.documents import personal_data
from coordination.accounts.forms import EraseForm
from core import personal, submissions
from core.access import current_actor, demands
from core.languages import _
from core.personal import Subject
from core.retention import PERIOD_LABELS, Retention
from core.web import flash_done, limiter

blueprint = Blueprint("own_data", __name__)
#: a document takes the machine some seconds
LIMIT = limiter.shared_limit(
    "20 per hour", scope="personal-data", key_func=lambda: str(current_actor().account_id), methods=["POST"]
)


@blueprint.get("/konto/daten/")
@demands("signed-in")
def show() -> str:
    """What is kept of me, what for and how long; and what I can do about it."""
    return render_template("coordination/accounts/own_data.html", found=personal.count(_own()), periods=PERIOD_LABELS)


@blueprint.post("/konto/daten/herunterladen")
@LIMIT
@submissions.answers_again
@demands("signed-in")
def download() -> Response:
    """All that is kept of me, as one file."""
    return _give_out(_own())


@blueprint.route("/konto/daten/loeschen", methods=["GET", "POST"])
@demands("signed-in")
def erase_own() -> str | Response:
    """Say what will happen, then erase me and sign me out."""
    form, subject = EraseForm(), _own()
    if form.try_to(lambda: erasing.erase(current_actor(), subject)):
        logout_user()
        flash_done(_("Your data were deleted. Thank you for having taken part."))
        return redirect("/")
    return _erase_page(form, subject, whose="", back=url_for(".show"))


@blueprint.post("/personen/<int:person_id>/daten")
@LIMIT
@submissions.answers_again
@demands("accounts.manage")
def download_of(person_id: int) -> Response:
    """All that is kept of a person, for somebody who has no account."""
    return _give_out(erasing.subject_of(person_id=person_id))


@blueprint.route("/personen/<int:person_id>/loeschen", methods=["GET", "POST"])
@demands("accounts.manage")
def erase_person(person_id: int) -> str | Response:
    """Erase a person who asked for it."""
    form, subject = EraseForm(), erasing.subject_of(person_id=person_id)
    name = erasing.name_of(subject)
    if form.try_to(lambda: erasing.erase(current_actor(), subject)):
        flash_done(_("The person was erased."))
        return redirect(url_for("people.index"))
    return _erase_page(form, subject, whose=name, back=url_for("people.show", person_id=person_id))


@blueprint.route("/verwaltung/konten/<int:account_id>/loeschen", methods=["GET", "POST"])
@demands("accounts.manage")
def erase_account(account_id: int) -> str | Response:
    """Erase an account, with its person."""
    form, subject = EraseForm(), erasing.subject_of(account_id=account_id)
    name = erasing.name_of(subject)
    if form.try_to(lambda: erasing.erase(current_actor(), subject)):
        flash_done(_("The account was erased."))
        return redirect(url_for("administration.index"))
    return _erase_page(form, subject, whose=name, back=url_for("administration.show", account_id=account_id))


def _own() -> Subject:
    return erasing.subject_of(account_id=current_actor().account_id)


def _give_out(subject: Subject) -> Response:
    submissions.once(lambda: erasing.note_export(current_actor(), subject))
    return personal_data(erasing.name_of(subject), personal.export(subject))


def _erase_page(form: EraseForm, subject: Subject, *, whose: str, back: str) -> str:
    """The page that says what goes and what stays. `whose` is empty for one's own data."""
    found = personal.count(subject)
    return render_template(
        "coordination/accounts/erase.html",
        form=form,
        whose=whose,
        back=back,
        going=[kept.entry.holds for kept in found if kept.entry.retention is not Retention.RECORDS],
        staying=[kept.entry.holds for kept in found if kept.entry.retention is Retention.RECORDS],
    )
