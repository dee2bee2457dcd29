"""What the municipality gives to a cooperation: entering and removing contributions."""

from coordination.cooperation.facts import Given
from coordination.cooperation.models import Cooperation, MunicipalContribution
from coordination.cooperation.rows import check_given, locked, move_dates, new_contribution
from core import history
from core.access import Actor
from core.database import get_row, transaction
from core.errors import NotFound


def add_contribution(actor: Actor, cooperation_id: int, *, given: Given) -> MunicipalContribution:
    """The municipality gives something. Raises NotFound; refused: an amount beyond reason, no department."""
    with transaction() as current:
        row = locked(cooperation_id)
        check_given(given)
        contribution = new_contribution(given)
        row.contributions.append(contribution)
        current.flush()
        move_dates(row)
        history.record(actor, "cooperation.add_contribution", contribution)
    return contribution


def remove_contribution(actor: Actor, cooperation_id: int, contribution_id: int) -> Cooperation:
    """The municipality did not give it. Raises NotFound, also for another cooperation's."""
    with transaction():
        row = locked(cooperation_id)
        contribution = get_row(MunicipalContribution, contribution_id)
        if contribution not in row.contributions:
            raise NotFound
        history.record(actor, "cooperation.remove_contribution", row, details={"kind": contribution.kind})
        row.contributions.remove(contribution)
        move_dates(row)
    return row
