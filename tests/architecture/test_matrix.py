"""The matrix route × role × own or foreign object, made from the URL map.

`matrix.csv` beside this file holds what is expected: one line a route, method and object, one column a role; a cell
is the status. A route that is missing there fails. After a deliberate change, write it anew by
`UPDATE_MATRIX=1 python3 dev.py test tests/architecture/test_matrix.py --without-postgres -n 0`, and read every line
that changed. `MATRIX_ROOMS=events,projects` before it looks at the routes of these blueprints alone.
"""

import csv
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from coordination.accounts.models import Account, Assignment
from coordination.contacts import operations as contacts
from coordination.contacts.operations import Contact
from coordination.contacts.rules import Channel
from coordination.cooperation import contributions
from coordination.cooperation.facts import Given
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import ContributionKind
from coordination.events import operations as events
from coordination.events.models import Event
from coordination.events.operations import Plan as EventPlan
from coordination.letters import operations as letters
from coordination.letters.operations import Draft
from coordination.letters.queries import Wanted as MeantFor
from coordination.organizations import consents, landscape
from coordination.organizations import operations as organizations
from coordination.organizations.landscape import Belonging, Stage
from coordination.organizations.models import Organization
from coordination.organizations.publication import Field, Level
from coordination.organizations.rules import Kind as OrganizationKind
from coordination.organizations.rules import MoKind, Phase
from coordination.people import operations as people
from coordination.places import operations as places
from coordination.planning import agreements, needs, requests, sections, tasks
from coordination.planning.rules import NeedKind
from coordination.projects import milestones, steps
from coordination.projects import operations as projects
from coordination.projects.milestones import Aim
from coordination.projects.models import Project
from coordination.strategy import operations as strategy
from coordination.strategy import statements
from coordination.strategy.operations import Terms
from coordination.strategy.rules import Foundation
from coordination.support import operations as support
from coordination.support.operations import FundingTerms
from coordination.support.rules import Area, FundingForm
from core.access import SYSTEM
from core.database import session
from core.dated import Status
from meetings.agenda import operations as agenda
from meetings.agenda.operations import Item
from meetings.sittings import operations as sittings
from meetings.sittings.operations import Plan
from participation.committees import operations as committees
from participation.committees.operations import Charter
from participation.committees.rules import Kind
from participation.seats import operations as seats
from participation.seats.operations import SeatTerms

TABLE = Path(__file__).with_name("matrix.csv")
#: nobody · an account without a role · sits in the own committee · department · clerk of the own committee ·
#: clerk of a third one · administration
ROLES = ("public", "stranger", "member", "officer", "clerk", "other-clerk", "admin")
#: ends what the test stands on (the session), or is Flask's own
LEFT_OUT = {"static", "security.logout", "security.static"}
#: what takes away the object that others are asked about comes after them
LAST = {
    "merging.merge",
    "people_merging.merge",
    "own_data.erase_person",
    "own_data.erase_own",
    "own_data.erase_account",
    "planning.answer",
}
#: what buttons with two states send
SWITCHED = {"wants": "1", "reached": "1", "done": "1"}
ROOMS = {room for room in os.environ.get("MATRIX_ROOMS", "").split(",") if room}

CALLED = Contact(date(2026, 11, 12), Channel.PHONE, "Anruf")


