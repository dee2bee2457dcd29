"""The rules of the house, checked on the source; each is shown to fail on a planted breach."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import RULES_ALONE, WITHOUT_PLUGINS

ROOT = Path(__file__).resolve().parents[2]

FLOORS = {
    "coordination": [
        "organizations",
        "people",
        "accounts",
        "places",
        "contacts",
        "letters",
        "support",
        "strategy",
        "cooperation",
        "planning",
        "projects",
        "events",
        "analysis",
    ],
    "participation": ["committees", "seats", "motions"],
    "meetings": ["sittings", "agenda", "attendance", "resolutions", "minutes", "follow_ups", "oparl"],
    "calendars": ["entry", "feasts", "busy", "ical", "polls", "sources", "slots", "feeds", "invitations", "overview"],
}
#: every room from the bottom up; a file may import from rooms at or before its own
ORDER = ["core", *(f"{floor}.{room}" for floor, rooms in FLOORS.items() for room in rooms), "demo", "wsgi"]
#: within a room, a file may import those before it (files of the same rank do not import each other)
RANKS = {
    "rules": 0,
    "models": 1,
    "queries": 2,
    "operations": 3,
    "policies": 4,
    "forms": 5,
    "documents": 6,
    "personal": 7,
    "views": 7,
    "commands": 7,
}
PURE = re.compile(r"(^|/)(rules|entry|ical|feasts|hours)\.py$")
UPWARD_FREE = {"flask", "flask_sqlalchemy", "sqlalchemy", "flask_wtf", "flask_security", "flask_login"}


def sources() -> list[Path]:
    """Every Python file of the product."""
    floors = ["core", *FLOORS, "demo"]
    found = [file for floor in floors for file in sorted((ROOT / floor).rglob("*.py"))]
    return [file for file in found if "migrations" not in file.parts] + [ROOT / "wsgi.py"]


def module_of(file: Path) -> str:
    """`coordination.people.views` for its file."""
    parts = list(file.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_in(code: str) -> Iterator[str]:
    """Every module that the code imports anywhere: in functions and under TYPE_CHECKING too; `from a import b` gives
    both a and a.b, since b may be a module."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(module: str) -> str | None:
    """The room a module lies in, or None for what is not ours."""
    first, _, rest = module.partition(".")
    if first in ("core", "demo", "wsgi"):
        return first
    return f"{first}.{rest.partition('.')[0]}" if first in FLOORS and rest else None


def climbs(module: str, code: str) -> list[str]:
    """The imports that go up the staircase."""
    own = room_of(module)
    if own is None:
        return []
    found = {name: room_of(name) for name in imports_in(code)}
    return [name for name, room in found.items() if room and ORDER.index(room) > ORDER.index(own)]


def breaks_rank(module: str, code: str) -> list[str]:
    """The imports within a room that go against rules < models < queries < operations < policies < forms < views."""
    room, own = room_of(module), module.rpartition(".")[2]
    if own not in RANKS or room in (None, "core"):
        return []
    broken = []
    for name in imports_in(code):
        inside = name.removeprefix(f"{room}.") if name.startswith(f"{room}.") else ""
        other = inside.partition(".")[0]
        if other in RANKS and other != own and RANKS[other] >= RANKS[own]:
            broken.append(name)
    return broken


def impurities(code: str) -> list[str]:
    """What a pure file imports of Flask or SQLAlchemy."""
    return [name for name in imports_in(code) if name.partition(".")[0] in UPWARD_FREE]


def commits(code: str) -> list[int]:
    """Lines that commit."""
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    return [c.lineno for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "commit"]


@pytest.mark.parametrize("file", sources(), ids=module_of)
def test_a_file_keeps_to_the_house(file: Path) -> None:
    code, module = file.read_text(encoding="utf-8"), module_of(file)
    assert climbs(module, code) == []
    assert breaks_rank(module, code) == []
    if PURE.search(str(file.relative_to(ROOT))):
        assert impurities(code) == []
    if module != "core.database":
        assert commits(code) == []


