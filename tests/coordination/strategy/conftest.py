"""Builders of aims and measures."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from coordination.organizations.models import Organization
from coordination.strategy import operations
from coordination.strategy.models import Aim, Measure
from coordination.strategy.operations import Stand, Terms
from core.access import SYSTEM

#: a day of adoption
SPRING = date(2026, 3, 5)
COUNCIL = {"adopted_on": SPRING, "adopted_by": "Gemeinderat"}


@pytest.fixture
def make_aim(app: Flask) -> Callable[..., Aim]:
    """`make_aim("Räume für alle", adopted=False)`: adopted by the council in March 2026 unless told."""

    def make(title: str = "Vereine stärken", *, adopted: bool = True, key: str = "", **terms: Any) -> Aim:
        return operations.create_aim(SYSTEM, Terms(title, **({**COUNCIL, **terms} if adopted else terms)), key=key)

    return make


@pytest.fixture
def make_measure(app: Flask) -> Callable[..., Measure]:
    """`make_measure(aim, "Raumbörse", adopted=False, stand=Stand(…))`: adopted with its aim unless told."""

    def make(
        aim: Aim,
        title: str = "Raumbörse",
        *,
        adopted: bool = True,
        stand: Stand | None = None,
        key: str = "",
        **terms: Any,
    ) -> Measure:
        told = Terms(title, **({**COUNCIL, **terms} if adopted else terms))
        return operations.create_measure(SYSTEM, aim.id, terms=told, stand=stand, key=key)

    return make


@pytest.fixture
def choir(make_organization: Callable[..., Organization]) -> Organization:
    """A migrant organization."""
    return make_organization("Chor der Brücken")


@pytest.fixture
def sign_in_member(choir: Organization, sign_in: Any, make_account: Any) -> Callable[[], Any]:
    """`sign_in_member()`: a browser in which somebody is signed in who speaks for the choir."""
    return lambda: sign_in(account=make_account("representative", organization_id=choir.id))
