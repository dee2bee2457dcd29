"""What this room keeps of people: to what they were invited, and what they were told."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from calendars.invitations.models import Invitation
from core.languages import _l
from core.personal import PersonalTable, Subject, delete_rows, is_of, plain_rows
from core.retention import Retention
from meetings.sittings.models import Sitting


def _invitations(subject: Subject) -> ColumnElement[bool]:
    return is_of(Invitation.person_id, subject.person_id)


def _with_sitting(row: Invitation) -> dict[str, Any]:
    return {"sitting": row.sitting.heading, "seat": row.seat.label}


def _over(before: datetime) -> Select[Invitation]:
    return select(Invitation).join(Invitation.sitting).where(Sitting.starts_at < before)


INVITATION = PersonalTable(
    model=Invitation,
    holds=_l("Invitations to sittings, and what was told about them"),
    rows=_invitations,
    tell=lambda subject: plain_rows(
        Invitation,
        _invitations(subject),
        loading=[joinedload(Invitation.sitting), joinedload(Invitation.seat)],
        adding=_with_sitting,
    ),
    erase=lambda subject: delete_rows(Invitation, _invitations(subject)),
    retention=Retention.ANSWERS,
    expired=_over,
)
