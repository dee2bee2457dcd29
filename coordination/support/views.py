"""Pages: /foerderung/."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.organizations import queries as organizations
from coordination.organizations.rules import Kind
from coordination.places import queries as places
from coordination.support import files, operations, queries
from coordination.support.forms import FORMS, EntryForm, Offered
from coordination.support.queries import Wanted
from coordination.support.rules import AREA_LABELS, FORM_LABELS, Area, highest, told_people, unused
from core.access import current_actor, demands
from core.clock import today
from core.csv_files import MEDIA_TYPE as CSV
from core.csv_files import write_csv
from core.downloads import file_response
from core.languages import _
from core.money import plain_euros
from core.web import flash_done, number_of, paginate

blueprint = Blueprint("support", __name__)
AREA = "/<any(mittel,budgets,raeume,beratung):area>"


def wanted(area: Area | None = None) -> Wanted:
    """What the address narrows the list of an area to; rubbish narrows nothing."""
    form = request.args.get("form", "")
    return Wanted(
        year=number_of(request.args.get("jahr")),
        form=form if area and form in FORM_LABELS[area] else "",
        office_id=number_of(request.args.get("amt")),
        organization_id=number_of(request.args.get("organisation")),
    )


@blueprint.get("/")
@demands("support.edit")
def overview() -> str:
    """What was asked, granted and used by year; and of one year, what was refused or not used, and why."""
    years = queries.money_by_year()
    year = wanted().year or (years[-1].year if years else today().year)
    return render_template(
        "coordination/support/overview.html",
        tabs=_tabs(),
        years=years,
        highest=highest(years),
        year=year,
        budgets=queries.budgets_not_used(year),
        grants=queries.grants_not_used(year),
        unused=unused,
        forms=FORM_LABELS[Area.FUNDING],
    )


@blueprint.get("/jahre.csv")
@demands("support.edit")
def years_csv() -> Response:
    """The figures of the overview."""
    header = [
        _("Year"),
        _("Asked for"),
        _("Amount granted"),
        _("Used"),
        _("Money set aside"),
        _("Organizations that asked"),
    ]
    rows = [
        [one.year, *map(plain_euros, (one.asked, one.granted, one.used, one.set_aside)), one.organizations]
        for one in queries.money_by_year()
    ]
    return file_response(write_csv(header, rows), CSV, "foerderung-jahre.csv")


@blueprint.get(f"{AREA}/")
@demands("support.edit")
def index(area: str) -> str:
    """The entries of one area, with their sums."""
    kind = Area(area)
    asked = wanted(kind)
    return render_template(
        "coordination/support/index.html",
        tabs=_tabs(),
        area=kind,
        title=AREA_LABELS[kind],
        page=paginate(queries.search(kind, asked)),
        sums=queries.sums(kind, asked),
        wanted=asked,
        years=queries.list_years(),
        departments=organizations.list_choices(Kind.DEPARTMENT),
        forms=FORM_LABELS[kind],
        told_people=told_people,
    )


@blueprint.get(f"{AREA}.csv")
@demands("support.edit")
def export_csv(area: str) -> Response:
    """The entries of the list, as the address narrows it."""
    return file_response(files.area_csv(Area(area), wanted(Area(area))), CSV, f"foerderung-{area}.csv")


@blueprint.route(f"{AREA}/neu", methods=["GET", "POST"])
@demands("support.edit")
def create(area: str) -> str | Response:
    """Keep a new entry."""
    kind = Area(area)
    form = FORMS[kind](offered=_offered(), data={"year": today().year, "organization_id": wanted().organization_id})
    if form.try_to(lambda: operations.enter(current_actor(), kind, form.terms())):
        flash_done(_("The entry was saved."))
        return redirect(url_for(".index", area=area))
    return render_template("coordination/support/edit.html", form=form, area=kind, entry=None, title=AREA_LABELS[kind])


@blueprint.route(f"{AREA}/<int:entry_id>", methods=["GET", "POST"])
@demands("support.edit")
def edit(area: str, entry_id: int) -> str | Response:
    """Change an entry."""
    kind = Area(area)
    row = queries.get_entry(kind, entry_id)

    def form_on(**kwargs: Any) -> EntryForm:
        current = queries.get_entry(kind, entry_id)
        made: EntryForm = FORMS[kind](offered=_offered(current), obj=current, **kwargs)
        return made

    form: Any = form_on()

    def save() -> None:
        operations.edit(current_actor(), kind, entry_id, version=form.version.data, terms=form.terms())

    if form.try_to(save, lambda: form_on(formdata=None)):
        flash_done(_("The entry was saved."))
        return redirect(url_for(".index", area=area))
    return render_template("coordination/support/edit.html", form=form, area=kind, entry=row, title=AREA_LABELS[kind])


@blueprint.post(f"{AREA}/<int:entry_id>/entfernen")
@demands("support.edit")
def remove(area: str, entry_id: int) -> Response:
    """The entry was a mistake."""
    operations.remove(current_actor(), Area(area), entry_id)
    flash_done(_("The entry was removed."))
    return redirect(url_for(".index", area=area))


def _tabs() -> list[dict[str, Any]]:
    """The overview and the areas; the one shown is current."""
    items = [(_("By year"), url_for(".overview"))]
    items += [(str(label), url_for(".index", area=area.value)) for area, label in AREA_LABELS.items()]
    return [{"label": label, "url": url, "current": request.path == url} for label, url in items]


def _offered(row: Any = None) -> Offered:
    """What can be chosen: what is active, and what the entry names already though it was archived since."""
    offices = [getattr(row, "office", None), *(given.office for given in getattr(row, "offices", ()))]
    return Offered(
        _with(organizations.list_choices(), [getattr(row, "organization", None)]),
        _with(organizations.list_choices(Kind.DEPARTMENT), offices),
        places.list_choices(including=getattr(row, "place_id", None)),
    )


def _with(found: list[tuple[int, str]], named: Iterable[Any]) -> list[tuple[int, str]]:
    known = {key for key, _name in found}
    return [*found, *((row.id, row.name) for row in named if row is not None and row.id not in known)]
