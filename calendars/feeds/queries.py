"""Reading keys, and when anything changed last."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from calendars.feeds.models import FeedToken
from calendars.feeds.rules import hash_of
from coordination.accounts.models import Account
from coordination.people.models import Person
from core.database import db, get_row, session
from core.history import HistoryLine
from core.instance import Instance


@dataclass(frozen=True, slots=True)
class Key:
    """A key as a request finds it."""

    id: int
    person_id: int
    language: str
    alarm_minutes: int | None
    only_mine: bool
    #: it was revoked, or the person is kept for the records only
    ended: bool
    #: the person's account, if it is active: it may keep a committee's business, and another account others
    account: int | None


def find_key(token: str) -> Key | None:
    """The key with this token, ended ones too, or None. One indexed query, the same for every token.

    On a connection of its own, as `counter`: a session would from now on see the rows of this moment, and a
    change made before the counter is read would be taken as seen.
    """
    found = (
        select(
            FeedToken.id,
            FeedToken.person_id,
            FeedToken.language,
            FeedToken.alarm_minutes,
            FeedToken.only_mine,
            FeedToken.revoked_at,
            Person.archived_at,
            Account.id.label("account_id"),
        )
        .join(Person, Person.id == FeedToken.person_id)
        .outerjoin(Account, and_(Account.person_id == FeedToken.person_id, Account.active.is_(True)))
        .where(FeedToken.token_hash == hash_of(token))
    )
    with db.engine.connect() as connection:
        row = connection.execute(found).first()
    if row is None:
        return None
    return Key(
        id=row.id,
        person_id=row.person_id,
        language=row.language,
        alarm_minutes=row.alarm_minutes,
        only_mine=row.only_mine,
        ended=row.revoked_at is not None or row.archived_at is not None,
        account=row.account_id,
    )


def counter() -> int:
    """The counter of calendar changes (see core.instance), read by the shortest way: most answers need no more.

    On a connection of its own, so it is never newer than what the session reads afterwards.
    """
    with db.engine.connect() as connection:
        return int(connection.exec_driver_sql(_COUNTER).scalar() or 0)


_COUNTER = f"SELECT calendar_counter FROM {Instance.__tablename__} WHERE id = 1"  # noqa: S608 (no input)


def get_token(token_id: int) -> FeedToken:
    """The row of a key. Raises NotFound."""
    return get_row(FeedToken, token_id)


def list_tokens(person_id: int) -> list[FeedToken]:
    """The person's keys that are not revoked, newest first."""
    found = select(FeedToken).where(FeedToken.person_id == person_id, FeedToken.revoked_at.is_(None))
    return list(session().scalars(found.order_by(FeedToken.id.desc())))


def last_change() -> datetime | None:
    """When anything was written last (aware, UTC), or None on a new installation."""
    return session().scalar(_LAST)


_LAST = select(func.max(HistoryLine.at))
