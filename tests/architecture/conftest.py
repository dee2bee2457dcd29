"""A town full of secrets: whatever is not for everybody carries a word of its own, so that a crawl finds it anywhere.

Made by the operations of the rooms, as `World` in test_matrix.py. Every free text also carries markup, template
syntax, a format and a turned writing direction, which no page may ever take for its own.
"""

import io
import json
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.orm import InstanceState

from calendars.feeds import operations as feeds
from calendars.invitations import operations as invitations
from coordination.accounts.models import Account, Assignment
from coordination.contacts import operations as contacts
from coordination.contacts.models import ContactNote
from coordination.contacts.operations import Contact
from coordination.contacts.rules import Channel
from coordination.cooperation.models import Cooperation, Partner
from coordination.cooperation.rules import ContributionKind
from coordination.events import operations as events
from coordination.events.models import Event
from coordination.events.operations import Plan as EventPlan
from coordination.letters import operations as letters
from coordination.letters.models import Letter
from coordination.letters.queries import Wanted as MeantFor
from coordination.letters.queries import recipients_of
from coordination.letters.rules import state_of
from coordination.organizations import consents, landscape
from coordination.organizations import operations as organizations
from coordination.organizations.landscape import Belonging, Stage
from coordination.organizations.models import NetworkPhase, Organization, UmbrellaMembership
from coordination.organizations.publication import Audience, Field, Level, Reader
from coordination.organizations.rules import Kind as OrganizationKind
from coordination.organizations.rules import MoKind, Phase, Topic
from coordination.people import operations as people
from coordination.people.models import Membership, Person
from coordination.places import operations as places
from coordination.planning import agreements, needs, requests, sections, tasks
from coordination.planning import operations as planning
from coordination.planning.models import Need, Request, Section, Task
from coordination.planning.rules import NeedKind
from coordination.projects import milestones, steps
from coordination.projects import operations as projects
from coordination.projects.models import Milestone, Project
from coordination.strategy import operations as strategy
from coordination.strategy import statements
from coordination.strategy.models import Aim, Measure, Statement
from coordination.strategy.operations import Terms
from coordination.strategy.rules import Foundation
from coordination.support import operations as support
from coordination.support.models import Funding
from coordination.support.operations import AdviceTerms, BudgetTerms, FundingTerms, RoomTerms
from coordination.support.rules import AdviceForm, Area, FundingForm, RoomForm
from core.access import SYSTEM, Actor
from core.database import db, session, transaction
from core.dated import Status
from core.documents import render
from meetings.agenda import operations as agenda
from meetings.agenda.models import AgendaItem
from meetings.agenda.operations import Item
from meetings.agenda.queries import items_of
from meetings.attendance import operations as attendance
from meetings.attendance.rules import Presence
from meetings.minutes import operations as minutes
from meetings.sittings import operations as sittings
from meetings.sittings.models import Sitting
from meetings.sittings.operations import Plan, plan_of
from meetings.sittings.rules import Mode
from participation.committees import operations as committees
from participation.committees.models import Committee
from participation.committees.operations import Charter
from participation.committees.rules import Kind
from participation.seats import operations as seats
from participation.seats.models import Appointment, Seat
from participation.seats.operations import SeatTerms

#: what no page may take for its own: markup, a template's expression, a format
MARKUP = "<img src=x onerror=alert(1)>q{{7*7}}q%(a)s"
#: and whatever follows would be written from right to left; not in minutes, which refuse it
TURNED = "\u202e"
Built = TypeVar("Built")
YESTERDAY, TODAY, TOMORROW = date(2026, 11, 15), date(2026, 11, 16), date(2026, 11, 17)


def word(secret: str) -> str:
    """The word that marks this secret: it survives addresses, folding, hyphenation and capital letters."""
    return "geheim" + secret.replace("-", "") + "ende"


def hostile(secret: str) -> str:
    """A free text with the word of the secret and all that no page may take for its own."""
    return word(secret) + MARKUP + TURNED


def mail(secret: str) -> str:
    """An address with the word of the secret."""
    return f"{word(secret)}@example.org"


