"""Pages: /gremien/<slug>/sitze."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.organizations import queries as organizations
from coordination.people import queries as people
from core import reads
from core.access import current_actor, demands, ensure, public
from core.clock import today
from core.languages import _, say_date
from core.web import flash_done
from participation.committees import access
from participation.committees.models import Committee
from participation.seats import operations, policies, queries
from participation.seats.forms import (
    AppointForm,
    AppointmentForm,
    LastDayForm,
    RosterDayForm,
    SeatForm,
    rank_label,
)
from participation.seats.models import Seat
from participation.seats.operations import terms_of
from participation.seats.rules import RIGHT_LABELS, ROLE_LABELS, SeatRole, holds_on

blueprint = Blueprint("seats", __name__)


@blueprint.get("/<string:slug>/sitze")
@public
def index(slug: str) -> str:
    """The committee's seats as on the day that the address asks for by `am`; names for the inner circle only."""
    actor, committee = current_actor(), access.get_visible(slug)
    form, day = _asked_day()
    names = policies.may_see_names(actor, insider=policies.is_insider(actor, committee))
    if names:
        reads.note(actor, "read.roster", committee)
    return render_template(
        "participation/seats/index.html",
        committee=committee,
        form=form,
        day=day,
        roster=queries.roster_on(committee.id, day),
        names=names,
        may_edit=policies.may_edit(actor, committee),
        role_labels=ROLE_LABELS,
        right_labels=RIGHT_LABELS,
    )


def _asked_day() -> tuple[RosterDayForm, date]:
    """The form of the address and its day; today where none, or none that exists, was asked for."""
    if "am" not in request.args:
        return RosterDayForm(formdata=None, data={"am": today()}), today()
    form = RosterDayForm(formdata=request.args)
    return form, form.am.data if form.validate() and form.am.data else today()


@blueprint.get("/<string:slug>/sitze/<int:seat_id>")
@demands("seats.edit")
def show(slug: str, seat_id: int) -> str:
    """One seat with everybody who was, is or will be on it."""
    committee, seat = _editable_seat(slug, seat_id)
    reads.note(current_actor(), "read.roster", committee)
    return render_template(
        "participation/seats/show.html",
        committee=committee,
        seat=seat,
        appointments=queries.list_appointments(seat.id),
        today=today(),
        holds_on=holds_on,
        rank_label=rank_label,
        role_labels=ROLE_LABELS,
        right_labels=RIGHT_LABELS,
    )


@blueprint.route("/<string:slug>/sitze/neu", methods=["GET", "POST"])
@demands("seats.edit")
def create(slug: str) -> str | Response:
    """Add a seat."""
    committee = _editable_committee(slug)
    form = SeatForm(organizations=organizations.list_choices(), data={"speaking_right": True})
    if form.try_to(lambda: operations.create_seat(current_actor(), committee.id, terms=form.terms())):
        flash_done(_("The seat “%(seat)s” was added.", seat=form.label.data))
        return redirect(url_for(".index", slug=slug))
    return render_template(
        "participation/seats/form.html",
        form=form,
        title=_("Add a seat"),
        submit=_("Save"),
        back=url_for(".index", slug=slug),
    )


@blueprint.route("/<string:slug>/sitze/<int:seat_id>/bearbeiten", methods=["GET", "POST"])
@demands("seats.edit")
def edit(slug: str, seat_id: int) -> str | Response:
    """Correct what is said of a seat."""
    _committee, seat = _editable_seat(slug, seat_id)
    form = _form_on(seat)

    def save() -> None:
        operations.edit_seat(current_actor(), seat_id, version=form.version.data, terms=form.terms())

    if form.try_to(save, lambda: _form_on(_editable_seat(slug, seat_id)[1], formdata=None)):
        flash_done(_("The seat “%(seat)s” was saved.", seat=form.label.data))
        return redirect(_seat_url(slug, seat_id))
    return render_template(
        "participation/seats/form.html",
        form=form,
        title=_("Edit the seat “%(seat)s”", seat=seat.label),
        hint=_(
            "This changes the seat for its whole time. When another organization takes it over, or rights change "
            "from a day on, please end this seat and add a new one. Then the rosters of earlier days stay right."
        ),
        submit=_("Save"),
        back=_seat_url(slug, seat_id),
    )


