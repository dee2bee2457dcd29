"""What this room keeps of people: answers to invitations, and who was there."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from core.database import session
from core.languages import _l
from core.personal import PersonalTable, delete_rows, plain, plain_rows, stays
from core.retention import Retention
from meetings.attendance.models import Attendance, Reply
from meetings.sittings.models import Sitting


def _with_sitting(row: Reply | Attendance) -> dict[str, Any]:
    sitting = session().get_one(Sitting, row.sitting_id)
    return {"sitting": sitting.heading, "on": plain(sitting.starts_local), "seat": row.seat.label}


def _over(before: datetime) -> Select[Reply]:
    return select(Reply).join(Sitting, Sitting.id == Reply.sitting_id).where(Sitting.starts_at < before)


REPLY = PersonalTable(
    table="reply",
    holds=_l("Answers to invitations"),
    export=lambda subject: plain_rows(Reply, Reply.person_id == subject.person_id, adding=_with_sitting),
    erase=lambda subject: delete_rows(Reply, Reply.person_id == subject.person_id),
    retention=Retention.ANSWERS,
    expired=_over,
)
ATTENDANCE = PersonalTable(
    table="attendance",
    holds=_l("Attendance at sittings"),
    export=lambda subject: plain_rows(Attendance, Attendance.person_id == subject.person_id, adding=_with_sitting),
    erase=stays,
    retention=Retention.RECORDS,
)
