"""The networks to which a project can belong: a question of this room, answered by the committees above it.

wsgi hands in the function that knows the answer, in plain sight; this room calls it and imports nothing above.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app


@dataclass(frozen=True)
class Network:
    """A network or working group of which everybody may know."""

    organization_id: int
    #: its short name in files and addresses
    key: str
    name: str


#: every network that is kept up, by name
ListNetworks = Callable[[], Sequence[Network]]


def init_app(app: Flask, list_networks: ListNetworks) -> None:
    """Tell this room how to find out which networks there are."""
    app.extensions["list_networks"] = list_networks


def list_networks() -> Sequence[Network]:
    """Every network that is kept up, by name."""
    return cast(ListNetworks, current_app.extensions["list_networks"])()


def find(organization_id: int | None) -> Network | None:
    """The network of this organization; None where it is none of which everybody may know."""
    if organization_id is None:
        return None
    return next((one for one in list_networks() if one.organization_id == organization_id), None)


def find_by_key(key: str) -> Network | None:
    """The network with this short name, or None."""
    return next((one for one in list_networks() if one.key == key), None)
