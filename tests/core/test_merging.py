"""Texts that two joined rows hold."""

import pytest

from core.merging import fill_empty, join_texts, keep


def test_what_is_kept_says_it_all():
    assert keep({"a": 1}, {"a": 2}) == {}


@pytest.mark.parametrize(
    ("kept", "duplicate", "changes"),
    [
        ({"a": "", "n": None}, {"a": "x", "n": 0}, {"a": "x", "n": 0}),
        ({"a": "y", "n": 0}, {"a": "x", "n": 7}, {}),
        ({"a": "y", "n": 1}, {"a": "", "n": None}, {}),
    ],
)
def test_only_what_is_empty_is_filled(kept, duplicate, changes):
    assert fill_empty("a", "n")(kept, duplicate) == changes


def test_texts_that_differ_stand_one_below_the_other():
    rule = join_texts("a", "b", fill=("n",))
    kept, duplicate = {"a": "eins", "b": "gleich", "n": None}, {"a": "zwei", "b": "gleich", "n": 3}
    assert rule(kept, duplicate) == {"a": "eins\nzwei", "n": 3}
