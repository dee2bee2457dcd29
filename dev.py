#!/usr/bin/env python3
"""From a bare machine to a running site (`demo`), to the whole proof (`test`), to pictures of every page (`shots`).

Standard library only. Safe to run again; writes nothing outside this folder (and the demonstration's folder).
"""

import argparse
import ctypes.util
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin/python"
PANGO = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
ROLES = ("admin", "officer", "clerk", "representative")
#: the ordinary import commands, in the order in which one file refers to another
DEMO_FILES = (
    ("organizations", "organizations.csv"),
    ("umbrellas", "umbrellas.csv"),
    ("phases", "phases.csv"),
    ("consents", "consents.csv"),
    ("people", "people.csv"),
    ("places", "places.csv"),
    ("support", "support.csv"),
    ("contacts", "contacts.csv"),
    ("letters", "letters.csv"),
    ("committees", "committees.csv"),
    ("seats", "seats.csv"),
    ("strategy", "strategy.csv"),
    ("cooperation", "cooperations.csv"),
    ("projects", "projects.csv"),
    ("events", "events.csv"),
    ("sittings", "sittings.csv"),
    ("agenda", "agenda.csv"),
    ("attendance", "attendance.csv"),
    ("minutes", "minutes.csv"),
    ("accounts", "accounts.csv"),
)
WITHOUT_DATES = {"organizations", "places", "committees", "accounts"}
#: pure rules need no application, and what is not loaded need not be waited for
RULES_ALONE = ("--noconftest", "-p", "timeout")
WITHOUT_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def say(text: str) -> None:
    print(text, flush=True)


def fail(text: str) -> "SystemExit":
    print(text, file=sys.stderr, flush=True)
    return SystemExit(1)


