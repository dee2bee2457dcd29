"""Measuring so that a noisy machine does not matter: the things compared take turns, and the middle value counts."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, what it came to, and what is wished for ("" = nothing)."""

    what: str
    value: str
    target: str = ""


def work(things: Mapping[str, Callable[[], Any]], *, rounds: int = 5, each: int = 20) -> dict[str, float]:
    """Seconds of processor time that one call of each thing takes here: the median over the rounds."""
    found: dict[str, list[float]] = {name: [] for name in things}
    for call in things.values():
        call()
    for _round in range(rounds):
        for name, call in things.items():
            gc.collect()
            began = time.process_time()
            for _time in range(each):
                call()
            found[name].append((time.process_time() - began) / each)
    return {name: statistics.median(times) for name, times in found.items()}


def ms(seconds: float) -> str:
    """Milliseconds with three digits."""
    return f"{seconds * 1000:.3g} ms"


def times(ratio: float) -> str:
    """A ratio with three digits."""
    return f"{ratio:.3g}×"


def table(part: str, rows: list[Row]) -> str:
    """The rows under the part's name, in columns."""
    width = max(len(row.what) for row in rows)
    wide = max(len(row.value) for row in rows)
    lines = [f"{row.what:<{width}}  {row.value:>{wide}}  {row.target}".rstrip() for row in rows]
    return "\n".join([f"== {part}", *lines, ""])
