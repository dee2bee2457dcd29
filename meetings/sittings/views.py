"""Pages: a committee's tab "sittings", and /sitzungen/<id>."""

from datetime import datetime
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.places import queries as places
from core.access import current_actor, demands, ensure, public
from core.database import first_rows
from core.hour_words import HOUR_LABELS, hint_at, hour_hint, hour_rules
from core.languages import _, chosen_language
from core.web import flash_done, paginate
from meetings.sittings import operations, policies, queries
from meetings.sittings.forms import EndForm, SittingForm, opened_with
from meetings.sittings.models import Sitting
from meetings.sittings.queries import When
from meetings.sittings.rules import MODE_LABELS, STATUS_KINDS, STATUS_LABELS
from participation.committees.access import get_visible as get_visible_committee
from participation.committees.models import Committee

blueprint = Blueprint("sittings", __name__)

#: sittings on a page, of those that come and of those that were
PER_PAGE = 40


@blueprint.get("/gremien/<string:slug>/sitzungen")
@public
def index(slug: str) -> str:
    """The committee's sittings: the next ones first, then past ones by year; `wann=kommend`: all that come."""
    actor, committee = current_actor(), get_visible_committee(slug)
    sight, ahead = policies.sight_of(actor, committee), request.args.get("wann") == "kommend"
    page = paginate(queries.of_committee(committee.id, sight, When.UPCOMING if ahead else When.PAST), per_page=PER_PAGE)
    upcoming, coming = (page.rows, page.total) if ahead else ([], 0)
    if not ahead and page.number == 1:
        upcoming, coming = first_rows(queries.of_committee(committee.id, sight, When.UPCOMING), PER_PAGE)
    past = [] if ahead else page.rows
    return render_template(
        "meetings/sittings/index.html",
        committee=committee,
        upcoming=upcoming,
        coming=coming,
        years=[(year, list(rows)) for year, rows in groupby(past, lambda row: row.starts_local.year)],
        page=page,
        ahead=ahead,
        may_schedule=policies.may_schedule(actor, committee),
        **_labels(),
    )


@blueprint.route("/gremien/<string:slug>/sitzungen/neu", methods=["GET", "POST"])
@demands("sittings.edit")
def create(slug: str) -> str | Response:
    """Schedule a sitting, or only look at what kind of time its start is and whether its room is taken."""
    actor, committee = current_actor(), get_visible_committee(slug)
    ensure(policies.may_schedule(actor, committee))
    form, made = SittingForm(data={"public": committee.public}), list[Sitting]()
    form.offer(places.list_choices(), published=False)
    if not _only_checking() and form.try_to(lambda: made.append(operations.schedule(actor, committee.id, form.plan()))):
        flash_done(_("The sitting was entered."))
        return redirect(url_for(".show", sitting_id=made[0].id))
    return _form_page(form, committee, None)


@blueprint.get("/sitzungen/zeitart")
@public
def hours() -> Response:
    """The kind of time of a start (`tag`, `von`), as one plain sentence; nothing for what is no day and time."""
    try:
        start = datetime.fromisoformat(f"{request.args.get('tag', '')[:10]}T{request.args.get('von', '')[:5]}")
        text = hint_at(start.replace(tzinfo=None), chosen_language()).text
    except ValueError:
        text = ""
    return Response(text, mimetype="text/plain")


@blueprint.get("/sitzungen/<int:sitting_id>")
@public
def show(sitting_id: int) -> str:
    """One sitting, with what the rooms above know of it."""
    actor = current_actor()
    sitting = policies.get_visible(actor, sitting_id)
    return render_template(
        "meetings/sittings/show.html",
        sitting=sitting,
        hours=hour_hint(sitting.starts_local, hour_rules(), chosen_language()),
        may_edit=policies.may_edit(actor, sitting),
        inside=policies.may_see_inside(actor, sitting),
        **_labels(),
    )


