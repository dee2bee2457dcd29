"""The disk is full under the real server: people are told, keep what they typed, and go on without a restart."""

import errno
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import structlog

from core.documents.failed import DocumentFailed
from core.documents.render import render_pdf
from tests.durability.house import Answer, House, house_in
from tests.durability.writers import Writer, assert_nothing_lost, writers_of

SAID = "Das konnte nicht gespeichert werden, und nichts wurde geändert."
#: more writes than fit into what is left of a write-ahead log
MOST = 200


class SmallDisk:
    """A file system of 16 MB in memory, with everything of the house on it: database, queue, log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, _house: House) -> None:
        with (self.folder / "filler").open("ab", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(bytes(4096))

    def free(self, _house: House) -> None:
        (self.folder / "filler").unlink()


class SmallFiles:
    """The next best where nobody may mount: the server's processes may write no file beyond its first byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, house: House) -> None:
        self._limit(house, 1)

    def free(self, house: House) -> None:
        self._limit(house, resource.RLIM_INFINITY)

    def _limit(self, house: House, size: int) -> None:
        assert house.server is not None
        for process in family(house.server.pid):
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def family(process: int) -> list[int]:
    """A process and those it started."""
    children = " ".join(file.read_text() for file in Path(f"/proc/{process}/task").glob("*/children"))
    return [process, *(found for child in children.split() for found in family(int(child)))]


@contextmanager
def mounted(folder: Path) -> Iterator[bool]:
    """A small file system over the folder; False where that is not permitted."""
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True).returncode == 0
    try:
        yield done
    finally:
        if done:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def may_mount() -> bool:
    if sys.platform != "linux" or os.geteuid():
        return False
    with tempfile.TemporaryDirectory() as folder, mounted(Path(folder)) as done:
        return done


DISKS = [SmallFiles, SmallDisk] if may_mount() else [SmallFiles]


@pytest.fixture(params=DISKS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SmallDisk | SmallFiles]:
    if request.param is SmallFiles:
        yield SmallFiles(tmp_path)
        return
    with mounted(tmp_path):
        yield SmallDisk(tmp_path)


def refused(writer: Writer, write: Callable[[], None]) -> tuple[int, str]:
    """Write on until the disk takes no more; gives the status and the page that came instead."""
    for _write in range(MOST):
        write()
        if writer.strange:
            return writer.strange.pop()
    raise AssertionError("the disk took everything")


def test_a_full_disk(disk):
    """Three times: forms keep what was typed, other pages say it, reading goes on; with room again, writing too."""
    with house_in(disk.folder) as house:
        (writer,) = writers_of(house, 1, random.Random())
        house.open()
        writer.write()
        for _time in range(3):
            disk.fill(house)
            about = "Wir singen. " * 1500
            status, page = refused(writer, lambda about=about: writer.enter_organization(about))
            assert (status, SAID in page) == (200, True)
            assert about.strip() in page, "what was typed is still there"
            status, page = refused(writer, writer.answer)
            assert (status, SAID in page) == (503, True)
            reading: Answer = writer.browser.get("/organisationen/")
            assert reading.status == 200
            assert "disk" in house.get("/readyz").text
            disk.free(house)
            before = len(writer.acknowledged)
            writer.enter_organization()
            assert len(writer.acknowledged) == before + 1
            assert_nothing_lost(house, [writer])


def test_a_log_that_cannot_be_written_stops_nothing(app, client, monkeypatch):
    """/dev/full is a disk that is always full."""
    with Path("/dev/full").open("w", encoding="utf-8", buffering=1) as full:
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            print("a line", file=full)
        monkeypatch.setattr(sys, "stderr", full)
        structlog.get_logger().warning("a line")
        assert client.get("/anmelden").status_code == 200
        monkeypatch.undo()
        with suppress(OSError):
            full.close()


def test_a_pdf_without_room_for_its_fonts_is_refused():
    """The worker unpacks its fonts into temporary files: a full /tmp is told, and all is well once there is room."""
    html = "<html lang='de'><body><p>Guten Tag</p></body></html>"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        with pytest.raises(DocumentFailed):
            render_pdf(html, language="de", title="Probe")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert render_pdf(html, language="de", title="Probe").startswith(b"%PDF-")
