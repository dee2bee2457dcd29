"""The dates of a feed one by one: after a change only what changed is read and written anew.

A row of `core.instance.changed_rows` is either one whose own date alone may read otherwise now, or a right that no
public feed depends on, or else anything may have changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import structlog

from calendars.entry import Audience, Entry
from calendars.ical import Texts, render_events
from calendars.sources.audiences import EVERYBODY
from coordination.accounts.models import Assignment
from coordination.events.models import Event
from coordination.people.models import Membership
from coordination.projects.models import Milestone
from meetings.sittings.models import Sitting
from participation.seats.models import Appointment, Seat

log = structlog.get_logger()

#: rows that stand in one date and in no other
_OF_ONE_DATE = frozenset({Sitting.__tablename__, Event.__tablename__, Milestone.__tablename__})
#: rows that say who may see something, and stand in no text
_RIGHTS = frozenset(model.__tablename__ for model in (Appointment, Assignment, Membership, Seat))


class Part(NamedTuple):
    """One date of a feed."""

    #: by start, then by row: the same order whatever was read first
    order: tuple[datetime, str, int]
    uid: str
    text: bytes


#: by row, as `Entry.row` names it (by uid where it names none), in the order of the feed
Parts = Mapping[str, Part]


@dataclass(frozen=True)
class Kept:
    """What a feed was made of before, and the rows whose dates are to be read again."""

    parts: Parts
    rows: frozenset[str]


def touched(changed: frozenset[str] | None, audiences: frozenset[Audience]) -> frozenset[str] | None:
    """The rows among the changed whose dates may read otherwise for these audiences; None: any date may."""
    if changed is None:
        return None
    if audiences == EVERYBODY:
        changed = frozenset(row for row in changed if _table(row) not in _RIGHTS)
    return changed if all(_table(row) in _OF_ONE_DATE for row in changed) else None


def written(found: Iterable[Entry], texts: Texts, alarm_minutes: int | None) -> dict[str, Part]:
    """The dates as texts. What cannot be written is left out and logged: one of them never breaks a feed."""
    made, broken = render_events(found, texts, alarm_minutes)
    for uid, error in broken:
        log.error("feeds.left_out", uid=uid, exc_info=error)
    return _in_order({entry.row or entry.uid: Part(_order(entry), entry.uid, text) for entry, text in made})


def renewed(kept: Kept, fresh: Parts) -> dict[str, Part] | None:
    """The kept dates with the fresh ones in place of what was read again; None where a uid would come twice."""
    parts = {**kept.parts}
    for row in kept.rows - fresh.keys():
        parts.pop(row, None)
    same_place = all(row in parts and parts[row][:2] == part[:2] for row, part in fresh.items())
    parts.update(fresh)
    if same_place:
        return parts
    return _in_order(parts) if len({part.uid for part in parts.values()}) == len(parts) else None


def _in_order(parts: Parts) -> dict[str, Part]:
    return dict(sorted(parts.items(), key=lambda item: item[1].order))


def _order(entry: Entry) -> tuple[datetime, str, int]:
    table, _, number = entry.row.partition(":")
    return entry.starts_at, table, int(number or 0)


def _table(row: str) -> str:
    return row.partition(":")[0]