@blueprint.route("/sitzungen/<int:sitting_id>/bearbeiten", methods=["GET", "POST"])
@demands("sittings.edit")
def edit(sitting_id: int) -> str | Response:
    """Change or move a sitting; the page says beforehand what moving will do."""
    actor = current_actor()
    sitting = policies.get_editable(actor, sitting_id)
    form = _form_on(sitting)

    def save() -> None:
        reason = (form.reason.data or "") if "reason" in form else ""
        operations.edit(actor, sitting_id, version=form.version.data, plan=form.plan(), reason=reason)

    if not _only_checking() and form.try_to(save, lambda: _form_on(queries.get_sitting(sitting_id), formdata=None)):
        flash_done(_("The sitting was saved."))
        return redirect(url_for(".show", sitting_id=sitting_id))
    return _form_page(form, policies.get_editable(actor, sitting_id).committee, sitting)


@blueprint.post("/sitzungen/<int:sitting_id>/bestaetigen")
@demands("sittings.edit")
def confirm(sitting_id: int) -> Response:
    """Make the date firm."""
    policies.get_editable(current_actor(), sitting_id)
    operations.confirm(current_actor(), sitting_id)
    flash_done(_("The sitting is confirmed now and stands in the calendars."))
    return redirect(url_for(".show", sitting_id=sitting_id))


@blueprint.route("/sitzungen/<int:sitting_id>/absagen", methods=["GET", "POST"])
@demands("sittings.edit")
def cancel(sitting_id: int) -> str | Response:
    """Call a published sitting off, after saying what that will do."""
    actor = current_actor()
    sitting = policies.get_editable(actor, sitting_id)
    form = EndForm(data={"version": sitting.version})

    def call_off() -> None:
        operations.cancel(actor, sitting_id, reason=form.reason.data or "", version=form.version.data)

    if form.try_to(call_off):
        flash_done(_("The sitting is cancelled. It stays in the calendars, marked as cancelled."))
        return redirect(url_for(".show", sitting_id=sitting_id))
    return render_template("meetings/sittings/cancel.html", sitting=sitting, form=form)


@blueprint.route("/sitzungen/<int:sitting_id>/loeschen", methods=["GET", "POST"])
@demands("sittings.edit")
def delete(sitting_id: int) -> str | Response:
    """Delete a draft, after saying what that will do."""
    actor = current_actor()
    sitting = policies.get_editable(actor, sitting_id)
    slug, form = sitting.committee.slug, EndForm(data={"version": sitting.version})
    del form.reason
    if form.try_to(lambda: operations.delete_draft(actor, sitting_id)):
        flash_done(_("The draft was deleted."))
        return redirect(url_for(".index", slug=slug))
    return render_template("meetings/sittings/delete.html", sitting=sitting, form=form)


def _form_on(sitting: Sitting, **kwargs: Any) -> SittingForm:
    form = SittingForm(data=opened_with(sitting), **kwargs)
    form.days = (sitting.ends_local - sitting.starts_local).days if sitting.ends_local else 0
    form.offer(places.list_choices(including=sitting.place_id), published=sitting.shown_in_calendars)
    return form


def _only_checking() -> bool:
    """Whether the button "check" was pressed: nothing is saved then."""
    return "check" in request.form


def _form_page(form: SittingForm, committee: Committee, sitting: Sitting | None) -> str:
    return render_template(
        "meetings/sittings/edit.html",
        form=form,
        committee=committee,
        sitting=sitting,
        hint=form.hint(chosen_language()),
        clash=form.clash(sitting.booking_id if sitting else None) if _only_checking() else "",
        **_labels(),
    )


def _labels() -> dict[str, object]:
    return {
        "status_labels": STATUS_LABELS,
        "status_kinds": STATUS_KINDS,
        "mode_labels": MODE_LABELS,
        "hour_labels": HOUR_LABELS,
    }
