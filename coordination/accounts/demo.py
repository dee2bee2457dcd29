"""Sign-in without a password for the demonstration: only with its setting, only from the machine itself."""

import ipaddress

from flask import Blueprint, Flask, redirect, request
from flask_security import login_user
from werkzeug.wrappers import Response

from coordination.accounts import queries
from coordination.accounts.rules import Role
from core.access import ensure, public
from core.errors import NotFound

#: a request that came through a proxy may come from anywhere, whatever its last address is
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


def register_demo(app: Flask) -> None:
    """Open /demo/anmelden/<role>. Call it only with the setting: without it the addresses do not exist."""
    if not app.config["SETTINGS"].demo_sign_in:
        raise ValueError("the demonstration's sign-in needs its setting")
    blueprint = Blueprint("demo", __name__)
    roles = ", ".join(role.value for role in Role)
    blueprint.add_url_rule(f"/demo/anmelden/<any({roles}):role>", "sign_in", sign_in)
    app.register_blueprint(blueprint)


@public
def sign_in(role: str) -> Response:
    """Sign in as the first account of this role, without writing to the database. 404 from any other machine."""
    ensure(is_local())
    account = queries.find_first_with(Role(role))
    if account is None:
        raise NotFound
    login_user(account, remember=False, authn_via=["demo"])
    return redirect("/")


def is_local() -> bool:
    """Whether the request was made on this very machine, under its own name, and through no proxy."""
    try:
        loopback = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    host = request.host.rpartition(":")[0] if request.host.rpartition(":")[2].isdigit() else request.host
    return loopback and host in LOCAL_NAMES and not any(name in request.headers for name in FORWARDED)
