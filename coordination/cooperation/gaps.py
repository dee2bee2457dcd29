"""Answering what a record lacks: one question at a time on the start page, or how it went on the record's page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coordination.cooperation import operations
from coordination.cooperation.facts import Facts, PartnerTerms, facts_of
from coordination.cooperation.models import Cooperation
from coordination.cooperation.partners import add_partner
from coordination.cooperation.rows import locked
from coordination.cooperation.rules import Gap, Status, missing
from coordination.organizations.rules import Topic
from core.access import Actor
from core.database import transaction
from core.errors import Outdated, Refused
from core.languages import _


def fill_gap(actor: Actor, cooperation_id: int, *, gap: Gap, answer: Any) -> Cooperation:
    """Write the answer into the record; one that was held and lacks nothing afterwards is closed at once.

    Raises Outdated where the question was answered meanwhile, so that nothing is overwritten unseen. Refused at
    "answer": nothing, and what the record's operations refuse.
    """
    if answer in (None, ""):
        raise Refused(_("Please fill in this field."), "answer")
    with transaction():
        row = locked(cooperation_id)
        if gap not in missing(row):
            raise Outdated(_("Somebody else has answered this in the meantime. Nothing was changed."))
        try:
            if gap == Gap.LEAD:
                operations.move_lead(actor, row.id, lead=answer)
            elif gap == Gap.PARTNER:
                add_partner(actor, row.id, terms=PartnerTerms(answer))
            else:
                operations.edit_cooperation(actor, row.id, version=None, facts=_with(facts_of(row), gap, answer))
        except Refused as refused:
            raise Refused(refused.message, "answer") from refused
        _close_what_is_complete(actor, row)
    return row


def tell_result(actor: Actor, cooperation_id: int, *, version: int | None, result: Mapping[str, Any]) -> Cooperation:
    """Save how it went (participants, what_worked, do_differently); one that was held and lacks nothing afterwards is
    closed at once. Raises NotFound, Outdated, and Refused as editing does."""
    with transaction():
        facts = replace(facts_of(locked(cooperation_id)), **result)
        row = operations.edit_cooperation(actor, cooperation_id, version=version, facts=facts)
        _close_what_is_complete(actor, row)
    return row


def _close_what_is_complete(actor: Actor, row: Cooperation) -> None:
    if row.status == Status.HELD and not missing(row):
        operations.close(actor, row.id)


def _with(facts: Facts, gap: Gap, answer: Any) -> Facts:
    """The facts with this answer."""
    match gap:
        case Gap.TOPIC:
            return replace(facts, topics=facts.topics | {Topic(answer)})
        case Gap.PERIOD:
            return replace(facts, starts_on=answer)
        case Gap.INITIATOR:
            return replace(facts, initiator_kind=answer)
        case Gap.PARTICIPANTS:
            return replace(facts, participants=answer)
        case Gap.OUTCOME:
            return replace(facts, what_worked=answer)
    raise ValueError(gap)
