"""The history: append-only, one line an operation, chained by hashes.

The chain covers a salted digest of old and new values, so erasure can blank names in them and the chain still
proves order and completeness.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, String, event, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.access import Actor
from core.clock import now
from core.database import Identified, Model, UtcDateTime, db, last_step, session
from core.instance import Instance, ensure_instance, finish_instance


class HistoryLine(Identified, Model):
    """Who did what to which object. The actor is an account's number without a key: it stays after erasure."""

    __tablename__ = "history"
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_account: Mapped[int | None] = mapped_column()
    action: Mapped[str] = mapped_column(String(80), index=True)
    object_type: Mapped[str] = mapped_column(String(60))
    object_id: Mapped[int | None] = mapped_column(index=True)
    old: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    new: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    salt: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    chain: Mapped[str] = mapped_column(String(64), unique=True)


@dataclass
class _Pending:
    actor: Actor
    action: str
    row: Any
    details: Mapping[str, Any] | None


def record(actor: Actor, action: str, row: Any, *, details: Mapping[str, Any] | None = None) -> None:
    """Within a transaction: one line for what was done to `row` (a model row), with its changed columns.

    `action` is `room.verb`. `details` adds facts that are no column of the row. Columns named in the model's
    `__unrecorded__` (secrets, long texts kept elsewhere) are left out.
    """
    session().info.setdefault("history", []).append(_Pending(actor, action, row, details))


def lines_of(object_type: str, object_id: int, limit: int = 50) -> list[HistoryLine]:
    """The newest lines about one object, newest first."""
    found = select(HistoryLine).where(HistoryLine.object_type == object_type, HistoryLine.object_id == object_id)
    return list(session().scalars(found.order_by(HistoryLine.id.desc()).limit(limit)))


def broken_links(lines: list[HistoryLine], head: str) -> list[int]:
    """The ids of lines whose hash does not follow from the line before; the chain's end must be `head`.

    A line whose old and new were blanked by erasure still fits: only its digest is chained.
    """
    broken, before = [], ""
    for line in lines:
        if line.chain != _chained(before, line):
            broken.append(line.id)
        before = line.chain
    if before != head and lines:
        broken.append(lines[-1].id)
    return broken


def _chained(before: str, line: HistoryLine) -> str:
    facts = [
        before,
        line.at.isoformat(),
        line.actor_account,
        line.action,
        line.object_type,
        line.object_id,
        line.digest,
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None | list | dict) else str(value)


@event.listens_for(db.session, "before_flush")
def _collect_changes(current: Session, *_: object) -> None:
    """Remember first old and last new value of each changed column, whenever the session flushes."""
    if not current.info.get("writing"):
        return
    changes = current.info.setdefault("changes", {})
    for row in (*current.new, *current.dirty):
        state = inspect(row)
        hidden: frozenset[str] = getattr(row, "__unrecorded__", frozenset())
        old, new = changes.setdefault(id(row), ({}, {}, row))[:2]
        for column in state.mapper.column_attrs:
            change = state.attrs[column.key].history
            if not change.has_changes() or column.key in hidden:
                continue
            if change.deleted:
                old.setdefault(column.key, _plain(change.deleted[0]))
            new[column.key] = _plain(change.added[0]) if change.added else None


@event.listens_for(db.session, "after_soft_rollback")
def _forget(current: Session, *_: object) -> None:
    for key in ("history", "changes", "calendar_moved", "uid_host"):
        current.info.pop(key, None)


@last_step
def _write(current: Session) -> None:
    """Write the pending lines and move the instance's row: the last statements before the commit."""
    pending: list[_Pending] = current.info.pop("history", [])
    changes = current.info.pop("changes", {})
    moved = bool(current.info.pop("calendar_moved", False))
    if not pending and not moved:
        return
    ensure_instance(current)
    head = current.scalar(select(Instance.history_head).where(Instance.id == 1).with_for_update()) or ""
    for entry in pending:
        old, new = changes.get(id(entry.row), ({}, {}))[:2]
        line = HistoryLine(
            at=now(),
            actor_account=entry.actor.account_id,
            action=entry.action,
            object_type=entry.row.__tablename__,
            object_id=getattr(entry.row, "id", None),
            old=old or None,
            new={**new, **{key: _plain(value) for key, value in (entry.details or {}).items()}} or None,
            salt=secrets.token_hex(8),
        )
        values = json.dumps([line.old, line.new], sort_keys=True, ensure_ascii=False)
        line.digest = hashlib.sha256((line.salt + values).encode()).hexdigest()
        line.chain = head = _chained(head, line)
        current.add(line)
        current.flush()
    current.info.pop("changes", None)
    finish_instance(current, head=head if pending else None, moved=moved)
