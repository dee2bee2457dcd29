"""What others ask: the entries that somebody may see, of every kind.

Who asks gets one reading of each date, never two. Texts are in the reader's language (`core.languages`).
"""

from collections.abc import Collection
from datetime import date

from calendars.entry import Audience, Entry
from calendars.sources import events, milestones, sittings
from calendars.sources.audiences import EVERYBODY
from core.errors import NotFound


def entries(
    from_: date | None = None,
    until: date | None = None,
    *,
    audiences: frozenset[Audience] = EVERYBODY,
    committees: Collection[int] | None = None,
    rows: Collection[str] | None = None,
) -> list[Entry]:
    """What these audiences may see, by start: dates from the local day `from_` (inclusive) to `until` (exclusive).

    None is unlimited; `committees` (ids) leaves out all that is not theirs, so every event and milestone; `rows` (as
    `Entry.row` names them) leaves out all others. Drafts are never in it, cancelled dates are. A row that no calendar
    could show is left out and logged. Nine queries at most, whatever the number of rows.
    """
    found = sittings.listed(from_, until, audiences=audiences, committees=committees, rows=rows)
    if committees is None:
        found += events.listed(from_, until, audiences=audiences, rows=rows)
        found += milestones.listed(from_, until, audiences=audiences, rows=rows)
        found.sort(key=lambda entry: entry.starts_at)
    return found


def entry_of_sitting(sitting_id: int, *, audiences: frozenset[Audience]) -> Entry:
    """One sitting as these audiences may see it. Raises NotFound where they may not, and for a draft."""
    return _only(sittings.one(sitting_id, audiences=audiences))


def entry_of_event(event_id: int) -> Entry:
    """One event; who may see it is for its room to judge. Raises NotFound for a draft."""
    return _only(events.one(event_id))


def _only(found: list[Entry]) -> Entry:
    if not found:
        raise NotFound
    return found[0]
