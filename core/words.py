"""Lists of words in a JSON column, found by one of them."""

from typing import Any

from sqlalchemy import ColumnElement, Text, cast


def holds(column: Any, word: str) -> ColumnElement[bool]:
    """The condition that the list in this column holds the word, on either database."""
    return cast(column, Text).contains(f'"{word}"', autoescape=True)
