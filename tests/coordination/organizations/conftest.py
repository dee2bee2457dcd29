"""An organization with people of its own, and others who look at it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from coordination.accounts.models import Account
from coordination.accounts.queries import actor_of
from coordination.organizations import consents, operations
from coordination.organizations.models import Organization
from coordination.organizations.operations import profile_of
from coordination.organizations.publication import Field, Level
from coordination.organizations.rules import Kind
from core.access import SYSTEM


@pytest.fixture
def describe() -> Callable[..., Organization]:
    """`describe(choir, about="Wir singen.")`: the profile with these values changed."""

    def change(row: Organization, **values: Any) -> Organization:
        profile = replace(profile_of(row), **values)
        return operations.edit_organization(SYSTEM, row.id, version=None, profile=profile)

    return change


@pytest.fixture
def publish() -> Callable[..., None]:
    """`publish(choir, Field.NAME, Field.ABOUT)`: the organization agrees, to everybody unless told."""

    def agree(row: Organization, *fields: Field, level: Level = Level.PUBLIC) -> None:
        wished = dict.fromkeys(fields, level)
        consents.set_consents(SYSTEM, row.id, wished=wished, state=None, agreed=True)

    return agree


@pytest.fixture
def stranger(make_account: Any, make_organization: Any, make_person: Any) -> Account:
    """A representative of another organization."""
    club = make_organization("Klub")
    member = make_person("Bo Mitglied", organization=club)
    account: Account = make_account(
        "representative", organization_id=club.id, person_id=member.id, email="bo@example.org"
    )
    return account


@pytest.fixture
def house(
    make_account: Callable[..., Account], make_organization: Callable[..., Organization], make_person: Any
) -> SimpleNamespace:
    """A choir with a representative; the integration department and another one, each with somebody on its staff."""
    choir = make_organization("Chor der Brücken", key="chor")
    voice = make_person("Ada Stimme", organization=choir)
    integration = make_organization("Integration", kind=Kind.DEPARTMENT, integration_department=True)
    culture = make_organization("Kulturamt", kind=Kind.DEPARTMENT)
    return SimpleNamespace(
        choir=choir,
        voice=make_account("representative", organization_id=choir.id, person_id=voice.id, email="ada@example.org"),
        keeper=make_account("officer", organization_id=integration.id, email="keeper@example.org"),
        officer=make_account("officer", organization_id=culture.id, email="officer@example.org"),
        clerk=make_account("clerk", organization_id=culture.id, email="clerk@example.org"),
        admin=make_account("admin", email="admin@example.org"),
        actor=actor_of,
        since=date(2020, 1, 1),
    )
