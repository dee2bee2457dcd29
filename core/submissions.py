"""One form, one deed: sent twice (double click, back and send again, a retry after a timeout) it does its thing once.

Each form carries a key of its own, made when it was rendered. The first write transaction of a request claims that
key as its first statement, so key and deed are committed together or not at all: a refused form has used nothing
up, and of two requests at once the table's key lets one through. Who comes second is told the same and led to the
same place. A form sent again with other content is another wish, and goes through.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from flask import Flask, current_app, flash, g, redirect, request
from flask import session as cookie
from sqlalchemy import JSON, String, Text, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.wrappers import Response

from core.access import current_actor
from core.clock import now
from core.database import Model, UtcDateTime, after_commit, first_step, session, transaction
from core.errors import NotSaved, Repeated
from core.languages import _
from core.retention import PERIODS, Retention

View = TypeVar("View", bound=Callable[..., Any])
log = structlog.get_logger()

#: the hidden field that carries a form's key
FIELD = "submission"
#: stands in `led_to` for the address that the form was sent to: it may hold a key to a page, which is kept nowhere
HERE = "{here}"
#: how often, and every how many seconds, who comes second looks for the answer of a first one still under way
LOOKS, PAUSE = 250, 0.02
#: so long a key is known
KEPT = PERIODS[Retention.FORMS] or timedelta(0)
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Submission(Model):
    """A form that did its thing, and what was answered. Holds no key in the clear, and no one who sent it."""

    __tablename__ = "submission"
    #: SHA-256 of the form's key, the account that sent it and the address that it was sent to
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: SHA-256 of what was sent
    content: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    #: the address that the answer led to; None = not answered yet
    led_to: Mapped[str | None] = mapped_column(Text)
    #: category and text of each message that the next page shows
    said: Mapped[list[list[str]]] = mapped_column(JSON)


@dataclass
class _Sent:
    """The form that this request brought."""

    form_key: str
    key: str
    content: str
    #: how many messages waited for the next page before the view
    waiting: int
    #: when the key was claimed, by this request or by one before
    at: datetime | None = None
    #: whether a transaction of this request has claimed the key and is committed
    claimed: bool = False


def init_app(app: Flask) -> None:
    """Look at every form that comes in, after the check of its CSRF token; note what it was answered."""
    app.add_template_global(new_key, "submission_key")
    app.before_request(_look)
    app.after_request(_note_answer)
    app.register_error_handler(Repeated, lambda _error: _answer_again(_awaited(g.submission)))


def new_key() -> str:
    """The key of one form on one page. A form that is shown again after it was refused keeps its own.

    So it can be sent again also where nobody knows whether it was saved. What was corrected is another content.
    """
    sent: _Sent | None = g.get("submission")
    return secrets.token_urlsafe(16) if sent is None or sent.claimed else sent.form_key


def answers_again(view: View) -> View:
    """Mark a view that answers a form sent again by itself, since its answer is more than a redirect."""
    view.__answers_again__ = True  # type: ignore[attr-defined]
    return view


def once(operation: Callable[[], Any]) -> None:
    """In a view marked `answers_again`: run the operation, unless this form has done it before."""
    try:
        operation()
    except Repeated:
        log.info("submission.repeated")


def sent_before(*, within: timedelta) -> bool:
    """Whether this very form did its thing before, and no longer ago than that."""
    sent: _Sent | None = g.get("submission")
    row = sent and _find(sent)
    return bool(row and row.at > now() - within)


def use_up() -> None:
    """Claim the form's key though nothing was written: so that nobody learns from a second try whether it was."""
    with transaction():
        pass


