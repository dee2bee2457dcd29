"""Rows that tests of this floor begin with, made by the operations of the rooms below."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from calendars.entry import Audience
from calendars.sources.audiences import audiences_of
from coordination.cooperation.facts import PartnerTerms
from coordination.cooperation.partners import add_partner
from coordination.events import operations as events
from coordination.events.models import Event
from coordination.organizations import operations as organizations
from coordination.organizations.models import Organization
from coordination.organizations.operations import Profile as OrganizationProfile
from coordination.organizations.rules import Kind as OrganizationKind
from coordination.people import operations as people
from coordination.people.models import Person
from coordination.people.operations import Profile
from coordination.places import operations as places
from coordination.places.models import Place
from coordination.places.operations import Profile as PlaceProfile
from core.access import SYSTEM, Actor
from core.clock import today
from core.database import transaction
from core.dated import Status
from meetings.agenda.models import AgendaItem
from meetings.sittings import operations as sittings
from meetings.sittings.models import Sitting
from meetings.sittings.operations import Plan
from participation.committees import operations as committees
from participation.committees.models import Committee
from participation.committees.operations import Charter
from participation.committees.rules import Kind
from participation.seats import operations as seats
from participation.seats.models import Appointment
from participation.seats.operations import SeatTerms


@pytest.fixture
def make_organization(actor: Actor) -> Callable[..., Organization]:
    """`make_organization("Chor")`: a migrant organization."""

    def make(name: str = "Chor", **profile: Any) -> Organization:
        values = {"name": name, "kind": OrganizationKind.MIGRANT_ORGANISATION} | profile
        return organizations.create_organization(actor, OrganizationProfile(**values))

    return make


@pytest.fixture
def make_committee(actor: Actor) -> Callable[..., Committee]:
    """`make_committee("Integrationsrat", public=False)`: a committee; the slug is made from its name."""

    def make(name: str = "Integrationsrat", **charter: Any) -> Committee:
        values = {"kind": Kind.INTEGRATION_COMMITTEE, "name": name} | charter
        return committees.create_committee(actor, Charter(**values))

    return make


@pytest.fixture
def make_person(actor: Actor) -> Callable[..., Person]:
    """`make_person("Amina Muster")`: a person who can be written to."""

    def make(name: str = "Amina Muster", **profile: Any) -> Person:
        given, _, family = name.rpartition(" ")
        values = {"given_name": given, "family_name": family, "email": f"{family.lower()}@verein.example"} | profile
        return people.create_person(actor, Profile(**values))

    return make


@pytest.fixture
def make_sitting(actor: Actor) -> Callable[..., Sitting]:
    """`make_sitting(committee, start=datetime(2027, 1, 14, 18, 30), public=False)`: a confirmed sitting."""

    def make(committee: Committee, start: datetime = datetime(2027, 1, 14, 18, 30), **plan: Any) -> Sitting:
        values = {"start": start, "end": start.replace(hour=start.hour + 2), "status": Status.CONFIRMED} | plan
        return sittings.schedule(actor, committee.id, Plan(**values))

    return make


@pytest.fixture
def make_place(actor: Actor) -> Callable[..., Place]:
    """`make_place("Rathaus", room="Saal 1")`: a place with an address."""

    def make(name: str = "Rathaus", **profile: Any) -> Place:
        address = {"room": "Saal 1", "street": "Marktplatz 1", "postal_code": "12345", "locality": "Musterstadt"}
        return places.create_place(actor, PlaceProfile(name=name, **address | profile))

    return make


@pytest.fixture
def seat(actor: Actor) -> Callable[..., Appointment]:
    """`seat(committee, person, ends_on=…)`: the person on a new seat of the committee, as member unless told."""
    labels = iter(range(1, 1000))

    def put(
        committee: Committee, person: Person, *, organization_id: int | None = None, **appointment: Any
    ) -> Appointment:
        terms = SeatTerms(label=f"Sitz {next(labels)}", organization_id=organization_id, voting_right=True)
        row = seats.create_seat(actor, committee.id, terms=terms)
        return seats.appoint(actor, row.id, person_id=person.id, **appointment)

    return put


@pytest.fixture
def add_agenda(app: Any) -> Callable[..., list[AgendaItem]]:
    """`add_agenda(sitting, "Begrüßung", ("Personalia", False))`: items in this order; False = not public."""

    def add(sitting: Sitting, *items: str | tuple[str, bool]) -> list[AgendaItem]:
        with transaction() as session:
            rows = []
            for position, item in enumerate(items):
                title, public = (item, True) if isinstance(item, str) else item
                rows.append(
                    AgendaItem(
                        sitting_id=sitting.id, number=str(position + 1), position=position, title=title, public=public
                    )
                )
            session.add_all(rows)
        return rows

    return add


@pytest.fixture
def circles() -> Callable[..., frozenset[Audience]]:
    """`circles(person)`: what the person belongs to today, or on the day given."""

    def of(person: Person, day: date | None = None) -> frozenset[Audience]:
        return audiences_of(person.id, day or today())

    return of


@pytest.fixture
def make_event(app: Any) -> Callable[..., Event]:
    """`make_event(choir, state="planned", public=False)`: an evening in December, announced, with its partners."""

    def make(
        *partners: Organization, start: datetime = datetime(2026, 12, 12, 18), state: str = "announced", **plan: Any
    ) -> Event:
        values = {"title": "Fest der Stimmen", "end": start.replace(hour=21), "text": "Chöre singen.", **plan}
        event = events.create(SYSTEM, events.Plan(start=start, **values))
        for partner in partners:
            add_partner(SYSTEM, event.cooperation_id, terms=PartnerTerms(partner.id))
        if state == "announced":
            events.announce(SYSTEM, event.id)
        return event

    return make
