"""Changing sittings. Rights are judged by the caller (`policies`); what can never be is refused here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from coordination.places import operations as places
from core import history
from core.access import Actor
from core.bulk import columns_of
from core.clock import now, to_utc
from core.database import check_version, get_row, hold_row, session, transaction
from core.dated import Status, period
from core.errors import Refused
from core.hour_words import check_year
from core.instance import move_calendars
from core.languages import _
from meetings.sittings.models import Sitting
from meetings.sittings.rules import TAKES_PLACE, Mode, is_web_address
from participation.committees.models import Committee


@dataclass(frozen=True)
class Plan:
    """What can be said of a sitting; see the model for the meaning of each. Wall times are naive."""

    start: datetime
    #: None: open end
    end: datetime | None = None
    title: str = ""
    number: str = ""
    mode: Mode = Mode.IN_PERSON
    place_id: int | None = None
    video_url: str = ""
    public: bool = True
    #: draft, tentative or confirmed; cancelled only for one that was called off before it came here
    status: Status = Status.DRAFT


def plan_of(sitting: Sitting) -> Plan:
    """The plan as it stands: change a part of it with `dataclasses.replace`."""
    return Plan(
        start=sitting.starts_local,
        end=sitting.ends_local,
        title=sitting.title,
        number=sitting.number,
        mode=Mode(sitting.mode),
        place_id=sitting.place_id,
        video_url=sitting.video_url,
        public=sitting.public,
        status=Status(sitting.status),
    )


def schedule(
    actor: Actor, committee_id: int, plan: Plan, *, source: str | None = None, source_key: str | None = None
) -> Sitting:
    """Enter a sitting and, unless it is a draft, take its place. `source` and its key are for imports.

    Refused: an end not after the start ("end"), a start that does not exist or comes twice ("start"), a place
    that is taken ("place"), texts too long or no web address, each with its field.
    """
    _refuse_impossible(plan)
    with transaction() as current:
        committee = get_row(Committee, committee_id)
        row = Sitting(committee_id=committee.id, source=source, source_key=source_key)
        _apply(row, plan)
        _keep_booking(row)
        current.add(row)
        history.record(actor, "sittings.schedule", row)
    return row


def check_place(place_id: int, start: datetime, end: datetime | None, *, apart_from: int | None = None) -> None:
    """Refused as `schedule` is for a sitting that takes this place then; `apart_from` is its own booking."""
    _refuse_years(start, end)
    ends_at = None if end is None else to_utc(end, "end")
    places.check_free(place_id, to_utc(start, "start"), ends_at, apart_from=apart_from)


def prepared(
    committee_id: int, plan: Plan, *, source: str | None = None, source_key: str | None = None
) -> dict[str, Any]:
    """The columns of a sitting that takes no place, for `schedule_all`. Refused as in `schedule`."""
    if plan.place_id is not None:
        raise ValueError("a place is taken one by one: see schedule")
    _refuse_impossible(plan)
    told = {"committee_id": committee_id, "source": source, "source_key": source_key}
    return {**told, **period(plan.start, plan.end), **_told(plan)}


def schedule_all(actor: Actor, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Enter many `prepared` sittings at once, each with its line of history. Their ids, in order."""
    with transaction():
        ids = history.insert_all(actor, "sittings.schedule", Sitting, columns_of(rows))
        if any(row["status"] != Status.DRAFT for row in rows):
            move_calendars()
    return ids


def edit(actor: Actor, sitting_id: int, *, version: int | None, plan: Plan, reason: str = "") -> Sitting:
    """Save the plan. When time, place or status of a published sitting change, calendars take it as a new state.

    `reason` is kept then, for those who are told. Without any change nothing is written. Refused as `schedule`
    does, and: a published sitting as a draft ("status"), any change to a cancelled one. Raises Outdated.
    """
    _refuse_impossible(plan, reason)
    with transaction() as current:
        row = _held(sitting_id)
        check_version(row, version)
        _refuse_step(row, plan.status)
        published, before = row.shown_in_calendars, _promise(row)
        _apply(row, plan)
        if not current.is_modified(row):
            return row
        moved = _promise(row) != before
        row.changed_at = now()
        if published and moved:
            row.announce_change()
            row.reason = reason
        _keep_booking(row)
        history.record(actor, "sittings.move" if moved else "sittings.edit", row)
    return row


def move(
    actor: Actor,
    sitting_id: int,
    *,
    version: int | None,
    start: datetime,
    end: datetime | None,
    place_id: int | None,
    reason: str = "",
) -> Sitting:
    """Another time (naive wall time) or place, all else as it is. Refuses as `edit`."""
    with transaction():
        plan = replace(plan_of(_held(sitting_id)), start=start, end=end, place_id=place_id)
        return edit(actor, sitting_id, version=version, plan=plan, reason=reason)


