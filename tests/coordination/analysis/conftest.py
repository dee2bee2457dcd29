"""A small town's records, entered as people enter them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from coordination.cooperation.contributions import add_contribution
from coordination.cooperation.facts import Facts, Given, PartnerTerms
from coordination.cooperation.models import Cooperation
from coordination.cooperation.operations import create_cooperation
from coordination.cooperation.partners import add_partner
from coordination.cooperation.rules import ContributionKind, Format, Lead, Status
from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile, create_organization
from coordination.organizations.rules import Kind, PartnerRole
from core.access import SYSTEM


@pytest.fixture
def chor(app: Flask) -> Organization:
    """A migrant organization."""
    return create_organization(SYSTEM, Profile(name="Chor Lindenhof", kind=Kind.MIGRANT_ORGANISATION))


@pytest.fixture
def amt(app: Flask) -> Organization:
    """The integration department."""
    return create_organization(
        SYSTEM, Profile(name="Amt für Integration", kind=Kind.DEPARTMENT, integration_department=True)
    )


@pytest.fixture
def record(app: Flask) -> Callable[..., Cooperation]:
    """`record(chor, lead=Lead.JOINT)`: a single event that was held in May 2026, with these partners."""

    def make(
        *partners: Organization,
        lead: Lead | None = Lead.JOINT,
        role: PartnerRole = PartnerRole.PARTNER,
        gives: ContributionKind | None = None,
        terms: dict[str, Any] | None = None,
        **facts: Any,
    ) -> Cooperation:
        told: dict[str, Any] = {"title": "Fest", "format": Format.SINGLE_EVENT, "status": Status.HELD}
        if "starts_local" not in facts:
            told["starts_on"] = date(2026, 5, 9)
        row = create_cooperation(SYSTEM, Facts(**{**told, **facts}), lead=lead)
        for organization in partners:
            add_partner(SYSTEM, row.id, terms=PartnerTerms(organization.id, role, **(terms or {})))
        if gives:
            add_contribution(SYSTEM, row.id, given=Given(gives))
        return row

    return make
