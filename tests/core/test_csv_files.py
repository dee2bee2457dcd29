"""CSV files: clear complaints, and text that stays text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.csv_files import parse_csv, write_csv
from core.errors import Refused


def test_lines_carry_the_number_that_an_editor_shows():
    lines = list(parse_csv(b'name,about\nA,"two\nlines"\nB,\n', required=["name"], optional=["about", "phone"]))
    assert [(line.number, line["name"]) for line in lines] == [(2, "A"), (4, "B")]
    assert lines[0]["phone"] == ""


def test_semicolons_and_a_byte_order_mark_are_taken():
    (line,) = parse_csv("\ufeffname;kind\nCafé;x\n".encode(), required=["name", "kind"])
    assert (line["name"], line["kind"]) == ("Café", "x")


def test_latin_1_is_refused_with_its_line():
    with pytest.raises(Refused, match="line 3"):
        parse_csv("name\nA\nBrücke\n".encode("latin-1"), required=["name"])


def test_missing_columns_are_named():
    with pytest.raises(Refused, match="kind, since"):
        parse_csv(b"name\nA\n", required=["name", "kind", "since"])


@pytest.mark.parametrize("text", ["=1+1", "+49", "-5", "@sum", "＝1", "0049", "1E5", "a;b", 'say "so"'])
def test_what_is_written_is_read_back_the_same(text):
    content = write_csv(["name"], [[text]])
    assert b"\n=" not in content
    (line,) = parse_csv(content, required=["name"])
    assert line["name"] == text


def test_a_spreadsheet_in_german_opens_what_is_written_as_a_table_with_its_numbers():
    content = write_csv(["name", "share", "number"], [["Chor; Tanz", 12.5, 3]])
    assert content.decode("utf-8") == '\ufeffname;share;number\r\n"Chor; Tanz";12,5;3\r\n'
    (line,) = parse_csv(content, required=["name", "share"])
    assert (line["name"], line["share"]) == ("Chor; Tanz", "12,5")


@given(st.binary(max_size=300))
def test_rubbish_is_refused_or_read_but_never_an_error_of_another_kind(content):
    try:
        list(parse_csv(content, required=["name"]))
    except Refused:
        pass
