"""`python3 dev.py bench`: ratios of one run, as a table. Nothing is asserted of absolute times.

`--part feeds|pages|import|directory|minutes|users|town|analysis` measures one of them. Every ratio compares two things
that took turns in the same minutes, mostly by the processor time that they used, so that other work matters little.
"""

import argparse
from collections.abc import Callable
from functools import partial

from tests.bench import analysis, directory, feeds, imports, minutes, pages, town, users
from tests.bench.measure import Row, table

PARTS: dict[str, Callable[[], list[Row]]] = {
    "feeds": feeds.run,
    "pages": pages.run,
    "import": imports.run,
    "directory": directory.run,
    "minutes": minutes.run,
    "users": users.run,
    "town": town.run,
    "analysis": analysis.run,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append", help="only this part; may be given several times")
    parser.add_argument("--seconds", type=float, default=users.SECONDS, help="how long the people of `users` read")
    asked = parser.parse_args()
    parts = {**PARTS, "users": partial(users.run, seconds=asked.seconds)}
    for part in asked.part or PARTS:
        print(table(part, parts[part]()), flush=True)


if __name__ == "__main__":
    main()
