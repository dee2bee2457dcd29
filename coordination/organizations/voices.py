"""Whether somebody here speaks for an organization: a question of this room, answered by the accounts above it.

wsgi hands in the function that knows the answer, in plain sight; this room calls it and imports nothing above.
"""

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app

#: whether somebody with an account may speak for the organization today
HasVoice = Callable[[int], bool]


def init_app(app: Flask, has_voice: HasVoice) -> None:
    """Tell this room how to find out."""
    app.extensions["has_voice"] = has_voice


def has_voice(organization_id: int) -> bool:
    """Whether somebody with an account may speak for the organization today."""
    return cast(HasVoice, current_app.extensions["has_voice"])(organization_id)
