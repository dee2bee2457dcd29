"""What this room keeps of people: their calendar subscriptions."""

from datetime import datetime

from sqlalchemy import Select, select

from calendars.feeds.models import FeedToken
from core.languages import LANGUAGES, _l
from core.personal import PersonalTable, delete_rows, plain_rows
from core.retention import Retention


def _revoked(before: datetime) -> Select[FeedToken]:
    return select(FeedToken).where(FeedToken.revoked_at < before)


FEED_TOKEN = PersonalTable(
    table="feed_token",
    holds=_l("Calendar subscriptions, with the day of their last use"),
    export=lambda subject: plain_rows(FeedToken, FeedToken.person_id == subject.person_id, without=("token_hash",)),
    erase=lambda subject: delete_rows(FeedToken, FeedToken.person_id == subject.person_id),
    retention=Retention.KEYS,
    words={"language": LANGUAGES},
    expired=_revoked,
)
