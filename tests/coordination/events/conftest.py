"""Who plans events: an officer, and an organization with somebody who speaks for it; and an evening to plan."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from coordination.accounts.models import Account
from coordination.accounts.queries import actor_of
from coordination.events import operations
from coordination.events.models import Event
from coordination.events.operations import Plan
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind
from core.access import Actor


@dataclass
class Sides:
    """Both sides of an event."""

    department: Organization
    chor: Organization
    officer: Account
    of_chor: Account

    @property
    def staff(self) -> Actor:
        """The officer, acting."""
        return actor_of(self.officer)

    @property
    def partner(self) -> Actor:
        """Who speaks for the choir, acting."""
        return actor_of(self.of_chor)


@pytest.fixture
def sides(app: Flask, make_organization: Callable[..., Organization], make_account: Callable[..., Account]) -> Sides:
    department = make_organization("Amt für Integration", kind=Kind.DEPARTMENT, integration_department=True)
    chor = make_organization("Chor der Brücken")
    return Sides(
        department,
        chor,
        make_account("officer", organization_id=department.id),
        make_account("representative", organization_id=chor.id),
    )


@pytest.fixture
def plan() -> Callable[..., Plan]:
    """`plan("Fest", place_id=3)`: a Saturday evening in December."""

    def make(title: str = "Fest der Stimmen", start: datetime = datetime(2026, 12, 12, 18), **told: Any) -> Plan:
        return Plan(title, start, **{"end": start.replace(hour=21), **told})

    return make


@pytest.fixture
def idea(sides: Sides, plan: Callable[..., Plan]) -> Event:
    """What the choir has proposed."""
    return operations.propose(sides.partner, sides.chor.id, plan=plan())
