"""The addresses of feeds. `door` answers them without session, user, limiter or CSRF: they must ask for none."""

from datetime import timedelta
from functools import lru_cache

from flask import Blueprint, request
from limits import parse
from werkzeug.exceptions import Gone, TooManyRequests
from werkzeug.http import http_date
from werkzeug.wrappers import Response

from calendars.feeds import assembly, queries, used
from calendars.feeds.assembly import Options
from calendars.feeds.shelf import Feed
from calendars.ical import MEDIA_TYPE
from core.access import public
from core.documents.filename import content_disposition
from core.errors import NotFound
from core.languages import DEFAULT, LANGUAGES
from core.web import HEADERS, client_network, limiter

blueprint = Blueprint("feeds", __name__)
#: a cache may keep a feed so long, in seconds, before it asks again
MAX_AGE = 60
#: so many wrong keys a network may try before it is told to stop. A right key is looked up first and always answered:
#: a program that is refused would drop the calendar. Guessing a key of 192 bits is hopeless anyhow
WRONG_KEYS = parse("60 per minute")
#: a token must not travel on in a Referer, and no search engine lists a feed
SAFE_HEADERS = tuple((HEADERS | {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}).items())


@blueprint.get("/gremien/<string:slug>/kalender.ics")
@public
def committee(slug: str) -> Response:
    """The public sittings of a committee."""
    return answer(assembly.committee_feed(slug, _options()), f"{slug}.ics", cached_by="public")


@blueprint.get("/kalender.ics")
@public
def everything() -> Response:
    """The public sittings of all committees, and the events that are announced to everybody."""
    return answer(assembly.public_feed(_options()), "kalender.ics", cached_by="public")


@blueprint.get("/abo/<string:token>/<string:name>.ics")
@public
def personal(token: str, name: str) -> Response:
    """The dates of one person, by a key. The name is for the eye and for programs that show it; it means nothing."""
    key = queries.find_key(token)
    if key is None:
        raise NotFound if limiter.limiter.hit(WRONG_KEYS, "feeds", client_network()) else TooManyRequests
    if key.ended:
        raise Gone
    feed = assembly.personal_feed(key, everything=_wants_everything())
    used.note(key.id)
    return answer(feed, f"{name}.ics", cached_by="private")


def answer(feed: Feed, filename: str, *, cached_by: str) -> Response:
    """The feed, or 304 where the reader has these very bytes. `cached_by` is "public" or "private" (RFC 9111)."""
    packed = request.args.get("gzip") != "0" and request.accept_encodings.quality("gzip") > 0
    etag = f"{feed.etag}-gz" if packed else feed.etag
    headers = [
        ("ETag", f'"{etag}"'),
        ("Cache-Control", f"{cached_by}, max-age={MAX_AGE}"),
        ("Vary", "Accept-Encoding"),
        *SAFE_HEADERS,
    ]
    if _is_known(etag, feed):
        return Response(status=304, headers=headers)
    headers.append(("Last-Modified", http_date(feed.last_modified)))
    headers.append(("Content-Disposition", _disposition(filename)))
    if packed:
        headers.append(("Content-Encoding", "gzip"))
    return Response(feed.packed if packed else feed.body, headers=headers, content_type=MEDIA_TYPE)


@lru_cache(maxsize=1_024)
def _disposition(filename: str) -> str:
    return content_disposition(filename, inline=True)


def _is_known(etag: str, feed: Feed) -> bool:
    """Whether the reader has this state already. A date is looked at only where no tag was sent (RFC 9110 13.1.3)."""
    if "If-None-Match" in request.headers:
        return request.if_none_match.contains_weak(etag)
    since = request.if_modified_since
    return since is not None and feed.last_modified < since + timedelta(seconds=1)


def _options() -> Options:
    language = request.args.get("sprache", DEFAULT)
    return Options(language if language in LANGUAGES else DEFAULT, _wants_everything())


def _wants_everything() -> bool:
    return request.args.get("alle") == "1"