@blueprint.route("/<string:slug>/sitze/<int:seat_id>/beenden", methods=["GET", "POST"])
@demands("seats.edit")
def end(slug: str, seat_id: int) -> str | Response:
    """End a seat."""
    _committee, seat = _editable_seat(slug, seat_id)
    form = LastDayForm(data={"ends_on": seat.ends_on or today()})
    if form.try_to(lambda: operations.end_seat(current_actor(), seat_id, last_day=form.ends_on.data)):
        flash_done(_("The seat “%(seat)s” exists until %(day)s.", seat=seat.label, day=say_date(form.ends_on.data)))
        return redirect(_seat_url(slug, seat_id))
    return render_template(
        "participation/seats/form.html",
        form=form,
        title=_("End the seat “%(seat)s”", seat=seat.label),
        hint=_("Whoever is on the seat no longer belongs to the committee by it after this day. The records stay."),
        submit=_("End the seat"),
        back=_seat_url(slug, seat_id),
    )


@blueprint.route("/<string:slug>/sitze/<int:seat_id>/berufen", methods=["GET", "POST"])
@demands("seats.edit")
def appoint(slug: str, seat_id: int) -> str | Response:
    """Put a person on a seat."""
    _committee, seat = _editable_seat(slug, seat_id)
    form = AppointForm(people=people.list_choices(), data={"starts_on": today()})

    def save() -> None:
        operations.appoint(
            current_actor(),
            seat_id,
            person_id=form.person_id.data,
            rank=form.rank.data,
            role=form.role.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
        )

    if form.try_to(save):
        flash_done(_("The appointment to the seat “%(seat)s” was saved.", seat=seat.label))
        return redirect(_seat_url(slug, seat_id))
    return render_template(
        "participation/seats/form.html",
        form=form,
        title=_("Appoint somebody to the seat “%(seat)s”", seat=seat.label),
        submit=_("Appoint"),
        back=_seat_url(slug, seat_id),
    )


@blueprint.route("/<string:slug>/sitze/<int:seat_id>/berufungen/<int:appointment_id>", methods=["GET", "POST"])
@demands("seats.edit")
def edit_appointment(slug: str, seat_id: int, appointment_id: int) -> str | Response:
    """Change the role or the last day of somebody on a seat."""
    _committee, seat = _editable_seat(slug, seat_id)
    appointment = queries.get_appointment(seat, appointment_id)
    form = AppointmentForm(data={"role": SeatRole(appointment.role), "ends_on": appointment.ends_on})

    def save() -> None:
        operations.edit_appointment(current_actor(), appointment_id, role=form.role.data, ends_on=form.ends_on.data)

    if form.try_to(save):
        flash_done(_("The appointment to the seat “%(seat)s” was saved.", seat=seat.label))
        return redirect(_seat_url(slug, seat_id))
    return render_template(
        "participation/seats/form.html",
        form=form,
        title=_("%(name)s on the seat “%(seat)s”", name=appointment.person.name, seat=seat.label),
        submit=_("Save"),
        back=_seat_url(slug, seat_id),
    )


def _form_on(seat: Seat, **kwargs: Any) -> SeatForm:
    return SeatForm(organizations=_offered(seat), obj=terms_of(seat), data={"version": seat.version}, **kwargs)


def _seat_url(slug: str, seat_id: int) -> str:
    return url_for(".show", slug=slug, seat_id=seat_id)


def _editable_committee(slug: str) -> Committee:
    committee = access.get_visible(slug)
    ensure(policies.may_edit(current_actor(), committee))
    return committee


def _editable_seat(slug: str, seat_id: int) -> tuple[Committee, Seat]:
    committee = _editable_committee(slug)
    return committee, queries.get_seat(committee, seat_id)


def _offered(seat: Seat) -> list[tuple[int, str]]:
    """The organizations to choose from: the active ones, and the seat's own even when it is archived."""
    offered = organizations.list_choices()
    own = seat.organization
    return offered if own is None or own.id in dict(offered) else [*offered, (own.id, own.name)]