def secret() -> str:
    """Within the form's transaction or after it: a secret for what the form makes, of 256 bits in 43 characters.

    The form sent again gives the same one, so that it can be shown again though it is kept nowhere; to know it
    takes the form's key and this installation's secret. Without a key in the form it is a random one of this request.
    """
    sent: _Sent | None = g.get("submission")
    if sent is None or sent.at is None:
        return str(g.setdefault("submission_secret", secrets.token_urlsafe(32)))
    facts = json.dumps(["submission", sent.form_key, sent.key, sent.content, sent.at.isoformat()])
    signed = hmac.new(str(current_app.config["SECRET_KEY"]).encode(), facts.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(signed.digest()).decode().rstrip("=")


def forget_old() -> int:
    """Delete the keys of forms sent more than two days ago; says how many."""
    with transaction() as current:
        gone = current.scalars(delete(Submission).where(Submission.at < now() - KEPT).returning(Submission.key))
        return len(gone.all())


def _look() -> Response | None:
    """Find out whether this form did its thing before; then the answer is known."""
    form_key = request.form.get(FIELD, "") if request.method == "POST" else ""
    if request.endpoint is None or not re.fullmatch(r"[\w-]{20,60}", form_key, re.ASCII):
        return None
    account = str(current_actor().account_id or "")
    key = _digest(form_key, account, request.full_path)
    g.submission = sent = _Sent(form_key, key, _digest(*_content()), len(cookie.get("_flashes", ())))
    if getattr(current_app.view_functions[request.endpoint], "__answers_again__", False) or not _find(sent):
        return None
    return _answer_again(_awaited(sent))


def _content() -> Iterator[str]:
    """What was sent, but for what the form itself brought along."""
    for name, text in request.form.items(multi=True):
        if name not in ("csrf_token", FIELD):
            yield from (name, text)
    for name, file in request.files.items(multi=True):
        yield from (name, file.filename or "", hashlib.sha256(file.stream.read()).hexdigest())
        file.stream.seek(0)


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _find(sent: _Sent) -> Submission | None:
    return session().scalar(select(Submission).filter_by(key=sent.key, content=sent.content))


@first_step
def _claim(current: Session) -> None:
    """Take the form's key, for this transaction. Raises Repeated when the same form was committed before."""
    sent: _Sent | None = g.get("submission")
    if sent is None or sent.claimed:
        return
    values = {"content": sent.content, "at": now(), "led_to": None, "said": []}
    row = INSERTS[current.get_bind().dialect.name](Submission).values(key=sent.key, **values)
    row = row.on_conflict_do_update(index_elements=["key"], set_=values, where=Submission.content != sent.content)
    sent.at = current.scalar(row.returning(Submission.at))
    if sent.at is None:
        sent.at = current.scalar(select(Submission.at).filter_by(key=sent.key))
        raise Repeated
    after_commit(partial(setattr, sent, "claimed", True))


def _note_answer(response: Response) -> Response:
    """Keep where the answer led and what it said. The deed is committed already: a failure here takes nothing back."""
    sent: _Sent | None = g.get("submission")
    if sent is None or not sent.claimed:
        return response
    if response.location:
        led_to = HERE + response.location.removeprefix(request.path)
        led_to = led_to if response.location.startswith(request.path) else response.location
        said = [[category, str(text)] for category, text in cookie.get("_flashes", ())[sent.waiting :]]
    else:
        adapter = current_app.create_url_adapter(request)
        led_to = HERE if adapter is not None and adapter.test(request.path, "GET") else "/"
        said = [["info", _("This form was sent twice. It was carried out once.")]]
    try:
        with transaction() as current:
            answered = update(Submission).filter_by(key=sent.key, content=sent.content)
            current.execute(answered.values(led_to=led_to, said=said))
    except NotSaved:
        log.exception("submission.not-noted")
    return response


def _awaited(sent: _Sent) -> Submission | None:
    """The first one's answer; for a moment it may be still under way. Without one after that, what is there."""
    for _look_again in range(LOOKS):
        session().rollback()
        row = _find(sent)
        if row is None or row.led_to is not None:
            break
        time.sleep(PAUSE)
    return row


def _answer_again(row: Submission | None) -> Response:
    """Say the same, and lead to the same place."""
    said = row.said if row and row.led_to else [["info", _("This form was sent twice. It was carried out once.")]]
    for category, text in said:
        flash(text, category)
    led_to = (row and row.led_to) or "/"
    return redirect(request.path + led_to.removeprefix(HERE) if led_to.startswith(HERE) else led_to)
