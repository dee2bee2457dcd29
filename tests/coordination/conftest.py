"""Builders for rows of this floor; each uses the operations of its room."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import pytest
from flask import Flask

from coordination.accounts.models import Account
from coordination.accounts.queries import actor_of
from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile as OrganizationProfile
from coordination.organizations.operations import create_organization
from coordination.organizations.rules import Kind
from coordination.people.models import Person
from coordination.people.operations import Profile as PersonProfile
from coordination.people.operations import add_membership, create_person
from coordination.places.models import Place
from coordination.places.operations import Profile as PlaceProfile
from coordination.places.operations import create_place
from core.access import SYSTEM, Actor


@pytest.fixture
def make_organization(app: Flask) -> Callable[..., Organization]:
    """`make_organization("Chor", kind=Kind.ASSOCIATION, key="chor")`; a migrant organization unless told."""
    numbers = count(1)

    def make(name: str = "", *, kind: Kind = Kind.MIGRANT_ORGANISATION, key: str = "", **profile: Any) -> Organization:
        name = name or f"Verein {next(numbers)}"
        return create_organization(SYSTEM, OrganizationProfile(name=name, kind=kind, **profile), key=key)

    return make


@pytest.fixture
def make_person(app: Flask) -> Callable[..., Person]:
    """`make_person("Ada Beispiel", organization=chor, function="Vorsitz")`: reached at an address of her own.

    With an organization the person is a member of it, from `starts_on` to `ends_on` (open unless told).
    """
    numbers = count(1)

    def make(
        name: str = "",
        *,
        organization: Organization | None = None,
        function: str = "",
        starts_on: date | None = None,
        ends_on: date | None = None,
        email: str | None = None,
        key: str = "",
        **profile: Any,
    ) -> Person:
        number = next(numbers)
        given_name, _, family_name = (name or f"Ada Beispiel{number}").rpartition(" ")
        address = f"person{number}@example.org" if email is None else email
        whole = PersonProfile(given_name=given_name, family_name=family_name, email=address, **profile)
        person = create_person(SYSTEM, whole, key=key)
        if organization is not None:
            add_membership(
                SYSTEM,
                person.id,
                organization_id=organization.id,
                function=function,
                starts_on=starts_on,
                ends_on=ends_on,
            )
        return person

    return make


@pytest.fixture
def make_place(app: Flask) -> Callable[..., Place]:
    """`make_place("Rathaus", room="Saal 1")`."""
    numbers = count(1)

    def make(name: str = "", *, key: str = "", **profile: Any) -> Place:
        return create_place(SYSTEM, PlaceProfile(name=name or f"Haus {next(numbers)}", **profile), key=key)

    return make


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