class Town:
    """A public committee ("own") with a clerk and members, a third one, and a closed one of which nobody may know."""

    def __init__(self, make_account: Callable[..., Account]) -> None:
        self.make_account = make_account
        self.accounts: dict[str, Account] = {}
        #: keys to personal feeds, of those who are persons
        self.tokens: dict[str, str] = {}
        self.by_date: dict[str, Person] = {}
        self._committees()
        self._published()
        self._insiders()
        self._people_by_date()
        self._staff()
        self._support()
        self._strategy()
        self._coming()
        self._past()
        self._closed_business()
        self._planned()
        self._carried_out()
        self._ends()
        del self.make_account

    def _committees(self) -> None:
        self.own = self._committee("Integrationsrat", about=MARKUP)
        self.third = self._committee("Dritter Kreis")
        self.closed = self._committee(
            hostile("closed-name"), slug="kreis-9", about=hostile("closed-about"), public=False
        )
        profile = organizations.Profile(
            name=f"Kulturverein{MARKUP}{TURNED}",
            kind=OrganizationKind.MIGRANT_ORGANISATION,
            short_name="KV" + MARKUP[:50],
            own_label=MARKUP + TURNED,
            about=hostile("organization-about"),
            email=mail("organization-mail"),
            phone=word("organization-phone"),
            address=hostile("organization-address"),
            services=hostile("organization-services"),
        )
        self.verein = organizations.create_organization(SYSTEM, profile)
        self.other = organizations.create_organization(
            SYSTEM, replace(profile, name="Anderer Verein", about="", address="", services="")
        )
        self.department = organizations.create_organization(
            SYSTEM, organizations.Profile(name="Fachbereich", kind=OrganizationKind.DEPARTMENT)
        )

    def _published(self) -> None:
        """An organization that shows some fields to all, some to departments, and has withdrawn one."""
        profile = organizations.Profile(
            name="Offener Verein" + hostile("published-name"),
            kind=OrganizationKind.MIGRANT_ORGANISATION,
            own_label=hostile("published-label"),
            about=hostile("withdrawn-about"),
            services=hostile("published-services"),
            email=mail("shared-mail"),
            phone=word("shared-phone"),
            address=hostile("kept-address"),
            kinds=[MoKind.UMBRELLA],
        )
        self.open = organizations.create_organization(SYSTEM, profile)
        wished = dict.fromkeys((Field.NAME, Field.OWN_LABEL, Field.ABOUT, Field.SERVICES), Level.PUBLIC)
        wished |= dict.fromkeys((Field.EMAIL, Field.PHONE), Level.ADMINISTRATION)
        consents.set_consents(SYSTEM, self.open.id, wished=wished, state=None, agreed=True)
        consents.withdraw(SYSTEM, self.open.id, fields=[Field.ABOUT])
        landscape.join_umbrella(SYSTEM, self.verein.id, belonging=Belonging(self.open.id, date(2020, 1, 1)))
        landscape.enter_phase(SYSTEM, self.open.id, stage=Stage(date(2020, 1, 1), Phase.NETWORK))

    def _committee(self, name: str, *, slug: str = "", **charter: Any) -> Committee:
        return committees.create_committee(SYSTEM, Charter(name=name, kind=Kind.ADVISORY_BOARD, **charter), slug=slug)

    def _person(self, secret: str, **profile: str) -> Person:
        profile = {"email": mail(secret + "-mail"), "phone": word(secret + "-phone"), **profile}
        return people.create_person(SYSTEM, people.Profile(family_name=hostile(secret), given_name="Ada", **profile))

    def _seat(
        self, committee: Committee, label: str, *holders: Person, organization: Organization | None = None
    ) -> Seat:
        terms = SeatTerms(label=label, organization_id=organization.id if organization else None, voting_right=True)
        seat = seats.create_seat(SYSTEM, committee.id, terms=terms)
        for rank, person in enumerate(holders):
            seats.appoint(SYSTEM, seat.id, person_id=person.id, rank=rank)
        return seat

    def _account(self, name: str, role: str | None, organization: Organization | None, person: Person | None) -> None:
        organization_id, person_id = organization and organization.id, person and person.id
        found = self.make_account(
            role, organization_id=organization_id, person_id=person_id, email=mail(f"{name}-login")
        )
        self.accounts[name] = found
        if person is not None:
            actor = Actor(account_id=found.id, person_id=person.id)
            _row, self.tokens[name] = feeds.create_token(actor, person.id, name=hostile(f"{name}-feed"))

    def _insiders(self) -> None:
        """A member with a deputy in the own committee, a member of the closed one, a representative without a seat."""
        self.member, deputy = self._person("member-name"), self._person("deputy-name")
        self.seat = self._seat(self.own, "MO 1", self.member, deputy, organization=self.verein)
        self._seat(self.own, "MO 2")
        hidden = self._person("closed-person")
        self.closed_seat = self._seat(self.closed, word("closed-seat"), hidden, organization=self.verein)
        self._seat(self.closed, word("closed-vacant"), organization=self.verein)
        outsider = self._person("outsider-name")
        people.add_membership(SYSTEM, self.member.id, organization_id=self.verein.id, function=hostile("function"))
        people.add_membership(SYSTEM, outsider.id, organization_id=self.other.id)
        self._account("stranger", None, None, None)
        self._account("outsider", "representative", self.other, outsider)
        self._account("member", "representative", self.verein, self.member)
        self._account("deputy", None, None, deputy)
        self._account("closed-member", None, None, hidden)

    def _people_by_date(self) -> None:
        """Who was an insider until yesterday, and who will be one from tomorrow on."""
        for name in ("former", "coming"):
            person = self._person(f"{name}-name")
            self._seat(self.own, f"MO {name}", person, organization=self.verein)
            people.add_membership(SYSTEM, person.id, organization_id=self.verein.id)
            self._account(name, "clerk", self.own.organization, person)
            self.by_date[name] = person

    def _staff(self) -> None:
        called = Contact(YESTERDAY, Channel.PHONE, hostile("contact-about"), (), self.department.id, self.member.id)
        contacts.note_contact(SYSTEM, self.verein.id, called)
        contact = self._person("contact-name")
        named = {"function": hostile("contact-function"), "topics": [Topic.CULTURE]}
        people.add_membership(SYSTEM, contact.id, organization_id=self.department.id, **named)
        self._letters()
        self._account("officer", "officer", self.department, None)
        self._account("clerk", "clerk", self.own.organization, None)
        self._account("dismissed", "clerk", self.own.organization, None)
        self._account("other-clerk", "clerk", self.third.organization, None)
        self._account("admin", "admin", None, None)

    def _letters(self) -> None:
        """A draft, and a letter that was sent to all."""
        for name in ("draft", "sent"):
            said = letters.Draft(self.department.id, hostile(f"letter-{name}")[:120], hostile(f"letter-{name}-text"))
            row = letters.write_letter(SYSTEM, MeantFor(), said)
        state = state_of(recipients_of(Reader(Audience.OWN), MeantFor()))
        letters.send_letter(SYSTEM, row.id, version=None, recipients=state)

    def _support(self) -> None:
        """What an organization asked for and was refused, and what a department sets aside."""
        title, reason = hostile("funding-title"), hostile("funding-reason")
        budget = BudgetTerms(
            self.department.id, 2026, FundingForm.FLEXIBLE, 500_000, 0, reason=hostile("budget-reason")
        )
        funding = FundingTerms(self.verein.id, 2026, FundingForm.PROJECT, title, asked=100, granted=0, reason=reason)
        rooms = RoomTerms(self.verein.id, 2026, RoomForm.SCHOOL, note=hostile("room-note"))
        advice = AdviceTerms(self.verein.id, 2026, AdviceForm.UMBRELLA, hostile("advice-title"), participants=3)
        for area, terms in zip(Area, (funding, budget, rooms, advice), strict=True):
            support.enter(SYSTEM, area, terms)

    def _strategy(self) -> None:
        """An aim with a measure that the council adopted, which an organization sees to; and drafts."""
        council: Any = {"adopted_on": YESTERDAY, "adopted_by": "Rat" + MARKUP}
        owner = self.verein.id
        aim = strategy.create_aim(SYSTEM, Terms(word("aim") + MARKUP, MARKUP, owner, **council))
        strategy.create_measure(SYSTEM, aim.id, terms=Terms("Raumbörse" + MARKUP, owner_id=owner, **council))
        strategy.create_measure(SYSTEM, aim.id, terms=Terms(hostile("draft-measure"), owner_id=owner))
        draft = Terms(hostile("draft-aim"), hostile("draft-aim-text"), owner)
        strategy.create_measure(SYSTEM, strategy.create_aim(SYSTEM, draft).id, terms=Terms("Entwurf"))
        statements.state(SYSTEM, Foundation.CONCEPT, holds=True, since=YESTERDAY, note=MARKUP)

    def _sitting(self, committee: Committee, day: datetime, title: str, *items: Item, **plan: Any) -> Sitting:
        plan = {"status": Status.CONFIRMED, **plan}
        row = sittings.schedule(SYSTEM, committee.id, Plan(start=day, end=day.replace(hour=20), title=title, **plan))
        for item in items:
            agenda.add(SYSTEM, row.id, item)
        return row

    def _coming(self) -> None:
        """Coming sittings of the own committee: public, not public, draft, cancelled."""
        place = places.create_place(SYSTEM, places.Profile(name=f"Haus{MARKUP}{TURNED}", note=MARKUP + TURNED))
        secret = Item(hostile("item-title"), hostile("item-about"), public=False)
        self.coming_sitting = self._sitting(
            self.own,
            datetime(2026, 11, 26, 18, 30),
            "alt" + hostile("old-title"),
            Item("Bericht" + MARKUP + TURNED, MARKUP + TURNED),
            secret,
            Item("Verschiedenes"),
            mode=Mode.HYBRID,
            place_id=place.id,
            video_url=f"https://video.example/{word('video')}",
            number="3/26<q>{{7*7}}",
        )
        plan = replace(plan_of(self.coming_sitting), title=f"Herbst{MARKUP}{TURNED}", start=datetime(2026, 11, 26, 18))
        sittings.edit(SYSTEM, self.coming_sitting.id, version=None, plan=plan, reason=hostile("reason"))
        self.inner = self._sitting(
            self.own, datetime(2026, 11, 27, 18), hostile("inner-title"), Item(hostile("inner-item")), public=False
        )
        self.draft = self._sitting(
            self.own,
            datetime(2026, 12, 3, 18),
            hostile("draft-title"),
            Item(hostile("draft-item")),
            status=Status.DRAFT,
        )
        self.cancelled = self._sitting(self.own, datetime(2026, 12, 4, 18), "Abgesagt")
        sittings.cancel(SYSTEM, self.cancelled.id, reason=hostile("cancel-reason"))
        for sitting in (self.coming_sitting, self.inner):
            invitations.invite(SYSTEM, sitting.id, reason=hostile("late-reason"))

    def _past(self) -> None:
        """Held sittings of the own committee: with minutes that nobody released, released, and not public."""
        self.unreleased = self._held(self.own, datetime(2026, 10, 1, 18), Item("Vorläufig"), "unreleased")
        secret = Item(hostile("past-item"), public=False)
        self.released = self._held(self.own, datetime(2026, 10, 8, 18), Item("Öffentlich"), "public-minutes")
        item = agenda.add(SYSTEM, self.released.id, secret)
        for number, name in enumerate(("old-revision", "item-minutes")):
            minutes.save_text(SYSTEM, item.id, number, word(name) + MARKUP)
        head = minutes.Head(chair_name=hostile("chair"), secretary_name=MARKUP, guests=hostile("guest"))
        minutes.save_head(SYSTEM, self.released.id, version=None, head=head)
        attendance.record(SYSTEM, self.released.id, seat_id=self.seat.id, presence=Presence.PRESENT)
        minutes.release(SYSTEM, self.released.id)
        minutes.reopen(SYSTEM, self.released.id)
        minutes.save_text(SYSTEM, item.id, 2, word("item-corrected") + MARKUP)
        minutes.release(SYSTEM, self.released.id, reason=hostile("version-reason")[:400])
        self.inner_held = self._held(self.own, datetime(2026, 10, 9, 18), Item("Intern"), "inner-minutes", public=False)
        minutes.release(SYSTEM, self.inner_held.id)

    def _held(self, committee: Committee, day: datetime, item: Item, text: str, **plan: Any) -> Sitting:
        row = self._sitting(committee, day, "", item, **plan)
        first = session().query(AgendaItem).filter_by(sitting_id=row.id).one()
        minutes.save_text(SYSTEM, first.id, 0, word(text) + MARKUP)
        return row

    def _closed_business(self) -> None:
        title, item = hostile("closed-title"), Item(hostile("closed-item"))
        self.closed_sitting = self._sitting(self.closed, datetime(2026, 11, 26, 18), title, item)
        self.closed_held = self._held(self.closed, datetime(2026, 10, 1, 18), Item("Fall"), "closed-minutes")
        minutes.release(SYSTEM, self.closed_held.id)

    def _planned(self) -> None:
        """An event that the other organization plans: each text is a secret of those who plan it."""
        start = datetime(2026, 12, 12, 18)
        plan = EventPlan(hostile("event-title")[:200], start, text=hostile("event-text"), languages=MARKUP[:200])
        event = events.propose(SYSTEM, self.other.id, plan=plan)
        events.accept(SYSTEM, event.id)
        key = event.cooperation_id
        tasks.add_task(SYSTEM, key, title=hostile("task")[:200])
        sections.add_section(SYSTEM, key, title="Ablauf", text=hostile("section"))
        needs.add_need(SYSTEM, key, kind=NeedKind.OTHER, note=hostile("need")[:200])
        planning.post(SYSTEM, key, text=hostile("post"))
        requests.ask(SYSTEM, key, organization_id=self.other.id, kind=ContributionKind.ROOM, wish=hostile("wish"))
        promise = agreements.Promise(hostile("subject"), hostile("duties"), hostile("money"), hostile("gains"))
        agreements.write_agreement(SYSTEM, key, version=None, promise=promise)
        self._announced(start)

    def _announced(self, start: datetime) -> None:
        """Of the own organization: one that is not for the public, and one that is; both were announced."""
        inner = EventPlan(hostile("circle-event")[:200], start, text=hostile("circle-text"), public=False)
        for plan in (inner, EventPlan("Sommerfest", start, text=word("public-event"), public=True)):
            event = events.propose(SYSTEM, self.verein.id, plan=plan)
            events.accept(SYSTEM, event.id)
            events.announce(SYSTEM, event.id)
            if plan.public:
                events.cancel(SYSTEM, event.id, reason=hostile("event-reason")[:400])

    def _carried_out(self) -> None:
        """A project of the other organization that is interrupted, and of which not everybody may know."""
        plan = projects.Plan(hostile("project-title")[:200], text=hostile("project-text"))
        project = projects.propose(SYSTEM, self.other.id, plan=plan)
        steps.accept(SYSTEM, project.id)
        steps.start(SYSTEM, project.id)
        milestones.add(SYSTEM, project.id, aim=milestones.Aim(hostile("milestone")[:200], date(2026, 12, 1)))
        steps.pause(SYSTEM, project.id, reason=hostile("project-reason")[:400])

    def _ends(self) -> None:
        """Yesterday is over and tomorrow has not begun; nothing is written when a right ends by date."""
        for name, days in (("former", (None, YESTERDAY)), ("coming", (TOMORROW, None))):
            person_id, account_id = self.by_date[name].id, self.accounts[name].id
            with transaction() as current:
                for model, key in ((Appointment, "person_id"), (Membership, "person_id"), (Assignment, "account_id")):
                    wanted = account_id if model is Assignment else person_id
                    row = current.query(model).filter_by(**{key: wanted}).one()
                    row.starts_on, row.ends_on = days
        with transaction() as current:
            current.get_one(Account, self.accounts["dismissed"].id).active = False

    def plain_business(self) -> SimpleNamespace:
        """One of each in the third committee, with texts that every form takes."""
        organization = organizations.create_organization(
            SYSTEM, organizations.Profile(name="Chor", kind=OrganizationKind.MIGRANT_ORGANISATION)
        )
        person = people.create_person(SYSTEM, people.Profile(family_name="Muster", given_name="Ada"))
        seat = self._seat(self.third, "MO 1", person, organization=organization)
        sitting = self._sitting(self.third, datetime(2026, 12, 8, 18), "Winter", public=False)
        item = agenda.add(SYSTEM, sitting.id, Item("Bericht", public=False))
        return SimpleNamespace(organization=organization, person=person, seat=seat, sitting=sitting, item=item)

    def values(self) -> dict[str, list[Any]]:
        """All values that an argument of a route may take: whoever asks, most of them are somebody else's."""

        def ids(model: Any) -> list[int]:
            return [row.id for row in session().query(model)]

        return {
            "slug": [self.own.slug, self.closed.slug],
            "organization_id": ids(Organization),
            "person_id": ids(Person),
            "membership_id": ids(Membership)[:1],
            "umbrella_membership_id": ids(UmbrellaMembership),
            "network_phase_id": ids(NetworkPhase),
            "place_id": [1],
            "contact_note_id": ids(ContactNote)[:3],
            "letter_id": ids(Letter),
            "other_id": ids(Organization)[-1:],
            "twin_id": ids(Person)[-1:],
            "seat_id": [self.seat.id, self.closed_seat.id],
            "appointment_id": ids(Appointment)[:2],
            "sitting_id": [
                row.id for row in (self.inner, self.draft, self.unreleased, self.released, self.closed_held)
            ],
            "item_id": [item.id for sitting in (self.draft, self.closed_held) for item in items_of(sitting.id)],
            "account_id": [self.accounts["clerk"].id, self.accounts["member"].id],
            "assignment_id": [session().query(Assignment).filter_by(account_id=self.accounts["clerk"].id).one().id],
            "cooperation_id": ids(Cooperation),
            "partner_id": ids(Partner)[:2],
            "contribution_id": [1],
            "aim_id": ids(Aim),
            "measure_id": ids(Measure),
            "statement_id": ids(Statement),
            "area": list(Area),
            "entry_id": ids(Funding),
            "event_id": ids(Event),
            "project_id": ids(Project),
            "milestone_id": ids(Milestone),
            "task_id": ids(Task),
            "section_id": ids(Section),
            "need_id": ids(Need),
            "request_id": ids(Request),
            "token_id": [1, 2],
            "number": [1, 2],
            "token": ["no-such-token"],
            "key": ["no-such-key"],
            "name": ["impressum"],
            "statistic": ["formen"],
            "figure": ["sitzungen"],
            "language": ["de"],
        }


