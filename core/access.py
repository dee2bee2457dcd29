"""Who is asking, and what a route demands.

This room knows a frozen `Actor` and names of permissions; `accounts` builds the actor, and each room's policies
judge its own objects.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from core.errors import NotFound

Args = ParamSpec("Args")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Grant:
    """A role held for an organization (a department, a committee's own, a migrant organization) or for all (None)."""

    role: str
    organization_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """Who is asking, as of now: rights that have ended or not begun are not in it."""

    account_id: int | None = None
    person_id: int | None = None
    permissions: frozenset[str] = frozenset()
    grants: frozenset[Grant] = frozenset()
    #: organizations in which the person is a member today
    organizations: frozenset[int] = frozenset()
    #: administers the installation: every object is theirs to keep in order
    is_admin: bool = False
    #: the page (endpoint) on which something must be done first; before that there are no rights, and no other page
    first: str = ""
    #: commands on the server itself: may everything
    system: bool = False

    @property
    def signed_in(self) -> bool:
        """Whether a person with an account is asking."""
        return self.account_id is not None

    def may(self, permission: str) -> bool:
        """Whether any role of this actor carries the permission. For which object is for policies to say."""
        return self.system or permission in self.permissions

    def holds(self, role: str, organization_id: int | None = None) -> bool:
        """Whether the actor may act in this role for the organization (None: for the whole installation)."""
        return self.system or self.is_admin or Grant(role, organization_id) in self.grants

    def organizations_as(self, role: str) -> frozenset[int]:
        """The organizations for which the actor holds the role."""
        return frozenset(g.organization_id for g in self.grants if g.role == role and g.organization_id is not None)


ANONYMOUS = Actor()
SYSTEM = Actor(system=True)


def init_app(app: Flask, build_actor: Callable[[], Actor]) -> None:
    """Tell this room how to find out who is asking."""
    app.extensions["build_actor"] = build_actor


def current_actor() -> Actor:
    """Who is asking in this request; found out once."""
    if "actor" not in g:
        g.actor = current_app.extensions["build_actor"]()
    return cast(Actor, g.actor)


def ensure(allowed: bool) -> None:
    """Raise NotFound unless allowed: what somebody may not see does not exist for them."""
    if not allowed:
        raise NotFound


def public(view: Callable[Args, Result]) -> Callable[Args, Result]:
    """Mark a view as open to everybody. The short list in tests/architecture must name it as well."""
    view.__demands__ = None  # type: ignore[attr-defined]
    return view


def demands(permission: str) -> Callable[[Callable[Args, Any]], Callable[Args, Any]]:
    """A view for those only who hold the permission; "signed-in" asks for an account and nothing more.

    Who is not signed in is led to the sign-in page (and back, for reading), who must do something first to the page
    for that; who is signed in without the permission gets 403. What may be done to which object is judged in the
    room's policies.
    """

    def decorate(view: Callable[Args, Any]) -> Callable[Args, Any]:
        @wraps(view)
        def guarded(*args: Args.args, **kwargs: Args.kwargs) -> Any:
            actor = current_actor()
            if not actor.signed_in:
                return _to_sign_in()
            if actor.first and actor.first != request.endpoint:
                return redirect(url_for(actor.first))
            if permission != "signed-in" and not actor.may(permission):
                abort(403)
            return view(*args, **kwargs)

        guarded.__demands__ = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def _to_sign_in() -> Response:
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=back))