class World:
    """An own, public committee with all that hangs on it, and a foreign one that is not public."""

    def __init__(self, make_account: Callable[..., Account]) -> None:
        umbrella = organizations.Profile(
            name="Dachverband", kind=OrganizationKind.MIGRANT_ORGANISATION, kinds=[MoKind.UMBRELLA]
        )
        self.umbrella = organizations.create_organization(SYSTEM, umbrella)
        self.twin = people.create_person(SYSTEM, people.Profile(family_name="Zwilling"))
        self.own = self._committee("Integrationsrat", public=True)
        self.foreign = self._committee("Schutzgruppe", public=False)
        third = self._committee("Dritter Kreis", public=True)
        self.department = department = organizations.create_organization(
            SYSTEM, organizations.Profile(name="Fachbereich", kind=OrganizationKind.DEPARTMENT)
        )
        elsewhere = organizations.create_organization(
            SYSTEM, organizations.Profile(name="Anderes Amt", kind=OrganizationKind.DEPARTMENT)
        )
        for side, office in ((self.own, department), (self.foreign, elsewhere)):
            side.letter = letters.write_letter(SYSTEM, MeantFor(), Draft(office.id, "Einladung", "Guten Tag"))
        self.accounts = {
            "stranger": make_account(None),
            "member": make_account(
                "representative", organization_id=self.own.organization.id, person_id=self.own.person.id
            ),
            "officer": make_account("officer", organization_id=department.id),
            "clerk": make_account("clerk", organization_id=self.own.committee.organization_id),
            "other-clerk": make_account("clerk", organization_id=third.committee.organization_id),
            "admin": make_account("admin"),
        }
        self.other = make_account("officer", organization_id=department.id, email="anderes@example.org")
        self.assignment = session().query(Assignment).filter_by(account_id=self.other.id).one()

    def _committee(self, name: str, *, public: bool) -> SimpleNamespace:
        """A committee with a seat, an organization, a person, a place, a coming sitting, an item and a past one."""
        committee = committees.create_committee(SYSTEM, Charter(name=name, kind=Kind.ADVISORY_BOARD, public=public))
        organization = organizations.create_organization(
            SYSTEM,
            organizations.Profile(
                name=f"Verein {name}", kind=OrganizationKind.MIGRANT_ORGANISATION, address="Weg 1\n99998 Ahornbrück"
            ),
        )
        umbrella_membership = landscape.join_umbrella(
            SYSTEM, organization.id, belonging=Belonging(self.umbrella.id, date(2020, 1, 1), date(2020, 12, 31))
        )
        network_phase = landscape.enter_phase(SYSTEM, organization.id, stage=Stage(date(2020, 1, 1), Phase.INITIATIVE))
        levels = {Field.NAME: Level.PUBLIC} if public else {Field.PHONE: Level.ADMINISTRATION}
        consents.note_paper(SYSTEM, organization.id, wished=levels, given_on=date(2026, 1, 5))
        person = people.create_person(SYSTEM, people.Profile(family_name=name))
        membership = people.add_membership(SYSTEM, person.id, organization_id=organization.id)
        contact_note = contacts.note_contact(SYSTEM, organization.id, CALLED)
        seat = seats.create_seat(SYSTEM, committee.id, terms=SeatTerms(label="MO 1", organization_id=organization.id))
        appointment = seats.appoint(SYSTEM, seat.id, person_id=person.id)
        place = places.create_place(SYSTEM, places.Profile(name=f"Haus {name}"))
        plan = Plan(start=datetime(2026, 11, 26, 18, 30), status=Status.CONFIRMED, public=public)
        sitting = sittings.schedule(SYSTEM, committee.id, plan)
        item = agenda.add(SYSTEM, sitting.id, Item(title="Bericht", public=public))
        terms = FundingTerms(organization.id, 2026, FundingForm.PROJECT, "Fest")
        funding = support.enter(SYSTEM, Area.FUNDING, terms)
        aim, measure, statement = self._strategy(adopted=public)
        plan = EventPlan("Fest", datetime(2026, 12, 12, 18))
        event = events.propose(SYSTEM, organization.id, plan=plan)
        work = self._work(event, organization)
        project = self._project(organization)
        milestone = milestones.add(SYSTEM, project.id, aim=Aim("Beete", date(2026, 12, 1)))
        cooperation, partner, contribution = self._cooperation(committee.cooperation, event, public=public)
        return SimpleNamespace(**{k: v for k, v in locals().items() if k not in ("self", "name", "public", "plan")})

    def _strategy(self, *, adopted: bool) -> tuple[Any, Any, Any]:
        """An aim and a measure that the council adopted, or drafts; and what the municipality states of itself."""
        council: Any = {"adopted_on": date(2026, 3, 5), "adopted_by": "Gemeinderat"} if adopted else {}
        aim = strategy.create_aim(SYSTEM, Terms("Räume", **council))
        measure = strategy.create_measure(SYSTEM, aim.id, terms=Terms("Raumbörse", **council))
        foundation = Foundation.CONCEPT if adopted else Foundation.JOB_DESCRIPTION
        return aim, measure, statements.state(SYSTEM, foundation, holds=True, since=date(2026, 1, 1))

    def _work(self, event: Event, organization: Organization) -> SimpleNamespace:
        """What hangs on the planning of the event, one of each."""
        events.accept(SYSTEM, event.id)
        key = event.cooperation_id
        return SimpleNamespace(
            task=tasks.add_task(SYSTEM, key, title="Plakat"),
            section=sections.add_section(SYSTEM, key, title="Ablauf"),
            need=needs.add_need(SYSTEM, key, kind=NeedKind.CHILD_CARE),
            request=requests.ask(SYSTEM, key, organization_id=organization.id, kind=ContributionKind.ROOM),
            agreement=agreements.write_agreement(SYSTEM, key, version=None, promise=agreements.Promise("Fest")),
        )

    def _project(self, organization: Organization) -> Project:
        """A project of the organization that runs and is not announced."""
        project = projects.propose(SYSTEM, organization.id, plan=projects.Plan("Garten"))
        steps.accept(SYSTEM, project.id)
        return steps.start(SYSTEM, project.id)

    def _cooperation(self, record: Cooperation, event: Event, *, public: bool) -> tuple[Any, Any, Any]:
        """The organization's event; where the committee is not public its own record, which is closed to others."""
        if public:
            record = event.cooperation
        given = Given(ContributionKind.GREETING)
        contribution = contributions.add_contribution(SYSTEM, record.id, given=given)
        return record, record.partners[0], contribution

    def values(self, side: SimpleNamespace) -> dict[str, Any]:
        """A value for each argument that a route may take."""
        return {
            "slug": side.committee.slug,
            "organization_id": side.organization.id,
            "person_id": side.person.id,
            "membership_id": side.membership.id,
            "place_id": side.place.id,
            "contact_note_id": side.contact_note.id,
            "letter_id": side.letter.id,
            "other_id": self.umbrella.id,
            "twin_id": self.twin.id,
            "seat_id": side.seat.id,
            "appointment_id": side.appointment.id,
            "sitting_id": side.sitting.id,
            "item_id": side.item.id,
            "cooperation_id": side.cooperation.id,
            "partner_id": side.partner.id,
            "contribution_id": side.contribution.id,
            "aim_id": side.aim.id,
            "measure_id": side.measure.id,
            "statement_id": side.statement.id,
            "area": "mittel",
            "entry_id": side.funding.id,
            "event_id": side.event.id,
            "project_id": side.project.id,
            "milestone_id": side.milestone.id,
            "task_id": side.work.task.id,
            "section_id": side.work.section.id,
            "need_id": side.work.need.id,
            "request_id": side.work.request.id,
            "umbrella_membership_id": side.umbrella_membership.id,
            "network_phase_id": side.network_phase.id,
            "account_id": self.assignment.account_id,
            "assignment_id": self.assignment.id,
            "token_id": 4711,
            "number": 1,
            "token": "no-such-token",
            "key": "no-such-key",
            "name": "impressum",
            "statistic": "formen",
            "figure": "sitzungen",
            "language": "de",
            "year": 2026,
            "month": 11,
        }


