"""Whole names in texts: what is one, and what only begins like it."""

import pytest

from core.named import is_named, without_names

NAMES = frozenset({"Anna Berg"})


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Anna Berg berichtet.", "X berichtet."),
        ("Anna Bergs Antrag", "Xs Antrag"),
        ("_Anna Berg_, (Anna Berg)", "_X_, (X)"),
        ("Rat-Anna Berg und Anna Berg-Öz", "Rat-Anna Berg und Anna Berg-Öz"),
        ("Anna Bergmann, Johanna Berg, Anna Bergström", "Anna Bergmann, Johanna Berg, Anna Bergström"),
        ("Anna Berg – Anna Berg- Anna Berg1", "X – X- Anna Berg1"),
    ],
)
def test_whole_names_alone_are_replaced(text, without):
    assert without_names(text, NAMES, "X") == without
    assert is_named(text, NAMES) is (text != without)
