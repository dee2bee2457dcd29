"""What this room keeps of people: who does a task, who wrote, who gave a word; and names in texts.

Texts belong to all who plan together, so they stay; whole names of who is erased are replaced in them.
"""

from sqlalchemy import ColumnElement, false, or_, select

from coordination.planning.models import Agreement, Confirmation, Follower, Need, Post, Request, Review, Section, Task
from core.database import session
from core.languages import _l
from core.named import named, replace_names, texts
from core.personal import PersonalTable, Rows, Subject, delete_rows, plain_rows, stays
from core.retention import Retention


def _erase_task(subject: Subject) -> None:
    if subject.person_id is not None:
        for row in session().scalars(select(Task).where(Task.person_id == subject.person_id)):
            row.person_id = None
    replace_names(Task, ("title",))(subject)


def _export_task(subject: Subject) -> Rows:
    return plain_rows(Task, or_(Task.person_id == subject.person_id, named(Task, ("title",), subject)))


def _posts(subject: Subject) -> ColumnElement[bool]:
    return Post.account_id == subject.account_id if subject.account_id is not None else false()


def _erase_posts(subject: Subject) -> None:
    """What the subject wrote goes; where others name them, the name goes."""
    for row in session().scalars(select(Post).where(_posts(subject))):
        row.account_id, row.text = None, ""
    session().flush()
    replace_names(Post, ("text",))(subject)


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
SECTION = texts(Section, _l("Texts about planning in which the name stands"), "title", "text")
NEED = texts(Need, _l("What people need, with the name"), "note")
REQUEST = texts(Request, _l("What organizations asked for, with the name"), "wish", "reason")
AGREEMENT = texts(Agreement, _l("Agreements in which the name stands"), "subject", "duties", "money", "gains")
REVIEW = texts(Review, _l("How it went, with the name"), "what_worked", "do_differently")
ALL = (TASK, SECTION, NEED, POST, FOLLOWER, REQUEST, AGREEMENT, CONFIRMATION, REVIEW)
