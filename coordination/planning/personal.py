"""What this room keeps of people: who does a task, who wrote, who gave a word; and names in texts.

Texts belong to all who plan together, so they stay; whole names of who is erased are replaced in them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, false, or_, select

from coordination.planning.models import Agreement, Confirmation, Follower, Need, Post, Request, Review, Section, Task
from core.database import session
from core.languages import DEFAULT, _, _l, in_language
from core.personal import PersonalTable, Rows, Subject, delete_rows, plain_rows, stays
from core.retention import Retention
from core.web import like


def _named(model: type[Any], names: Sequence[str], subject: Subject) -> ColumnElement[bool]:
    """The condition that one of the subject's names stands in one of these columns."""
    columns = [getattr(model, name) for name in names]
    needles = [like(name) for name in subject.names]
    return or_(false(), *(column.cast(Text).like(needle, escape="\\") for needle in needles for column in columns))


def _replace_names(model: type[Any], names: Sequence[str]) -> Callable[[Subject], None]:
    def erase(subject: Subject) -> None:
        with in_language(DEFAULT):
            instead = _("Erased person")
        for row in session().scalars(select(model).where(_named(model, names, subject))):
            for column in names:
                text = getattr(row, column)
                for name in subject.names:
                    text = text.replace(name, instead)
                setattr(row, column, text)

    return erase


def _export_named(model: type[Any], names: Sequence[str]) -> Callable[[Subject], Rows]:
    """Where the subject is named, without the texts: they are about others as well."""

    def export(subject: Subject) -> Rows:
        return plain_rows(model, _named(model, names, subject), without=names)

    return export


def _erase_task(subject: Subject) -> None:
    if subject.person_id is not None:
        for row in session().scalars(select(Task).where(Task.person_id == subject.person_id)):
            row.person_id = None
    _replace_names(Task, ("title",))(subject)


def _export_task(subject: Subject) -> Rows:
    return plain_rows(Task, or_(Task.person_id == subject.person_id, _named(Task, ("title",), subject)))


def _posts(subject: Subject) -> ColumnElement[bool]:
    return Post.account_id == subject.account_id if subject.account_id is not None else false()


def _erase_posts(subject: Subject) -> None:
    """What the subject wrote goes; where others name them, the name goes."""
    for row in session().scalars(select(Post).where(_posts(subject))):
        row.account_id, row.text = None, ""
    session().flush()
    _replace_names(Post, ("text",))(subject)


def _texts(model: type[Any], holds: Any, *names: str) -> PersonalTable:
    return PersonalTable(
        table=model.__tablename__,
        holds=holds,
        export=_export_named(model, names),
        erase=_replace_names(model, names),
        retention=Retention.RECORDS,
    )


TASK = PersonalTable(
    table="planning_task",
    holds=_l("Tasks that the person has taken on in planning"),
    export=_export_task,
    erase=_erase_task,
    retention=Retention.RECORDS,
)
POST = PersonalTable(
    table="planning_post",
    holds=_l("What was written in discussions about planning"),
    export=lambda subject: plain_rows(Post, _posts(subject)),
    erase=_erase_posts,
    retention=Retention.RECORDS,
)
FOLLOWER = PersonalTable(
    table="planning_follower",
    holds=_l("Which planning the person follows by mail"),
    export=lambda subject: plain_rows(Follower, Follower.account_id == subject.account_id),
    erase=lambda subject: delete_rows(Follower, Follower.account_id == subject.account_id),
    retention=Retention.PARTICIPATION,
)
CONFIRMATION = PersonalTable(
    table="planning_confirmation",
    holds=_l("Agreements that the person has confirmed for an organization"),
    export=lambda subject: plain_rows(Confirmation, Confirmation.person_id == subject.person_id),
    erase=stays,
    retention=Retention.RECORDS,
)
SECTION = _texts(Section, _l("Texts about planning in which the name stands"), "title", "text")
NEED = _texts(Need, _l("What people need, with the name"), "note")
REQUEST = _texts(Request, _l("What organizations asked for, with the name"), "wish", "reason")
AGREEMENT = _texts(Agreement, _l("Agreements in which the name stands"), "subject", "duties", "money", "gains")
REVIEW = _texts(Review, _l("How it went, with the name"), "what_worked", "do_differently")
ALL = (TASK, SECTION, NEED, POST, FOLLOWER, REQUEST, AGREEMENT, CONFIRMATION, REVIEW)
