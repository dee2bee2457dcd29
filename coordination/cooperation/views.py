"""Pages: /kooperationen/. Staff enter and change; who speaks for an organization reads what it takes part in."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.cooperation import contributions, operations, own_topics, partners, policies, queries
from coordination.cooperation.facts import facts_of
from coordination.cooperation.forms import (
    ContributionForm,
    CooperationForm,
    LeadForm,
    OwnTopicForm,
    PartnerForm,
    ResultForm,
    ticked,
)
from coordination.cooperation.gaps import tell_result
from coordination.cooperation.models import Cooperation
from coordination.cooperation.queries import Wanted
from coordination.cooperation.rules import (
    BEGINNING,
    CONTRIBUTION_LABELS,
    FIGURE_LABELS,
    FORMAT_LABELS,
    GAP_LABELS,
    INITIATOR_LABELS,
    LEAD_LABELS,
    SOURCE_LABELS,
    STATUS_LABELS,
    Format,
    Source,
    Status,
    missing,
)
from coordination.organizations import queries as organizations
from coordination.organizations.choosing import choose, likely
from coordination.organizations.rules import PARTNER_ROLE_LABELS, TOPIC_LABELS, Kind, Topic
from coordination.strategy import policies as strategy_policies
from coordination.strategy import queries as strategy
from core.access import current_actor, demands, ensure
from core.clock import to_local
from core.forms import choices
from core.languages import _
from core.web import asked_for, flash_done, number_of, paginate

blueprint = Blueprint("cooperation", __name__)

LABELS = {
    "formats": FORMAT_LABELS,
    "leads": LEAD_LABELS,
    "initiators": INITIATOR_LABELS,
    "statuses": STATUS_LABELS,
    "topics": TOPIC_LABELS,
    "roles": PARTNER_ROLE_LABELS,
    "contributions": CONTRIBUTION_LABELS,
    "figures": FIGURE_LABELS,
    "sources": SOURCE_LABELS,
    "gaps": GAP_LABELS,
}


def wanted() -> Wanted:
    """What the address asks for; rubbish narrows nothing."""
    form, topic = request.args.get("form", ""), request.args.get("thema", "")
    year = number_of(request.args.get("jahr"))
    return Wanted(
        text=asked_for(),
        year=year if year is not None and 1 <= year <= 9999 else None,
        format=Format(form) if form in set(Format) else None,
        topic=Topic(topic) if topic in set(Topic) else None,
        organization_id=number_of(request.args.get("organisation")),
        measure_id=number_of(request.args.get("massnahme")),
        unfinished=request.args.get("offen") == "1",
    )


@blueprint.get("/")
@demands("cooperation.read")
def index() -> str:
    """The records that whoever is asking may read."""
    actor, asked = current_actor(), wanted()
    reach = policies.reach_of(actor)
    return render_template(
        "coordination/cooperation/index.html",
        page=paginate(queries.search(reach, asked)),
        wanted=asked,
        years=queries.list_years(reach),
        organizations=queries.list_involved(reach),
        labels=LABELS,
        may_edit=actor.may("cooperation.edit"),
    )


@blueprint.route("/neu", methods=["GET", "POST"])
@demands("cooperation.edit")
def create() -> str | Response:
    """Step 1: what it is, mostly something that is over. Who takes part comes next, on its page."""
    form, made = CooperationForm(data={"format": Format.SINGLE_EVENT, "status": Status.HELD}), []
    _offer(form)

    def save() -> None:
        made.append(operations.create_cooperation(current_actor(), form.facts(), lead=form.lead.data))

    if form.try_to(save):
        flash_done(_("“%(name)s” was entered. Who takes part?", name=made[0].title))
        return redirect(url_for(".add_partner", cooperation_id=made[0].id))
    return render_template("coordination/cooperation/edit.html", form=form, cooperation=None)


@blueprint.get("/<int:cooperation_id>")
@demands("cooperation.read")
def show(cooperation_id: int) -> str:
    """One record."""
    row, actor = _readable(cooperation_id), current_actor()
    return render_template(
        "coordination/cooperation/show.html",
        cooperation=row,
        labels=LABELS,
        measure=row.measure if row.measure and strategy_policies.may_read(actor, row.measure) else None,
        beginning=BEGINNING,
        closed_on=to_local(row.closed_at) if row.closed_at else None,
        gaps=missing(row) if row.status == Status.HELD else [],
        may_edit=policies.may_edit(actor, row),
        partners_are_free=row.source != Source.COMMITTEE,
    )


@blueprint.route("/<int:cooperation_id>/bearbeiten", methods=["GET", "POST"])
@demands("cooperation.edit")
def edit(cooperation_id: int) -> str | Response:
    """Change the facts; what an event, project or committee keeps is changed there."""
    row = _editable(cooperation_id)
    form = _form_on(row)

    def save() -> None:
        operations.edit_cooperation(
            current_actor(), cooperation_id, version=form.version.data, facts=form.facts(facts_of(row))
        )

    if form.try_to(save, lambda: _form_on(_editable(cooperation_id), formdata=None)):
        flash_done(_("“%(name)s” was saved.", name=row.title))
        return redirect(url_for(".show", cooperation_id=cooperation_id))
    return render_template("coordination/cooperation/edit.html", form=form, cooperation=row)


@blueprint.route("/<int:cooperation_id>/beteiligte/neu", methods=["GET", "POST"])
@demands("cooperation.edit")
def add_partner(cooperation_id: int) -> str | Response:
    """Step 2: who takes part, one after the other."""
    row = _editable(cooperation_id)
    ensure(row.source != Source.COMMITTEE)
    form = PartnerForm()
    present = {partner.organization_id for partner in row.partners}
    offered = [(key, name) for key, name in likely(queries.list_frequent()) if key not in present]
    choose(form, "organization_named", offered, empty=_("Please choose"))
    if form.try_to(lambda: partners.add_partner(current_actor(), cooperation_id, terms=form.terms())):
        flash_done(_("The organization was entered. You can enter another one."))
        return redirect(url_for(".add_partner", cooperation_id=cooperation_id))
    step = ".result" if row.status == Status.HELD and row.closed_at is None else ".show"
    return render_template(
        "coordination/cooperation/partner.html",
        form=form,
        cooperation=row,
        partner=None,
        labels=LABELS,
        then=url_for(step, cooperation_id=cooperation_id),
    )


@blueprint.route("/<int:cooperation_id>/beteiligte/<int:partner_id>", methods=["GET", "POST"])
@demands("cooperation.edit")
def edit_partner(cooperation_id: int, partner_id: int) -> str | Response:
    """Change what a partner is, gives, gains and is paid."""
    row, partner = _editable(cooperation_id), queries.get_partner(cooperation_id, partner_id)

    def form_on(**kwargs: Any) -> PartnerForm:
        made = PartnerForm(obj=queries.get_partner(cooperation_id, partner_id), **kwargs)
        made.keep_to(partner.organization)
        return made

    form = form_on()

    def save() -> None:
        partners.edit_partner(current_actor(), partner_id, version=form.version.data, terms=form.terms())

    if form.try_to(save, lambda: form_on(formdata=None)):
        flash_done(_("“%(name)s” was saved.", name=partner.organization.name))
        return redirect(url_for(".show", cooperation_id=cooperation_id))
    return render_template(
        "coordination/cooperation/partner.html", form=form, cooperation=row, partner=partner, labels=LABELS
    )


@blueprint.post("/<int:cooperation_id>/beteiligte/<int:partner_id>/entfernen")
@demands("cooperation.edit")
def remove_partner(cooperation_id: int, partner_id: int) -> Response:
    """The organization did not take part after all."""
    _editable(cooperation_id)
    partner = queries.get_partner(cooperation_id, partner_id)
    name = partner.organization.name
    partners.remove_partner(current_actor(), partner_id)
    flash_done(_("“%(name)s” was removed.", name=name))
    return redirect(url_for(".show", cooperation_id=cooperation_id))


@blueprint.route("/<int:cooperation_id>/beitraege/neu", methods=["GET", "POST"])
@demands("cooperation.edit")
def add_contribution(cooperation_id: int) -> str | Response:
    """Something that the municipality gives."""
    row, form = _editable(cooperation_id), ContributionForm()
    departments = organizations.list_choices(Kind.DEPARTMENT)
    form.department_id.choices = choices([("", _("Not known")), *departments])
    if form.try_to(lambda: contributions.add_contribution(current_actor(), cooperation_id, given=form.given())):
        flash_done(_("The contribution was entered."))
        return redirect(url_for(".show", cooperation_id=cooperation_id))
    title = _("What the municipality gives")
    return render_template("coordination/cooperation/form.html", form=form, cooperation=row, title=title)


@blueprint.post("/<int:cooperation_id>/beitraege/<int:contribution_id>/entfernen")
@demands("cooperation.edit")
def remove_contribution(cooperation_id: int, contribution_id: int) -> Response:
    """The municipality did not give it after all."""
    _editable(cooperation_id)
    contributions.remove_contribution(current_actor(), cooperation_id, contribution_id)
    flash_done(_("The contribution was removed."))
    return redirect(url_for(".show", cooperation_id=cooperation_id))


@blueprint.route("/<int:cooperation_id>/leitung", methods=["GET", "POST"])
@demands("cooperation.edit")
def move_lead(cooperation_id: int) -> str | Response:
    """From a day on it is led otherwise."""
    row, form = _editable(cooperation_id), LeadForm()

    def save() -> None:
        operations.move_lead(current_actor(), cooperation_id, lead=form.lead.data, since=form.first_day())

    if form.try_to(save):
        flash_done(_("The lead was saved."))
        return redirect(url_for(".show", cooperation_id=cooperation_id))
    return render_template(
        "coordination/cooperation/form.html", form=form, cooperation=row, title=_("Who leads, and from when on")
    )


@blueprint.route("/<int:cooperation_id>/ergebnis", methods=["GET", "POST"])
@demands("cooperation.edit")
def result(cooperation_id: int) -> str | Response:
    """Step 3: how it went. What was held and lacks nothing is closed at once."""
    row = _editable(cooperation_id)
    form = ResultForm(obj=row)

    def save() -> None:
        result = {
            "participants": form.participants.data,
            "what_worked": form.what_worked.data or "",
            "do_differently": form.do_differently.data or "",
        }
        tell_result(current_actor(), cooperation_id, version=form.version.data, result=result)

    if form.try_to(save, lambda: ResultForm(formdata=None, obj=_editable(cooperation_id))):
        row = queries.get_cooperation(cooperation_id)
        if row.closed_at is not None:
            flash_done(_("Thank you. The record of “%(name)s” is complete and closed.", name=row.title))
        else:
            flash_done(_("“%(name)s” was saved.", name=row.title))
        return redirect(url_for(".show", cooperation_id=cooperation_id))
    return render_template("coordination/cooperation/form.html", form=form, cooperation=row, title=_("How it went"))


@blueprint.post("/<int:cooperation_id>/abschluss")
@demands("cooperation.edit")
def close(cooperation_id: int) -> Response:
    """Close the record. What is missing is said on the next page."""
    _editable(cooperation_id)
    operations.close(current_actor(), cooperation_id)
    flash_done(_("The record is complete and closed."))
    return redirect(url_for(".show", cooperation_id=cooperation_id))


@blueprint.route("/themen", methods=["GET", "POST"])
@demands("cooperation.edit")
def topics() -> str | Response:
    """The municipality's own topics, and to which of the twelve each belongs."""
    topic_id = number_of(request.args.get("aendern"))
    changed = queries.get_own_topic(topic_id) if topic_id is not None else None
    form = OwnTopicForm(obj=changed)

    def save() -> None:
        told = {"name": form.name.data, "topic": form.topic.data}
        if changed is None:
            own_topics.create_own_topic(current_actor(), **told)
        else:
            own_topics.edit_own_topic(current_actor(), changed.id, version=form.version.data, **told)

    if form.try_to(save, lambda: OwnTopicForm(formdata=None, obj=changed and queries.get_own_topic(changed.id))):
        flash_done(_("“%(name)s” was saved.", name=form.name.data))
        return redirect(url_for(".topics"))
    return render_template(
        "coordination/cooperation/topics.html",
        form=form,
        own_topics=queries.list_own_topics(),
        changed=changed,
        labels=LABELS,
    )


