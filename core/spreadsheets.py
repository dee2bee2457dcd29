"""Excel files (XLSX): read as text with clear complaints, written so that text stays text.

A line of a sheet and a line of a CSV file are the same to whoever reads them: `parse_table` takes either.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from itertools import chain
from pathlib import Path
from typing import IO

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from core.csv_files import LARGEST, Line, parse_csv
from core.errors import Refused
from core.languages import _

#: what a file may unpack to, in bytes; a file that says more is not opened
LARGEST_UNPACKED = 100_000_000
MOST_LINES = 50_000
MOST_COLUMNS = 200
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read_table(path: Path, *, required: Sequence[str], optional: Sequence[str] = ()) -> Iterable[Line]:
    """The lines of a CSV or XLSX file. Refused as `parse_table` does."""
    if path.stat().st_size > LARGEST:
        raise Refused(_("The file is larger than 20 MB."))
    return parse_table(path.read_bytes(), required=required, optional=optional)


def parse_table(content: bytes, *, required: Sequence[str], optional: Sequence[str] = ()) -> Iterable[Line]:
    """The lines of a CSV file, or of the first sheet of an XLSX file, told apart by how they begin."""
    if content.startswith(b"PK"):
        return parse_xlsx(content, required=required, optional=optional)
    return parse_csv(content, required=required, optional=optional)


def parse_xlsx(content: bytes, *, required: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Line]:
    """The lines of the first sheet: every cell as text, a formula as its last result. Empty lines are passed over.

    Refused: a file over 20 MB or that unpacks to more than 100 MB, more than 50,000 lines or 200 columns, what is no
    XLSX file, and one without the required columns.
    """
    rows = _rows(content)
    columns = [text.strip() for text in next(rows, [])]
    if missing := [name for name in required if name not in columns]:
        raise Refused(_("The file lacks these columns: %(columns)s.", columns=", ".join(missing)))
    return _lines(rows, columns, {*required, *optional})


def _lines(rows: Iterator[list[str]], columns: list[str], wanted: set[str]) -> Iterator[Line]:
    for number, cells in enumerate(rows, 2):
        if number > MOST_LINES + 1:
            raise Refused(_("The file has more than %(max)d lines.", max=MOST_LINES))
        values = {name: text.strip() for name, text in zip(columns, cells, strict=False) if name in wanted}
        if any(cells):
            yield Line(number, {name: values.get(name, "") for name in wanted.intersection(columns)})


def _rows(content: bytes) -> Iterator[list[str]]:
    _check_size(content)
    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield [_text(value) for value in row]
    except Exception as error:  # whatever a broken file makes the library raise: there are many kinds
        raise _unreadable() from error


def _check_size(content: bytes) -> None:
    """Refuse what unpacks to too much (zipfile gives no more than a file announces) or declares entities."""
    if len(content) > LARGEST:
        raise Refused(_("The file is larger than 20 MB."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise Refused(_("The file unpacks to more than 100 MB."))
            for part in archive.infolist():
                with archive.open(part) as opened:
                    if b"<!DOCTYPE" in opened.read(2000):
                        raise _unreadable()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise _unreadable() from error


def _unreadable() -> Refused:
    return Refused(_("This is no Excel file that can be read. Please save it as XLSX or as “CSV UTF-8”."))


def _text(value: object) -> str:
    """A cell as a person would type it into a form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"  # what Excel shows: 0.1 + 0.2 is 0.3
    return str(value).replace("\0", "")


#: the text of a sheet between these two is its rows
ROWS_BEGIN, ROWS_END = "<sheetData>", "</sheetData>"


def write_xlsx(sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[object]]]]) -> bytes:
    """A file of these sheets: name → header and rows. Text is text, whatever it begins with; numbers stay numbers.

    Everything but the rows is made by openpyxl. The rows are written here, packed one after the other: its cells are
    objects that cost as much as all else together, and a large table need not be in memory.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in sheets:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet["A1"] = "text"
        sheet["A1"].number_format = "@"  # else a program that edits 007 would make it 7
        style = sheet["A1"].style_id
    empty, out = io.BytesIO(), io.BytesIO()
    book.save(empty)
    filled = {f"xl/worksheets/sheet{number}.xml": table for number, table in enumerate(sheets.values(), 1)}
    with zipfile.ZipFile(empty) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            with archive.open(name, "w") as part:
                if name in filled:
                    _write_rows(part, source.read(name).decode(), *filled[name], style=style)
                else:
                    part.write(source.read(name))
    return out.getvalue()


def _write_rows(
    part: IO[bytes], empty: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, style: int
) -> None:
    """The sheet with its rows in the place of the one that it holds."""
    before, _begin, after = re.sub("<dimension[^>]*/>", "", empty).partition(ROWS_BEGIN)
    part.write(f"{before}{ROWS_BEGIN}".encode())
    letters = [get_column_letter(number + 1) for number in range(len(header))]
    for number, row in enumerate(chain((header,), rows), 1):
        cells = (_cell(f"{letter}{number}", value, style) for letter, value in zip(letters, row, strict=True))
        part.write(f'<row r="{number}">{"".join(cells)}</row>'.encode())
    part.write(f"{ROWS_END}{after.partition(ROWS_END)[2]}".encode())


def _cell(place: str, value: object, style: int) -> str:
    """One cell: a number, or text that is never a formula; nothing for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = html.escape(ILLEGAL_CHARACTERS_RE.sub("", str(value)), quote=False).replace("\r", "&#13;")
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