def confirm(actor: Actor, sitting_id: int) -> Sitting:
    """Make a draft or a planned sitting firm. Twice is as once. Refused for a cancelled one."""
    with transaction():
        row = _held(sitting_id)
        return edit(actor, sitting_id, version=None, plan=replace(plan_of(row), status=Status.CONFIRMED))


def cancel(actor: Actor, sitting_id: int, *, reason: str = "", version: int | None = None) -> Sitting:
    """Call a published sitting off and free its place. It stays in calendars, marked. Twice is as once.

    Refused for a draft: nobody knows of it, so it is deleted.
    """
    _refuse_long("reason", reason, 400)
    with transaction():
        row = _held(sitting_id)
        check_version(row, version)
        if row.cancelled:
            return row
        if row.status == Status.DRAFT:
            raise Refused(_("Nobody knows of a draft yet: please delete it instead of cancelling it."))
        row.status, row.reason = Status.CANCELLED, reason
        row.announce_change()
        _keep_booking(row)
        history.record(actor, "sittings.cancel", row)
    return row


def delete_draft(actor: Actor, sitting_id: int) -> None:
    """Delete a sitting that was never published, with its agenda. Refused for any other, and where texts hang on it."""
    with transaction() as current:
        row = _held(sitting_id)
        if row.status != Status.DRAFT:
            raise Refused(_("This sitting was published. It can be cancelled, but not deleted."))
        history.record(actor, "sittings.delete", row, details={"title": row.title, "start": row.starts_local})
        current.delete(row)
        try:
            current.flush()
        except IntegrityError as error:
            raise Refused(_("Minutes or attendance of this draft have been kept, so it cannot be deleted.")) from error


def _held(sitting_id: int) -> Sitting:
    """The sitting, kept from other writers until the commit: what is checked now still holds then."""
    return hold_row(Sitting, sitting_id, key_share=True)


def _apply(row: Sitting, plan: Plan) -> None:
    row.set_period(plan.start, plan.end)
    for name, value in _told(plan).items():
        setattr(row, name, value)


def _told(plan: Plan) -> dict[str, Any]:
    """The columns of a plan, but for its period."""
    return {
        "title": plan.title,
        "number": plan.number,
        "public": plan.public,
        "mode": plan.mode,
        "video_url": plan.video_url,
        "place_id": plan.place_id,
        "status": plan.status,
    }


def _promise(row: Sitting) -> tuple[object, ...]:
    """What people rely on: when, where and how firmly."""
    return (row.starts_at, row.ends_at, row.place_id, row.mode, row.video_url, row.status)


def _keep_booking(row: Sitting) -> None:
    """Take, move or free the place, so that the booking says what the sitting says."""
    if row.place_id is not None and row.status in TAKES_PLACE:
        if row.booking_id is None:
            row.booking_id = places.book(row.place_id, row.starts_at, row.ends_at).id
        else:
            places.rebook(row.booking_id, row.place_id, row.starts_at, row.ends_at)
    elif row.booking_id is not None:
        booking_id, row.booking_id = row.booking_id, None
        session().flush()  # the row lets go first: the booking may be deleted then
        places.release(booking_id)


def _refuse_step(row: Sitting, status: Status) -> None:
    if row.cancelled:
        raise Refused(_("This sitting is cancelled. Please schedule a new one instead."))
    if status == Status.DRAFT and row.status != Status.DRAFT:
        raise Refused(_("A published sitting cannot become a draft again. Please cancel it instead."), "status")
    if status == Status.CANCELLED:
        raise Refused(_("Please use “Cancel the sitting” for this, so that a reason can be given."), "status")


def _refuse_impossible(plan: Plan, reason: str = "") -> None:
    _refuse_years(plan.start, plan.end)
    for field, text, longest in (
        ("title", plan.title, 200),
        ("number", plan.number, 40),
        ("video_url", plan.video_url, 400),
        ("reason", reason, 400),
    ):
        _refuse_long(field, text, longest)
    if plan.video_url and not is_web_address(plan.video_url):
        raise Refused(_("Please enter an address like https://www.example.org."), "video_url")
    if plan.mode is Mode.VIDEO and plan.place_id is not None:
        raise Refused(_("A sitting by video takes no room. Please choose no room or another mode."), "place")


def _refuse_years(start: datetime, end: datetime | None) -> None:
    check_year(start, "date")
    if end is not None:
        check_year(end, "end")


def _refuse_long(field: str, text: str, longest: int) -> None:
    if len(text) > longest:
        raise Refused(_("Please use at most %(max)d characters.", max=longest), field)
