"""What people need so that they can take part."""

from coordination.cooperation.models import Cooperation
from coordination.planning.models import Need
from coordination.planning.rules import NeedKind
from coordination.planning.workspaces import held, refuse_empty
from core import history
from core.access import Actor
from core.clock import now
from core.database import get_row, transaction


def add_need(actor: Actor, cooperation_id: int, *, kind: NeedKind, note: str = "") -> Need:
    """People need something so that they can take part."""
    with transaction() as current:
        row = held(cooperation_id)
        if kind == NeedKind.OTHER:
            refuse_empty(note, "note")
        need = Need(cooperation_id=row.id, kind=kind, note=note)
        current.add(need)
        history.record(actor, "planning.add_need", need)
    return need


def tick_need(actor: Actor, need_id: int, *, done: bool) -> Need:
    """It is provided for, or not after all. Twice is as once."""
    with transaction():
        need = get_row(Need, need_id)
        if (need.done_at is not None) != done:
            need.done_at = now() if done else None
            action = "planning.meet_need" if done else "planning.reopen_need"
            history.record(actor, action, need, details={"note": need.note})
    return need


def remove_need(actor: Actor, need_id: int) -> Cooperation:
    """Nobody needs it after all."""
    with transaction() as current:
        need = get_row(Need, need_id)
        row = held(need.cooperation_id)
        history.record(actor, "planning.remove_need", row, details={"kind": need.kind, "note": need.note})
        current.delete(need)
    return row
