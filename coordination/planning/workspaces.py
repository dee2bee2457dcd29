"""What every change in a workspace begins with: holding it, and knowing who is to hear of it."""

from typing import Any

from sqlalchemy import select

from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import OVER, Status
from coordination.planning import queries
from coordination.planning.models import Follower
from coordination.planning.rules import LONGEST_REASON, PLANNED_HERE
from core.access import Actor
from core.database import get_row, hold_row, session
from core.errors import NotFound, Refused
from core.instance import move_calendars
from core.languages import _


def held(cooperation_id: int) -> Cooperation:
    """The record of the workspace, kept from other writers until the commit. Raises NotFound, also for others."""
    row = hold_row(Cooperation, cooperation_id)
    if row.source not in PLANNED_HERE:
        raise NotFound
    return row


def keep_posted(actor: Actor, cooperation_id: int) -> Follower | None:
    """Whoever does something gets mail from now on, unless they said otherwise.

    Staff then have its date in their calendars as well.
    """
    if actor.account_id is None:
        return None
    found = select(Follower).where(Follower.cooperation_id == cooperation_id, Follower.account_id == actor.account_id)
    follower = session().scalar(found)
    if follower is None:
        follower = Follower(cooperation_id=cooperation_id, account_id=actor.account_id)
        session().add(follower)
        if get_row(Cooperation, cooperation_id).status != Status.IDEA:
            move_calendars()
    return follower


def others(actor: Actor, cooperation_id: int, *, partners: bool = True) -> list[Any]:
    """Everybody who gets mail about this, but for whoever acts; staff alone without `partners`.

    Where no staff follow yet, those who hear of new ideas do.
    """
    listening = queries.listeners(cooperation_id)
    staff = queries.staff_among(listening) or queries.officers_for_integration()
    found = {account.id: account for account in [*(listening if partners else []), *staff]}
    return [account for key, account in found.items() if key != actor.account_id]


def refuse_over(row: Cooperation) -> None:
    """Refused where it was held or nothing comes of it: who took part is told by its record then."""
    if row.status in OVER:
        raise Refused(_("This is over. Who took part stays as it is."))


def refuse_empty(text: str, field: str) -> None:
    """Refused at the field where nothing was written."""
    if not text.strip():
        raise Refused(_("Please fill in this field."), field)


def refuse_long(text: str, field: str, longest: int = LONGEST_REASON) -> None:
    """Refused at the field where a reason, a wish or a title is too long for its column."""
    if len(text) > longest:
        raise Refused(_("Please use at most %(max)d characters.", max=longest), field)
