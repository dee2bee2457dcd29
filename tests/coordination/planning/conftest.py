"""An event that is planned together by the circle of the floor."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from coordination.cooperation.models import Cooperation
from coordination.events import operations as events
from coordination.events.models import Event
from coordination.events.operations import Plan
from core.database import session
from core.outbox import OutboxMail


@pytest.fixture
def idea(circle: Any) -> Event:
    """What the choir has proposed."""
    plan = Plan("Fest der Stimmen", datetime(2026, 12, 12, 18), datetime(2026, 12, 12, 21))
    return events.propose(circle.act(circle.of_chor), circle.chor.id, plan=plan)


@pytest.fixture
def workspace(circle: Any, idea: Event) -> Cooperation:
    """The same, taken up by the officer."""
    events.accept(circle.act(circle.officer), idea.id)
    return idea.cooperation


@pytest.fixture
def held(circle: Any, idea: Event, workspace: Cooperation) -> Cooperation:
    """The same, after it took place."""
    officer = circle.act(circle.officer)
    events.announce(officer, idea.id)
    with time_machine.travel(idea.ends_at + timedelta(hours=1), tick=True):
        events.hold(officer, idea.id)
    return workspace


@pytest.fixture
def mails_to(app: Any) -> Any:
    """`mails_to(account)`: the subjects of what it got, in order."""

    def found(account: Any) -> list[str]:
        sent = select(OutboxMail.subject).where(OutboxMail.to_address == account.email).order_by(OutboxMail.id)
        return list(session().scalars(sent))

    return found
