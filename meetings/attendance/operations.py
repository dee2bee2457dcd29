"""Answering an invitation, and recording who was there. Rights are judged by the caller (`policies`)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from core import history
from core.access import ANONYMOUS, Actor
from core.bulk import columns_of, insert_columns
from core.clock import now, today
from core.database import transaction
from core.dated import Status
from core.errors import NotFound, Outdated, Refused
from core.languages import _
from meetings.attendance.models import Attendance, Reply
from meetings.attendance.queries import Recorded, attendance_of, day_of, find_reply, recorded
from meetings.attendance.rules import IN_PERSON, THERE, Answer, Presence, in_one_word, twice_there
from meetings.sittings.models import Sitting
from participation.seats.models import Appointment, Seat
from participation.seats.queries import Holding, holdings


@dataclass(frozen=True)
class Mark:
    """What is to be recorded of a seat. Presence None: not recorded.

    `person_id` names the deputy where represented (may be left out where the seat has one only). `seen` is what the
    form was opened on, in one word (`rules.in_one_word`); None asks for no check.
    """

    seat_id: int
    presence: Presence | None
    person_id: int | None = None
    seen: str | None = None


_WITH_PEOPLE = selectinload(Seat.appointments).joinedload(Appointment.person)


def answer(person_id: int, sitting_id: int, seat_id: int, said: Answer, *, actor: Actor = ANONYMOUS) -> Reply:
    """Keep what a member or deputy says before the sitting; the newest answer holds, the same again changes nothing.

    It is kept for the time at which the sitting begins now; what was said for another time counts no more.

    `actor` only names who used a form; the person may answer without any account. Raises NotFound (sitting, draft,
    seat of another committee). Refused: after the start, for a cancelled sitting, from anybody who is neither
    member nor deputy of the seat on that day, and from a deputy while the member has not said that they cannot come.
    """
    with transaction() as current:
        sitting = _locked(current, sitting_id)
        _refuse_answer(sitting)
        holding = _holdings_of(current, sitting, [seat_id])[seat_id]
        _refuse_person(sitting, holding, person_id)
        row = find_reply(sitting_id, seat_id, person_id)
        if row is None:
            row = Reply(sitting_id=sitting_id, seat_id=seat_id, person_id=person_id)
            current.add(row)
        elif row.holds and row.answer == said and not row.by_phone:
            return row
        row.answer, row.answered_at, row.for_start = said, now(), sitting.starts_local
        row.by_phone, row.own_answer = False, None
        history.record(actor, "attendance.answer", row)
    return row


@dataclass(frozen=True)
class Call:
    """What somebody said on the phone, for a seat. `said` None: the clerk takes back what they entered.

    `seen`: what the page showed as the person's answer when the clerk chose, None where there was none.
    """

    person_id: int
    seat_id: int
    said: Answer | None
    seen: Answer | None = None


def answer_by_phone(actor: Actor, sitting_id: int, *, call: Call) -> None:
    """Keep what a member or deputy said on the phone, as if they had answered; taken back, their own answer holds.

    Raises NotFound and is refused as `answer` is. Raises Outdated where the person has answered themselves since the
    page was opened: nothing is stored then. What was not entered by phone cannot be taken back.
    """
    with transaction() as current:
        sitting = _locked(current, sitting_id)
        _refuse_answer(sitting)
        holding = _holdings_of(current, sitting, [call.seat_id])[call.seat_id]
        row = find_reply(sitting_id, call.seat_id, call.person_id)
        if row is not None and not row.by_phone and (row.answer if row.holds else None) != call.seen:
            raise Outdated(
                _("%(name)s has answered meanwhile. Nothing was changed: please compare.", name=row.person.name)
            )
        if call.said is None:
            _take_back(actor, current, row)
            return
        _refuse_person(sitting, holding, call.person_id)
        if row is None:
            row = Reply(sitting_id=sitting_id, seat_id=call.seat_id, person_id=call.person_id)
            current.add(row)
        elif row.holds and row.answer == call.said:
            return
        elif not row.holds:
            row.own_answer = None
        elif not row.by_phone:
            row.own_answer = row.answer
        row.answer, row.answered_at, row.for_start, row.by_phone = call.said, now(), sitting.starts_local, True
        history.record(actor, "attendance.answer_by_phone", row)


def _take_back(actor: Actor, current: Session, row: Reply | None) -> None:
    if row is None or not row.by_phone or not row.holds:
        raise Refused(_("There is no answer by phone that could be taken back."))
    history.record(actor, "attendance.take_back", row)
    if row.own_answer is None:
        current.delete(row)
    else:
        row.answer, row.answered_at, row.by_phone, row.own_answer = row.own_answer, now(), False, None


def record(
    actor: Actor,
    sitting_id: int,
    *,
    seat_id: int,
    presence: Presence | None,
    person_id: int | None = None,
    seen: str | None = None,
) -> int:
    """Record one seat; as `record_all`."""
    return record_all(actor, sitting_id, marks=[Mark(seat_id, presence, person_id, seen)])


def record_all(actor: Actor, sitting_id: int, *, marks: Sequence[Mark]) -> int:
    """Record these seats in one go and say how many changed; all or none, one line of history.

    Raises NotFound (sitting, seat of another committee or day) and Outdated when somebody recorded one of them
    otherwise than what was `seen`. Refused: before the day of the sitting, for drafts and cancelled ones, a
    representation by anybody but a deputy of that seat on that day, a person who is there on two seats. The field
    of a refusal is `seat-<id>`.
    """
    with transaction() as current:
        sitting = _locked(current, sitting_id)
        _refuse_early(sitting)
        by_seat = _holdings_of(current, sitting, [mark.seat_id for mark in marks])
        rows = attendance_of(sitting_id)
        changes = [(mark, _person(by_seat[mark.seat_id], mark)) for mark in marks]
        changes = [(mark, person) for mark, person in changes if _differs(rows.get(mark.seat_id), mark, person)]
        _refuse_outdated(rows, changes, by_seat)
        for mark, person in changes:
            _keep(current, sitting_id, rows, mark, person)
        _refuse_twice(rows)
        if changes:
            said = {by_seat[mark.seat_id].seat.label: mark.presence or "not recorded" for mark, _person_id in changes}
            history.record(actor, "attendance.record", sitting, details=said)
    return len(changes)


def record_many(actor: Actor, by_sitting: Mapping[int, Sequence[Mark]]) -> frozenset[int]:
    """Record seats of many sittings that are not recorded yet: all of a sitting or none, with one line of history.

    Gives the sittings that were recorded. Of the others, where `record_all` refuses, nothing is changed.
    """
    done: set[int] = set()
    new: list[dict[str, Any]] = []
    with transaction() as current:
        sittings = _locked_many(current, by_sitting)
        seats = _seats(current, {mark.seat_id for marks in by_sitting.values() for mark in marks})
        there = recorded(by_sitting)
        for sitting in sittings:
            marks = by_sitting[sitting.id]
            try:
                by_seat = _held(sitting, seats, marks)
                _refuse_early(sitting)
                marks = [replace(mark, person_id=_person(by_seat[mark.seat_id], mark)) for mark in marks]
                _refuse_twice({**there.get(sitting.id, {}), **{mark.seat_id: mark for mark in marks}})
            except (Refused, NotFound):
                continue
            new += [_columns(sitting.id, mark) for mark in marks]
            said = {by_seat[mark.seat_id].seat.label: mark.presence for mark in marks}
            history.append(actor, "attendance.record", Sitting.__tablename__, sitting.id, said)
            done.add(sitting.id)
        if new:
            insert_columns(Attendance.__table__, columns_of(new))
    return frozenset(done)


def _columns(sitting_id: int, mark: Mark) -> dict[str, Any]:
    told = {"seat_id": mark.seat_id, "presence": mark.presence, "person_id": mark.person_id}
    return {"sitting_id": sitting_id, **told}


def _locked_many(current: Session, sitting_ids: Collection[int]) -> list[Sitting]:
    """The sittings; nobody else answers or records for them until the commit."""
    wanted = Sitting.id.in_(sitting_ids)
    current.scalars(select(Sitting.id).where(wanted).order_by(Sitting.id).with_for_update()).all()
    return list(current.scalars(select(Sitting).where(wanted).order_by(Sitting.id)))


def _seats(current: Session, seat_ids: Collection[int]) -> dict[int, Seat]:
    found = select(Seat).where(Seat.id.in_(seat_ids)).options(_WITH_PEOPLE)
    return {seat.id: seat for seat in current.scalars(found)}


def _held(sitting: Sitting, seats: Mapping[int, Seat], marks: Sequence[Mark]) -> dict[int, Holding]:
    """Who holds the seats of these marks on the day. NotFound for a seat of another committee, or not of that day."""
    wanted = [seats[mark.seat_id] for mark in marks]
    there = {holding.seat.id: holding for holding in holdings(wanted, day_of(sitting))}
    if len(there) < len(marks) or any(seat.committee_id != sitting.committee_id for seat in wanted):
        raise NotFound
    return there


def _locked(current: Session, sitting_id: int) -> Sitting:
    """The sitting; nobody else answers or records for it until the commit."""
    if current.scalar(select(Sitting.id).where(Sitting.id == sitting_id).with_for_update()) is None:
        raise NotFound
    return current.get_one(Sitting, sitting_id)


def _holdings_of(current: Session, sitting: Sitting, seat_ids: Sequence[int]) -> Mapping[int, Holding]:
    """Who holds these seats on the day. Raises NotFound for a seat of another committee, or not of that day."""
    found = select(Seat).where(Seat.committee_id == sitting.committee_id, Seat.id.in_(seat_ids))
    seats = current.scalars(found.options(_WITH_PEOPLE, joinedload(Seat.organization)))
    there = {holding.seat.id: holding for holding in holdings(seats, day_of(sitting))}
    if not there.keys() >= set(seat_ids):
        raise NotFound
    return there


def _refuse_answer(sitting: Sitting) -> None:
    if sitting.status == Status.DRAFT:
        raise NotFound
    if sitting.cancelled:
        raise Refused(_("This sitting is cancelled: no answer is needed any more."))
    if sitting.starts_at <= now():
        raise Refused(_("This sitting has begun: answers are not taken any more."))


def _refuse_person(sitting: Sitting, holding: Holding, person_id: int) -> None:
    if person_id not in {appointment.person_id for appointment in holding.people}:
        raise Refused(_("On the day of the sitting you are neither member nor deputy on this seat."))
    member = holding.member
    if member is None or member.person_id == person_id:
        return
    said = find_reply(sitting.id, holding.seat.id, member.person_id)
    if said is None or not said.holds or said.answer != Answer.NOT_COMING:
        raise Refused(
            _("%(name)s has not said that they cannot come, so the seat is not free.", name=member.person.name)
        )


def _refuse_early(sitting: Sitting) -> None:
    if sitting.status == Status.DRAFT:
        raise Refused(_("This sitting is a draft: nobody was invited to it."))
    if sitting.cancelled:
        raise Refused(_("This sitting is cancelled: nobody was there."))
    if day_of(sitting) > today():
        raise Refused(_("Attendance can be recorded from the day of the sitting on."))


def _person(holding: Holding, mark: Mark) -> int | None:
    """Whom the row names; refuses what cannot be."""
    member, field = holding.member, f"seat-{mark.seat_id}"
    if mark.presence is Presence.REPRESENTED:
        deputies = [deputy.person_id for deputy in holding.deputies]
        if mark.person_id is None and len(deputies) == 1:
            return deputies[0]
        if mark.person_id not in deputies:
            raise Refused(_("%(seat)s: only a deputy of this seat can represent it.", seat=holding.seat.label), field)
        return mark.person_id
    if mark.presence in IN_PERSON and (member is None or mark.person_id not in (None, member.person_id)):
        raise Refused(_("%(seat)s: only the member of that day can be present on it.", seat=holding.seat.label), field)
    return member.person_id if member else None


def _differs(row: Attendance | None, mark: Mark, person_id: int | None) -> bool:
    if row is None or mark.presence is None:
        return (row is None) != (mark.presence is None)
    return (row.presence, row.person_id) != (mark.presence, person_id)


def _recorded_as(row: Attendance | None) -> str:
    return in_one_word(row.presence, row.person_id) if row else ""


def _refuse_outdated(
    rows: Mapping[int, Attendance], changes: Sequence[tuple[Mark, int | None]], by_seat: Mapping[int, Holding]
) -> None:
    outdated = [
        by_seat[mark.seat_id].seat.label
        for mark, _person_id in changes
        if mark.seen is not None and mark.seen != _recorded_as(rows.get(mark.seat_id))
    ]
    if outdated:
        raise Outdated(
            _(
                "Somebody else has recorded these seats meanwhile: %(seats)s. Nothing was saved yet: please compare "
                "and save again.",
                seats=", ".join(outdated),
            )
        )


def _keep(current: Session, sitting_id: int, rows: dict[int, Attendance], mark: Mark, person_id: int | None) -> None:
    row = rows.get(mark.seat_id)
    if mark.presence is None:
        current.delete(rows.pop(mark.seat_id))
        return
    if row is None:
        row = rows[mark.seat_id] = Attendance(sitting_id=sitting_id, seat_id=mark.seat_id)
        current.add(row)
    row.presence, row.person_id = mark.presence, person_id


def _refuse_twice(rows: Mapping[int, Attendance | Recorded | Mark]) -> None:
    there = {seat_id: row.person_id for seat_id, row in rows.items() if row.presence in THERE}
    twice = twice_there(there.values())
    for seat_id, person_id in there.items():
        if person_id in twice:
            raise Refused(
                _("Nobody can be there on two seats at once. Please check who fills which."), f"seat-{seat_id}"
            )
