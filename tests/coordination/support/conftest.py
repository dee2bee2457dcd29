"""Builders of what is kept of support."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from coordination.organizations.models import Organization
from coordination.support import operations
from coordination.support.models import Budget, Funding
from coordination.support.operations import BudgetTerms, FundingTerms
from coordination.support.rules import Area, FundingForm
from core.access import SYSTEM


@pytest.fixture
def make_funding(app: Flask) -> Callable[..., Funding]:
    """`make_funding(chor, granted=0, reason="…")`: a project grant of 2026, asked for 1,000 euros unless told."""

    def make(organization: Organization, **terms: Any) -> Funding:
        told = {"year": 2026, "form": FundingForm.PROJECT, "title": "Fest der Nachbarn", "asked": 100_000, **terms}
        row: Funding = operations.enter(SYSTEM, Area.FUNDING, FundingTerms(organization.id, **told))
        return row

    return make


@pytest.fixture
def make_budget(app: Flask) -> Callable[..., Budget]:
    """`make_budget(kulturamt, used=0)`: 5,000 euros for project grants in 2026 unless told."""

    def make(office: Organization, **terms: Any) -> Budget:
        told = {"year": 2026, "form": FundingForm.PROJECT, "set_aside": 500_000, **terms}
        row: Budget = operations.enter(SYSTEM, Area.BUDGET, BudgetTerms(office.id, **told))
        return row

    return make
