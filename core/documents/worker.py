"""The process that makes one PDF and ends: `python -m core.documents.worker`.

It reads a job as JSON from standard input (see `render.Job`) and writes the PDF to standard output. How it
ended is told by its exit status. Of an error only the place in the code is told, never the document's text.
"""

import json
import os
import resource
import sys
import traceback
from pathlib import Path
from typing import Any, BinaryIO

DONE, BROKEN, ENGINE_MISSING, TOO_LARGE = 0, 1, 3, 4

# Deep enough for MAX_DEPTH nested elements: layout takes up to about ten calls a level.
RECURSION_LIMIT = 6_000
# No fonts but those of the package: the same document looks the same on every machine.
FONT_SETTINGS = Path(__file__).with_name("fonts") / "fonts.conf"


def main() -> int:
    """Make the PDF of the job on standard input; the exit status."""
    # The engine prints to standard output when a library is missing; keep that apart from the PDF.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    job = json.load(sys.stdin.buffer)
    set_limits(seconds=job["seconds"], memory=job["memory"])
    os.environ["FONTCONFIG_FILE"] = str(FONT_SETTINGS)
    try:
        return _work(job, output)
    except (MemoryError, RecursionError):
        return TOO_LARGE
    except Exception as error:
        traceback.print_tb(error.__traceback__)
        print(type(error).__qualname__, file=sys.stderr)  # noqa: T201
        return BROKEN


def set_limits(*, seconds: int, memory: int) -> None:
    """Bind this process to `seconds` of processor time, `memory` bytes of address space, no core dump."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(RECURSION_LIMIT)


def _work(job: dict[str, Any], output: BinaryIO) -> int:
    try:
        # Here, since it needs the limits and settings above, and system libraries that may be missing.
        from core.documents.engine import make_pdf  # noqa: PLC0415
    except (ImportError, OSError):
        return ENGINE_MISSING
    pdf = make_pdf(
        job["html"],
        language=job["language"],
        title=job["title"],
        author=job["author"],
        made_at=job["made_at"],
    )
    with output:
        output.write(pdf)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
