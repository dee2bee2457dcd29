"""CSV files: read with clear complaints, written so that a spreadsheet takes text as text."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from core.errors import Refused
from core.languages import _

MEDIA_TYPE = "text/csv; charset=utf-8"
LARGEST = 20_000_000
#: between the cells of a file that is written: what spreadsheets in German open as a table. Both this and the comma are
#: read
DELIMITER = ";"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Line:
    """One line of a file: its number as an editor shows it (the header is line 1), and its stripped values."""

    number: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The value in this column, "" where an optional column is missing."""
        return self.values.get(column, "")

    def tells(self, column: str) -> bool:
        """Whether the file has this column: one of an older make says nothing of what came later."""
        return column in self.values


@dataclass(frozen=True)
class Lines:
    """The lines of a file that can be read to its end. Each is made when it is asked for, so that few are in memory."""

    content: bytes
    delimiter: str
    #: where each of the columns stands that were asked for
    places: Mapping[str, int]
    number: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", max(0, _count(self.content, self.delimiter) - 1))

    def __len__(self) -> int:
        return self.number

    def __iter__(self) -> Iterator[Line]:
        places = tuple(self.places.items())
        width = max(self.places.values(), default=-1) + 1
        for number, row in islice(_rows(self.content, self.delimiter), 1, None):
            cells = list(map(_as_meant if _escaped(row) else str.strip, row))
            cells += [""] * (width - len(row))
            yield Line(number, {name: cells[place] for name, place in places})


def _escaped(row: Sequence[str]) -> bool:
    """Whether some cell may hold more than its text."""
    whole = "".join(row)
    return "'" in whole or "\0" in whole


def _as_meant(text: str) -> str:
    """A cell without what no text holds, and before `escape`."""
    return unescape(text.replace("\0", "").strip())


def _rows(content: bytes, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each line in which something stands (spreadsheets leave lines of separators behind), decoded
    as it goes, so that the text is never there twice."""
    reader = _reader(content, delimiter)
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused(_("Line %(line)d cannot be read.", line=number)) from error
        if any(row):
            yield number, row


def _count(content: bytes, delimiter: str) -> int:
    """How many lines are not empty, with the header. Refused where one cannot be read."""
    try:
        return sum(map(bool, _reader(content, delimiter)))
    except csv.Error:
        return sum(1 for _row in _rows(content, delimiter))  # which says where the line begins


def _reader(content: bytes, delimiter: str) -> Any:
    return csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""), delimiter=delimiter)


def read_csv(path: Path, *, required: Sequence[str], optional: Sequence[str] = ()) -> Lines:
    """The lines of a UTF-8 file with comma or semicolon. Unknown columns are passed over.

    Refused: a file over 20 MB, one that is not UTF-8 (Latin-1 files would be read wrongly without a word), one
    without the required columns, and one with a line that cannot be read.
    """
    return parse_csv(path.read_bytes(), required=required, optional=optional)


def parse_csv(content: bytes, *, required: Sequence[str], optional: Sequence[str] = ()) -> Lines:
    """As `read_csv`, from bytes (an upload)."""
    if len(content) > LARGEST:
        raise Refused(_("The file is larger than 20 MB."))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Refused(
            _("The file is not in UTF-8 (line %(line)d). Please save it as “CSV UTF-8”.", line=line)
        ) from error
    header = io.BytesIO(content).readline()
    delimiter = ";" if header.count(b";") > header.count(b",") else ","
    _number, columns = next(_rows(content, delimiter), (1, []))
    places = {name.strip(): place for place, name in enumerate(columns)}
    if missing := [name for name in required if name not in places]:
        raise Refused(_("The file lacks these columns: %(columns)s.", columns=", ".join(missing)))
    return Lines(content, delimiter, {name: places[name] for name in (*required, *optional) if name in places})


def write_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A UTF-8 file of these rows, as spreadsheets in German open it by themselves: with byte order mark, semicolons,
    and a comma before decimals. Formulas are defused."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=DELIMITER)
    writer.writerow(header)
    writer.writerows([escape(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def escape(value: object) -> object:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers, as they are
    written in German."""
    if isinstance(value, float):
        return str(value).replace(".", ",")
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def unescape(text: str) -> str:
    """The text before `escape`, so that what was written can be read back the same."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text
