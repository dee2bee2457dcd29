"""Pages of a workspace: what is asked of the municipality, the agreement, and how it went."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from coordination.cooperation.rules import CONTRIBUTION_LABELS, ContributionKind
from coordination.organizations import queries as organizations
from coordination.organizations.rules import Kind
from coordination.planning import agreements, policies, queries, requests, reviews, words
from coordination.planning.documents import agreement_pdf
from coordination.planning.forms import AgreementForm, RequestAnswerForm, RequestForm, ReviewForm
from coordination.planning.models import Request
from coordination.planning.rules import Answer
from coordination.planning.views import form_page
from core.access import current_actor, demands, ensure
from core.errors import NotFound
from core.forms import choices
from core.languages import _
from core.panels import panels
from core.web import flash_done, number_of

blueprint = Blueprint("planning_terms", __name__)


@blueprint.route("/<int:cooperation_id>/bitten/neu", methods=["GET", "POST"])
@demands("planning.work")
def ask(cooperation_id: int) -> str | Response:
    """An organization asks the municipality for something."""
    row, form = policies.get_workable(current_actor(), cooperation_id), RequestForm()
    partners = queries.partners_of(current_actor(), cooperation_id, Answer.ACCEPTED)
    ensure(bool(partners))

    def save() -> None:
        requests.ask(
            current_actor(),
            cooperation_id,
            organization_id=partners[0].id,
            kind=form.kind.data,
            wish=form.wish.data or "",
        )

    if form.try_to(save):
        flash_done(_("The municipality was asked. You get a mail when it has answered."))
        return _back(cooperation_id, "bitten")
    return form_page(form, row, _("Ask the municipality for something"), submit=_("Ask"))


@blueprint.route("/<int:cooperation_id>/bitten/<int:request_id>", methods=["GET", "POST"])
@demands("planning.work")
def answer_request(cooperation_id: int, request_id: int) -> str | Response:
    """The municipality answers."""
    row = policies.get_workable(current_actor(), cooperation_id)
    ensure(policies.is_staff(current_actor()))
    asked = queries.get_part(Request, cooperation_id, request_id)
    form = RequestAnswerForm(data={"version": asked.version})
    departments = organizations.list_choices(Kind.DEPARTMENT)
    form.department_id.choices = choices([("", _("Not known")), *departments])

    def save() -> None:
        requests.answer_request(
            current_actor(),
            request_id,
            version=form.version.data,
            state=form.state.data,
            reason=form.reason.data or "",
            department_id=form.department_id.data,
            amount=form.amount.data,
        )

    if form.try_to(save):
        flash_done(_("The answer was saved and sent."))
        return _back(cooperation_id, "bitten")
    wish = ": ".join(filter(None, [str(CONTRIBUTION_LABELS[ContributionKind(asked.kind)]), asked.wish]))
    note = _("%(name)s asks: %(wish)s", name=asked.organization.name, wish=wish)
    return form_page(form, row, _("Answer the request"), note=note, submit=_("Send the answer"))


@blueprint.route("/<int:cooperation_id>/vereinbarung", methods=["GET", "POST"])
@demands("planning.work")
def agreement(cooperation_id: int) -> str | Response:
    """Write the agreement: the first time it is drafted from what was planned."""
    row = policies.get_workable(current_actor(), cooperation_id)

    def form_on(**kwargs: Any) -> AgreementForm:
        written = queries.find_agreement(cooperation_id)
        return AgreementForm(obj=written or words.drafted(row, when=", ".join(panels("workspace.when", row))), **kwargs)

    form = form_on()

    def save() -> None:
        agreements.write_agreement(current_actor(), cooperation_id, version=form.version.data, promise=form.promise())

    if form.try_to(save, lambda: form_on(formdata=None)):
        flash_done(_("The agreement was saved. Both sides are asked to confirm it."))
        return _back(cooperation_id, "vereinbarung")
    written = queries.find_agreement(cooperation_id)
    note = (
        _("If you change it, what was confirmed before counts no more, and all are asked again.")
        if written
        else _("This is a draft from what you planned so far. Please correct it.")
    )
    return form_page(form, row, _("Agreement"), note=note)


@blueprint.post("/<int:cooperation_id>/vereinbarung/bestaetigen")
@demands("planning.work")
def confirm(cooperation_id: int) -> Response:
    """Give the word of an organization for the agreement as it was shown."""
    row = policies.get_workable(current_actor(), cooperation_id)
    asked = request.form.get("voice", "")
    voice = next((key for key, _name in policies.voices_of(current_actor(), row) if str(key or "") == asked), NotFound)
    revision = number_of(request.form.get("revision"))
    if voice is NotFound or revision is None:
        raise NotFound
    agreements.confirm_agreement(
        current_actor(),
        cooperation_id,
        revision=revision,
        organization_id=voice,  # type: ignore[arg-type]
    )
    flash_done(_("You have confirmed the agreement."))
    return _back(cooperation_id, "vereinbarung")


@blueprint.get("/<int:cooperation_id>/vereinbarung.pdf")
@demands("planning.work")
def agreement_document(cooperation_id: int) -> Response:
    """The agreement as one page."""
    row = policies.get_open(current_actor(), cooperation_id)
    ensure(policies.may_read(current_actor(), row))
    written = queries.find_agreement(cooperation_id)
    if written is None:
        raise NotFound
    return agreement_pdf(row, written)


@blueprint.route("/<int:cooperation_id>/rueckblick", methods=["GET", "POST"])
@demands("planning.work")
def review(cooperation_id: int) -> str | Response:
    """Say how it went: each side its own word."""
    row = policies.get_workable(current_actor(), cooperation_id)
    voice = policies.voices_of(current_actor(), row)[0][0]

    def form_on(**kwargs: Any) -> ReviewForm:
        return ReviewForm(obj=queries.find_review(cooperation_id, voice), **kwargs)

    form = form_on()

    def save() -> None:
        reviews.review(
            current_actor(),
            cooperation_id,
            version=form.version.data,
            opinion=form.opinion(),
            organization_id=voice,
        )

    if form.try_to(save, lambda: form_on(formdata=None)):
        flash_done(_("Thank you. What both sides say stands in the record."))
        return _back(cooperation_id, "rueckblick")
    return form_page(form, row, _("How it went"))


def _back(cooperation_id: int, anchor: str) -> Response:
    return redirect(url_for("planning.show", cooperation_id=cooperation_id, _anchor=anchor))
