"""Inviting, and telling the difference afterwards: what was told is compared with what is, one sitting at a time.

Rights are judged by the caller (`policies`). Rows, mails and the line of history are one transaction, so a crash
loses nothing and tells nobody twice.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import structlog
from sqlalchemy import select

from calendars.invitations import queries
from calendars.invitations.mails import Post, place_of
from calendars.invitations.models import Invitation
from calendars.invitations.queries import Due, Round, round_of
from calendars.invitations.rules import REMIND_BEFORE, TAKES_AWAY, News, last_sending_day, reminder_is_due
from core import history
from core.access import ANONYMOUS, SYSTEM, Actor
from core.clock import now, today
from core.database import after_commit, check_version, get_row, session, transaction
from core.dated import Status
from core.errors import NotFound, Refused
from core.jobs import wake
from core.languages import _
from meetings.attendance import operations as attendance
from meetings.attendance.queries import day_of
from meetings.attendance.rules import Answer, still_holds
from meetings.sittings import operations as sittings
from meetings.sittings.models import Sitting

log = structlog.get_logger()
LONGEST_REASON = 400


def invite(actor: Actor, sitting_id: int, *, reason: str = "", version: int | None = None) -> int:
    """Invite every member on the day of the sitting who was not invited yet, and say how many mails go out.

    Members without e-mail are left to the clerk. A planned sitting becomes confirmed by this. Of a vacant seat the
    first deputy is asked. `reason` says why the first invitation goes out after the last sending day; it is needed
    then (field "reason") and kept in the history. Raises NotFound, and Outdated when the sitting was changed since
    `version`. Refused: drafts, cancelled ones, after the start, and where nobody is left to invite.
    """
    with transaction():
        sitting = _locked(sitting_id)
        check_version(sitting, version)
        refuse_sitting(sitting)
        about = round_of(sitting)
        if not about.not_told:
            raise Refused(_("Everybody who can be reached by mail is invited already."))
        late = not about.rows and is_late(sitting)
        _refuse_reason(reason, needed=late)
        if sitting.status == Status.TENTATIVE:
            sittings.confirm(actor, sitting_id)
        number = _tell(about, about.due_with(about.not_told))
        details = {"mails": number, **({"reason": reason} if late else {})}
        history.record(actor, "invitations.invite", sitting, details=details)
    return number


def answer(invitation_id: int, said: Answer) -> None:
    """Keep what somebody says who opened the link in their mail; for all seats of which they are the member.

    Asks, a moment later, the deputy who is needed by this, or tells one who is not. Raises NotFound, and Refused as
    `attendance.operations.answer` does, and where the person is asked no more.
    """
    with transaction():
        row = get_row(Invitation, invitation_id)
        about = round_of(_locked(row.sitting_id))
        role = about.role_of(row.person)
        if role is None or row.person.archived_at is not None:
            raise Refused(_("You are not asked for this sitting any more."))
        held = [h.seat.id for h in about.roster if h.member and h.member.person_id == row.person_id]
        for seat_id in held or [role.seat_id]:
            attendance.answer(row.person_id, row.sitting_id, seat_id, said, actor=ANONYMOUS)
        after_commit(_wake)


def tell_all() -> int:
    """Tell everybody what they do not know yet about coming sittings, and say how many mails go out.

    Exactly those who were told before hear of a change, each once; deputies are asked and released as the answers
    have it. One transaction a sitting; what goes wrong with one is logged and holds up no other.
    """
    return sum(_each_apart(tell, [(sitting_id,) for sitting_id in queries.sittings_with_news()]))


def tell(sitting_id: int) -> int:
    """The same for one sitting. Nothing is told once it has begun."""
    with transaction():
        sitting = _locked(sitting_id)
        if sitting.starts_at <= now():
            return 0
        about = round_of(sitting)
        if not about.due:
            return 0
        number = _tell(about, about.due)
        history.record(SYSTEM, "invitations.tell", sitting, details={"mails": number})
    return number


def remind_all() -> int:
    """Remind, once and three days before, those who have not answered; say how many mails go out. As `tell_all`."""
    due = [
        (row.sitting_id, row.id)
        for row in queries.to_remind(REMIND_BEFORE)
        if reminder_is_due(now(), row.sitting.starts_at, row.told_at)
    ]
    by_sitting = groupby(due, key=lambda pair: pair[0])
    return sum(
        _each_apart(_remind, [(sitting_id, [row_id for _id, row_id in pairs]) for sitting_id, pairs in by_sitting])
    )


def is_late(sitting: Sitting) -> bool:
    """Whether an invitation sent today keeps less than the committee's notice period."""
    return today() > last_sending_day(day_of(sitting), sitting.committee.notice_days)


