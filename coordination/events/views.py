"""Pages: /veranstaltungen/. Everybody reads what is announced; who plans starts, changes and moves it on."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.cooperation import queries as records
from coordination.cooperation.rules import Lead
from coordination.events import operations, policies, queries
from coordination.events.forms import EventForm, IdeaForm, ProposalForm, ReasonForm, opened_with
from coordination.events.models import Event
from coordination.events.rules import STATE_KINDS, STATE_LABELS, State, called_off
from coordination.organizations.models import Organization
from coordination.organizations.rules import TOPIC_LABELS
from coordination.places import queries as places
from coordination.planning import policies as planning
from coordination.planning import queries as workspaces
from coordination.planning.beginnings import origin_of
from coordination.planning.rules import NEED_LABELS
from coordination.planning.words import said_no
from coordination.projects import queries as projects
from coordination.projects.policies import may_see as may_see_project
from core.access import Actor, current_actor, demands, ensure, public
from core.database import first_rows
from core.languages import _, chosen_language
from core.qr_codes import shared
from core.web import flash_done, number_of, paginate

blueprint = Blueprint("events", __name__)
#: so many of what somebody plans stand above what is announced
SHOWN = 10
LABELS: dict[str, Any] = {"states": STATE_LABELS, "state_kinds": STATE_KINDS, "topics": TOPIC_LABELS}


@blueprint.get("/")
@public
def index() -> str:
    """What is announced; and for who plans, what they plan."""
    actor, past = current_actor(), request.args.get("vergangen") == "1"
    planned, number = first_rows(queries.workspaces_of(actor), SHOWN) if actor.may("planning.work") else ([], 0)
    return render_template(
        "coordination/events/index.html",
        page=paginate(queries.announced(past=past)),
        past=past,
        planned=planned,
        number=number,
        may_plan=actor.may("events.plan"),
        may_propose=actor.may("events.propose"),
        labels=LABELS,
    )


@blueprint.get("/geplant")
@demands("planning.work")
def planned() -> str:
    """All that whoever asks plans and that is not over."""
    page = paginate(queries.workspaces_of(current_actor()))
    return render_template("coordination/events/planned.html", page=page, labels=LABELS)


@blueprint.route("/vorschlagen", methods=["GET", "POST"])
@demands("events.propose")
def propose() -> str | Response:
    """An organization has an idea."""
    actor, made = current_actor(), list[Event]()
    spoken_for = _named(actor.organizations_as("representative"))
    ensure(bool(spoken_for))
    form = ProposalForm(data=_begun_with() | {"organization": spoken_for[0][0]})
    _offer(form, spoken_for)

    def save() -> None:
        made.append(operations.propose(actor, form.organization.data, plan=form.plan(), lead=form.lead.data))

    if not _only_checking() and form.try_to(save):
        flash_done(_("Thank you for your idea. The municipality was told, and will answer."))
        return redirect(url_for("planning.show", cooperation_id=made[0].cooperation_id))
    return _form_page(form, None, _("Propose an event"))


@blueprint.route("/neu", methods=["GET", "POST"])
@demands("events.plan")
def create() -> str | Response:
    """The municipality plans an event."""
    actor, made = current_actor(), list[Event]()
    form = EventForm(data=_begun_with())
    _offer(form)

    def save() -> None:
        made.append(operations.create(actor, form.plan(), origin=origin_of(actor, form.lead.data)))

    if not _only_checking() and form.try_to(save):
        flash_done(_("The event was entered. Whom do you ask to take part?"))
        return redirect(url_for("planning.invite", cooperation_id=made[0].cooperation_id))
    return _form_page(form, None, _("Plan an event"))


@blueprint.get("/<int:event_id>")
@public
def show(event_id: int) -> str:
    """The announcement; who plans reads it before it is one."""
    actor = current_actor()
    event = policies.get_visible(actor, event_id)
    return render_template(
        "coordination/events/show.html",
        event=event,
        labels=LABELS,
        project=event.project if event.project and may_see_project(actor, event.project) else None,
        partners=[partner.organization for partner in event.cooperation.partners],
        provided=[NEED_LABELS[kind] for kind in workspaces.provided(event.cooperation_id)],
        plans=actor.may("planning.work") and planning.may_open(actor, event.cooperation),
        **shared(url_for(".show", event_id=event_id, _external=True)),
    )


@blueprint.route("/<int:event_id>/bearbeiten", methods=["GET", "POST"])
@demands("planning.work")
def edit(event_id: int) -> str | Response:
    """Change what is planned."""
    actor = current_actor()
    event = policies.get_editable(actor, event_id)
    form = _form_on(event)

    def save() -> None:
        operations.edit(actor, event_id, version=form.version.data, plan=form.plan(event.project_id))

    if not _only_checking() and form.try_to(save, lambda: _form_on(queries.get_event(event_id), formdata=None)):
        flash_done(_("The event was saved."))
        return _to_workspace(event)
    return _form_page(form, policies.get_editable(actor, event_id), _("Change the event"))


@blueprint.post("/<int:event_id>/annehmen")
@demands("events.plan")
def accept(event_id: int) -> Response:
    """Take an idea up."""
    return _moved(event_id, State.PLANNED, operations.accept, _("The idea is taken up. Now you plan it together."))


@blueprint.post("/<int:event_id>/ankuendigen")
@demands("events.plan")
def announce(event_id: int) -> Response:
    """Let everybody know for whom it is."""
    everybody = _("The event is announced: everybody may read its page.")
    some = _("The event is announced: those who take part see it in their calendars.")
    said = everybody if queries.get_event(event_id).public else some
    return _moved(event_id, State.ANNOUNCED, operations.announce, said)


@blueprint.post("/<int:event_id>/stattgefunden")
@demands("planning.work")
def hold(event_id: int) -> Response:
    """It took place."""
    return _moved(event_id, State.HELD, operations.hold, _("Thank you. Please say how it went."))


@blueprint.route("/<int:event_id>/absagen", methods=["GET", "POST"])
@demands("planning.work")
def cancel(event_id: int) -> str | Response:
    """Call it off, or do not take the idea up, with a reason."""
    after, form = called_off(State(queries.get_event(event_id).state)), ReasonForm()
    event = policies.ensure_step(current_actor(), event_id, after)
    steps = policies.steps_of(current_actor(), event)
    ensure(after in steps)

    def save() -> None:
        operations.cancel(current_actor(), event_id, reason=form.reason.data or "")

    if form.try_to(save):
        if after == State.CANCELLED:
            flash_done(_("The event is called off. All who plan it were told."))
        else:
            flash_done(said_no(municipality=State.PLANNED in steps))
        return _to_workspace(event)
    return render_template("coordination/events/cancel.html", form=form, event=event, answers=State.PLANNED in steps)


def _moved(event_id: int, after: State, step: Callable[[Actor, int], Event], message: str) -> Response:
    event = policies.ensure_step(current_actor(), event_id, after)
    step(current_actor(), event_id)
    flash_done(message)
    return _to_workspace(event)


def _to_workspace(event: Event) -> Response:
    return redirect(url_for("planning.show", cooperation_id=event.cooperation_id))


def _named(ids: frozenset[int]) -> list[tuple[int, str]]:
    found: list[Organization] = workspaces.list_organizations(ids)
    return [(row.id, row.name) for row in found]


def _form_on(event: Event, **kwargs: Any) -> EventForm:
    kind = IdeaForm if event.state == State.IDEA else EventForm
    form = kind(data=opened_with(event), **kwargs)
    _offer(form, before=event)
    del form.lead
    return form


def _begun_with() -> dict[str, Any]:
    """What the form of a new event opens with; `projekt` names the project from whose page one comes."""
    return {"public": True, "lead": Lead.JOINT, "project": number_of(request.args.get("projekt"))}


def _offer(form: EventForm, organizations: list[tuple[int, str]] | None = None, *, before: Event | None = None) -> None:
    own = [(topic.id, topic.name) for topic in records.list_own_topics()]
    rooms = places.list_choices(including=before.place_id if before else None)
    form.offer(rooms, own, organizations, _projects_for(current_actor(), before, form.project.data))


def _projects_for(actor: Actor, before: Event | None, chosen: int | None) -> list[tuple[int, str]]:
    """The projects that the actor plans, with the one that is chosen, and the one to which the event belongs.

    None where it belongs to one that the actor may not see: then it stays there, and is not named.
    """
    offered = projects.choices_for(actor, chosen)
    if before is not None and before.project is not None and before.project_id not in dict(offered):
        if not may_see_project(actor, before.project):
            return []
        offered.append((before.project.id, before.project.title))
    return offered


def _only_checking() -> bool:
    """Whether the button "check" was pressed: nothing is saved then."""
    return "check" in request.form


def _form_page(form: EventForm, event: Event | None, title: str) -> str:
    return render_template(
        "coordination/events/edit.html", form=form, event=event, title=title, hint=form.hint(chosen_language())
    )
