"""The fonts are those that the list of checksums names, and all that documents use come with the program."""

import hashlib
from pathlib import Path

FONTS = Path(__file__).resolve().parents[3] / "core/documents/fonts"


def test_the_fonts_are_the_ones_listed():
    listed = dict(reversed(line.split()) for line in (FONTS / "SHA256SUMS").read_text().splitlines())
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in FONTS.glob("*.ttf")}
    assert found == listed