def run(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> None:
    """Run a command here; stop with its own words when it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise fail(f"failed: {' '.join(map(str, command))}")


def apt_install(*packages: str) -> bool:
    """Install system packages where that is allowed (as root, with apt); say whether it was done."""
    if os.geteuid() or not shutil.which("apt-get"):
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    say(f"installing {' '.join(packages)}")
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode:
            return False
    return True


def suitable_python() -> str:
    """A Python from 3.11 to 3.13: the one that runs this file, or another on the path."""
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return sys.executable
    for name in ("python3.13", "python3.12", "python3.11"):
        if found := shutil.which(name):
            return found
    raise fail("Python 3.11, 3.12 or 3.13 is needed.")


def make_environment(requirements: str) -> None:
    """Make .venv and install the hashed pins, unless exactly these are installed already."""
    pins = ROOT / requirements
    stamp = VENV / f"installed-{pins.stem}"
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    if not PYTHON.exists() or not stamp.exists() or stamp.read_text() != wanted:
        ensure_pip()
        say(f"installing the pinned packages of {requirements}")
        run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", pins])
        stamp.write_text(wanted)
    run([PYTHON, "-m", "babel.messages.frontend", "--quiet", "compile", "-d", "translations"])


def ensure_pip() -> None:
    """A .venv with pip in it."""
    if (
        PYTHON.exists()
        and not subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode
    ):
        return
    say("making .venv")
    if subprocess.run([suitable_python(), "-m", "venv", VENV], capture_output=True, check=False).returncode:
        if not apt_install("python3-venv"):
            raise fail("The module venv is missing. Please run: sudo apt-get install python3-venv")
        run([suitable_python(), "-m", "venv", "--clear", VENV])


def ensure_pango() -> None:
    """The PDF engine's system library; without it the site runs and says so where it would offer a PDF."""
    if all(map(ctypes.util.find_library, ("pango-1.0", "pangoft2-1.0", "harfbuzz"))) or apt_install(*PANGO):
        return
    say(f"PDF files cannot be made until this is installed: sudo apt-get install {' '.join(PANGO)}")


def demo_environment(data: Path, port: int) -> dict[str, str]:
    """The settings of the demonstration; its secret key is made once and kept in the folder."""
    data.mkdir(parents=True, exist_ok=True)
    key = data / "secret-key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(48))
    return {
        "FLASK_APP": str(ROOT / "wsgi.py"),
        "AUGENHOEHE_MODE": "demo",
        "AUGENHOEHE_DEMO_SIGN_IN": "1",
        "AUGENHOEHE_SECRET_KEY": key.read_text(),
        "AUGENHOEHE_DATA": str(data),
        "AUGENHOEHE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        **settings_of_demo(),
    }


def settings_of_demo() -> dict[str, str]:
    """Name and Land of the demonstration municipality, from demo/settings.toml."""
    found = tomllib.loads((ROOT / "demo/settings.toml").read_text(encoding="utf-8"))
    return {f"AUGENHOEHE_{name.upper()}": str(found[name]) for name in ("body_name", "land")}


def load_demo(data: Path, environment: dict[str, str]) -> None:
    """Migrate, and read the demonstration's files by the ordinary import commands (once)."""
    flask: list[str | Path] = [PYTHON, "-m", "flask"]
    run([*flask, "db", "upgrade"], environment)
    if (data / "loaded").exists():
        return
    as_of = (ROOT / "demo/AS_OF").read_text(encoding="utf-8").strip()
    for number, (room, file) in enumerate(DEMO_FILES, 1):
        say(f"loading the demonstration municipality: {room} ({number} of {len(DEMO_FILES)})")
        options = [] if room in WITHOUT_DATES else ["--as-of", as_of]
        options += ["--release"] if room == "minutes" else []
        run([*flask, room, "import", "--quiet", *options, ROOT / "demo" / file], environment)
    run([*flask, "pages", "import", ROOT / "demo/pages"], environment)
    run([*flask, "invitations", "invite", "--within", "28", "--reason", "Demonstration"], environment)
    (data / "loaded").touch()


def refuse_taken(port: int) -> None:
    """Stop with a word when something listens at the port already: it would be taken for this demonstration."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise fail(f"Port {port} is taken. Please choose another: python3 dev.py demo --port {port + 1}")


def start(data: Path, environment: dict[str, str], port: int) -> list["subprocess.Popen[bytes]"]:
    """Start the server (granian) and the jobs' consumer; their logs go to the demonstration's folder."""
    server = ["granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1", "--port", str(port)]
    server += ["--workers", "1", "--blocking-threads", "8", "--no-log", "wsgi:create_app"]
    commands: dict[str, list[str | Path]] = {
        "server": [VENV / "bin" / server[0], *server[1:]],
        "jobs": [PYTHON, "-m", "flask", "jobs", "run"],
    }
    processes = []
    for name, command in commands.items():
        with (data / f"{name}.log").open("ab") as log:
            processes.append(
                subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
            )
    return processes


def wait_until_ready(url: str, processes: Sequence["subprocess.Popen[bytes]"], seconds: int = 60) -> None:
    """Ask /readyz until it answers; stop when a process ended or the time is over."""
    for _ in range(seconds * 5):
        if any(process.poll() is not None for process in processes):
            break
        try:
            with urllib.request.urlopen(f"{url}readyz", timeout=2):  # noqa: S310 - our own loopback address
                return
        except urllib.error.HTTPError:
            return  # it answers; what it has to complain of stands on the page
        except OSError:
            time.sleep(0.2)
    raise fail("The server did not start; server.log and jobs.log in the demonstration's folder say why.")


def stop(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    """End what was started, politely first."""
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def demo(arguments: argparse.Namespace) -> None:
    """A bare machine to a running site."""
    for number in (signal.SIGINT, signal.SIGTERM):  # also where they came in ignored, as for a job in the background
        signal.signal(number, signal.default_int_handler)
    refuse_taken(arguments.port)
    data = Path(arguments.data).resolve()
    make_environment("requirements.txt")
    ensure_pango()
    settings = demo_environment(data, arguments.port)
    environment = {**os.environ, **settings}
    load_demo(data, environment)
    url = f"http://127.0.0.1:{arguments.port}/"
    sign_in = {role: f"{url}demo/anmelden/{role}" for role in ROLES}
    processes = start(data, environment, arguments.port)
    try:
        wait_until_ready(url, processes)
        described = data / "demo.json"
        described.unlink(missing_ok=True)
        described.touch(mode=0o600)
        described.write_text(json.dumps({"url": url, "sign_in": sign_in, "environment": settings}, indent=2))
        say(f"ready {url}")
        for role, address in sign_in.items():
            say(f"sign-in {role} {address}")
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        raise fail("A process of the demonstration ended; server.log and jobs.log in its folder say why.")
    except KeyboardInterrupt:
        say("stopping")
    finally:
        stop(processes)


def find_chromium() -> str | None:
    """Debian's Chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def ensure_browser(*, needed: bool) -> None:
    """Chromium and poppler's tools for tests and pictures."""
    missing = [] if find_chromium() else ["chromium"]
    missing += [] if shutil.which("pdftoppm") else ["poppler-utils"]
    if missing and needed and not apt_install(*missing):
        line = f"sudo apt-get install {' '.join(missing)}"
        raise fail(f"Please run: {line}   (or leave browser tests out with --without-browser)")


def test(arguments: argparse.Namespace, rest: list[str]) -> None:
    """The whole suite: rules, operations, pages, real servers, PostgreSQL, browser."""
    make_environment("requirements-test.txt")
    # tests rewritten for their messages are kept, also where the shell keeps no bytecode: each process needs them
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    if arguments.rules:
        rules = sorted((ROOT / "tests").rglob("test_*rules.py"))
        run([PYTHON, "-m", "pytest", *RULES_ALONE, *rules, *rest], kept | WITHOUT_PLUGINS)
        return
    ensure_pango()
    ensure_browser(needed=not arguments.without_browser)
    options = ["--without-browser"] if arguments.without_browser else []
    parallel = [] if any(option.startswith("-n") for option in rest) else ["-n", "auto", "--dist", "worksteal"]
    run([PYTHON, "-m", "pytest", *parallel, *options, *rest], kept)


def check(_arguments: argparse.Namespace) -> None:
    """Lint, types, licences."""
    make_environment("requirements-test.txt")
    tools = VENV / "bin"
    run([tools / "ruff", "check", "."])
    run([tools / "ruff", "format", "--check", "."])
    run([tools / "mypy"])
    run([tools / "reuse", "lint", "--quiet"])
    names = [line.partition("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line]
    run([tools / "pip-licenses", "--packages", *names])


def shots(arguments: argparse.Namespace) -> None:
    """Pictures of every page kind as each role sees it, and of every document kind."""
    make_environment("requirements-test.txt")
    ensure_pango()
    ensure_browser(needed=True)
    run([PYTHON, ROOT / "tests/shots.py", "--out", Path(arguments.out).resolve()])


def bench(_arguments: argparse.Namespace, rest: list[str]) -> None:
    """Ratios beside a bare Flask, a bare WeasyPrint, a bare executemany, and Radicale in an environment of its own."""
    make_environment("requirements-test.txt")
    ensure_pango()
    peers = ROOT / ".venv-bench"
    if not (peers / "bin/radicale").exists():
        say("making .venv-bench for Radicale")
        run([PYTHON, "-m", "venv", peers])
        pins = ROOT / "requirements-bench.txt"
        run([peers / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", pins])
    run([PYTHON, "-m", "tests.bench", *rest])


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for_demo = commands.add_parser("demo", help="install what is needed and run the demonstration municipality")
    for_demo.add_argument("--port", type=int, default=8000)
    for_demo.add_argument("--data", default=str(ROOT / ".demo"))
    for_test = commands.add_parser("test", help="run the whole suite; further arguments go to pytest")
    for_test.add_argument("--without-browser", action="store_true")
    for_test.add_argument("--rules", action="store_true", help="only the pure rules, in a moment")
    commands.add_parser("check", help="lint, types, licences")
    commands.add_parser("bench", help="measure ratios; further arguments go on, as --part feeds")
    for_shots = commands.add_parser("shots", help="pictures of every page and document")
    for_shots.add_argument("--out", default=str(ROOT / "shots"))
    arguments, rest = parser.parse_known_args()
    with_rest = {"test": test, "bench": bench}
    if rest and arguments.command not in with_rest:
        parser.error(f"unknown arguments: {' '.join(rest)}")
    if arguments.command in with_rest:
        with_rest[arguments.command](arguments, rest)
    else:
        {"demo": demo, "check": check, "shots": shots}[arguments.command](arguments)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("stopped") from None
