"""What this room keeps of people: who does a task, who wrote, who gave a word; and names in texts.

Texts belong to all who plan together, so they stay; whole names of who is erased are replaced in them.
"""

from sqlalchemy import ColumnElement, or_, select

from coordination.planning.models import Agreement, Confirmation, Follower, Need, Post, Request, Review, Section, Task
from core.database import session
from core.languages import _l
from core.named import named, replace_names, texts
from core.personal import PersonalTable, Subject, delete_rows, is_of, stays
from core.retention import Retention


def _tasks(subject: Subject) -> ColumnElement[bool]:
    return or_(is_of(Task.person_id, subject.person_id), named(Task, ("title",), subject))


def _erase_task(subject: Subject) -> None:
    for row in session().scalars(select(Task).where(is_of(Task.person_id, subject.person_id))):
        row.person_id = None
    replace_names(Task, ("title",))(subject)


def _posts(subject: Subject) -> ColumnElement[bool]:
    return is_of(Post.account_id, subject.account_id)


def _followed(subject: Subject) -> ColumnElement[bool]:
    return is_of(Follower.account_id, subject.account_id)


def _erase_posts(subject: Subject) -> None:
    """What the subject wrote goes; where others name them, the name goes."""
    for row in session().scalars(select(Post).where(_posts(subject))):
        row.account_id, row.text = None, ""
    session().flush()
    replace_names(Post, ("text",))(subject)


TASK = PersonalTable(
    model=Task,
    holds=_l("Tasks that the person has taken on in planning"),
    rows=_tasks,
    erase=_erase_task,
    retention=Retention.RECORDS,
)
POST = PersonalTable(
    model=Post,
    holds=_l("What was written in discussions about planning"),
    rows=_posts,
    erase=_erase_posts,
    retention=Retention.RECORDS,
)
FOLLOWER = PersonalTable(
    model=Follower,
    holds=_l("Which planning the person follows by mail"),
    rows=_followed,
    erase=lambda subject: delete_rows(Follower, _followed(subject)),
    retention=Retention.PARTICIPATION,
)
CONFIRMATION = PersonalTable(
    model=Confirmation,
    holds=_l("Agreements that the person has confirmed for an organization"),
    rows=lambda subject: is_of(Confirmation.person_id, subject.person_id),
    erase=stays,
    retention=Retention.RECORDS,
)
SECTION = texts(Section, _l("Texts about planning in which the name stands"), "title", "text")
NEED = texts(Need, _l("What people need, with the name"), "note")
REQUEST = texts(Request, _l("What organizations asked for, with the name"), "wish", "reason")
AGREEMENT = texts(Agreement, _l("Agreements in which the name stands"), "subject", "duties", "money", "gains")
REVIEW = texts(Review, _l("How it went, with the name"), "what_worked", "do_differently")
ALL = (TASK, SECTION, NEED, POST, FOLLOWER, REQUEST, AGREEMENT, CONFIRMATION, REVIEW)
