"""Excel files: text stays text, rubbish is refused with a clear word, and nothing unpacks without end."""

import io
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from core.csv_files import parse_csv, write_csv
from core.errors import Refused
from core.spreadsheets import parse_table, parse_xlsx, write_xlsx

TEXTS = ["=1+1", "+49 30", "-x", "@you", "＝1", "007", "1E5", "a;b,c", 'say "x"', "two\nlines", "it's", "ž ل"]


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_written_is_read_back_the_same(text):
    for content in (
        write_xlsx({"Records": (["key", "title"], [["1", text]])}),
        write_csv(["key", "title"], [["1", text]]),
    ):
        (line,) = parse_table(content, required=["key", "title"])
        assert (line["key"], line["title"]) == ("1", text)


def test_cells_are_read_as_a_person_would_type_them():
    book = Workbook()
    book.active.append(["a", "b", "c", "d", "e", "f"])
    book.active.append([date(2026, 5, 9), datetime(2026, 5, 9, 18, 30), time(18, 30), 12.0, 12.5, True])
    book.active.append([None] * 6)
    book.active.append(["x"])
    out = io.BytesIO()
    book.save(out)
    first, second = parse_xlsx(out.getvalue(), required="abcdef")
    assert [first[name] for name in "abcdef"] == ["2026-05-09", "2026-05-09 18:30", "18:30", "12", "12.5", "yes"]
    assert (first.number, second.number) == (2, 4)


def test_a_formula_that_a_program_wrote_without_its_result_is_empty():
    book = Workbook()
    book.active.append(["key", "title"])
    book.active.append(["1", "=1+1"])
    out = io.BytesIO()
    book.save(out)
    (line,) = parse_xlsx(out.getvalue(), required=["key", "title"])
    assert line["title"] == ""


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"PK", "no Excel file"),
        (b"PK\x03\x04" + b"\0" * 100, "no Excel file"),
        (packed(readme=b"nothing"), "no Excel file"),
        (packed(workbook=b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "no Excel file"),
        (packed(bomb=b"0" * 100_000_001), "more than 100 MB"),
        (write_xlsx({"x": (["key"], [])}), "lacks these columns: title"),
    ],
)
def test_what_cannot_be_read_is_refused(content, complaint):
    with pytest.raises(Refused, match=complaint):
        list(parse_table(content, required=["key", "title"]))


def test_csv_with_semicolons_is_read_too():
    (line,) = parse_csv(b"key;title\n1;a,b\n", required=["key", "title"])
    assert line["title"] == "a,b"
