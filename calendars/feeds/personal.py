"""What this room keeps of people: their calendar subscriptions."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, select

from calendars.feeds.models import FeedToken
from core.languages import LANGUAGES, _l
from core.personal import PersonalTable, Subject, delete_rows, is_of, plain_rows
from core.retention import Retention


def _revoked(before: datetime) -> Select[FeedToken]:
    return select(FeedToken).where(FeedToken.revoked_at < before)


def _tokens(subject: Subject) -> ColumnElement[bool]:
    return is_of(FeedToken.person_id, subject.person_id)


FEED_TOKEN = PersonalTable(
    model=FeedToken,
    holds=_l("Calendar subscriptions, with the day of their last use"),
    rows=_tokens,
    tell=lambda subject: plain_rows(FeedToken, _tokens(subject), without=("token_hash",)),
    erase=lambda subject: delete_rows(FeedToken, _tokens(subject)),
    retention=Retention.KEYS,
    words={"language": LANGUAGES},
    expired=_revoked,
)
