"""How it went, as both sides say it: their words together are the result in the record."""

from dataclasses import dataclass, replace

from coordination.cooperation import operations as cooperation
from coordination.cooperation.facts import facts_of
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import MOST_PARTICIPANTS, Status
from coordination.organizations.rules import Kind
from coordination.planning import queries
from coordination.planning.models import Review
from coordination.planning.rules import joined
from coordination.planning.workspaces import held
from core import history
from core.access import Actor
from core.database import check_version, transaction
from core.errors import Refused
from core.languages import _


@dataclass(frozen=True)
class Opinion:
    """What one side says afterwards; see the model."""

    participants: int | None = None
    what_worked: str = ""
    do_differently: str = ""


def review(
    actor: Actor, cooperation_id: int, *, version: int | None, opinion: Opinion, organization_id: int | None = None
) -> Review:
    """One side says how it was. Both sides' words together are the result in the record. Raises Outdated.

    Refused: what was not held, a number of participants beyond reason ("participants"), and to begin with nothing
    at all ("what_worked").
    """
    if opinion.participants is not None and not 0 <= opinion.participants <= MOST_PARTICIPANTS:
        raise Refused(_("Please enter a number from 0 to %(max)d.", max=MOST_PARTICIPANTS), "participants")
    with transaction() as current:
        row = held(cooperation_id)
        said = queries.find_review(row.id, organization_id)
        if row.status != Status.HELD:
            raise Refused(_("How it went can be said once it has taken place."))
        if said is None and opinion == Opinion():
            raise Refused(_("Please fill in at least one of these."), "what_worked")
        if said is None:
            said = Review(cooperation_id=row.id, organization_id=organization_id)
        else:
            check_version(said, version)
        for name in Opinion.__dataclass_fields__:
            setattr(said, name, getattr(opinion, name))
        current.add(said)
        history.record(actor, "planning.review", said)
        current.flush()
        _sum_up(actor, row)
    return said


def _sum_up(actor: Actor, row: Cooperation) -> None:
    """Write both sides' words into the record: the municipality's count first, else the highest of the others."""
    said = queries.reviews(row.id)
    counted = [one.participants for one in said if one.participants is not None and _is_own(one)]
    counted = counted or [one.participants for one in said if one.participants is not None]
    named = [(one.organization.name if one.organization else _("Administration"), one) for one in said]
    facts = replace(
        facts_of(row),
        participants=max(counted) if counted else row.participants,
        what_worked=joined((name, one.what_worked) for name, one in named) or row.what_worked,
        do_differently=joined((name, one.do_differently) for name, one in named) or row.do_differently,
    )
    cooperation.edit_cooperation(actor, row.id, version=None, facts=facts)


def _is_own(said: Review) -> bool:
    return said.organization is None or said.organization.kind == Kind.DEPARTMENT
