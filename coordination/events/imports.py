"""Entering an event as a file tells it. Nobody gets a mail by it."""

from dataclasses import dataclass

from coordination.cooperation.facts import PartnerTerms
from coordination.cooperation.queries import find_by_key
from coordination.events import operations
from coordination.events.models import Event
from coordination.events.operations import Plan
from coordination.events.rules import State
from coordination.planning import beginnings
from coordination.planning.beginnings import UNKNOWN, Origin
from coordination.planning.models import Invitation
from coordination.planning.queries import find_invitation
from core.access import Actor
from core.database import transaction


@dataclass(frozen=True)
class Told:
    """Everything that a file tells of an event."""

    plan: Plan
    state: State
    reason: str = ""
    origin: Origin = UNKNOWN
    #: ids of organizations that take part
    partners: tuple[int, ...] = ()
    #: and of those that are asked and have not answered
    asked: tuple[int, ...] = ()


def enter(actor: Actor, key: str, told: Told) -> Event:
    """Make the event with this key; a record of cooperation that is known becomes its record, with its partners.

    Refused as making and taking over are.
    """
    with transaction() as current:
        record = find_by_key(key)
        if record is None:
            event = operations.create(actor, told.plan, origin=told.origin, state=told.state, key=key)
        else:
            event = operations.take_over(actor, record.id, plan=told.plan, state=told.state)
        event.reason = told.reason
        taking_part = {partner.organization_id for partner in event.cooperation.partners}
        parts = [PartnerTerms(organization_id) for organization_id in told.partners]
        beginnings.take_part(
            actor, event.cooperation_id, parts=[terms for terms in parts if terms.organization_id not in taking_part]
        )
        for organization_id in told.asked:
            if find_invitation(event.cooperation_id, organization_id) is None:
                current.add(Invitation(cooperation=event.cooperation, organization_id=organization_id))
    return event
