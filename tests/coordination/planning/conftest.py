"""An event that is planned together: an officer, and two organizations with somebody who speaks for each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask

from coordination.accounts.models import Account
from coordination.accounts.queries import actor_of
from coordination.cooperation.models import Cooperation
from coordination.events import operations as events
from coordination.events.models import Event
from coordination.events.operations import Plan
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from core.access import Actor


@dataclass
class Circle:
    """Who plans together."""

    department: Organization
    chor: Organization
    verein: Organization
    officer: Account
    of_chor: Account
    of_verein: Account

    def act(self, account: Account) -> Actor:
        """The actor that the account is."""
        return actor_of(account)


@pytest.fixture
def circle(app: Flask, make_organization: Callable[..., Organization], make_account: Callable[..., Account]) -> Circle:
    department = make_organization("Amt für Integration", kind=Kind.DEPARTMENT, integration_department=True)
    chor, verein = make_organization("Chor der Brücken"), make_organization("Verein Nord")
    return Circle(
        department,
        chor,
        verein,
        make_account("officer", organization_id=department.id),
        make_account("representative", organization_id=chor.id),
        make_account("representative", organization_id=verein.id),
    )


@pytest.fixture
def idea(circle: Circle) -> Event:
    """What the choir has proposed."""
    plan = Plan("Fest der Stimmen", datetime(2026, 12, 12, 18), datetime(2026, 12, 12, 21))
    return events.propose(circle.act(circle.of_chor), circle.chor.id, plan=plan)


@pytest.fixture
def workspace(circle: Circle, idea: Event) -> Cooperation:
    """The same, taken up by the officer."""
    events.accept(circle.act(circle.officer), idea.id)
    return idea.cooperation
