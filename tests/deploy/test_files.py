"""The files in deploy/ fit the settings, the commands, the packages and each other."""

import configparser
import importlib.util
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import click
import pytest
import yaml
from flask.cli import FlaskGroup, ScriptInfo
from granian.cli import cli as granian

from core.settings import PREFIX, Settings, from_environment
from tests.conftest import test_app as make_app

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
#: what the running program does without
NOT_SHIPPED = {"deploy", "docs", "tests", "LICENSES"}
BIN = "/opt/augenhoehe/.venv/bin/"


def unit(file: Path) -> configparser.ConfigParser:
    """A unit file; a key that stands twice counts once, which is enough here."""
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read(file, encoding="utf-8")
    return parser


def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def containerfile() -> str:
    return (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def instructions(name: str) -> list[str]:
    """The arguments of each such line of the Containerfile."""
    return re.findall(rf"^{name} (.*)$", containerfile(), re.MULTILINE)


def image_command() -> list[str]:
    return json.loads(instructions("CMD")[0])


def commands() -> Iterator[list[str]]:
    """Every command that units, containers and READMEs run: [program, argument, …]."""
    for file in UNITS:
        for key, line in unit(file)["Service"].items():
            if key.startswith("ExecStart"):
                yield from ([name.rpartition("/")[2], *rest] for name, *rest in [shlex.split(line)])
                if "/sh -c" in line:
                    yield shlex.split(shlex.split(line)[2].removeprefix("exec ").replace(BIN, ""))
    yield image_command()
    yield from (service["command"] for service in compose()["services"].values() if "command" in service)
    for file in (ROOT / "README.md", DEPLOY / "README.md"):
        code = re.findall(r"`([^`\n]+)`|^((?:podman|sudo|  /opt).*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        for text in ("".join(found) for found in code):
            if found := re.search(r"(?:^|/| )((?:flask|granian) [a-z-].*)$", text):
                yield shlex.split(found[1])


def test_every_setting_named_exists():
    known = {PREFIX + field.name.upper() for field in fields(Settings)} - {PREFIX + "ROOT"}
    texts = [file.read_text(encoding="utf-8") for file in DEPLOY.rglob("*") if file.is_file()]
    named = {name for text in texts for name in re.findall(rf"\b{PREFIX}[A-Z_]+", text)}
    assert named
    assert named <= known


def test_the_example_needs_nothing_but_its_secrets():
    lines = (DEPLOY / "settings.env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    settings = from_environment({**example, "AUGENHOEHE_SECRET_KEY": "x" * 32})
    assert settings.mode == "production"
    assert settings.trusted_proxies == 1, "one proxy, as nginx.conf"


def test_every_command_exists(tmp_path):
    """Granian takes the options, and the program has the commands: parsed by their own parsers, not run."""
    root = FlaskGroup(create_app=lambda: make_app(tmp_path))
    context = click.Context(root, obj=ScriptInfo(create_app=lambda: make_app(tmp_path)))
    seen = set()
    for program, *arguments in commands():
        if program == "granian":
            granian.make_context("granian", list(arguments))
        elif program == "flask":
            found: click.Command = root
            rest = [argument.split("|")[0] for argument in arguments]
            while isinstance(found, click.Group):
                command = found.get_command(context, rest[0])
                assert command, f"flask {' '.join(arguments)}"
                found, rest = command, rest[1:]
            known = {option for parameter in found.params for option in parameter.opts}
            assert {word for word in rest if word.startswith("--")} <= known, arguments
        seen.add((program, *arguments[:2]))
    assert {("flask", "db", "upgrade"), ("flask", "jobs", "run"), ("flask", "database", "check")} <= seen
    assert {program for program, *_ in seen} <= {"flask", "granian", "sh", "find"}


def test_the_server_is_started_alike_everywhere():
    started = [arguments for program, *arguments in commands() if program == "granian"]
    inside = [["127.0.0.1" if word == "0.0.0.0" else word for word in arguments] for arguments in started]
    assert len(inside) == 3
    assert all(arguments == inside[0] for arguments in inside)


def test_ports_agree():
    command = image_command()
    port = command[command.index("--port") + 1]
    assert instructions("EXPOSE") == [port]
    assert f"http://127.0.0.1:{port}/healthz" in containerfile()
    assert compose()["services"]["server"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"proxy_pass http://127\.0\.0\.1:(\d+);", nginx)) == {port}


def development() -> ModuleType:
    specification = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_system_packages_are_the_same_everywhere():
    pango = set(development().PANGO)
    for text in (containerfile(), (ROOT / "README.md").read_text(encoding="utf-8")):
        assert set(re.findall(r"\blib(?:pango|harfbuzz)\S*(?=[ `])", text)) == pango


def test_the_image_holds_every_folder_of_the_program():
    copied = {line.split()[0] for line in instructions("COPY") if "." not in line}
    own = {f.name for f in ROOT.iterdir() if f.is_dir() and f.name[0] not in "._"} - {"data", "shots"}
    assert copied == own - NOT_SHIPPED
    assert instructions("USER") == ["augenhoehe"]
    assert "--require-hashes" in containerfile()


def test_the_proxy_replaces_what_visitors_claim_and_logs_no_address():
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in nginx
    assert "add_x_forwarded_for" not in nginx
    assert "access_log off;" in nginx


def test_containers_wait_for_each_other():
    services = compose()["services"]
    assert services["database"]["healthcheck"]["test"]
    assert services["upgrade"]["depends_on"]["database"]["condition"] == "service_healthy"
    for name in ("server", "jobs"):
        assert services[name]["depends_on"]["upgrade"]["condition"] == "service_completed_successfully"
        assert services[name]["read_only"]
    mounted = {mount.partition(":")[0] for service in services.values() for mount in service["volumes"]}
    assert mounted == set(compose()["volumes"])
    folders = {mount.partition(":")[2] for mount in services["server"]["volumes"]}
    assert folders == set(json.loads(instructions("VOLUME")[0]))


def test_units_start_what_they_say_with_bound_hands():
    common = unit(DEPLOY / "systemd/augenhoehe-.service.d/common.conf")["Service"]
    assert common["User"] == "augenhoehe"
    assert common["NoNewPrivileges"] == "yes"
    assert common["ProtectSystem"] == "strict"
    assert {file.stem for file in UNITS} == {"augenhoehe-server", "augenhoehe-jobs", "augenhoehe-backup"}
    for name in ("server", "jobs"):
        service = unit(DEPLOY / f"systemd/augenhoehe-{name}.service")["Service"]
        assert service["ExecStartPre"] == f"{BIN}flask database check"
        assert service["Restart"] == "on-failure"
        assert int(service["TimeoutStopSec"]) >= 30
    assert (DEPLOY / "systemd/augenhoehe-backup.timer").exists()


@pytest.fixture
def installed_units(tmp_path: Path) -> Path:
    """The units as installed, with the commands where they are here."""
    folder = tmp_path / "system"
    shutil.copytree(DEPLOY / "systemd", folder)
    for file in folder.rglob("*.*"):
        if file.is_file():
            file.write_text(file.read_text(encoding="utf-8").replace("/opt/augenhoehe", str(ROOT)), encoding="utf-8")
    return folder


if shutil.which("systemd-analyze"):

    def test_systemd_takes_the_units(installed_units):
        names = [file.name for file in installed_units.iterdir() if file.is_file()]
        files = [str(installed_units / name) for name in names]
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False
        )
        assert [line for line in done.stderr.splitlines() if "augenhoehe" in line] == []
        assert done.returncode == 0, done.stderr
