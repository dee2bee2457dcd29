"""Builders for the tests of this floor: rows made by the operations of their rooms."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from coordination.organizations import operations as organizations
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind as OrganizationKind
from coordination.people import operations as people
from coordination.people.models import Person
from coordination.places import operations as places
from coordination.places.models import Place
from core.access import Actor
from core.dated import Status
from meetings.sittings import operations as sittings
from meetings.sittings.models import Sitting
from meetings.sittings.operations import Plan
from participation.committees import operations as committees
from participation.committees.models import Committee
from participation.committees.operations import Charter
from participation.committees.rules import Kind
from participation.seats import operations as seats
from participation.seats.models import Seat
from participation.seats.operations import SeatTerms

#: an evening sitting, ten days after TEST_NOW
EVENING = datetime(2026, 11, 26, 18, 30)


@pytest.fixture
def make_committee(actor: Actor) -> Callable[..., Committee]:
    """`make_committee("Integrationsrat", public=False)`."""

    def make(name: str = "Integrationsrat", **charter: Any) -> Committee:
        charter.setdefault("kind", Kind.ADVISORY_BOARD)
        return committees.create_committee(actor, Charter(name=name, **charter))

    return make


@pytest.fixture
def make_sitting(actor: Actor, make_committee: Callable[..., Committee]) -> Callable[..., Sitting]:
    """`make_sitting(committee, start=datetime(2026, 11, 26, 18, 30), …)`: confirmed, on an evening, unless told."""

    def make(committee: Committee | None = None, **plan: Any) -> Sitting:
        plan = {"start": EVENING, "status": Status.CONFIRMED, **plan}
        committee_id = (committee or make_committee()).id
        return sittings.schedule(actor, committee_id, Plan(**plan))

    return make


@pytest.fixture
def make_place(actor: Actor) -> Callable[..., Place]:
    """`make_place("Rathaus", room="Saal")`."""

    def make(name: str = "Rathaus", **profile: Any) -> Place:
        return places.create_place(actor, places.Profile(name=name, **profile))

    return make


@pytest.fixture
def make_organization(actor: Actor) -> Callable[..., Organization]:
    """`make_organization("Kulturverein")`: a migrant organization unless told."""

    def make(
        name: str = "Kulturverein", kind: OrganizationKind = OrganizationKind.MIGRANT_ORGANISATION
    ) -> Organization:
        return organizations.create_organization(actor, organizations.Profile(name=name, kind=kind))

    return make


@pytest.fixture
def make_person(actor: Actor) -> Callable[..., Person]:
    """`make_person("Aydın", given_name="Elif")`."""

    def make(family_name: str = "Aydın", given_name: str = "Elif", **profile: Any) -> Person:
        return people.create_person(actor, people.Profile(family_name=family_name, given_name=given_name, **profile))

    return make


@pytest.fixture
def make_seat(actor: Actor) -> Callable[..., Seat]:
    """`make_seat(committee, person, deputy, label="MO 1")`: a seat with its member, then its deputies."""

    def make(
        committee: Committee, *holders: Person, label: str = "MO 1", since: date | None = None, **terms: Any
    ) -> Seat:
        seat = seats.create_seat(actor, committee.id, terms=SeatTerms(label=label, **terms))
        for rank, person in enumerate(holders):
            seats.appoint(actor, seat.id, person_id=person.id, rank=rank, starts_on=since)
        return seat

    return make
