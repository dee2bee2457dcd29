"""What the cellar itself keeps of people: mails in the outbox, lines of the history, answers to forms."""

import json
import re
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, false, or_, select, update

from core.database import session
from core.history import HistoryLine
from core.languages import _l
from core.named import replace_names
from core.outbox import LAST_TRY, OutboxMail
from core.personal import PersonalTable, Rows, Subject, delete_rows, is_of, plain, plain_rows
from core.retention import Retention
from core.submissions import Submission
from core.web import like

LINK = re.compile(r"(https?://[^/\s]+)/[^\s]*")


def _mails(subject: Subject) -> ColumnElement[bool]:
    return OutboxMail.to_address.in_(subject.addresses)


def _tell_mails(subject: Subject) -> Rows:
    """The mails; of the links in them only where they lead: some sign in, and the administration may take this copy."""
    rows = plain_rows(OutboxMail, _mails(subject))
    return [
        {**row, **{name: row[name] and LINK.sub(r"\1/…", row[name]) for name in ("text", "calendar")}} for row in rows
    ]


def _done_with(before: datetime) -> Select[OutboxMail]:
    given_up = and_(OutboxMail.tries >= LAST_TRY, OutboxMail.next_try_at < before)
    return select(OutboxMail).where(or_(OutboxMail.sent_at < before, given_up))


def _about(subject: Subject) -> ColumnElement[bool]:
    """Lines about the person or the account, or about what belongs to one of them.

    Compared as text: what an operation tells besides columns may have any name and be no number.
    """
    found: list[ColumnElement[bool]] = []
    accounts = {subject.account_id} - {None}
    for kind, numbers in (("person", subject.person_ids), ("account", accounts)):
        if numbers:
            key = f"{kind}_id"
            found.append(and_(HistoryLine.object_type == kind, HistoryLine.object_id.in_(numbers)))
            said = [str(number) for number in numbers]
            found += [cast(values[key].as_string(), Text).in_(said) for values in (HistoryLine.old, HistoryLine.new)]
    return or_(false(), *found)


def _named(subject: Subject, *columns: Any) -> ColumnElement[bool]:
    """Rows in which a name or an address is written in one of these columns, as JSON writes it."""
    needles = [like(json.dumps(text)[1:-1]) for text in subject.names | subject.addresses]
    return or_(false(), *(cast(column, Text).like(needle, escape="\\") for needle in needles for column in columns))


def _said(subject: Subject) -> ColumnElement[bool]:
    return _named(subject, Submission.said)


def _tell_lines(subject: Subject) -> Rows:
    """The lines about the subject with what changed; of what the account did, only what and when: it may be about
    others."""
    about = plain_rows(HistoryLine, _about(subject), without=("actor_account", "salt", "digest", "chain"))
    if subject.account_id is None:
        return about
    told = {row["id"] for row in about}
    by_you = [
        {"id": line.id, "at": plain(line.at), "action": line.action, "object_type": line.object_type, "by_you": True}
        for line in session().scalars(select(HistoryLine).where(HistoryLine.actor_account == subject.account_id))
        if line.id not in told
    ]
    return sorted(about + by_you, key=lambda row: int(row["id"]))


def _blank_lines(subject: Subject) -> None:
    """Take old and new out of the lines; the salt too, so that nobody can find out by trying what they were."""
    wanted = or_(_about(subject), _named(subject, HistoryLine.old, HistoryLine.new))
    session().execute(
        update(HistoryLine).where(wanted).values(old=None, new=None, salt=""),
        execution_options={"synchronize_session": False},
    )


def _tell_answers(subject: Subject) -> Rows:
    """What pages said of the subject to whoever sent a form."""
    rows = session().scalars(select(Submission).where(_said(subject)).order_by(Submission.at))
    return [{"at": plain(row.at), "said": row.said} for row in rows]


def _blank_answers(subject: Subject) -> None:
    """Take the words out; that the form has done its thing stays known."""
    named = update(Submission).where(_said(subject)).values(said=[])
    session().execute(named, execution_options={"synchronize_session": False})


def _erase_mails(subject: Subject) -> None:
    """Mails to the subject go; in those to others the name goes."""
    delete_rows(OutboxMail, _mails(subject))
    session().flush()
    replace_names(OutboxMail, ("subject", "text"))(subject)


MAIL = PersonalTable(
    model=OutboxMail,
    holds=_l("Mails that were sent"),
    rows=_mails,
    tell=_tell_mails,
    erase=_erase_mails,
    retention=Retention.MAIL,
    expired=_done_with,
)
HISTORY = PersonalTable(
    model=HistoryLine,
    holds=_l("History: changes of these data, who looked at them, and what was done with the account"),
    rows=lambda subject: or_(_about(subject), is_of(HistoryLine.actor_account, subject.account_id)),
    tell=_tell_lines,
    erase=_blank_lines,
    retention=Retention.RECORDS,
)
SUBMISSION = PersonalTable(
    model=Submission,
    holds=_l("What pages said about you after a form was sent, in the last days"),
    rows=_said,
    tell=_tell_answers,
    erase=_blank_answers,
    retention=Retention.FORMS,
    expired=lambda before: select(Submission).where(Submission.at < before),
)
