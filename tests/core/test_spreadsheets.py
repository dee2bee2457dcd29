"""Excel files: text stays text, rubbish is refused with a clear word, and nothing unpacks without end."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook, load_workbook

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


def test_a_file_is_one_that_other_programs_read_in_their_own_way():
    """Openpyxl reads it whole, with sheets, fixed header, numbers as numbers, text as text and nothing as nothing."""
    rows = [["007", 12, 1.5, "", None, "a\r\n<b> & \x07c"], ["=1", -3, 0, "x" * 40_000, "ž ل", "  "]]
    content = write_xlsx({"Records": ("abcdef", rows), "Codebook": (["key"], [["a"]])})
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Records", "Codebook"]
    sheet = book["Records"]
    assert (sheet.freeze_panes, sheet.dimensions, sheet["A2"].number_format) == ("A2", "A1:F3", "@")
    assert [cell.value for cell in sheet[2]] == ["007", 12, 1.5, None, None, "a\r\n<b> & c"]
    assert [cell.value for cell in sheet[3]] == ["=1", -3, 0, "x" * 40_000, "ž ل", "  "]
    assert [cell.data_type for cell in sheet[3]] == ["s", "n", "n", "s", "s", "s"]
    assert book["Codebook"]["A2"].value == "a"


def test_a_large_table_is_packed_row_by_row():
    """Of rows that are never there at once, little more is in memory than the file."""

    def rows(number: int):
        return ([f"{n:06}" * 30, n] for n in range(number))

    def peak(number: int) -> tuple[int, int]:
        tracemalloc.start()
        size = len(write_xlsx({"x": (["a", "b"], rows(number))}))
        memory = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return memory, size

    peak(10)
    (few, small), (many, large) = peak(500), peak(20_000)
    assert many - few < 3 * (large - small) + 500_000


def test_cells_are_read_as_a_person_would_type_them():
    book = Workbook()
    book.active.append(["a", "b", "c", "d", "e", "f"])
    book.active.append([date(2026, 5, 9), datetime(2026, 5, 9, 18, 30), time(18, 30), 12.0, 0.1 + 0.2, True])
    book.active.append([None] * 6)
    book.active.append(["x"])
    out = io.BytesIO()
    book.save(out)
    first, second = parse_xlsx(out.getvalue(), required="abcdef")
    assert [first[name] for name in "abcdef"] == ["2026-05-09", "2026-05-09 18:30", "18:30", "12", "0.3", "yes"]
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
