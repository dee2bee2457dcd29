"""What the source does without, so that whole kinds of weakness cannot be in it."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.test_house import ROOT, imports_in, sources

#: modules that run, unpack or guess what others hand over, draw predictable numbers, or are weak by today's measure
MODULES = {
    "pickle": "runs what it reads",
    "marshal": "runs what it reads",
    "shelve": "runs what it reads",
    "dill": "runs what it reads",
    "yaml": "may make any object",
    "xml": "follows entities",
    "lxml": "follows entities",
    "random": "is predictable",
    "crypt": "is weak",
    "ldap": "none is asked",
    "zipfile": "may unpack to more than there is room for",
    "tarfile": "may unpack to more than there is room for",
    "urllib.request": "nothing is fetched",
    "http.client": "nothing is fetched",
    "requests": "nothing is fetched",
    "httpx": "nothing is fetched",
    "cryptography": "nothing is encrypted by hand",
}
#: may do so: an invented town that is the same each time; tables by the names that the program gave them; packing
MAY = {
    ("demo", "random"),
    ("core/backup/operations.py", "text"),
    ("coordination/accounts/documents.py", "zipfile"),
    ("core/spreadsheets.py", "zipfile"),  # bounded, see tests/core/test_spreadsheets.py
}
CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "md5",
    "sha1",
    "system",
    "popen",
    "render_template_string",
    "from_string",
}


def banned_imports(code: str) -> list[str]:
    """Banned modules that the code imports."""
    return sorted({ban for name in imports_in(code) for ban in MODULES if f"{name}.".startswith(f"{ban}.")})


def banned_calls(code: str) -> list[str]:
    """Banned calls, a shell, and SQL that is put together from pieces."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        attribute = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = attribute or (node.func.id if isinstance(node.func, ast.Name) else "")
        if (name in CALLS and not (name == "compile" and attribute)) or any(
            keyword.arg == "shell" for keyword in node.keywords
        ):
            found.append(name)
        if name == "text" and node.args and not isinstance(node.args[0], ast.Constant) and not attribute:
            found.append("text")
    return found


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_does_without_what_is_dangerous(file: Path) -> None:
    code, floor = file.read_text(encoding="utf-8"), file.relative_to(ROOT).parts[0]
    allowed = {what for where, what in MAY if where in (floor, str(file.relative_to(ROOT)))}
    assert [ban for ban in (*banned_imports(code), *banned_calls(code)) if ban not in allowed] == []


def test_planted_dangers_are_found() -> None:
    assert banned_imports("import pickle\nfrom xml.etree import ElementTree\nimport urllib.parse") == ["pickle", "xml"]
    assert banned_calls("eval(a); hashlib.md5(b); run(c, shell=True); text(f'SELECT {d}')") == [
        "eval",
        "md5",
        "run",
        "text",
    ]
    assert banned_calls("re.compile(a); text('SELECT 1'); self.text(b)") == []


UNESCAPED = re.compile(r"\|\s*safe\b|autoescape\s+false|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:")


def test_templates_escape_everything() -> None:
    """But for HTML that nh3 made: the only filter that may mark a text as safe is the one of core."""
    found = {
        str(file.relative_to(ROOT)): UNESCAPED.findall(file.read_text(encoding="utf-8"))
        for file in (ROOT / "templates").rglob("*.html")
    }
    assert {name: marks for name, marks in found.items() if marks} == {}
    assert UNESCAPED.findall("{{ a|safe }}<script>b</script><p onclick=c>") == ["|safe", "<script", " onclick="]


ARGUMENTS = re.compile(r"\*\*\s*request\.(?:args|form|values)")


def test_what_somebody_writes_into_an_address_is_no_argument() -> None:
    """Its names are not ours: `core.web` makes links with the filters of the page shown."""
    files = [*sources(), *(ROOT / "templates").rglob("*.html")]
    assert [str(file.relative_to(ROOT)) for file in files if ARGUMENTS.search(file.read_text(encoding="utf-8"))] == []
    assert ARGUMENTS.findall("url_for('.table', **request.args) {**request.args.to_dict()}") != []


STRAY = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\w+Storage\b|indexedDB|postMessage"
)


def test_scripts_write_text_and_keep_nothing() -> None:
    own = sorted((ROOT / "core/static").glob("*.js"))
    assert own
    for file in own:
        code = file.read_text(encoding="utf-8")
        assert STRAY.findall(code) == [], file.name
    assert STRAY.findall("a.innerHTML = b; localStorage.c = 1") == ["innerHTML", "localStorage"]


def test_no_secret_lies_in_the_source() -> None:
    """Keys come from the environment; the program ships none and makes none that is the same elsewhere."""
    assigned = re.compile(r"(?i)(secret|password|token|key)\w*\s*[:=]\s*[\"'][A-Za-z0-9+/_-]{16,}[\"']")
    found = {file.name: assigned.findall(file.read_text(encoding="utf-8")) for file in sources()}
    assert {name: marks for name, marks in found.items() if marks} == {}
    assert assigned.findall('SECRET_KEY = "0123456789abcdef0123"') == ["SECRET"]
