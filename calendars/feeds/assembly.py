"""Feeds: which entries are in which, and when to build them anew.

A feed is built again when the counter of calendar changes moved, or when a date does it: public feeds with the
month (their window moves on), personal ones every day (rights end by date without a write). Where the counter tells
which dates changed, the others are taken as they are.
"""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple, cast

import structlog
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from calendars.entry import Audience
from calendars.feeds import queries
from calendars.feeds.parts import Kept, Parts, renewed, touched, written
from calendars.feeds.queries import Key
from calendars.feeds.rules import pick, window_start
from calendars.feeds.shelf import Feed, Shelf, State
from calendars.ical import COLOURS, calendar
from calendars.sources.audiences import EVERYBODY, audiences_of
from calendars.sources.entries import entries
from calendars.sources.words import texts
from core.clock import to_utc, today
from core.errors import NotFound
from core.instance import changed_rows
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


class Content(NamedTuple):
    """A feed as it was built."""

    body: bytes
    parts: Parts


#: builds a feed for these audiences, with what is kept of it
Build = Callable[[frozenset[Audience], Kept | None], Content]


def committee_feed(slug: str, options: Options) -> Feed:
    """The public sittings of a committee. Raises NotFound where there is none, or none for the public."""

    def build(_audiences: frozenset[Audience], kept: Kept | None) -> Content:
        committee = None if "\0" in slug else find_by_slug(slug)  # PostgreSQL takes no NUL
        if committee is None or not committee.public:
            raise NotFound
        parts = _parts(options, kept, EVERYBODY, committees=[committee.id])
        description = _("Public sittings of %(committee)s.", committee=committee.name)
        return _content(committee.name, description, parts, colour=pick(slug, [*COLOURS]))

    return _kept_or_built(("committee", slug), options, _this_month(), _everybody, build)


def public_feed(options: Options) -> Feed:
    """The public sittings of all committees, and what is announced to everybody: events, milestones of projects."""

    def build(_audiences: frozenset[Audience], kept: Kept | None) -> Content:
        name = _("Public dates in %(municipality)s", municipality=_municipality())
        return _content(name, "", _parts(options, kept, EVERYBODY), colour="steelblue")

    return _kept_or_built(("public",), options, _this_month(), _everybody, build)


def personal_feed(key: Key, *, everything: bool) -> Feed:
    """What the person behind the key may see today; only what concerns their own circles, if they set it so."""
    options = Options(key.language, everything, key.alarm_minutes)

    def build(audiences: frozenset[Audience], kept: Kept | None) -> Content:
        parts = _parts(options, kept, audiences - EVERYBODY if key.only_mine else audiences)
        name = _("My dates in %(municipality)s", municipality=_municipality())
        description = _("The dates that you may see. Please keep the address of this calendar to yourself.")
        return _content(name, description, parts, colour="slateblue")

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
    build: Build,
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
    state: State,
    audiences: frozenset[Audience],
    build: Build,
) -> Feed:
    kept = shelf()
    try:
        with in_language(key[1].language):
            content = build(audiences, _still_good(kept.before(key), state, audiences))
            feed = Feed(content.body, _last_modified(state[1]), audiences, content.parts)
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


def _still_good(before: tuple[State, Feed] | None, state: State, audiences: frozenset[Audience]) -> Kept | None:
    """What can be kept of the feed as it was, if everything that changed since is known date by date."""
    if before is None:
        return None
    (counter, since), feed = before
    if since != state[1] or feed.audiences != audiences:
        return None
    rows = touched(changed_rows(counter, state[0]), audiences)
    return None if rows is None else Kept(feed.parts, rows)


def _parts(
    options: Options, kept: Kept | None, audiences: frozenset[Audience], committees: Collection[int] | None = None
) -> Parts:
    """The dates of a feed, with what is kept of it; all anew where that does not go together."""
    rows = None if kept is None else kept.rows
    found = entries(_first_day(options), audiences=audiences, committees=committees, rows=rows)
    fresh = written(found, texts(), options.alarm_minutes)
    if kept is None:
        return fresh
    return renewed(kept, fresh) or _parts(options, None, audiences, committees)


def _content(name: str, description: str, parts: Parts, *, colour: str) -> Content:
    vevents = (part.text for part in parts.values())
    return Content(calendar(name, description, vevents, colour=colour), parts)


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
