"""Pages: /strategie/. What was adopted is everybody's to read; department staff enter and change."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.organizations.choosing import likely
from coordination.organizations.models import Organization
from coordination.strategy import files, operations, policies, queries, statements
from coordination.strategy.forms import ItemForm, StateForm, StatementForm
from coordination.strategy.models import Aim, Measure
from coordination.strategy.rules import FOUNDATION_LABELS, STATE_LABELS, progress_of
from core.access import current_actor, demands, ensure, public
from core.clock import today
from core.csv_files import MEDIA_TYPE as CSV
from core.downloads import file_response
from core.languages import _
from core.web import flash_done

blueprint = Blueprint("strategy", __name__)


@blueprint.get("/")
@public
def index() -> str:
    """The aims with their measures, and what the municipality states of itself."""
    actor = current_actor()
    drafts = policies.may_edit(actor)
    aims = [
        (aim, shown, progress_of(shown))
        for aim in queries.list_aims(drafts=drafts)
        for shown in [[measure for measure in aim.measures if policies.may_read(actor, measure)]]
    ]
    return render_template(
        "coordination/strategy/index.html",
        aims=aims,
        foundations=queries.foundations_on(today()),
        statements=queries.list_statements(),
        labels=FOUNDATION_LABELS,
        states=STATE_LABELS,
        may_edit=drafts,
        owner_for_all=_owner_for_all,
    )


@blueprint.get("/ziele/<int:aim_id>")
@public
def aim(aim_id: int) -> str:
    """One aim: what is meant, its measures, and how far it has come."""
    row, actor = _readable(queries.get_aim(aim_id)), current_actor()
    shown = [measure for measure in row.measures if policies.may_read(actor, measure)]
    return _shown("coordination/strategy/aim.html", row, measures=shown, progress_told=progress_of(shown))


@blueprint.get("/massnahmen/<int:measure_id>")
@public
def measure(measure_id: int) -> str:
    """One measure, how far it has come, and what serves it."""
    return _shown("coordination/strategy/measure.html", _readable(queries.get_measure(measure_id)))


@blueprint.route("/ziele/neu", methods=["GET", "POST"])
@demands("strategy.edit")
def create_aim() -> str | Response:
    """A new aim."""
    form, made = _item_form(), []
    if form.try_to(lambda: made.append(operations.create_aim(current_actor(), form.terms()))):
        flash_done(_("“%(name)s” was entered. What is done to reach it?", name=made[0].title))
        return redirect(url_for(".create_measure", aim_id=made[0].id))
    return _form_page(form, _("Enter an aim"), url_for(".index"))


@blueprint.route("/ziele/<int:aim_id>/massnahmen/neu", methods=["GET", "POST"])
@demands("strategy.edit")
def create_measure(aim_id: int) -> str | Response:
    """A new measure of this aim."""
    row, form = queries.get_aim(aim_id), _item_form()
    if form.try_to(lambda: operations.create_measure(current_actor(), aim_id, terms=form.terms())):
        flash_done(_("“%(name)s” was entered.", name=form.title.data))
        return redirect(url_for(".aim", aim_id=aim_id))
    return _form_page(form, _("Enter a measure"), url_for(".aim", aim_id=aim_id), lead=row.title)


@blueprint.route("/ziele/<int:aim_id>/bearbeiten", methods=["GET", "POST"])
@demands("strategy.edit")
def edit_aim(aim_id: int) -> str | Response:
    """Change an aim."""
    return _edit(Aim, aim_id, url_for(".aim", aim_id=aim_id))


@blueprint.route("/massnahmen/<int:measure_id>/bearbeiten", methods=["GET", "POST"])
@demands("strategy.edit")
def edit_measure(measure_id: int) -> str | Response:
    """Change a measure."""
    return _edit(Measure, measure_id, url_for(".measure", measure_id=measure_id))


@blueprint.route("/ziele/<int:aim_id>/stand", methods=["GET", "POST"])
@demands("strategy.edit")
def aim_state(aim_id: int) -> str | Response:
    """How far an aim has come."""
    return _set_state(Aim, aim_id, url_for(".aim", aim_id=aim_id))


@blueprint.route("/massnahmen/<int:measure_id>/stand", methods=["GET", "POST"])
@demands("strategy.edit")
def measure_state(measure_id: int) -> str | Response:
    """How far a measure has come."""
    return _set_state(Measure, measure_id, url_for(".measure", measure_id=measure_id))


@blueprint.post("/ziele/<int:aim_id>/entfernen")
@demands("strategy.edit")
def remove_aim(aim_id: int) -> Response:
    """It was entered by mistake."""
    return _remove(queries.get_aim(aim_id), url_for(".index"))


@blueprint.post("/massnahmen/<int:measure_id>/entfernen")
@demands("strategy.edit")
def remove_measure(measure_id: int) -> Response:
    """It was entered by mistake."""
    row = queries.get_measure(measure_id)
    return _remove(row, url_for(".aim", aim_id=row.aim_id))


@blueprint.route("/grundlagen", methods=["GET", "POST"])
@demands("strategy.edit")
def foundations() -> str | Response:
    """What the municipality states of itself, and a form for one more statement."""
    form = StatementForm(data={"since": today(), "holds": True})

    def save() -> None:
        statements.state(current_actor(), form.foundation.data, **form.told())

    if form.try_to(save):
        flash_done(_("The statement was saved."))
        return redirect(url_for(".foundations"))
    return render_template(
        "coordination/strategy/foundations.html",
        form=form,
        statements=queries.list_statements(),
        labels=FOUNDATION_LABELS,
    )


@blueprint.post("/grundlagen/<int:statement_id>/entfernen")
@demands("strategy.edit")
def take_back(statement_id: int) -> Response:
    """The statement was a mistake."""
    statements.take_back(current_actor(), statement_id)
    flash_done(_("The statement was removed."))
    return redirect(url_for(".foundations"))


@blueprint.get("/strategie.csv")
@demands("strategy.edit")
def export_csv() -> Response:
    """All of it, drafts too, as the import reads it."""
    return file_response(files.strategy_csv(), CSV, "strategie.csv")


def _readable(row: Any) -> Any:
    ensure(policies.may_read(current_actor(), row))
    return row


def _owner_for_all(owner: Organization | None) -> Organization | None:
    """The owner as whoever asks may know of it."""
    return owner if policies.may_see_owner(current_actor(), owner) else None


def _shown(template: str, row: Aim | Measure, **context: Any) -> str:
    may_edit = policies.may_edit(current_actor())
    return render_template(
        template,
        item=row,
        changes=queries.changes_of(row, drafts=may_edit),
        states=STATE_LABELS,
        may_edit=may_edit,
        owner_for_all=_owner_for_all,
        **context,
    )


def _item_form(row: Aim | Measure | None = None, **kwargs: Any) -> ItemForm:
    """The form, on a row or empty. An owner that was archived since stays in its list."""
    return ItemForm(obj=row, owners=likely([row.owner] if row else []), **kwargs)


def _edit(model: type[Any], item_id: int, back: str) -> str | Response:
    row = _get(model, item_id)
    form = _item_form(row)

    def save() -> None:
        operations.edit(current_actor(), model, item_id, version=form.version.data, terms=form.terms())

    if form.try_to(save, lambda: _item_form(_get(model, item_id), formdata=None)):
        flash_done(_("“%(name)s” was saved.", name=row.title))
        return redirect(back)
    return _form_page(form, _("Edit “%(name)s”", name=row.title), back)


def _set_state(model: type[Any], item_id: int, back: str) -> str | Response:
    row = _get(model, item_id)

    def form_on(**kwargs: Any) -> StateForm:
        found = _get(model, item_id)
        told = {"since": found.state_since if request.method == "POST" else today()}
        return StateForm(obj=found, data=told, **kwargs)

    form = form_on()

    def save() -> None:
        operations.set_state(current_actor(), model, item_id, version=form.version.data, stand=form.stand())

    if form.try_to(save, lambda: form_on(formdata=None)):
        flash_done(_("“%(name)s” was saved.", name=row.title))
        return redirect(back)
    return _form_page(form, _("How far it has come"), back, lead=row.title)


def _get(model: type[Any], item_id: int) -> Any:
    return queries.get_aim(item_id) if model is Aim else queries.get_measure(item_id)


def _remove(row: Aim | Measure, back: str) -> Response:
    title = row.title
    operations.remove(current_actor(), type(row), row.id)
    flash_done(_("“%(name)s” was removed.", name=title))
    return redirect(back)


def _form_page(form: Any, title: str, back: str, *, lead: str = "") -> str:
    return render_template("coordination/strategy/edit.html", form=form, title=title, lead=lead, back=back)
