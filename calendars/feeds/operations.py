"""Keys to personal feeds: made, renewed, revoked. A token is given back once and never kept."""

from collections.abc import Callable

from calendars.feeds import queries
from calendars.feeds.models import FeedToken
from calendars.feeds.rules import MOST_TOKENS, NAME_LENGTH, REMINDERS, hash_of, new_token
from coordination.people.models import Person
from core import history
from core.access import Actor, ensure
from core.clock import now
from core.database import get_row, transaction
from core.errors import Refused
from core.languages import LANGUAGES, _


def create_token(
    actor: Actor,
    person_id: int,
    *,
    name: str,
    language: str = "de",
    alarm_minutes: int | None = None,
    only_mine: bool = False,
    make_token: Callable[[], str] = new_token,
) -> tuple[FeedToken, str]:
    """A new key to the person's feed: its row, and the token, which nobody can find out again.

    `make_token` is asked within the transaction for at least 128 random bits in letters of an address.

    For the person themselves alone, else NotFound. Refused: no name or one of over 100 characters ("name"), an
    unknown language ("language") or reminder ("alarm_minutes"), more than 20 keys, an archived person.
    """
    ensure(actor.person_id == person_id)
    _check(name, language, alarm_minutes)
    with transaction() as session:
        token = make_token()
        if get_row(Person, person_id).archived_at is not None:
            raise Refused(_("This person is kept for the records only."))
        if len(queries.list_tokens(person_id)) >= MOST_TOKENS:
            raise Refused(_("There can be up to %(max)d feeds. Please end one first.", max=MOST_TOKENS))
        row = FeedToken(
            token_hash=hash_of(token),
            person_id=person_id,
            name=name,
            language=language,
            alarm_minutes=alarm_minutes,
            only_mine=only_mine,
        )
        session.add(row)
        history.record(actor, "feeds.create", row)
    return row, token


def revoke(actor: Actor, token_id: int) -> FeedToken:
    """End the key: its address answers 410 from now on. Twice is as once.

    For the person themselves and the administration, else NotFound.
    """
    with transaction():
        row = get_row(FeedToken, token_id)
        ensure(actor.person_id == row.person_id or actor.is_admin or actor.system)
        if row.revoked_at is None:
            row.revoked_at = now()
            history.record(actor, "feeds.revoke", row)
    return row


def rotate(actor: Actor, token_id: int, *, make_token: Callable[[], str] = new_token) -> tuple[FeedToken, str]:
    """A new key with the same settings in place of this one, which ends. Refused when it has ended already."""
    with transaction():
        row = get_row(FeedToken, token_id)
        ensure(actor.person_id == row.person_id)
        if row.revoked_at is not None:
            raise Refused(_("This feed has ended already."))
        revoke(actor, token_id)
        return create_token(
            actor,
            row.person_id,
            name=row.name,
            language=row.language,
            alarm_minutes=row.alarm_minutes,
            only_mine=row.only_mine,
            make_token=make_token,
        )


def _check(name: str, language: str, alarm_minutes: int | None) -> None:
    if not name.strip():
        raise Refused(_("Please fill in this field."), "name")
    if len(name) > NAME_LENGTH:
        raise Refused(_("Please use at most %(max)d characters.", max=NAME_LENGTH), "name")
    if language not in LANGUAGES:
        raise Refused(_("Please choose one of these."), "language")
    if alarm_minutes not in REMINDERS:
        raise Refused(_("Please choose one of these."), "alarm_minutes")
