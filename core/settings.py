"""The settings of one installation, read once from the environment.

Each setting is a field here with its meaning; the README's table lists the same names.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

PREFIX = "AUGENHOEHE_"
ROOT = Path(__file__).resolve().parent.parent
Mode = Literal["production", "demo", "development", "test"]
SecondFactor = Literal["offered", "administration"]


class BadSettings(Exception):
    """The installation is set up in a way that would not be safe or cannot work; the server does not start."""


@dataclass(frozen=True)
class Settings:
    """What an installation may set. All have a default but the secret key and the address in production."""

    mode: Mode = "production"
    #: signs sessions and mail links; at least 32 characters
    secret_key: str = ""
    #: folder for the SQLite database, the job queue and logs
    data: Path = ROOT / "data"
    #: SQLAlchemy address; empty means SQLite in `data`
    database: str = ""
    #: address at which people reach the site, without a slash at the end
    public_url: str = "http://127.0.0.1:8000"
    #: sign-in links without a password for the demonstration; refused in production
    demo_sign_in: bool = False
    #: whether everybody may have a second factor for signing in, or whoever administers must
    second_factor: SecondFactor = "offered"
    #: name of the municipality, as pages and documents show it
    body_name: str = "Musterstadt"
    #: two-letter code of the Land, for public holidays
    land: str = "BW"
    #: office time on Mon–Fri, wall time, `HH:MM`; the end is not office time any more
    office_from: str = "08:00"
    office_to: str = "17:30"
    #: how many proxies in front of the server are trusted with the client's address
    trusted_proxies: int = 0
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_starttls: bool = False
    mail_from: str = "termine@localhost.example"
    #: where the limiter keeps its counters; memory is enough for one server process
    limits_storage: str = "memory://"
    root: Path = ROOT

    @property
    def database_url(self) -> str:
        """The database's address, with SQLite in the data folder as default."""
        return self.database or f"sqlite:///{self.data / 'augenhoehe.db'}"

    @property
    def secure(self) -> bool:
        """Whether people reach the site by https, so that cookies are sent over nothing else."""
        return self.public_url.startswith("https://")


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read AUGENHOEHE_… variables. Raises BadSettings for an unknown name, a bad value or an unsafe mixture."""
    found = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in (os.environ if environment is None else environment).items()
        if name.startswith(PREFIX)
    }
    known = {field.name: field for field in fields(Settings) if field.name != "root"}
    if unknown := sorted(found.keys() - known.keys()):
        raise BadSettings(f"unknown setting: {PREFIX}{unknown[0].upper()}")
    values = {name: _parsed(name, text, type(getattr(Settings, name))) for name, text in found.items()}
    return checked(Settings(**values))  # type: ignore[arg-type]


def checked(settings: Settings) -> Settings:
    """The same settings, or BadSettings when they would not be safe."""
    if settings.mode not in get_args(Mode):
        raise BadSettings(f"{PREFIX}MODE must be one of {', '.join(get_args(Mode))}")
    if settings.second_factor not in get_args(SecondFactor):
        raise BadSettings(f"{PREFIX}SECOND_FACTOR must be one of {', '.join(get_args(SecondFactor))}")
    if settings.mode == "production":
        if settings.demo_sign_in:
            raise BadSettings(f"{PREFIX}DEMO_SIGN_IN opens every account: it is refused in production mode")
        if not settings.secure:
            raise BadSettings(f"{PREFIX}PUBLIC_URL must begin with https:// in production mode")
        if not settings.smtp_host:
            raise BadSettings(f"{PREFIX}SMTP_HOST is needed in production mode: invitations go out by mail")
    if settings.public_url.endswith("/") or not urlsplit(settings.public_url).hostname:
        raise BadSettings(
            f"{PREFIX}PUBLIC_URL must be an address like https://town.example, without a slash at its end"
        )
    if len(settings.secret_key) < 32:
        suggestion = secrets.token_urlsafe(32)
        raise BadSettings(f"{PREFIX}SECRET_KEY needs at least 32 characters, for example {suggestion}")
    return settings


def _parsed(name: str, text: str, kind: type) -> object:
    try:
        if kind is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}[
                text.lower()
            ]
        if issubclass(kind, Path):
            return Path(text).absolute()
        return cast(Callable[[str], object], kind)(text)
    except (KeyError, ValueError) as error:
        raise BadSettings(f"{PREFIX}{name.upper()}: {text!r} is not a valid value") from error
