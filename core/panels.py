"""Named places on a page of a lower room that rooms above fill, server-side.

wsgi.py holds the one table that says who fills what. A panel is a function of the actor and the page's object
that gives markup, a plain text, a tab, or None where there is nothing for this actor.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request

from core.access import Actor, current_actor


@dataclass(frozen=True)
class Tab:
    """A tab of a page: its label and address. It is the current one where the address is the one asked for."""

    label: str
    url: str

    @property
    def current(self) -> bool:
        """Whether the page shown is this tab's or lies below it."""
        return request.path == self.url


Panel = Callable[[Actor, Any], str | Tab | None]


def init_app(app: Flask, table: Mapping[str, Sequence[Panel]]) -> None:
    """Take the table and give the templates `panels(name, object)`."""
    app.extensions["panels"] = table
    app.add_template_global(panels)


def panels(name: str, subject: Any) -> list[Any]:
    """What the rooms above put into this place of the page, in the table's order. An unknown name is a KeyError."""
    filled = (panel(current_actor(), subject) for panel in current_app.extensions["panels"][name])
    return [part for part in filled if part is not None]


def shown_again(endpoint: str, **kept: Any) -> Any:
    """The page at this endpoint, as the answer to a form that a panel put on it and that could not be taken.

    So what was typed stays where it was typed: the panel asks for what is kept by `kept_here`.
    """
    g.kept_here = kept
    return current_app.view_functions[endpoint]()


def kept_here(name: str) -> Any:
    """What this request keeps under this name for the page that is shown again, or None."""
    return g.get("kept_here", {}).get(name)
