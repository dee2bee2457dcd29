"""Changing an agenda. Rights are judged by the caller; the sitting's row is held, so that orders do not cross."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from core import history
from core.access import Actor
from core.clock import now
from core.database import check_version, hold_row, session, transaction
from core.errors import Refused
from core.languages import _
from meetings.agenda.models import AgendaItem
from meetings.agenda.queries import get_item, items_of
from meetings.agenda.rules import NUMBER_LENGTH, TITLE_LENGTH, Place, numbers
from meetings.sittings.models import Sitting


@dataclass(frozen=True)
class Item:
    """What can be said of an agenda item; see the model. An empty `number` is counted, a typed one stays."""

    title: str
    description: str = ""
    public: bool = True
    number: str = ""


def item_of(row: AgendaItem) -> Item:
    """The item as it stands: change a part of it with `dataclasses.replace`."""
    return Item(row.title, row.description, row.public, row.number if row.typed_number else "")


def add(actor: Actor, sitting_id: int, item: Item, *, source_key: str | None = None) -> AgendaItem:
    """Put an item at the end of the agenda. Refused: no title ("title"), a number that is taken ("number")."""
    with _changing(sitting_id) as (sitting, there):
        _refuse_impossible(item, there)
        position = there[-1].position + 1 if there else 0
        row = AgendaItem(sitting=sitting, position=position, number="", source_key=source_key)
        _apply(row, item)
        session().add(row)
        _number([*there, row])
        history.record(actor, "agenda.add", row)
    return row


def edit(actor: Actor, sitting_id: int, item_id: int, *, version: int | None, item: Item) -> AgendaItem:
    """Save what is said of an item of this sitting. Refused as adding is; raises Outdated."""
    with _changing(sitting_id) as (_sitting, there):
        row = get_item(sitting_id, item_id)
        check_version(row, version)
        if item != item_of(row):
            _refuse_impossible(item, [other for other in there if other is not row])
            _apply(row, item)
            _number(there)
            history.record(actor, "agenda.edit", row)
    return row


def shift(actor: Actor, sitting_id: int, item_id: int, *, steps: int) -> AgendaItem:
    """Move an item up (`steps` below 0) or down the agenda. Beyond its ends it stays first or last."""
    with _changing(sitting_id) as (_sitting, there):
        row = get_item(sitting_id, item_id)
        order = [item.id for item in there]
        before = order.index(item_id)
        order.insert(min(max(before + steps, 0), len(order) - 1), order.pop(before))
        set_order(actor, sitting_id, order)
    return row


def set_order(actor: Actor, sitting_id: int, item_ids: list[int]) -> list[AgendaItem]:
    """Bring the agenda into this order. Refused unless it names every item once: somebody else changed it then."""
    with _changing(sitting_id) as (_sitting, there):
        rows = {item.id: item for item in there}
        if sorted(item_ids) != sorted(rows):
            raise Refused(_("Somebody else has changed this agenda in the meantime. Please look at it again."))
        order = [rows[item_id] for item_id in item_ids]
        for position, row in enumerate(order):
            row.position = position
        _number(order)
        for row in order:
            if session().is_modified(row):
                history.record(actor, "agenda.move", row)
    return order


def remove(actor: Actor, sitting_id: int, item_id: int) -> None:
    """Take an item off the agenda of a sitting that is still to come.

    Refused once the sitting has begun: what was on the agenda then is kept, and its minutes with it. Refused
    also where minutes have been written beforehand.
    """
    with _changing(sitting_id) as (sitting, there):
        row = get_item(sitting_id, item_id)
        if sitting.starts_at <= now():
            raise Refused(_("The sitting has begun: what stood on its agenda is kept."))
        history.record(actor, "agenda.remove", row, details={"title": row.title, "number": row.number})
        session().delete(row)
        try:
            session().flush()
        except IntegrityError as error:
            raise Refused(_("Minutes have been written for this item already, so it is kept.")) from error
        _number([other for other in there if other is not row])


@contextmanager
def _changing(sitting_id: int) -> Iterator[tuple[Sitting, list[AgendaItem]]]:
    """A transaction with the sitting held, so that two writers of one agenda wait for one another; and its items.

    Where the public agenda of a published sitting is another one afterwards, the sitting counts as changed. A
    change that the public cannot see leaves no trace in the calendars of the public, not even a time.
    """
    with transaction() as current:
        sitting = hold_row(Sitting, sitting_id, key_share=True)
        there = items_of(sitting_id)
        before = _shown(there)
        yield sitting, there
        current.flush()
        if sitting.shown_in_calendars and _shown(items_of(sitting_id)) != before:
            # past the row's version: who edits the sitting meanwhile need not compare anything
            current.execute(update(Sitting).where(Sitting.id == sitting_id).values(changed_at=now()))


def _shown(items: list[AgendaItem]) -> list[tuple[str, str]]:
    """What calendars show of an agenda to everybody."""
    return [(item.number, item.title) for item in items if item.public]


def _apply(row: AgendaItem, item: Item) -> None:
    row.title, row.description, row.public = item.title, item.description, item.public
    row.typed_number = bool(item.number)
    if item.number:
        row.number = item.number


def _number(order: list[AgendaItem]) -> None:
    """Give every item of the agenda, in this order, its number."""
    places = [Place(row.public, row.number if row.typed_number else "") for row in order]
    for row, number in zip(order, numbers(places), strict=True):
        row.number = number


def _refuse_impossible(item: Item, others: list[AgendaItem]) -> None:
    if not item.title:
        raise Refused(_("Please fill in this field."), "title")
    for field, text, longest in (("title", item.title, TITLE_LENGTH), ("number", item.number, NUMBER_LENGTH)):
        if len(text) > longest:
            raise Refused(_("Please use at most %(max)d characters.", max=longest), field)
    if item.number and item.number in {other.number for other in others if other.typed_number}:
        raise Refused(_("Another item has this number already."), "number")
