"""A project that the circle of the floor plans together, and a network to which it can belong."""

from datetime import date
from typing import Any

import pytest

from coordination.organizations.rules import Topic
from coordination.projects import operations, steps
from coordination.projects.models import Project
from coordination.projects.operations import Plan
from core.access import SYSTEM
from participation.committees.models import Committee
from participation.committees.operations import Charter, create_committee
from participation.committees.rules import Kind

PLAN = Plan(
    "Garten der Begegnung",
    starts_on=date(2026, 3, 1),
    ends_on=date(2027, 2, 28),
    text="Beete für alle.",
    topics=frozenset({Topic.PLANNING}),
)


@pytest.fixture
def network(app: Any) -> Committee:
    return create_committee(SYSTEM, Charter("Netzwerk Garten", Kind.NETWORK), slug="netzwerk-garten")


@pytest.fixture
def idea(circle: Any) -> Project:
    """What the choir has proposed."""
    return operations.propose(circle.act(circle.of_chor), circle.chor.id, plan=PLAN)


@pytest.fixture
def planned(circle: Any, idea: Project) -> Project:
    """The same, taken up by the officer."""
    return steps.accept(circle.act(circle.officer), idea.id)


@pytest.fixture
def running(circle: Any, planned: Project) -> Project:
    """The same, begun by the choir."""
    return steps.start(circle.act(circle.of_chor), planned.id)
