"""Who may see a committee that is not public: a question of this room, answered by the seats above it.

wsgi hands in the function that knows the answer, in plain sight; this room calls it and imports nothing above.
"""

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app

from core.access import Actor, current_actor, ensure
from participation.committees import policies, queries
from participation.committees.models import Committee

#: the ids of the committees to whose inner circle the actor belongs today
InnerCircleOf = Callable[[Actor], frozenset[int]]


def init_app(app: Flask, inner_circle_of: InnerCircleOf) -> None:
    """Tell this room how to find out in which committees an actor sits, deputises or keeps the business."""
    app.extensions["inner_circle_of"] = inner_circle_of


def inside(actor: Actor) -> frozenset[int]:
    """The ids of the committees to whose inner circle the actor belongs today."""
    return cast(InnerCircleOf, current_app.extensions["inner_circle_of"])(actor)


def get_visible(slug: str) -> Committee:
    """The committee with this slug, as far as whoever is asking may see it. Raises NotFound otherwise."""
    actor, committee = current_actor(), queries.get_by_slug(slug)
    ensure(committee.public or policies.may_see(actor, committee, inside(actor)))
    return committee
