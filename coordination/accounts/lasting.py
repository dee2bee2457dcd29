"""How long a session lasts: it ends when nobody used it for a while, and in any case some weeks after signing in.

The mark of a session says when it began, and is in the remembered cookie as well; when it was used last stands in the
session's cookie, written anew every few minutes. Both are signed, so nobody can move them. Who chose to stay signed in
on a device is signed in again from the remembered cookie after a pause, until the session's age ends that too.
"""

import secrets
import time
from collections.abc import MutableMapping
from typing import Any

#: a session that nobody used for so long is over, in seconds
IDLE = 12 * 60 * 60
#: so long after signing in it is over in any case
LONGEST = 30 * 24 * 60 * 60
#: so often at most it is written down that a session is used
NOTED_EVERY = 5 * 60
#: a clock that was put back by less than this ends no session
SLACK = 2 * 60 * 60
USED = "used"


def begin(uniquifier: str, cookie: MutableMapping[str, Any]) -> None:
    """Begin a session in its cookie. Its mark: the account's, when it began, and a key of its own (see `sign_in`)."""
    cookie[USED] = moment = int(time.time())
    cookie["_user_id"] = f"{uniquifier}.{moment}-{secrets.token_urlsafe(16)}"


def is_over(mark: str, cookie: MutableMapping[str, Any], *, note: bool = True) -> bool:
    """Whether the session with this mark has ended by its age, or since nobody used it; else note that it is used.

    `cookie`: what the session's cookie holds. What it says of an ended session is taken out. Without `note` nothing
    is written down, so that no cookie comes with a file which caches may keep.
    """
    moment, used = int(time.time()), cookie.get(USED)
    idle = isinstance(used, int) and not -SLACK <= moment - used < IDLE
    if idle or _too_old(mark, moment):
        for name in (USED, "_user_id", "_fresh", "fs_paa"):
            cookie.pop(name, None)
        return True
    if note and (not isinstance(used, int) or abs(moment - used) >= NOTED_EVERY):
        cookie[USED] = moment
    return False


def _too_old(mark: str, moment: int) -> bool:
    """Whether the mark says that the session began too long ago, or says nothing that can be read."""
    _uniquifier, dot, key = mark.partition(".")
    began, _dash, _key = key.partition("-")
    if not dot:
        return False
    return not (began.isascii() and began.isdigit() and -SLACK <= moment - int(began[:12]) < LONGEST)
