"""Lines added to a file of the data folder: on the disk before anybody is told."""

import os
from collections.abc import Iterable


def append_lines(handle: int, lines: Iterable[str]) -> None:
    """Add these lines to the open file; they are on the disk when this returns. Raises OSError where they are not all.

    Each brings the end of the line before it, not its own: so it is whole also behind half a line that a full disk
    left. Who reads passes over empty lines.
    """
    data = "".join(f"\n{line}" for line in lines).encode()
    while data:
        data = data[os.write(handle, data) :]
    os.fsync(handle)
