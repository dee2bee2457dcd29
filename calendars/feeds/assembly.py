"""Feeds: which entries are in which, and when to build them anew.

A feed is built again when the counter of calendar changes moved, or when a date does it: public feeds with the
month (their window moves on), personal ones every day (rights end by date without a write).
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import cast

import structlog
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from calendars.entry import Audience, Circle, Entry
from calendars.feeds import queries
from calendars.feeds.queries import Key
from calendars.feeds.rules import pick, window_start
from calendars.feeds.shelf import Feed, Shelf
from calendars.ical import COLOURS, calendar, render_events
from calendars.sources import EVERYBODY, audiences_of, entries, texts
from core.clock import to_utc, today
from core.errors import NotFound
from core.languages import _, in_language
from participation.committees.queries import find_by_slug

log = structlog.get_logger()


@dataclass(frozen=True)
class Options:
    """How a feed is wished for."""

    language: str = "de"
    #: everything that ever was, instead of the last twelve months and all to come
    everything: bool = False
    alarm_minutes: int | None = None


def committee_feed(slug: str, options: Options) -> Feed:
    """The public sittings of a committee. Raises NotFound where there is none, or none for the public."""

    def build(_audiences: frozenset[Audience]) -> bytes:
        committee = None if "\0" in slug else find_by_slug(slug)  # PostgreSQL takes no NUL
        if committee is None or not committee.public:
            raise NotFound
        found = entries(_first_day(options), committees=[committee.id])
        description = _("Public sittings of %(committee)s.", committee=committee.name)
        return _written(committee.name, description, found, options, colour=pick(slug, [*COLOURS]))

    return _kept_or_built(("committee", slug), options, _this_month(), _everybody, build)


def public_feed(options: Options) -> Feed:
    """The public sittings of all committees."""

    def build(_audiences: frozenset[Audience]) -> bytes:
        name = _("Public sittings in %(municipality)s", municipality=_municipality())
        return _written(name, "", entries(_first_day(options)), options, colour="steelblue")

    return _kept_or_built(("public",), options, _this_month(), _everybody, build)


def personal_feed(key: Key, *, everything: bool) -> Feed:
    """What the person behind the key may see today; only what concerns their own circles, if they set it so."""
    options = Options(key.language, everything, key.alarm_minutes)

    def build(audiences: frozenset[Audience]) -> bytes:
        mine = [audience.id or 0 for audience in audiences if audience.kind is Circle.COMMITTEE]
        found = entries(_first_day(options), audiences=audiences, committees=mine if key.only_mine else None)
        name = _("My dates in %(municipality)s", municipality=_municipality())
        description = _("The dates that you may see. Please keep the address of this calendar to yourself.")
        return _written(name, description, found, options, colour="slateblue")

    name = ("person", key.person_id, key.account, key.only_mine)
    return _kept_or_built(name, options, today(), lambda: audiences_of(key.person_id, today()), build)


def shelf() -> Shelf:
    """The feeds that this application keeps."""
    if "feeds" not in current_app.extensions:
        current_app.extensions["feeds"] = Shelf()
    return cast(Shelf, current_app.extensions["feeds"])


def _kept_or_built(
    name: tuple[Hashable, ...],
    options: Options,
    since: date,
    audiences_now: Callable[[], frozenset[Audience]],
    build: Callable[[frozenset[Audience]], bytes],
) -> Feed:
    """The feed as it is now. Where it cannot be built: the last good one, if it was made for the same audiences.

    `since` is the local day whose beginning changed the feed last, without any write.
    """
    kept, key = shelf(), (name, options)
    try:
        state = (queries.counter(), since)
    except SQLAlchemyError:
        # What everybody may see is given out even while the database is away; a right must be asked for.
        if audiences_now is not _everybody or (last := kept.last(key)) is None:
            raise
        log.exception("feeds.last_good", feed=name[0])
        return last
    if (feed := kept.get(key, state)) is not None:
        return feed
    with kept.building:
        return kept.get(key, state) or _built(key, state, audiences_now(), build)


def _built(
    key: tuple[tuple[Hashable, ...], Options],
    state: tuple[int, date],
    audiences: frozenset[Audience],
    build: Callable[[frozenset[Audience]], bytes],
) -> Feed:
    kept = shelf()
    try:
        with in_language(key[1].language):
            feed = Feed(build(audiences), _last_modified(state[1]), audiences)
    except NotFound:
        kept.drop(key)
        raise
    except Exception:
        last = kept.last(key)
        if last is None or last.audiences != audiences:
            raise
        log.exception("feeds.last_good", feed=key[0][0])
        return last
    kept.put(key, state, feed)
    return feed


def _written(name: str, description: str, found: list[Entry], options: Options, *, colour: str) -> bytes:
    vevents, broken = render_events(found, texts(), options.alarm_minutes)
    for uid, error in broken:
        log.error("feeds.left_out", uid=uid, exc_info=error)
    return calendar(name, description, vevents, colour=colour)


def _last_modified(since: date) -> datetime:
    """A moment after which nothing in the feed changed: the newest line of the history, or the day's beginning.

    Not the newest change of an entry: a date that somebody may not see any more leaves no change behind, and a
    client that knows no ETag would keep it.
    """
    return max(filter(None, (queries.last_change(), to_utc(datetime.combine(since, time())))))


def _first_day(options: Options) -> date | None:
    return None if options.everything else window_start(today())


def _this_month() -> date:
    return today().replace(day=1)


def _everybody() -> frozenset[Audience]:
    return EVERYBODY


def _municipality() -> str:
    return str(current_app.config["SETTINGS"].body_name)
