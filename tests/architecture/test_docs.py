"""What the documents promise of tests is true: each test that they name exists, and no line is missing."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"(tests/[\w/.]+\.py)(?:::\w+)*::(test_\w+)")
STATES = {
    "docs/threats.md": {"tested", "holds by construction", "not yet", "open"},
    "docs/asvs.md": {"met", "met by library", "manual", "not met", "none"},
}


@cache
def defined_in(file: str) -> set[str]:
    """The tests that a file defines; none where there is no such file."""
    path = ROOT / file
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.is_file() else ()
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def missing(text: str) -> list[str]:
    """Tests that the text names and that do not exist."""
    return [f"{file}::{name}" for file, name in NAMED.findall(text) if name not in defined_in(file)]


def lines_of(document: str) -> list[tuple[str, str, str]]:
    """Number, state and proof of each line of the document's tables."""
    text = (ROOT / document).read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return [(row[0], row[2], row[3]) for row in rows if row[0][:1].isdigit()]


@pytest.mark.parametrize("document", STATES)
def test_every_test_that_a_document_names_exists(document: str) -> None:
    assert missing((ROOT / document).read_text(encoding="utf-8")) == []
    for number, state, proof in lines_of(document):
        assert state in STATES[document], number
        assert proof, number
        if state == "tested":
            assert NAMED.search(proof), number


def test_a_test_that_is_gone_is_found() -> None:
    here = "tests/architecture/test_docs.py"
    assert missing(f"{here}::test_a_test_that_is_gone_is_found {here}::test_gone tests/no/test_file.py::test_x") == [
        f"{here}::test_gone",
        "tests/no/test_file.py::test_x",
    ]


def test_none_of_the_107_inputs_is_left_out() -> None:
    assert [number for number, _state, _proof in lines_of("docs/threats.md")] == [str(n) for n in range(1, 108)]


#: requirements of levels 1 and 2 in each chapter of ASVS 5.0.0 that concerns this program
CHAPTERS = {1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16}


def test_each_requirement_has_its_line_and_130_have_a_test() -> None:
    lines = lines_of("docs/asvs.md")
    numbers = [tuple(map(int, number.split("."))) for number, _state, _proof in lines]
    assert numbers == sorted(set(numbers))
    assert {chapter: sum(one[0] == chapter for one in numbers) for chapter in CHAPTERS} == CHAPTERS
    assert sum(bool(NAMED.search(proof)) for _number, _state, proof in lines) >= 130
    for number, state, proof in lines:
        if state == "manual":
            assert re.search(r"20\d\d-\d\d-\d\d", proof), f"{number}: when was it looked at?"
