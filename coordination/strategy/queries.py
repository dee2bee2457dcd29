"""Reading aims, measures and statements."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from coordination.strategy.models import Aim, Measure, Statement
from coordination.strategy.rules import OPEN, Foundation, State, stated_on
from core import history
from core.clock import today
from core.database import get_row, session

#: lines of history that are looked at for an item
MOST_CHANGES = 200


@dataclass(frozen=True)
class Change:
    """That an aim or measure came into a state: from which day on, and why."""

    state: State
    since: date
    reason: str


def list_aims(*, drafts: bool) -> list[Aim]:
    """The aims in the order in which they were entered, with their measures and who sees to each: two queries.

    Without `drafts` what was adopted alone, of the aims; of the measures the caller says which it shows.
    """
    found = select(Aim).options(selectinload(Aim.measures))
    if not drafts:
        found = found.where(Aim.adopted_on.is_not(None))
    return list(session().scalars(found.order_by(Aim.id)))


def get_aim(aim_id: int) -> Aim:
    """The aim. Raises NotFound. Whether one may read it is for policies."""
    return get_row(Aim, aim_id)


def get_measure(measure_id: int) -> Measure:
    """The measure. Raises NotFound. Whether one may read it is for policies."""
    return get_row(Measure, measure_id)


def find_aim(key: str) -> Aim | None:
    """The aim with this short name, or None."""
    return session().scalar(select(Aim).where(Aim.key == key))


def find_measure(key: str) -> Measure | None:
    """The measure with this short name, or None."""
    return session().scalar(select(Measure).where(Measure.key == key))


def measures_by_key(keys: Collection[str]) -> dict[str, Measure]:
    """Those of these measures that there are, by short name: one query."""
    return {row.key: row for row in session().scalars(select(Measure).where(Measure.key.in_(keys)))}


def list_choices(*, including: int | None = None) -> list[tuple[int, str]]:
    """Id and title of the measures that are still to be done, aim by aim, for a form; also the one named."""
    found = select(Measure.id, Measure.title).join(Aim, Aim.id == Measure.aim_id)
    found = found.where(or_(Measure.state.in_(OPEN), Measure.id == (including or 0)))
    return [(row.id, row.title) for row in session().execute(found.order_by(Aim.id, Measure.id))]


def owned_by(organization_id: int, *, drafts: bool) -> list[Measure]:
    """The measures to which an organization sees, those that are due first on top: one query."""
    found = select(Measure).where(Measure.owner_id == organization_id)
    if not drafts:
        found = found.where(Measure.adopted_on.is_not(None))
    return list(session().scalars(found.order_by(Measure.due_on.is_(None), Measure.due_on, Measure.id)))


def count_overdue() -> int:
    """How many measures should have been reached by now and are still to be done: one query."""
    found = select(func.count()).where(Measure.state.in_(OPEN), Measure.due_on < today())
    return session().scalar(found) or 0


def changes_of(item: Aim | Measure, *, drafts: bool) -> list[Change]:
    """Its states, newest first, each in the words in which it was told last: one query.

    A word on the same state, or of the same day or an earlier one, corrects the one before. Without `drafts` only what
    everybody could read: what it was when it was adopted, and what was said since. Told backwards from what stands now,
    since a line of history names only what it changed.
    """
    told = {name: getattr(item, name) for name in ("state", "state_since", "reason", "adopted_on")}
    changes: list[Change] = []
    step = _change(told)
    for line in history.lines_of(item.__tablename__, item.id, limit=MOST_CHANGES):
        was = _change(told)
        if was.state != step.state and was.since < step.since:
            step = was
        if was == step and step not in changes and (drafts or told["adopted_on"]):
            changes.append(step)
        told |= {name: old for name, old in (line.old or {}).items() if name in told}
    return changes


def _change(told: Mapping[str, Any]) -> Change:
    """The state that is told, by a row or by a line of history."""
    return Change(State(told["state"]), date.fromisoformat(str(told["state_since"])), told["reason"])


def list_statements() -> list[Statement]:
    """What the municipality has stated of itself, newest first."""
    found = select(Statement).order_by(Statement.since.desc(), Statement.foundation, Statement.id)
    return list(session().scalars(found))


def find_statement(foundation: Foundation, since: date) -> Statement | None:
    """The statement on this foundation from this day on, or None."""
    found = select(Statement).where(Statement.foundation == foundation, Statement.since == since)
    return session().scalar(found)


def foundations_on(day: date) -> dict[Foundation, bool | None]:
    """Whether the municipality has each foundation on this day; None where it has not stated it: one query."""
    return stated_on(list_statements(), day)
