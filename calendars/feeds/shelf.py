"""Feeds kept in this process, so that each is built once for its state and not once for each reader.

The shelf lives as long as the process: a new version of the program begins with an empty one.
"""

import gzip
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from calendars.entry import Audience
from calendars.feeds.parts import Parts
from calendars.feeds.rules import etag_of

#: the counter of calendar changes, and the day whose beginning changed the feed last
State = tuple[int, date]


@dataclass
class Feed:
    """The bytes of one feed in one state."""

    body: bytes
    #: no later change of what is in it than this (aware, UTC)
    last_modified: datetime
    #: whom it was made for: it must not be given to anybody who belongs to less
    audiences: frozenset[Audience]
    #: what it is made of, so that it can be renewed in part
    parts: Parts = field(default_factory=dict, repr=False)
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        self.etag = etag_of(self.body)

    @property
    def weight(self) -> int:
        """Bytes of memory, about: its dates are kept one by one as well."""
        return len(self.body) * (2 if self.parts else 1)

    @cached_property
    def packed(self) -> bytes:
        """The same bytes by gzip, packed once and without a time in it: the same in every process."""
        return gzip.compress(self.body, compresslevel=6, mtime=0)


class Shelf:
    """Feeds by key, each with the state it was built for. What was asked for longest ago makes room."""

    def __init__(self, most: int = 512, most_bytes: int = 64_000_000) -> None:
        self.most = most
        self.most_bytes = most_bytes
        #: held while a feed is built, so that many readers at once do not build it many times
        self.building = threading.Lock()
        self._lock = threading.Lock()
        self._feeds: OrderedDict[Hashable, tuple[State, Feed]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, state: State) -> Feed | None:
        """The feed if it is kept for this very state."""
        with self._lock:
            kept = self._feeds.get(key)
            if kept is None or kept[0] != state:
                return None
            self._feeds.move_to_end(key)
            return kept[1]

    def last(self, key: Hashable) -> Feed | None:
        """The feed as it was built last, for whatever state."""
        found = self.before(key)
        return None if found is None else found[1]

    def before(self, key: Hashable) -> tuple[State, Feed] | None:
        """The same with the state that it was built for."""
        with self._lock:
            return self._feeds.get(key)

    def put(self, key: Hashable, state: State, feed: Feed) -> None:
        """Keep the feed for this state, in place of an older one."""
        with self._lock:
            self._drop(key)
            self._feeds[key] = (state, feed)
            self._bytes += feed.weight
            while len(self._feeds) > self.most or (self._bytes > self.most_bytes and len(self._feeds) > 1):
                self._drop(next(iter(self._feeds)))

    def drop(self, key: Hashable) -> None:
        """Forget the feed."""
        with self._lock:
            self._drop(key)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._feeds.clear()
            self._bytes = 0

    def _drop(self, key: Hashable) -> None:
        if (kept := self._feeds.pop(key, None)) is not None:
            self._bytes -= kept[1].weight
