"""What this room keeps of people: answers to invitations, and who was there."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from core.database import session
from core.languages import _l
from core.personal import PersonalTable, Rows, Subject, delete_rows, is_of, plain, plain_rows, stays
from core.retention import Retention
from meetings.attendance.models import Attendance, Reply
from meetings.attendance.rules import ANSWER_LABELS, PRESENCE_LABELS
from meetings.sittings.models import Sitting


def _tell(model: type[Reply | Attendance], subject: Subject) -> Rows:
    """The rows with the sitting and the seat that they are about, in words. A vacant seat's row is nobody's."""
    of_person = is_of(model.person_id, subject.person_id)
    found = select(Sitting).where(Sitting.id.in_(select(model.sitting_id).where(of_person)))
    sittings = {sitting.id: sitting for sitting in session().scalars(found)}

    def about(row: Reply | Attendance) -> dict[str, Any]:
        sitting = sittings[row.sitting_id]
        return {"sitting": sitting.heading, "on": plain(sitting.starts_local), "seat": row.seat.label}

    return plain_rows(model, of_person, loading=[joinedload(model.seat)], adding=about)


def _replies(subject: Subject) -> ColumnElement[bool]:
    return is_of(Reply.person_id, subject.person_id)


def _over(before: datetime) -> Select[Reply]:
    return select(Reply).join(Sitting, Sitting.id == Reply.sitting_id).where(Sitting.starts_at < before)


REPLY = PersonalTable(
    model=Reply,
    holds=_l("Answers to invitations"),
    rows=_replies,
    tell=lambda subject: _tell(Reply, subject),
    erase=lambda subject: delete_rows(Reply, _replies(subject)),
    retention=Retention.ANSWERS,
    words={"answer": ANSWER_LABELS, "own_answer": ANSWER_LABELS},
    expired=_over,
)
ATTENDANCE = PersonalTable(
    model=Attendance,
    holds=_l("Attendance at sittings"),
    rows=lambda subject: is_of(Attendance.person_id, subject.person_id),
    tell=lambda subject: _tell(Attendance, subject),
    erase=stays,
    retention=Retention.RECORDS,
    words={"presence": PRESENCE_LABELS},
)
