"""What the columns of a file mean: the codebook that goes with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString

from core.languages import _, _l

OWN = _l("This municipality")
YES_NO: Mapping[str, LazyString] = {"yes": _l("Yes"), "no": _l("No")}


@dataclass(frozen=True)
class Column:
    """A column: its name in files, what it means, which values it takes (code → label), and whose idea it is."""

    name: str
    meaning: LazyString
    values: Mapping[Any, LazyString] = field(default_factory=dict)
    source: LazyString = OWN


def codebook_header() -> list[str]:
    """The header of a codebook, in the reader's language."""
    return [_("Column"), _("Meaning"), _("Value"), _("Meaning of the value"), _("Source of the question")]


def codebook_rows(columns: Iterable[Column]) -> Iterator[list[str]]:
    """The codebook: how the file is written, then one line for each column, or for each of its values."""
    yield ["", _("A CSV file is UTF-8 with a semicolon (sep) between columns and a comma before decimals."), "", "", ""]
    for column in columns:
        for value, label in column.values.items() or [("", "")]:
            yield [column.name, str(column.meaning), str(value), str(label), str(column.source)]