def test_planted_breaches_are_found() -> None:
    assert climbs("coordination.people.views", "def f():\n    from meetings.sittings import models") == [
        "meetings.sittings.models"
    ]
    under_type_checking = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import participation.seats.models"
    assert climbs("core.web", under_type_checking) == ["participation.seats.models"]
    assert climbs("meetings.sittings.views", "from participation.seats import policies") == []
    assert breaks_rank("meetings.sittings.rules", "from meetings.sittings import models") == [
        "meetings.sittings.models"
    ]
    assert breaks_rank("meetings.sittings.views", "from meetings.sittings import operations") == []
    assert impurities("from sqlalchemy import select") == ["sqlalchemy.select"]
    assert commits("def f(session):\n    session.commit()") == [2]


def test_no_file_is_called_utils() -> None:
    names = {file.stem for file in sources()} | {file.parent.name for file in sources()}
    assert not names & {"utils", "util", "helpers", "common", "manager", "misc"}


def unused(templates: set[str], texts: list[str]) -> set[str]:
    """Templates that no text names in quotes."""
    return {name for name in templates if not any(f'"{name}"' in text for text in texts)}


def test_every_template_is_used() -> None:
    """A template is named by a view, a document, a mail, another template, or (security/) by Flask-Security."""
    folder = ROOT / "templates"
    templates = {str(file.relative_to(folder)) for file in folder.rglob("*.html")}
    texts = [file.read_text(encoding="utf-8") for file in [*sources(), *folder.rglob("*.*")]]
    assert {name for name in unused(templates, texts) if not name.startswith("security/")} == set()
    assert unused({"a/b.html", "a/c.html"}, ['render_template("a/b.html")']) == {"a/c.html"}


#: what the sheets of the house may not say, since a page that runs from right to left is its mirror image
SIDES = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)|left|right"
    r"|(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right))(?:-[\w-]+)?(?=\s*[:;}!])"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
)


def test_the_sheet_knows_no_left_and_right() -> None:
    """Logical properties only: start and end follow the direction of the text."""
    sheet = (ROOT / "core/static/house.css").read_text(encoding="utf-8")
    assert SIDES.findall(re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)) == []
    for planted in ("margin-left: 1px", "left: 0", "text-align: right;", "border-left-width: 2px", "float: left}"):
        assert SIDES.search(planted), planted
    for allowed in (
        "kern-icon--chevron-left)",
        "margin-inline: auto",
        "text-align: start;",
        "border-end-end-radius: 0",
    ):
        assert not SIDES.search(allowed), allowed


def test_a_line_of_a_table_is_the_component() -> None:
    """As cards on a phone a table keeps its meaning only by the roles that `table_row`, `cell`, `row_header` give."""
    pages = [file for file in (ROOT / "templates").rglob("*.html") if file.parent.name != "components"]
    plain = [str(f.relative_to(ROOT)) for f in pages if re.search(r"<t[rdh][ >]", f.read_text(encoding="utf-8"))]
    assert [name for name in plain if not name.startswith("templates/documents/")] == [], "use components/table.html"


def test_pins_carry_hashes_and_no_address() -> None:
    """The pins say what to install, not from where."""
    for name, least in (("requirements.txt", 40), ("requirements-test.txt", 40), ("requirements-bench.txt", 10)):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert not re.search(r"^--?(index|extra|find)", text, re.MULTILINE)
        pins = re.findall(r"^[a-zA-Z0-9._-]+(?:\[[^]]*\])?==.*$", text, re.MULTILINE)
        assert len(pins) >= least
        assert all(pin.endswith("\\") for pin in pins), "a pin without a hash"


def test_the_readme_names_every_dependency() -> None:
    """A new dependency is a decision: it has its line in the README's table."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {re.split(r"[\[~=<>]", one)[0].lower() for one in wanted if not one.startswith(("types-", "lxml-stubs"))}
    spoken = {name.removeprefix("pytest-") for name in names}
    assert {name for name in spoken if name not in readme} == set()


def test_rules_are_proved_without_the_house() -> None:
    """As `dev.py test --rules` runs them: no fixture of the application, nothing loaded that takes a while."""
    files = [str(file) for file in sorted((ROOT / "tests").rglob("test_*rules.py"))]
    asked = f"import sys, pytest; ended = pytest.main({[*RULES_ALONE, '-q', *files]}); "
    asked += "print({'wsgi', 'hypothesis'} & {*sys.modules}); sys.exit(ended)"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env={**os.environ, **WITHOUT_PLUGINS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "set()"