class Kept:
    """The database as it is now, to return to; SQLite only."""

    def __init__(self) -> None:
        self.copy = sqlite3.connect(":memory:")
        db.session.rollback()
        with db.engine.connect() as connection:
            connection.connection.driver_connection.backup(self.copy)

    def restore(self) -> None:
        """Put every row back."""
        db.session.rollback()
        with db.engine.connect() as connection:
            self.copy.backup(connection.connection.driver_connection)


class _Naming(pickle.Pickler):
    """Writes a row as its class and key."""

    def persistent_id(self, found: Any) -> Any:
        state = inspect(found, raiseerr=False)
        return (type(found), state.identity) if isinstance(state, InstanceState) else None


class _Finding(pickle.Unpickler):
    """Reads a row from the database."""

    def persistent_load(self, named: Any) -> Any:
        return session().get_one(*named)


@pytest.fixture(scope="session")
def built() -> Iterator[dict[type, tuple[bytes, Kept]]]:
    """What was built so far in this test process: what it holds, and its rows."""
    known: dict[type, tuple[bytes, Kept]] = {}
    yield known
    for _held, rows in known.values():
        rows.copy.close()


@pytest.fixture
def build(
    app: Flask, make_account: Callable[..., Account], built: dict[type, tuple[bytes, Kept]]
) -> Callable[[type[Built]], Built]:
    """`build(Town)`: a world of rows, which are gone after the test. It is made by the operations of the rooms once;
    after that, on SQLite, the same rows are put back, which takes a hundredth of the time."""

    def make(kind: type[Built]) -> Built:
        app.extensions.pop("feeds", None)  # kept from a town of the same counter before
        if db.engine.dialect.name != "sqlite":
            return kind(make_account)
        if kind in built:
            held, rows = built[kind]
            rows.restore()
            found: Built = _Finding(io.BytesIO(held)).load()
            return found
        made, written = kind(make_account), io.BytesIO()
        _Naming(written).dump(made)
        built[kind] = written.getvalue(), Kept()
        return made

    return make


@pytest.fixture
def town(build: Callable[[type[Town]], Town]) -> Town:
    """The town; its rows are gone after the test."""
    return build(Town)


_documents: dict[str, bytes] = {}


@pytest.fixture(scope="module", autouse=True)
def each_document_once() -> Iterator[None]:
    """The same input gives the same bytes (tests/core/documents/test_render.py): here no document is made twice."""
    make = render._run

    def known(job: render.Job) -> bytes:
        key = json.dumps(job, sort_keys=True)
        if key not in _documents:
            _documents[key] = make(job)
        return _documents[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(render, "_run", known)
        yield