def addresses(app: Flask, world: World) -> list[tuple[str, str, str, str]]:
    """(endpoint, method, own or foreign, address) of every route; GET first, so that no POST spoils what is read."""
    found = []
    with app.test_request_context():
        for method in ("GET", "POST"):
            for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint in LAST, rule.endpoint)):
                if rule.endpoint in LEFT_OUT or method not in (rule.methods or ()) or not looked_at(rule.endpoint):
                    continue
                for side in ("own", "foreign") if rule.arguments else ("own",):
                    found.append((rule.endpoint, method, side, address(rule, world.values(getattr(world, side)))))
    return found


def looked_at(endpoint: str) -> bool:
    """Whether this run asks for the routes of this room."""
    return not ROOMS or endpoint.partition(".")[0] in ROOMS


def address(rule: Rule, values: dict[str, Any]) -> str:
    """The rule's address with these values; an argument that nobody thought of is a KeyError, which is meant."""
    return url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


def observed(
    app: Flask, world: World, client: Any, role: str, sign_in: Callable[..., Any]
) -> dict[tuple[str, ...], str]:
    """What each route answers this role: the status, with "sign-in" for a redirect to the sign-in page."""
    if role != "public":
        sign_in(account=world.accounts[role])
    answers = {}
    for endpoint, method, side, url in addresses(app, world):
        answer = client.get(url) if method == "GET" else client.submit(url, SWITCHED, follow_redirects=False)
        location = answer.headers.get("Location", "")
        to_sign_in = answer.status_code == 302 and location.partition("?")[0].endswith("/anmelden")
        assert answer.status_code != 500, url
        answers[endpoint, method, side] = "sign-in" if to_sign_in else str(answer.status_code)
    return answers


def expected() -> dict[tuple[str, ...], dict[str, str]]:
    """The table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["route"], row["method"], row["object"]): row for row in csv.DictReader(file)}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.one_database
def test_each_route_answers_each_role_as_the_table_says(app, client, sign_in, build, role):
    world = build(World)
    found = observed(app, world, client, role, sign_in)
    if os.environ.get("UPDATE_MATRIX"):
        update(role, found)
    table = expected()
    wrong = {
        key: (answer, table.get(key, {}).get(role))
        for key, answer in found.items()
        if table.get(key, {}).get(role) != answer
    }
    assert wrong == {}, "route, method, object: (answer, expected)"
    assert {key for key in table if looked_at(key[0])} - set(found) == set(), "lines of routes that are gone"


def update(role: str, found: dict[tuple[str, ...], str]) -> None:
    """Write this role's column anew; the lines of rooms that are not looked at stay."""
    table = expected() if TABLE.exists() else {}
    others = {key for key in table if not looked_at(key[0])}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["route", "method", "object", *ROLES], lineterminator="\n")
        writer.writeheader()
        for key in sorted({*found, *others}):
            answer = {role: found[key]} if key in found else {}
            row = {**table.get(key, {}), "route": key[0], "method": key[1], "object": key[2], **answer}
            writer.writerow(row)


def test_the_table_denies_by_default():
    """No role but the administration and its own clerk may change a committee's things; nobody opens foreign ones."""
    for (route, method, side), row in expected().items():
        room = route.partition(".")[0]
        if method == "POST" and room in ("sittings", "agenda", "seats", "minutes") and route != "attendance.answer":
            for role in ("public", "stranger", "member", "officer"):
                assert row[role] in ("sign-in", "403", "404"), (route, side, role)
            assert row["other-clerk"] in ("403", "404"), (route, side)
        figures = route == "attendance.fairness_table"  # of public committees, all in one; there is no foreign one
        rooms = ("committees", "sittings", "agenda", "seats", "minutes", "attendance")
        if side == "foreign" and room in rooms and not figures:
            for role in ("public", "stranger", "member"):
                assert row[role] in ("sign-in", "403", "404"), (route, side, role)
