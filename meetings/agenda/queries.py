"""Reading agendas. What an actor may see of one is for `policies`."""

from sqlalchemy import or_, select

from core.database import get_row, session
from core.errors import NotFound
from meetings.agenda.models import AgendaItem


def items_of(sitting_id: int, *, public_only: bool = False) -> list[AgendaItem]:
    """The whole agenda, or its public items alone, in order: one query."""
    found = select(AgendaItem).where(AgendaItem.sitting_id == sitting_id)
    if public_only:
        found = found.where(AgendaItem.public.is_(True))
    return list(session().scalars(found.order_by(AgendaItem.position, AgendaItem.id)))


def get_item(sitting_id: int, item_id: int) -> AgendaItem:
    """The item of this very sitting. Raises NotFound for any other."""
    item = get_row(AgendaItem, item_id)
    if item.sitting_id != sitting_id:
        raise NotFound
    return item


def find_by_source(sitting_id: int, key: str) -> AgendaItem | None:
    """The item that had this number in the file it was imported from, or None."""
    return session().scalar(select(AgendaItem).where(AgendaItem.sitting_id == sitting_id, AgendaItem.source_key == key))


def find_by_number(sitting_id: int, number: str) -> AgendaItem | None:
    """The item that a file names by its number: as it was imported, else as it is numbered now; or None."""
    named = select(AgendaItem).where(
        AgendaItem.sitting_id == sitting_id, or_(AgendaItem.source_key == number, AgendaItem.number == number)
    )
    found = list(session().scalars(named.order_by(AgendaItem.position)))
    return next((item for item in found if item.source_key == number), found[0] if found else None)
