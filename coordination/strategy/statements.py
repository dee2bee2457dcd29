"""What the municipality states of itself: a concept for the cooperation, a job description for it."""

from datetime import date

from coordination.strategy.models import Statement
from coordination.strategy.queries import find_statement
from coordination.strategy.rules import Foundation
from core import history
from core.access import Actor
from core.clock import today
from core.database import get_row, transaction
from core.errors import Refused
from core.hour_words import check_year
from core.languages import _


def state(actor: Actor, foundation: Foundation, *, holds: bool, since: date, note: str = "") -> Statement:
    """The municipality states that it has this foundation from a day on, or has it no longer.

    A second word on the same day replaces the first. Refused: a day that is still to come or in a year in which no date
    lies.
    """
    if since > today():
        raise Refused(_("This day is still to come. Please enter it when it is so."), "since")
    check_year(since, "since")
    with transaction() as current:
        row = find_statement(foundation, since)
        if row is None:
            row = Statement(foundation=foundation, since=since)
        row.holds, row.note = holds, note
        current.add(row)
        history.record(actor, "strategy.state", row)
    return row


def take_back(actor: Actor, statement_id: int) -> None:
    """The statement was a mistake. Raises NotFound."""
    with transaction() as current:
        row = get_row(Statement, statement_id)
        history.record(actor, "strategy.take_back", row)
        current.delete(row)
