# SPDX-FileCopyrightText: 2026 Augenhöhe contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is vendored is what the manifest says: unchanged, complete, each with its licence."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "core" / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("line", MANIFEST, ids=[line["file"] for line in MANIFEST])
def test_a_vendored_file_is_unchanged(line: dict[str, str]) -> None:
    assert hashlib.sha256((VENDOR / line["file"]).read_bytes()).hexdigest() == line["sha256"]


def test_every_vendored_file_is_in_the_manifest() -> None:
    lying_there = {f.relative_to(VENDOR).as_posix() for f in VENDOR.glob("*/**/*") if f.is_file()}
    assert lying_there == {line["file"] for line in MANIFEST}


def test_every_licence_has_its_text() -> None:
    for licence in {line["license"] for line in MANIFEST}:
        assert (ROOT / "LICENSES" / f"{licence}.txt").is_file(), licence


def test_the_style_sheets_ask_nothing_of_other_sites() -> None:
    for sheet in (ROOT / "core" / "static").glob("**/*.css"):
        asked = re.findall(r"(?:@import|url\()\s*[\"']?([^\"')]+)", sheet.read_text(encoding="utf-8"))
        outside = [address for address in asked if "//" in address and not address.startswith("data:")]
        assert outside == [], sheet


def test_the_fonts_named_by_the_sheet_are_there() -> None:
    sheet = (VENDOR / "fira-sans" / "fira-sans.css").read_text(encoding="utf-8")
    named = re.findall(r"url\(([^)]+)\)", sheet)
    assert len(named) == 8
    assert all((VENDOR / "fira-sans" / font).is_file() for font in named)


def test_our_own_sheet_reads_in_both_directions() -> None:
    """Left and right belong to no language: house.css uses start and end."""
    sheet = (ROOT / "core" / "static" / "house.css").read_text(encoding="utf-8")
    sided = r"(?:margin|padding|border|inset)-(?:left|right)|[{;]\s*(?:left|right)\s*:"
    physical = re.findall(sided + r"|text-align: (?:left|right)", sheet)
    assert physical == []