def refuse_sitting(sitting: Sitting) -> None:
    """Refuse a sitting to which nobody can be invited."""
    if sitting.status == Status.DRAFT:
        raise Refused(_("This sitting is a draft. Please confirm it first, then invite."))
    if sitting.cancelled:
        raise Refused(_("This sitting is cancelled: nobody can be invited to it."))
    if sitting.starts_at <= now():
        raise Refused(_("This sitting has begun: nobody can be invited to it any more."))


def _refuse_reason(reason: str, *, needed: bool) -> None:
    if needed and not reason.strip():
        raise Refused(_("Please say why the invitation goes out later than the notice period asks."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Please use at most %(max)d characters.", max=LONGEST_REASON), "reason")


def _tell(about: Round, due: Sequence[Due]) -> int:
    """Within a transaction: rows and mails. A person has one row a sitting, so one mail, with however many seats."""
    rows = [(_row(about.sitting, each), each) for each in due]
    session().flush()  # a mail carries the number of its row
    post = Post(about)
    for row, each in rows:
        if each.what is not News.QUIET:
            post.send(row, each.what)
        _note(about.sitting, row, each)
    return sum(each.what is not News.QUIET for each in due)


def _row(sitting: Sitting, due: Due) -> Invitation:
    """The person's row, already for the seat for which they are asked now."""
    row = due.row
    if row is None:
        assert due.role is not None  # who was told nothing is told only that they are asked
        row = Invitation(
            sitting_id=sitting.id,
            person_id=due.person.id,
            person=due.person,
            told_sequence=sitting.sequence,
            told_start=sitting.starts_local,
            told_end=sitting.ends_local,
        )
        session().add(row)
    if due.role is not None:
        row.seat_id, row.rank = due.role.seat_id, due.role.rank
    return row


def _note(sitting: Sitting, row: Invitation, due: Due) -> None:
    """What the person knows from now on."""
    if due.role is None or due.what in TAKES_AWAY:
        row.told_cancelled = True
    elif due.what is not News.QUIET:
        row.told_cancelled = False
    if due.what is News.QUIET:
        return
    if due.what in (News.INVITED, News.ASKED) or not still_holds(row.told_start, sitting.starts_local):
        row.reminded_at = None
    row.told_sequence, row.told_at = sitting.sequence, now()
    row.told_start, row.told_end, row.told_place = sitting.starts_local, sitting.ends_local, place_of(sitting)


def _each_apart(do: Callable[..., int], work: Iterable[tuple[Any, ...]]) -> Iterator[int]:
    """Do it for each sitting; an error is logged, and the sweep tries again."""
    for arguments in work:
        try:
            yield do(*arguments)
        except Exception:
            log.exception("invitations.failed", sitting=arguments[0])


def _remind(sitting_id: int, ids: Sequence[int]) -> int:
    with transaction() as current:
        post = Post(round_of(_locked(sitting_id)))
        rows = current.scalars(select(Invitation).where(Invitation.id.in_(ids), Invitation.reminded_at.is_(None)))
        number = 0
        for row in rows.all():
            asked = row.person_id in post.about.roles and not row.told_cancelled
            if asked and post.about.answer_of(row) is None:
                post.remind(row)
                row.reminded_at = now()
                number += 1
        if number:
            history.record(SYSTEM, "invitations.remind", post.sitting, details={"mails": number})
    return number


def _locked(sitting_id: int) -> Sitting:
    """The sitting; nobody else invites, tells or answers for it until the commit."""
    if session().scalar(select(Sitting.id).where(Sitting.id == sitting_id).with_for_update()) is None:
        raise NotFound
    return session().get_one(Sitting, sitting_id)


def _wake() -> None:
    wake("tell-invited")