def _readable(cooperation_id: int) -> Cooperation:
    row = queries.get_cooperation(cooperation_id)
    ensure(policies.may_read(current_actor(), row))
    return row


def _editable(cooperation_id: int) -> Cooperation:
    row = queries.get_cooperation(cooperation_id)
    ensure(policies.may_edit(current_actor(), row))
    return row


def _offer(form: CooperationForm, row: Cooperation | None = None) -> None:
    """Likely initiators are the departments, who takes part, and who is named already."""
    own_topics = [(topic.id, topic.name) for topic in queries.list_own_topics()]
    near = [*(partner.organization for partner in row.partners), row.initiator] if row else []
    measures = strategy.list_choices(including=row.measure_id if row else None)
    form.offer(likely(near), own_topics, measures)


def _form_on(row: Cooperation, **kwargs: Any) -> CooperationForm:
    facts = facts_of(row)
    topics = ticked(facts.topics, facts.own_topics)
    told = {"topics": topics, "starts_at": facts.starts_local, "version": row.version}
    form = CooperationForm(data=vars(facts) | told, **kwargs)
    form.leave_out("lead")
    if not policies.may_change_what_is_kept(row):
        form.leave_out("title", "format", "status", "starts_on", "starts_at", "ends_on")
    if row.format == Format.COMMITTEE:
        form.leave_out("regular_exchange")
    _offer(form, row)
    return form
