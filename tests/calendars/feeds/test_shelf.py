"""The shelf: what is kept of feeds in this process, and for how long."""

from datetime import UTC, datetime

from calendars.feeds.rules import etag_of
from calendars.feeds.shelf import Feed, Shelf
from calendars.sources.audiences import EVERYBODY


def feed(body: bytes = b"x") -> Feed:
    return Feed(body, datetime(2026, 1, 1, tzinfo=UTC), EVERYBODY)


def test_a_feed_is_found_for_its_state_and_the_last_one_for_any():
    shelf, kept = Shelf(), feed()
    shelf.put("a", 1, kept)
    assert shelf.get("a", 1) is kept
    assert shelf.get("a", 2) is None
    assert shelf.last("a") is kept
    shelf.drop("a")
    assert shelf.last("a") is None


def test_what_was_asked_for_longest_ago_makes_room():
    shelf = Shelf(most=2)
    for key in "ab":
        shelf.put(key, 1, feed())
    shelf.get("a", 1)
    shelf.put("c", 1, feed())
    assert [key for key in "abc" if shelf.last(key)] == ["a", "c"]


def test_bytes_are_bounded_too_and_one_large_feed_is_still_kept():
    shelf = Shelf(most_bytes=100)
    for key in "abc":
        shelf.put(key, 1, feed(b"x" * 60))
    assert [key for key in "abc" if shelf.last(key)] == ["c"]
    shelf.put("c", 2, feed(b"x" * 40))
    shelf.put("d", 1, feed(b"x" * 60))
    assert [key for key in "cd" if shelf.last(key)] == ["c", "d"]
    shelf.put("e", 1, feed(b"x" * 500))
    assert [key for key in "cde" if shelf.last(key)] == ["e"]


def test_the_tag_is_that_of_the_bytes():
    assert feed(b"a").etag == etag_of(b"a") != feed(b"b").etag
