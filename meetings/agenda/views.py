"""Pages: /sitzungen/<id>/tagesordnung, for who keeps the agenda. Everybody else reads it on the sitting's page."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from core.access import current_actor, demands, ensure
from core.clock import now
from core.errors import NotFound
from core.languages import _
from core.web import flash_done
from meetings.agenda import operations, policies, queries
from meetings.agenda.forms import ItemForm
from meetings.agenda.models import AgendaItem
from meetings.sittings.models import Sitting
from meetings.sittings.policies import get_editable

blueprint = Blueprint("agenda", __name__)


@blueprint.route("/<int:sitting_id>/tagesordnung", methods=["GET", "POST"])
@demands("agenda.edit")
def edit(sitting_id: int) -> str | Response:
    """The agenda with everything to change it, and at its end the form for the next item."""
    actor, sitting = current_actor(), _editable(sitting_id)
    form = ItemForm(data={"public": sitting.public and sitting.committee.public})
    if form.try_to(lambda: operations.add(actor, sitting_id, form.item())):
        flash_done(_("“%(name)s” was put on the agenda.", name=form.title.data))
        return redirect(url_for(".edit", sitting_id=sitting_id))
    return render_template(
        "meetings/agenda/edit.html",
        sitting=_editable(sitting_id),
        items=queries.items_of(sitting_id),
        form=form,
    )


@blueprint.route("/<int:sitting_id>/tagesordnung/<int:item_id>", methods=["GET", "POST"])
@demands("agenda.edit")
def item(sitting_id: int, item_id: int) -> str | Response:
    """Change one item."""
    actor, sitting = current_actor(), _editable(sitting_id)
    form = _form_on(queries.get_item(sitting_id, item_id))

    def save() -> None:
        operations.edit(actor, sitting_id, item_id, version=form.version.data, item=form.item())

    if form.try_to(save, lambda: _form_on(queries.get_item(sitting_id, item_id), formdata=None)):
        flash_done(_("“%(name)s” was saved.", name=form.title.data))
        return redirect(url_for(".edit", sitting_id=sitting_id))
    sitting = _editable(sitting_id)
    return render_template(
        "meetings/agenda/item.html",
        sitting=sitting,
        item=queries.get_item(sitting_id, item_id),
        form=form,
        may_remove=sitting.starts_at > now(),
    )


@blueprint.post("/<int:sitting_id>/tagesordnung/<int:item_id>/verschieben")
@demands("agenda.edit")
def shift(sitting_id: int, item_id: int) -> Response:
    """One place up or down; the page opens at the item again."""
    _editable(sitting_id)
    steps = {"up": -1, "down": 1}.get(request.form.get("direction", ""))
    if steps is None:
        raise NotFound
    row = operations.shift(current_actor(), sitting_id, item_id, steps=steps)
    flash_done(_("“%(name)s” is item %(number)s now.", name=row.title, number=row.number))
    return redirect(url_for(".edit", sitting_id=sitting_id, _anchor=f"item-{item_id}"))


@blueprint.post("/<int:sitting_id>/tagesordnung/<int:item_id>/entfernen")
@demands("agenda.edit")
def remove(sitting_id: int, item_id: int) -> Response:
    """Take an item off the agenda."""
    _editable(sitting_id)
    title = queries.get_item(sitting_id, item_id).title
    operations.remove(current_actor(), sitting_id, item_id)
    flash_done(_("“%(name)s” was taken off the agenda.", name=title))
    return redirect(url_for(".edit", sitting_id=sitting_id))


def _form_on(row: AgendaItem, **kwargs: Any) -> ItemForm:
    return ItemForm(data={**asdict(operations.item_of(row)), "version": row.version}, **kwargs)


def _editable(sitting_id: int) -> Sitting:
    """The sitting, if the actor keeps its agenda. Raises NotFound otherwise."""
    sitting = get_editable(current_actor(), sitting_id)
    ensure(policies.may_edit(current_actor(), sitting))
    return sitting
