"""Builders of records."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from coordination.cooperation.facts import Facts, PartnerTerms
from coordination.cooperation.models import Cooperation
from coordination.cooperation.operations import create_cooperation
from coordination.cooperation.partners import add_partner
from coordination.cooperation.rules import Format, InitiatorKind, Lead, Status
from coordination.organizations.models import Organization
from coordination.organizations.rules import PartnerRole, Topic
from core.access import SYSTEM


@pytest.fixture
def make_cooperation(app: Flask) -> Callable[..., Cooperation]:
    """`make_cooperation("Fest", chor, lead=Lead.JOINT)`: a single event that was held, with the organizations given
    as partners; further facts by name. `complete=True` leaves nothing missing."""

    def make(
        title: str = "Nachbarschaftsfest",
        *partners: Organization,
        lead: Lead | None = Lead.JOINT,
        role: PartnerRole = PartnerRole.PARTNER,
        key: str = "",
        complete: bool = False,
        **facts: Any,
    ) -> Cooperation:
        told: dict[str, Any] = {"format": Format.SINGLE_EVENT, "starts_on": date(2026, 5, 9), "status": Status.HELD}
        if complete:
            told |= {
                "topics": frozenset({Topic.CULTURE}),
                "initiator_kind": InitiatorKind.MIGRANT_ORGANISATION,
                "participants": 120,
                "what_worked": "Viele Nachbarn kamen.",
            }
        row = create_cooperation(SYSTEM, Facts(title=title, **{**told, **facts}), lead=lead, key=key)
        for organization in partners:
            add_partner(SYSTEM, row.id, terms=PartnerTerms(organization.id, role))
        return row

    return make
