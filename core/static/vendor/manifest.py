# SPDX-FileCopyrightText: 2026 Augenhöhe contributors
# SPDX-License-Identifier: EUPL-1.2
"""Write fira-sans.css and manifest.json for the vendored files; called by fetch.sh."""

import argparse
import hashlib
import json
from pathlib import Path

HERE = Path(__file__).parent
FACE = (
    "@font-face{{font-family:'Fira Sans';font-style:normal;font-weight:{weight};font-display:swap;"
    "src:url(fira-sans-{script}-{weight}-normal.woff2) format('woff2');unicode-range:{reach}}}\n"
)


def write_font_sheet(ranges: dict[str, str]) -> None:
    """A browser loads only the scripts a page holds: about 50 kB for German."""
    scripts = ("cyrillic-ext", "cyrillic", "latin-ext", "latin")
    faces = [FACE.format(script=s, weight=w, reach=ranges[s]) for s in scripts for w in (400, 600)]
    (HERE / "fira-sans" / "fira-sans.css").write_text("".join(faces), encoding="utf-8")


def entry(path: Path, package: str, version: str, licence: str) -> dict[str, str]:
    """One line of the manifest; the sum is of the file as it lies here."""
    return {
        "file": path.relative_to(HERE).as_posix(),
        "package": package,
        "version": version,
        "license": licence,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kern", required=True)
    parser.add_argument("--fira", required=True)
    parser.add_argument("--unicode-ranges", required=True, type=Path)
    given = parser.parse_args()
    write_font_sheet(json.loads(given.unicode_ranges.read_text(encoding="utf-8")))
    sources = {
        "kern": ("@kern-ux/native", given.kern, "EUPL-1.2"),
        "fira-sans": ("@fontsource/fira-sans", given.fira, "OFL-1.1"),
    }
    entries = [entry(path, *source) for folder, source in sources.items() for path in sorted((HERE / folder).iterdir())]
    (HERE / "manifest.json").write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
