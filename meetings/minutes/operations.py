"""Writing, releasing and reopening minutes. Rights are judged by the caller (`policies`)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import history
from core.access import Actor
from core.clock import now
from core.database import transaction
from core.dated import Status
from core.errors import NotFound, Outdated, Refused
from core.forms import DIRECTION_CONTROLS, clean_text
from core.languages import _
from meetings.agenda.models import AgendaItem
from meetings.minutes.models import Minutes, MinutesRevision
from meetings.minutes.queries import find_minutes, find_text, newest_of
from meetings.minutes.rules import LONGEST_HOURS, LONGEST_TEXT, Verdict, judge
from meetings.sittings.models import Sitting


@dataclass(frozen=True)
class Draft:
    """A text as it was sent, and the number of the revision it was written from (0: there was none)."""

    base: int
    text: str


@dataclass(frozen=True)
class Outcome:
    """What became of the texts that were sent together, by item."""

    saved: Mapping[int, MinutesRevision]
    conflicts: frozenset[int]


@dataclass(frozen=True)
class Head:
    """What the minutes say of the sitting as a whole; see the model. Wall times are naive."""

    began_local: datetime | None = None
    ended_local: datetime | None = None
    chair_name: str = ""
    secretary_name: str = ""
    guests: str = ""


def save_text(actor: Actor, item_id: int, base_number: int, text: str) -> MinutesRevision | None:
    """Save the text of one item as a new revision; None where nothing changed.

    Raises NotFound, and Outdated when somebody saved another text since revision `base_number`; nothing is stored
    then. Refused: released minutes, a text too long or with controls of the writing direction (field `text-<id>`).
    """
    with transaction() as current:
        sitting_id = current.scalar(select(AgendaItem.sitting_id).where(AgendaItem.id == item_id))
        if sitting_id is None:
            raise NotFound
        outcome = save_texts(actor, sitting_id, drafts={item_id: Draft(base_number, text)})
        if outcome.conflicts:
            raise Outdated(
                _("Somebody else has saved another text in the meantime. Please compare both."), f"text-{item_id}"
            )
        return outcome.saved.get(item_id)


def save_texts(actor: Actor, sitting_id: int, *, drafts: Mapping[int, Draft]) -> Outcome:
    """Save the texts of several items of one sitting, each as a new revision where it changed.

    A text that somebody else changed since its base is not stored and named in `conflicts`; the others are saved.
    Raises NotFound for an item of another sitting; refused as `save_text` is, and then nothing is stored.
    """
    cleaned = {item_id: Draft(draft.base, _checked(item_id, draft.text)) for item_id, draft in drafts.items()}
    saved: dict[int, MinutesRevision] = {}
    conflicts: set[int] = set()
    with transaction() as current:
        _hold(current, sitting_id)
        items = _items_of(current, sitting_id, cleaned)
        newest = newest_of(cleaned)
        for item_id, draft in cleaned.items():
            verdict = _judged(item_id, draft, newest.get(item_id))
            if verdict is Verdict.CONFLICT:
                conflicts.add(item_id)
            elif verdict is Verdict.SAVE:
                _refuse_released(find_minutes(sitting_id))
                saved[item_id] = _append(actor, current, items[item_id], draft)
    return Outcome(saved, frozenset(conflicts))


def save_head(actor: Actor, sitting_id: int, *, version: int | None, head: Head) -> Minutes:
    """Save what the minutes say of the whole. `version` 0: the form was opened before there was any; None: no check.

    Raises NotFound, Outdated. Refused: released minutes, an end not after the beginning or over twelve hours later.
    """
    if head.began_local and head.ended_local:
        lasted = head.ended_local - head.began_local
        if not timedelta() < lasted <= timedelta(hours=LONGEST_HOURS):
            raise Refused(
                _("The end must lie after the beginning, at most %(hours)d hours later.", hours=LONGEST_HOURS), "ended"
            )
    with transaction() as current:
        _hold(current, sitting_id)
        row = find_minutes(sitting_id)
        _refuse_released(row)
        if version is not None and version != (row.version if row else 0):
            raise Outdated(_("Somebody else has saved this in the meantime. Please compare and save again."))
        row = row or _begun(current, sitting_id)
        for name, value in asdict(head).items():
            setattr(row, name, value)
        history.record(actor, "minutes.head", row)
    return row


def release(actor: Actor, sitting_id: int) -> Minutes:
    """Let those entitled read the minutes. Twice is as once.

    Raises NotFound; refused before the sitting has begun, for drafts and for cancelled ones.
    """
    with transaction() as current:
        sitting = _hold(current, sitting_id)
        if sitting.status == Status.DRAFT or sitting.cancelled or sitting.starts_at > now():
            raise Refused(_("Minutes can be released once the sitting has taken place."))
        row = find_minutes(sitting_id) or _begun(current, sitting_id)
        if row.released_at is None:
            row.released_at = now()
            history.record(actor, "minutes.release", row)
    return row


def reopen(actor: Actor, sitting_id: int) -> Minutes:
    """Take the release back, to write on. Twice is as once. Raises NotFound where nothing was begun.

    Nobody but the writer reads the minutes until they are released again.
    """
    with transaction() as current:
        _hold(current, sitting_id)
        row = find_minutes(sitting_id)
        if row is None:
            raise NotFound
        if row.released_at is not None:
            row.released_at = None
            history.record(actor, "minutes.reopen", row)
    return row


def _hold(current: Session, sitting_id: int) -> Sitting:
    """The sitting; nobody else writes its minutes until the commit."""
    if current.scalar(select(Sitting.id).where(Sitting.id == sitting_id).with_for_update()) is None:
        raise NotFound
    return current.get_one(Sitting, sitting_id)


def _begun(current: Session, sitting_id: int) -> Minutes:
    row = Minutes(sitting_id=sitting_id)
    current.add(row)
    return row


def _items_of(current: Session, sitting_id: int, wanted: Mapping[int, Draft]) -> dict[int, AgendaItem]:
    found = select(AgendaItem).where(AgendaItem.sitting_id == sitting_id, AgendaItem.id.in_(wanted))
    items = {item.id: item for item in current.scalars(found)}
    if items.keys() != wanted.keys():
        raise NotFound
    return items


def _judged(item_id: int, draft: Draft, newest: MinutesRevision | None) -> Verdict:
    number, text = (newest.number, newest.text) if newest else (0, "")
    base_text = text if draft.base == number else find_text(item_id, draft.base)
    return judge(base=draft.base, base_text=base_text, newest=number, newest_text=text, text=draft.text)


def _append(actor: Actor, current: Session, item: AgendaItem, draft: Draft) -> MinutesRevision:
    row = MinutesRevision(
        agenda_item_id=item.id, number=draft.base + 1, text=draft.text, author_account=actor.account_id
    )
    current.add(row)
    history.record(actor, "minutes.save", row)
    return row


def _checked(item_id: int, text: str) -> str:
    cleaned = clean_text(text)
    if len(cleaned) > LONGEST_TEXT:
        raise Refused(_("Please use at most %(max)d characters.", max=LONGEST_TEXT), f"text-{item_id}")
    if DIRECTION_CONTROLS.intersection(cleaned):
        raise Refused(
            _("This text holds invisible characters that turn the direction of writing. Please remove them."),
            f"text-{item_id}",
        )
    return cleaned


def _refuse_released(row: Minutes | None) -> None:
    if row is not None and row.released_at is not None:
        raise Refused(_("These minutes are released. Reopen them first to change them."))
