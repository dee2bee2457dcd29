"""Builders of rows, by the operations of the rooms."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile as OrganizationProfile
from coordination.organizations.operations import create_organization
from coordination.organizations.rules import Kind as OrganizationKind
from coordination.people.models import Person
from coordination.people.operations import Profile as PersonProfile
from coordination.people.operations import create_person
from core.access import SYSTEM
from participation.committees.models import Committee
from participation.committees.operations import Charter, create_committee
from participation.committees.rules import Kind
from participation.seats.models import Seat
from participation.seats.operations import SeatTerms, appoint, create_seat


@pytest.fixture
def make_organization(app: Flask) -> Callable[..., Organization]:
    """`make_organization("Chor der Brücken")`: a migrant organization, unless another kind is given."""

    def make(
        name: str = "Kulturverein Lindenhof",
        kind: OrganizationKind = OrganizationKind.MIGRANT_ORGANISATION,
        *,
        key: str = "",
    ) -> Organization:
        return create_organization(SYSTEM, OrganizationProfile(name=name, kind=kind), key=key)

    return make


@pytest.fixture
def make_person(app: Flask) -> Callable[..., Person]:
    """`make_person("Alma", "Beispiel")`."""

    def make(given_name: str = "Alma", family_name: str = "Beispiel", *, key: str = "", email: str = "") -> Person:
        return create_person(
            SYSTEM, PersonProfile(given_name=given_name, family_name=family_name, email=email), key=key
        )

    return make


@pytest.fixture
def make_committee(app: Flask) -> Callable[..., Committee]:
    """`make_committee("Beirat", public=False)`: an advisory board; further facts of the charter by name."""

    def make(name: str = "Beirat für Zusammenleben", *, slug: str = "", **charter: Any) -> Committee:
        facts = {"kind": Kind.ADVISORY_BOARD, **charter}
        return create_committee(SYSTEM, Charter(name=name, **facts), slug=slug)

    return make


@pytest.fixture
def make_seat(app: Flask) -> Callable[..., Seat]:
    """`make_seat(committee, "MO 1", organization, member=alma, deputies=[bela])`: open-ended unless days are given.

    `since` and `until` are the days of the appointments, `starts_on` and `ends_on` those of the seat.
    """

    def make(
        committee: Committee,
        label: str = "MO 1",
        organization: Organization | None = None,
        *,
        member: Person | None = None,
        deputies: Iterable[Person] = (),
        since: date | None = None,
        until: date | None = None,
        **terms: Any,
    ) -> Seat:
        organization_id = organization.id if organization else None
        people = [person.id if person else None for person in (member, *deputies)]
        seat_terms = SeatTerms(label=label, organization_id=organization_id, **terms)
        seat = create_seat(SYSTEM, committee.id, terms=seat_terms)
        for rank, person_id in enumerate(people):
            if person_id is not None:
                appoint(SYSTEM, seat.id, person_id=person_id, rank=rank, starts_on=since, ends_on=until)
        return seat

    return make
