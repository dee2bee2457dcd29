"""Making a PDF in a process of its own, with limits on time, memory and how many at once.

Usable without Flask. The server process never loads the layout engine, and is never forked for it.
"""

import ctypes.util
import functools
import json
import logging
import os
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

from core.documents import worker
from core.documents.failed import DocumentFailed
from core.documents.limits import check_limits
from core.languages import _

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60
#: on a busy machine a document waits for its turn: so many seconds pass at most for each of processor time
PATIENCE = 1.5
MEMORY = 1536 * 1024 * 1024
AT_ONCE = 2
#: how many more may wait for a place; each of them, too, keeps a thread of the server from answering with a page
WAITING = 2
WAIT_SECONDS = 30
APT_LINE = "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

# The child gets these of our environment and no other: it has no use for keys and passwords.
_PASSED_ON = ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")

_log = logging.getLogger(__name__)
_places = threading.BoundedSemaphore(AT_ONCE)
_queue = threading.BoundedSemaphore(AT_ONCE + WAITING)


class Job(TypedDict):
    """What the worker is told."""

    html: str
    language: str
    title: str
    author: str
    made_at: str | None
    seconds: int
    memory: int


@functools.cache
def pdf_available() -> bool:
    """Whether this machine has what PDFs need (Pango and its companions). Cheap; looked up once a process."""
    return all(map(ctypes.util.find_library, ("gobject-2.0", "pango-1.0", "pangoft2-1.0", "harfbuzz", "fontconfig")))


def render_pdf(
    html: str,
    *,
    language: str,
    title: str,
    author: str = "",
    made_at: datetime | None = None,
    seconds: int = SECONDS,
    memory: int = MEMORY,
) -> bytes:
    """The document `html` as one PDF file that is PDF/UA-1 (accessible) and PDF/A-3a (archivable).

    `html` is a whole page; it may use packaged files (`house:fonts/…`, `house:documents/…`) and nothing else:
    all other addresses are left out silently. `language` is a BCP 47 code, `title` what a viewer shows as the
    name, `author` the municipality. `made_at` (aware) is the date in the file; without it there is none. The
    same input gives the same bytes. `seconds` limits the processor time and `memory` (bytes) the address space.

    Raises DocumentFailed when the machine has no PDF engine, the document is beyond `limits`, takes too long
    or too much memory, too many are being made at once, or the engine breaks.
    """
    title = _one_line(title)
    if not title:
        raise ValueError("a document needs a title: PDF/UA demands it")
    check_limits(html)
    job = Job(
        html=html,
        language=language,
        title=title,
        author=_one_line(author),
        made_at=made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if made_at else None,
        seconds=seconds,
        memory=memory,
    )
    with _place():
        return _run(job)


@contextmanager
def _place() -> Iterator[None]:
    """One of the few places for a running worker; few wait for one, so that pages are answered all the while."""
    with _held(_queue, seconds=0), _held(_places, seconds=WAIT_SECONDS):
        yield


@contextmanager
def _held(places: threading.BoundedSemaphore, *, seconds: float) -> Iterator[None]:
    if not places.acquire(timeout=seconds):
        raise DocumentFailed(_("Many documents are being made at this moment. Please try again in a minute."))
    try:
        yield
    finally:
        places.release()


def _run(job: Job) -> bytes:
    try:
        ended = subprocess.run(  # noqa: S603  (our own module; the text goes in by standard input)
            [sys.executable, "-m", worker.__name__],
            input=json.dumps(job).encode("ascii"),
            capture_output=True,
            cwd=ROOT,
            env=_environment(),
            timeout=job["seconds"] * PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DocumentFailed(
            _("The server has too much to do to make this PDF now. Please try again in a few minutes.")
        ) from None
    if ended.returncode == worker.DONE and ended.stdout.startswith(b"%PDF-"):
        return ended.stdout
    raise _failure(ended.returncode, ended.stderr)


def _environment() -> dict[str, str]:
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed_on, "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}


def _failure(status: int, errors: bytes) -> DocumentFailed:
    if status == worker.ENGINE_MISSING:
        return DocumentFailed(
            _(
                "This server cannot make PDF files yet. The PDF engine has to be installed: %(line)s",
                line=APT_LINE,
            )
        )
    # A negative status is a signal: the processor time was used up, or the engine found no more memory.
    if status == worker.TOO_LARGE or status < 0:
        return _too_much()
    _log.error("document worker ended with status %s: %s", status, errors.decode("utf-8", "replace")[-2000:])
    return DocumentFailed(_("The PDF could not be made because of an error in the program. Nothing was lost."))


def _too_much() -> DocumentFailed:
    return DocumentFailed(_("This document is too large for a PDF. Please make it shorter, or print the page."))


def _one_line(text: str) -> str:
    """Text for the file's metadata, without control and format signs: XML forbids some, others mislead."""
    kept = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text)
    return " ".join("".join(sign for sign in kept if unicodedata.category(sign) not in {"Cf", "Cs", "Cn"}).split())
