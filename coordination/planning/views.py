"""Pages: /planung/<id>, the workspace: who is asked, what they say, the discussion, and what happened so far."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.cooperation import partners
from coordination.cooperation import queries as records
from coordination.cooperation.forms import PartnerForm
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import CONTRIBUTION_LABELS, FORMAT_LABELS, GAP_LABELS, OVER, Status, missing
from coordination.organizations.choosing import choose
from coordination.organizations.rules import PARTNER_ROLE_LABELS
from coordination.planning import operations, policies, queries, words
from coordination.planning.documents import valid
from coordination.planning.forms import AnswerForm, InviteForm, PostForm
from coordination.planning.queries import Standing
from coordination.planning.rules import (
    ANSWER_KINDS,
    ANSWER_LABELS,
    NEED_LABELS,
    REQUEST_KINDS,
    REQUEST_LABELS,
    Answer,
    RequestState,
    agreed,
)
from core.access import Actor, current_actor, demands, ensure
from core.clock import to_local, today
from core.languages import _
from core.web import flash_done, said_yes

blueprint = Blueprint("planning", __name__)

LABELS = {
    "answers": ANSWER_LABELS,
    "answer_kinds": ANSWER_KINDS,
    "contributions": CONTRIBUTION_LABELS,
    "formats": FORMAT_LABELS,
    "gaps": GAP_LABELS,
    "needs": NEED_LABELS,
    "requests": REQUEST_LABELS,
    "request_kinds": REQUEST_KINDS,
    "roles": PARTNER_ROLE_LABELS,
}


@blueprint.get("/<int:cooperation_id>")
@demands("planning.work")
def show(cooperation_id: int) -> str:
    """What is asked of me first, then tasks, then the rest. Who declined sees their answer alone."""
    actor, row = current_actor(), policies.get_open(current_actor(), cooperation_id)
    inside = policies.may_read(actor, row)
    return render_template(
        "coordination/planning/show.html",
        cooperation=row,
        labels=LABELS,
        mine=_mine(actor, row),
        over=row.status in OVER,
        inside=_inside(actor, row) if inside else None,
    )


def _mine(actor: Actor, row: Cooperation) -> list[Standing]:
    """The organizations for which the actor may say whether they take part, with what they said so far."""
    spoken_for = actor.organizations_as("representative")
    return [one for one in queries.standings(row) if one.organization.id in spoken_for]


def _inside(actor: Actor, row: Cooperation) -> dict[str, Any]:
    """Everything that those see who plan together: a fixed number of queries."""
    voices, staff = policies.voices_of(actor, row), policies.is_staff(actor)
    requests, tasks, reviews = queries.requests(row.id), queries.tasks(row.id), queries.reviews(row.id)
    spoken_for = {key for key, _name in voices}
    mine = [task for task in tasks if not task.done_at and _is_mine(actor, task.person_id, task.organization_id)]
    return {
        "may_work": policies.may_work(actor, row),
        "may_ask": bool(queries.partners_of(actor, row.id, Answer.ACCEPTED)),
        "staff": staff,
        "standings": queries.standings(row),
        "tasks": tasks,
        "my_tasks": mine,
        "sections": queries.sections(row.id),
        "needs": queries.needs(row.id),
        "requests": requests,
        "to_answer": [one for one in requests if one.state == RequestState.OPEN] if staff else [],
        "posts": queries.posts(row.id),
        "post_form": PostForm(),
        "wants_mail": queries.wants_mail(actor, row.id),
        "reviews": reviews,
        "closes": staff and row.status == Status.HELD and row.closed_at is None,
        "gaps": missing(row),
        "to_review": row.status == Status.HELD and spoken_for.isdisjoint({one.organization_id for one in reviews}),
        "today": today(),
        "to_local": to_local,
        **_agreement(row, voices, staff=staff),
    }


def _agreement(row: Cooperation, voices: list[tuple[int | None, str]], *, staff: bool) -> dict[str, Any]:
    """The agreement, who has confirmed it as it stands, and whose word the actor could still give.

    Of the municipality one word is enough, whichever department gives it.
    """
    written = queries.find_agreement(row.id)
    confirmations = valid(written) if written else []
    given, partners = {one.organization_id for one in confirmations}, {one.organization_id for one in row.partners}
    done = agreed(given, partners=partners, departments={key for key in given - partners if key is not None})
    settled = written is None or row.status in OVER or (staff and done.municipality)
    waiting = [] if settled else [voice for voice in voices if voice[0] not in given]
    return {
        "agreement": written,
        "agreed": done,
        "confirmations": confirmations,
        "was_confirmed": bool(written and written.confirmations and not confirmations),
        "to_confirm": waiting,
    }


def _is_mine(actor: Actor, person_id: int | None, organization_id: int | None) -> bool:
    if person_id is not None:
        return person_id == actor.person_id
    return organization_id in {grant.organization_id for grant in actor.grants} - {None}


@blueprint.post("/<int:cooperation_id>/antwort")
@demands("planning.work")
def answer(cooperation_id: int) -> str | Response:
    """Say for an organization whether it takes part. A later answer replaces it."""
    row = policies.get_open(current_actor(), cooperation_id)
    asked = [one.organization.id for one in _mine(current_actor(), row)]
    organization_id = next((key for key in asked if str(key) == request.form.get("organization")), 0)
    said = request.form.get("answer", "")
    ensure(bool(organization_id) and said in (Answer.ACCEPTED, Answer.DECLINED))
    form = AnswerForm()

    def save() -> None:
        operations.answer(
            current_actor(),
            cooperation_id,
            organization_id=organization_id,
            answer=Answer(said),
            reason=form.reason.data or "",
        )

    if form.try_to(save):
        flash_done(
            _("Thank you. You take part.") if said == Answer.ACCEPTED else _("Thank you. Your answer was saved.")
        )
        return redirect(url_for(".show", cooperation_id=cooperation_id))
    return form_page(form, row, _("Your answer"))


@blueprint.route("/<int:cooperation_id>/einladen", methods=["GET", "POST"])
@demands("planning.work")
def invite(cooperation_id: int) -> str | Response:
    """Ask an organization to take part."""
    row, form = policies.get_workable(current_actor(), cooperation_id), InviteForm()
    choose(
        form,
        "organization_named",
        queries.choices_of_who(),
        empty=_("Please choose"),
        among=queries.whom_to_ask,
    )

    def save() -> None:
        operations.invite(current_actor(), cooperation_id, organization_id=form.organization(), role=form.role.data)

    if form.try_to(save):
        flash_done(_("The organization was asked. Those who speak for it get a mail."))
        return redirect(url_for(".show", cooperation_id=cooperation_id, _anchor="partner"))
    title, note = _("Ask an organization to take part"), _("Those who speak for it get a mail.")
    return form_page(form, row, title, note=note, submit=_("Ask an organization"))


@blueprint.route("/<int:cooperation_id>/beteiligte/<int:partner_id>", methods=["GET", "POST"])
@demands("planning.work")
def part(cooperation_id: int, partner_id: int) -> str | Response:
    """What a partner gives and gains: it says so itself, and staff may."""
    row = policies.get_workable(current_actor(), cooperation_id)
    partner = records.get_partner(cooperation_id, partner_id)
    ensure(
        policies.is_staff(current_actor())
        or partner.organization_id in current_actor().organizations_as("representative")
    )

    def form_on(**kwargs: Any) -> PartnerForm:
        made = PartnerForm(obj=records.get_partner(cooperation_id, partner_id), **kwargs)
        made.keep_to(partner.organization)
        return made

    form = form_on()

    def save() -> None:
        partners.edit_partner(current_actor(), partner_id, version=form.version.data, terms=form.terms())

    if form.try_to(save, lambda: form_on(formdata=None)):
        flash_done(_("“%(name)s” was saved.", name=partner.organization.name))
        return redirect(url_for(".show", cooperation_id=cooperation_id, _anchor="partner"))
    return form_page(form, row, _("What your organization gives and gains"))


@blueprint.route("/<int:cooperation_id>/nachricht", methods=["GET", "POST"])
@demands("planning.work")
def post(cooperation_id: int) -> str | Response:
    """Write to all who plan."""
    row, form = policies.get_workable(current_actor(), cooperation_id), PostForm()
    voice = policies.voices_of(current_actor(), row)[0][0]

    def save() -> None:
        operations.post(current_actor(), cooperation_id, text=form.text.data or "", organization_id=voice)

    if form.try_to(save):
        flash_done(_("Your message was sent to all who plan."))
        return redirect(url_for(".show", cooperation_id=cooperation_id, _anchor="gespraech"))
    return form_page(form, row, _("Write to all who plan"), submit=_("Send"))


@blueprint.post("/<int:cooperation_id>/mails")
@demands("planning.work")
def follow(cooperation_id: int) -> Response:
    """Get mails about the discussion, or none."""
    policies.get_open(current_actor(), cooperation_id)
    wants = said_yes("wants")
    operations.follow(current_actor(), cooperation_id, wants_mail=wants)
    flash_done(_("You get mails about this again.") if wants else _("You get no more mails about this."))
    return redirect(url_for(".show", cooperation_id=cooperation_id, _anchor="gespraech"))


@blueprint.get("/<int:cooperation_id>/verlauf")
@demands("planning.work")
def history(cooperation_id: int) -> str:
    """What happened so far, as both sides see it."""
    row = policies.get_open(current_actor(), cooperation_id)
    ensure(policies.may_read(current_actor(), row))
    return render_template("coordination/planning/history.html", cooperation=row, lines=words.told(cooperation_id))


def form_page(form: Any, row: Cooperation, title: str, *, note: str = "", submit: str = "") -> str:
    """One of the short forms round a workspace."""
    return render_template(
        "coordination/planning/form.html",
        form=form,
        cooperation=row,
        title=title,
        note=note,
        submit=submit or _("Save"),
    )
