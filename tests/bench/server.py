"""Real servers for a while: granian as `deploy/` starts it, and what a request costs them."""

import http.client
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GRANIAN = ["--interface", "wsgi", "--factory", "--workers", "1", "--blocking-threads", "8"]
GRANIAN += ["--log-level", "error"]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A running server: its port, and the first process of its group."""

    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def processes(self) -> list[int]:
        """The numbers of all its processes."""
        found = []
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and os.getpgid(int(folder.name)) == self.process.pid:
                    found.append(int(folder.name))
            except ProcessLookupError:
                continue
        return found

    def cpu(self) -> float:
        """Processor seconds that it has used so far."""
        facts = (Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split() for pid in self.processes)
        return sum(int(fact[11]) + int(fact[12]) for fact in facts) / TICKS

    def memory(self) -> float:
        """Megabytes of the largest of its processes: the worker."""
        texts = (Path(f"/proc/{pid}/status").read_text() for pid in self.processes)
        return max(int(re.findall(r"VmRSS:\s+(\d+)", text)[0]) for text in texts) / 1024

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> http.client.HTTPResponse:
        """One answer, read to its end."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer


@contextmanager
def granian(target: str, environment: Mapping[str, str]) -> Iterator[Server]:
    """The application factory `module:function` on a free port."""
    command = [Path(sys.executable).parent / "granian", *GRANIAN, "--host", "127.0.0.1", "--port", "{port}", target]
    with running(command, environment) as server:
        yield server


@contextmanager
def running(command: Sequence[str | Path], environment: Mapping[str, str]) -> Iterator[Server]:
    """Any server, whose command names its port as `{port}`, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [str(part).replace("{port}", str(port)) for part in command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port, process)
        yield Server(port, process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def wait_for(port: int, process: "subprocess.Popen[bytes]", seconds: int = 60) -> None:
    """Until it answers anything at all."""
    for _try in range(seconds * 10):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)  # between two tries, never in place of the condition
    raise RuntimeError("the server did not start")


@dataclass(frozen=True)
class Cost:
    """What requests of one kind cost: processor seconds of the server each, and how long they took to answer."""

    cpu: float
    latencies: tuple[float, ...]

    def percentile(self, share: int) -> float:
        """The time within which this many of a hundred were answered."""
        return statistics.quantiles(self.latencies, n=100)[share - 1]


@dataclass(frozen=True)
class Asked:
    """A kind of request, and the status that it must have."""

    server: Server
    path: str
    headers: Mapping[str, str]
    status: int = 200
    #: a slow peer is asked this part of the requests only
    share: float = 1.0


def costs(kinds: Mapping[str, Asked], *, requests: int, rounds: int = 5) -> dict[str, Cost]:
    """The cost of each kind, measured in turns over one kept connection; processor time is the median of the rounds."""
    cpu: dict[str, list[float]] = {name: [] for name in kinds}
    latencies: dict[str, list[float]] = {name: [] for name in kinds}
    for _round in range(rounds):
        for name, asked in kinds.items():
            connection = http.client.HTTPConnection("127.0.0.1", asked.server.port, timeout=60)
            before, number = asked.server.cpu(), max(2, round(requests * asked.share))
            for _request in range(number):
                began = time.perf_counter()
                connection.request("GET", asked.path, headers=dict(asked.headers))
                answer = connection.getresponse()
                answer.read()
                latencies[name].append(time.perf_counter() - began)
                assert answer.status == asked.status, (name, answer.status)
            cpu[name].append(max(asked.server.cpu() - before, 1 / TICKS) / number)  # at least what the clock can tell
            connection.close()
    return {name: Cost(statistics.median(cpu[name]), tuple(latencies[name])) for name in kinds}
