"""Writing, releasing and reopening minutes. Rights are judged by the caller (`policies`).

What is released is kept word for word, one copy a version.
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import history
from core.access import SYSTEM, Actor
from core.clock import now
from core.database import check_version, get_row, hold_row, transaction
from core.dated import Status
from core.errors import NotFound, Outdated, Refused
from core.forms import DIRECTION_CONTROLS, clean_text
from core.languages import _
from meetings.agenda.models import AgendaItem
from meetings.minutes.content import checksum, differences, read, write
from meetings.minutes.models import Minutes, MinutesRelease, MinutesRevision
from meetings.minutes.niederschrift import content_today, newest_release
from meetings.minutes.queries import find_minutes, find_text, newest_of
from meetings.minutes.rules import LONGEST_REASON, LONGEST_TEXT, Verdict, judge
from meetings.sittings.models import Sitting
from meetings.sittings.rules import LONGEST_HOURS


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
    #: no items of this sitting, or not any more
    gone: frozenset[int]


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
        if outcome.gone:
            raise NotFound
        return outcome.saved.get(item_id)


def save_texts(actor: Actor, sitting_id: int, *, drafts: Mapping[int, Draft]) -> Outcome:
    """Save the texts of several items of one sitting, each as a new revision where it changed.

    A text that somebody else changed since its base is not stored and named in `conflicts`, and one for an item that
    was taken off the agenda in `gone`; the others are saved. Raises NotFound for the sitting; refused as `save_text`
    is, and then nothing is stored.
    """
    cleaned = {item_id: Draft(draft.base, _checked(item_id, draft.text)) for item_id, draft in drafts.items()}
    saved: dict[int, MinutesRevision] = {}
    conflicts: set[int] = set()
    with transaction() as current:
        hold_row(Sitting, sitting_id)
        items = _items_of(current, sitting_id, cleaned)
        newest = newest_of(items)
        for item_id, item in items.items():
            draft = cleaned[item_id]
            verdict = _judged(item_id, draft, newest.get(item_id))
            if verdict is Verdict.CONFLICT:
                conflicts.add(item_id)
            elif verdict is Verdict.SAVE:
                _refuse_released(find_minutes(sitting_id))
                saved[item_id] = _append(actor, current, item, draft)
    gone = frozenset(item_id for item_id, draft in cleaned.items() if draft.text and item_id not in items)
    return Outcome(saved, frozenset(conflicts), gone)


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
        hold_row(Sitting, sitting_id)
        row = find_minutes(sitting_id)
        _refuse_released(row)
        if version is not None and version != (row.version if row else 0):
            raise Outdated(_("Somebody else has saved this in the meantime. Please compare and save again."))
        row = row or _begun(current, sitting_id)
        for name, value in asdict(head).items():
            setattr(row, name, value)
        history.record(actor, "minutes.head", row)
    return row


def release(actor: Actor, sitting_id: int, *, reason: str = "", version: int | None = None) -> Minutes:
    """Let those entitled read the minutes, and keep what they say. Twice is as once.

    Released again, after they were reopened, they are a new version, with the `reason` why; where nothing was
    changed meanwhile, the version before holds again. Raises NotFound, and Outdated when the row of the minutes is
    not of this `version` any more. Refused: before the sitting has begun, drafts, cancelled ones; without a reason
    or with one too long (field "reason").
    """
    with transaction() as current:
        sitting = hold_row(Sitting, sitting_id)
        if sitting.status == Status.DRAFT or sitting.cancelled or sitting.starts_at > now():
            raise Refused(_("Minutes can be released once the sitting has taken place."))
        row = find_minutes(sitting_id) or _begun(current, sitting_id)
        if row.released_at is None:
            if version is not None:
                check_version(row, version)
            kept = _keep(actor, current, sitting, row, reason)
            row.released_at = kept.released_at
            history.record(actor, "minutes.release", row, details={"number": kept.number, "checksum": kept.checksum})
    return row


def reopen(actor: Actor, sitting_id: int) -> Minutes:
    """Take the release back, to write on. Twice is as once. Raises NotFound where nothing was begun.

    Until they are released again the public reads nothing; the inner circle goes on reading what was released.
    """
    with transaction() as current:
        sitting = hold_row(Sitting, sitting_id)
        row = find_minutes(sitting_id)
        if row is None:
            raise NotFound
        if row.released_at is not None:
            if newest_release(sitting_id) is None:  # released before copies were kept: keep what it says until now
                _copy(actor, current, sitting, row, released_at=row.released_at)
            row.released_at = None
            history.record(actor, "minutes.reopen", row)
    return row


def freeze(sitting_id: int) -> MinutesRelease | None:
    """Keep a copy of minutes that were released before copies were kept: as version 1, of what they say today.

    None where there is one already, or nothing is released.
    """
    with transaction() as current:
        sitting = hold_row(Sitting, sitting_id)
        row = find_minutes(sitting_id)
        if row is None or row.released_at is None or newest_release(sitting_id) is not None:
            return None
        kept = _copy(SYSTEM, current, sitting, row, released_at=row.released_at)
        history.record(SYSTEM, "minutes.freeze", kept)
    return kept


def rewrite(release_id: int, content: str, *, reason: str) -> None:
    """Within a transaction: put another content in the place of a kept one, as erasure demands. The checksum is made
    anew, and a line of history tells the old one and the new one; of neither can anybody find out what was erased."""
    row = get_row(MinutesRelease, release_id)
    row.content, row.checksum, row.reason = content, checksum(content), reason
    history.record(SYSTEM, "minutes.rewrite", row)


def salt() -> str:
    """A new salt for a content: see `content.write`."""
    return secrets.token_hex(16)


def _begun(current: Session, sitting_id: int) -> Minutes:
    row = Minutes(sitting_id=sitting_id)
    current.add(row)
    return row


def _items_of(current: Session, sitting_id: int, wanted: Mapping[int, Draft]) -> dict[int, AgendaItem]:
    found = select(AgendaItem).where(AgendaItem.sitting_id == sitting_id, AgendaItem.id.in_(wanted))
    return {item.id: item for item in current.scalars(found.order_by(AgendaItem.id))}


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


def _keep(actor: Actor, current: Session, sitting: Sitting, row: Minutes, reason: str) -> MinutesRelease:
    """The copy of what is released now: a new one, or the last where it says the same."""
    before = newest_release(sitting.id)
    if before is None:
        return _copy(actor, current, sitting, row)
    if not differences(read(before.content), content_today(sitting, row)):
        return before
    if not reason.strip():
        raise Refused(_("Please say why there is a new version."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Please use at most %(max)d characters.", max=LONGEST_REASON), "reason")
    return _copy(actor, current, sitting, row, number=before.number + 1, reason=reason)


def _copy(
    actor: Actor,
    current: Session,
    sitting: Sitting,
    row: Minutes,
    *,
    released_at: datetime | None = None,
    number: int = 1,
    reason: str = "",
) -> MinutesRelease:
    """`released_at`: where that was before copies were kept."""
    text, moment = write(content_today(sitting, row), salt()), now()
    kept = MinutesRelease(
        sitting_id=sitting.id,
        number=number,
        released_at=released_at or moment,
        recorded_at=moment,
        by_account=actor.account_id,
        reason=reason,
        content=text,
        checksum=checksum(text),
    )
    current.add(kept)
    return kept
