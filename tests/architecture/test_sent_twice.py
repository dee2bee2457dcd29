"""Every form does its thing once: each POST route of the URL map, sent twice as the page rendered its form.

The forms are found on the pages that a role can open and filled in as a person would. After the first sending rows
have changed; after the second every table is as it was, and the answer is the same. A new POST route is found by
itself; where its form needs more than made-up words, TYPED says what.
"""

import contextvars
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from flask import Flask, url_for
from flask_security.recoverable import generate_reset_password_token

from calendars.feeds import operations as feeds
from calendars.invitations import operations as invitations
from calendars.invitations.keys import key_of
from calendars.invitations.models import Invitation
from coordination.accounts import operations as accounts
from coordination.accounts.models import Account
from coordination.accounts.sign_in import token_for
from coordination.cooperation import operations as cooperations
from coordination.cooperation import partners
from coordination.cooperation.facts import Facts, PartnerTerms
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import Format, InitiatorKind, Lead
from coordination.cooperation.rules import Status as CooperationStatus
from coordination.events import operations as events
from coordination.events.models import Event
from coordination.events.operations import Plan as EventPlan
from coordination.letters import operations as letters
from coordination.letters.queries import Wanted as MeantFor
from coordination.organizations import operations as organizations
from coordination.organizations.rules import Kind as OrganizationKind
from coordination.organizations.rules import Topic
from coordination.people import operations as people
from coordination.planning import operations as planning
from coordination.projects import operations as projects
from coordination.projects import steps
from coordination.projects.models import Project
from coordination.projects.operations import Plan as ProjectPlan
from coordination.strategy import operations as strategy
from coordination.strategy.operations import Terms
from core.access import SYSTEM, Actor
from core.clock import now
from core.database import db, session, transaction
from core.dated import Status
from core.web import limiter
from meetings.agenda import operations as agenda
from meetings.agenda.operations import Item
from meetings.minutes import operations as minutes
from meetings.sittings import operations as sittings
from meetings.sittings.operations import Plan
from participation.seats import operations as seats
from participation.seats.operations import SeatTerms
from tests.architecture.test_matrix import LEFT_OUT, World, address
from tests.architecture.test_routes import NOT_USED

#: POST routes that are no wish to make or change something, or for which twice is as once by themselves
TWICE_IS_AS_ONCE = {
    "account.language": "chooses a language: the same one again changes nothing",
    "minutes.save": "each text carries its revision; a text that is saved already makes none; also saved by a script",
    **dict.fromkeys(
        ("cooperation_files.upload", "organization_files.upload"),
        "the first look leaves nothing; a file read again changes nothing",
    ),
    "own_data.erase_account": "who was erased is not there a second time",
    "own_data.erase_own": "the second one comes from an account that the first has erased: it must sign in",
    "own_data.erase_person": "who was erased is not there a second time",
    "security.login": "begins a session and writes nothing",
    "security.logout": "ends the session; without one there is nothing to end",
    "security.two_factor_token_validation": "begins a session by a code that works once",
    "security.mf_recovery": "begins a session by a code that works once",
    **dict.fromkeys(NOT_USED, "is not there: 404"),
    "second_factor.set_up": "takes the code of an app; sent twice in tests/coordination/accounts/test_second_factor.py",
    "second_factor.renew": "asks for a code; sent twice there as well",
    "second_factor.turn_off": "asks for a code; sent twice there as well",
    "security.verify": "confirms the password for this session and writes nothing",
    "account.sign_out_everywhere": "the second one comes from a session that the first has ended: it must sign in",
    "security.change_password": "the second one comes from a session that the first has ended: it must sign in",
}
#: what is typed or chosen, by endpoint and name of the field; all else is filled in with made-up words
TYPED = {
    "administration.assign.organization": "",
    "administration.invite.organization": "",
    "agenda.item.number": "12",
    "contacts.create.happened_on": "2026-11-11",
    "contacts.edit.happened_on": "2026-11-11",
    "cooperation.add_partner.organization_named": "",
    "cooperation.create.initiator_id": "",
    "cooperation.create.initiator_named": "",
    "cooperation.create.starts_on": "2026-11-02",
    "cooperation.create.ends_on": "2026-11-02",
    "cooperation.edit.initiator_id": "",
    "cooperation.edit.initiator_named": "",
    "events.create.place": "",
    "events.edit.place": "",
    "events.propose.place": "",
    "planning.invite.organization_named": "",
    "projects.edit.starts_on": "2026-11-02",
    "projects_progress.complete.last_day": "2026-11-16",
    "minutes.head.ended": "19:55",
    "minutes.head.started": "18:05",
    "organization_profiles.edit_phase.since": "2026-11-11",
    "organization_profiles.edit_umbrella.ends_on": "2021-02-01",
    "organization_profiles.edit_umbrella.starts_on": "2021-01-01",
    "organization_publishing.edit.agreed": "y",
    "seats.appoint.rank": "1",
    "security.forgot_password.email": "mitglied@example.org",
    "sign_in.request_link.link-email": "mitglied@example.org",
    "sittings.create.mode": "hybrid",
    "sittings.edit.mode": "hybrid",
    "strategy.aim_state.since": "2026-11-11",
    "strategy.create_aim.adopted_on": "2026-11-11",
    "strategy.create_aim.owner_named": "",
    "strategy.create_measure.adopted_on": "2026-11-11",
    "strategy.create_measure.owner_named": "",
    "strategy.edit_aim.adopted_on": "2026-11-11",
    "strategy.edit_aim.owner_named": "",
    "strategy.edit_measure.adopted_on": "2026-11-11",
    "strategy.edit_measure.owner_named": "",
    "strategy.foundations.since": "2026-11-11",
    "strategy.measure_state.since": "2026-11-11",
}
#: what is typed by the name of the field alone
NAMED = {
    "year": "2026",
    "asked": "1000,50",
    "granted": "1000",
    "used": "900",
    "amount": "150,50",
    "honorarium": "200",
    "start": "18:00",
    "end": "20:00",
    "postal_code": "12345",
    "website": "https://verein.example",
    "video_url": "https://video.example/a",
}


class Stage(World):
    """The world, and what else a form needs to do its thing: drafts, a held sitting, mails that were sent, a member."""

    def __init__(self, make_account: Callable[..., Account]) -> None:
        super().__init__(make_account)
        committee = self.own.committee
        person = people.create_person(SYSTEM, people.Profile(family_name="Ay", email="mitglied@example.org"))
        seat = seats.create_seat(SYSTEM, committee.id, terms=SeatTerms(label="MO 2"))
        seats.appoint(SYSTEM, seat.id, person_id=person.id)
        self.accounts["seated"] = make_account(person_id=person.id, email="mitglied@example.org")
        for owner in (person, self.own.person):
            feeds.create_token(Actor(person_id=owner.id), owner.id, name="Handy")
        people.add_membership(SYSTEM, self.own.person.id, organization_id=self.department.id, topics=[Topic.CULTURE])
        said = letters.Draft(self.department.id, "Zweiter Brief", "Guten Tag")
        self.letters = [self.own.letter, letters.write_letter(SYSTEM, MeantFor(), said)]
        self.drafts = [self._sitting(datetime(2026, 12, day, 18), Status.DRAFT) for day in (3, 4)]
        self.invited = self._sitting(datetime(2026, 12, 8, 18))
        self.cancelled = self._sitting(datetime(2026, 12, 9, 18))
        self.held = self._sitting(datetime(2026, 11, 9, 18))
        invitations.invite(SYSTEM, self.invited.id, reason="")
        for title in ("Bericht", "Verschiedenes"):
            for sitting in (self.own.sitting, self.held):
                agenda.add(SYSTEM, sitting.id, Item(title))
        self.invitation = session().query(Invitation).filter_by(sitting_id=self.invited.id).one()
        with transaction():
            for row in session().query(Account).filter(Account.id.in_([self.accounts["admin"].id, self.other.id])):
                row.second_factor_since = now()
        account = accounts.create_account(SYSTEM, "ungenutzt@example.org")
        self.corrected = self._corrected()
        self.sittings = [self.own.sitting, self.invited, self.cancelled, self.held, self.corrected, *self.drafts]
        self.complete = self._complete()
        self.draft = strategy.create_aim(SYSTEM, Terms("Entwurf"))
        self.draft_measure = strategy.create_measure(SYSTEM, self.own.aim.id, terms=Terms("Entwurf"))
        self.planned = self._planned()
        self.over = self._held()
        self.running = self._project(self.own.organization)
        same = organizations.Profile(name="Doppelt", kind=OrganizationKind.MIGRANT_ORGANISATION)
        self.twins = [organizations.create_organization(SYSTEM, same).id for _ in range(2)]
        self.namesakes = [people.create_person(SYSTEM, people.Profile("Doppelt", "Dora")).id for _ in range(2)]
        self.tokens = {
            "sign_in.open_link": token_for(account),
            "security.reset_password": generate_reset_password_token(account),
        }

    def _sitting(self, start: datetime, status: Status = Status.CONFIRMED) -> Any:
        plan = Plan(start=start, end=start.replace(hour=20), status=status)
        return sittings.schedule(SYSTEM, self.own.committee.id, plan)

    def _corrected(self) -> Any:
        """A held sitting whose minutes were released, and are being corrected."""
        sitting = self._sitting(datetime(2026, 11, 2, 18))
        item = agenda.add(SYSTEM, sitting.id, Item("Bericht"))
        minutes.release(SYSTEM, sitting.id)
        minutes.reopen(SYSTEM, sitting.id)
        minutes.save_text(SYSTEM, item.id, 0, "Nachgetragen.")
        return sitting

    def _planned(self) -> list[Event | Project]:
        """Two ideas of the organization, one event to which it is asked, one that is over; three projects."""
        organization = self.own.organization.id
        day = datetime(2026, 12, 15, 18)
        ideas = [events.propose(SYSTEM, organization, plan=EventPlan(title, day)) for title in ("Lesung", "Konzert")]
        asked = events.create(SYSTEM, EventPlan("Markt", day))
        planning.invite(SYSTEM, asked.cooperation_id, organization_id=organization)
        over = events.propose(SYSTEM, organization, plan=EventPlan("Herbstfest", datetime(2026, 11, 14, 18)))
        events.accept(SYSTEM, over.id)
        events.announce(SYSTEM, over.id)
        first, second, third = (
            projects.propose(SYSTEM, organization, plan=ProjectPlan(t)) for t in ("Rad", "Kino", "Chor")
        )
        for project in (second, third):
            steps.accept(SYSTEM, project.id)
        steps.announce(SYSTEM, third.id)
        return [*ideas, asked, over, first, second, third]

    def _held(self) -> Event:
        """An event that took place, and of which nobody has said how it went."""
        event = events.propose(SYSTEM, self.own.organization.id, plan=EventPlan("Lauf", datetime(2026, 11, 13, 18)))
        for step in (events.accept, events.announce, events.hold):
            step(SYSTEM, event.id)
        return event

    def _complete(self) -> Cooperation:
        """A record that lacks nothing and is not closed."""
        facts = Facts(
            title="Sommerfest",
            format=Format.SINGLE_EVENT,
            status=CooperationStatus.HELD,
            starts_on=date(2026, 7, 4),
            topics=frozenset({Topic.CULTURE}),
            initiator_kind=InitiatorKind.MIGRANT_ORGANISATION,
            participants=120,
            what_worked="Alles war rechtzeitig verabredet.",
        )
        record = cooperations.create_cooperation(SYSTEM, facts)
        partners.add_partner(SYSTEM, record.id, terms=PartnerTerms(self.own.organization.id))
        cooperations.move_lead(SYSTEM, record.id, lead=Lead.JOINT)
        return record

    def pages(self, app: Flask) -> list[str]:
        """The address of every page that may carry a form; what ends something comes last."""
        found = []
        with app.test_request_context():
            rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
            for rule in sorted(rules, key=lambda rule: (ends(rule.endpoint), rule.rule)):
                values = self.values(self.own) | {"key": key_of(self.invitation), "token_id": 1}
                values["token"] = self.tokens.get(rule.endpoint, "none")
                if rule.endpoint in LEFT_OUT or rule.rule.endswith((".pdf", ".csv", ".ics")):
                    continue
                for sitting in self.sittings if "sitting_id" in rule.arguments else self.sittings[:1]:
                    found.append(address(rule, values | {"sitting_id": sitting.id}))
            for letter in self.letters:
                found += [url_for(f"letters.{name}", letter_id=letter.id) for name in ("show", "edit")]
            found.append(url_for("cooperation.show", cooperation_id=self.complete.id))
            found.append(url_for("strategy.aim", aim_id=self.draft.id))
            found.append(url_for("strategy.measure", measure_id=self.draft_measure.id))
            partner = self.complete.partners[0]
            found.append(url_for("cooperation.edit_partner", cooperation_id=self.complete.id, partner_id=partner.id))
            found.append(url_for("projects_progress.complete", project_id=self.running.id))
            found.append(url_for("planning_terms.review", cooperation_id=self.over.cooperation_id))
            found.append(url_for("merging.compare", organization_id=self.twins[0], other_id=self.twins[1]))
            first, second = self.namesakes
            found.append(url_for("people_merging.compare", person_id=first, twin_id=second))
            for event in [*self.planned, self.own.project]:
                for endpoint in ("planning.show", "planning_terms.ask"):
                    found.append(url_for(endpoint, cooperation_id=event.cooperation_id))
        return found


def ends(endpoint: str) -> bool:
    """Whether a route takes away what others stand on."""
    return endpoint.rpartition(".")[2] in (
        "activate",
        "archive",
        "cancel",
        "delete",
        "end",
        "end_membership",
        "complete",
        "remove",
        "remove_milestone",
        "remove_partner",
        "turn_off",
        "throw_away",
        "merge",
        "reset_password",
    )


def forms_on(app: Flask, url: str, page: str) -> Iterator[tuple[str, str, Any]]:
    """Endpoint, address and form of each form on the page that posts."""
    adapter = app.url_map.bind("localhost")
    for form in lxml.html.fromstring(page).forms:
        if form.method == "POST":
            target = urljoin(url, form.action or "")
            yield adapter.match(urlsplit(target).path, method="POST")[0], target, form


def filled_in(endpoint: str, form: Any) -> dict[str, str]:
    """What a browser sends: hidden fields as they are, made-up words for the others, and the first button."""
    word = endpoint.replace(".", "-").replace("_", "-")
    of_kind = {"date": "2026-12-10", "time": "18:30", "number": "3"}
    named = NAMED | {"email": f"{word}@example.org"}
    sent: dict[str, str] = {}
    for field in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        name, kind = field.name, field.get("type", "text")
        if f"{endpoint}.{name}" in TYPED:
            sent[name] = TYPED[f"{endpoint}.{name}"]
        elif field.tag == "select":
            sent[name] = field.value or next((value for value in field.value_options if value), "")
        elif kind == "radio":
            sent.setdefault(name, field.get("value"))
        elif kind == "checkbox":
            sent.update({name: "y"} if field.get("checked") is not None else {})
        elif kind == "hidden":
            sent[name] = field.value or ""
        else:
            sent[name] = named.get(name) or of_kind.get(kind, f"Beispiel {word}")
    button = form.xpath(".//button[@type='submit']")[0]
    return {**sent, **({button.get("name"): button.get("value", "")} if button.get("name") else {})}


def all_rows() -> dict[str, list[Any]]:
    """Every row of every table but the one that remembers what was sent."""
    tables = [table for table in db.metadata.sorted_tables if table.name != "submission"]
    with db.engine.connect() as connection:
        return {table.name: sorted(map(repr, connection.execute(table.select()))) for table in tables}


def browser_of(app: Flask, account: Account | None) -> Any:
    """A browser in which this account is signed in, or nobody."""
    browser = app.test_client()
    if account is not None:
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"], cookie["fs_paa"] = account.fs_uniquifier, True, time.time()
    return browser


def send(browser: Any, url: str, sent: dict[str, str], cookie: str) -> tuple[int, str | None, list[Any]]:
    """The answer: its status, where it leads, and what the next page will say."""
    browser.set_cookie("session", cookie)
    answer = contextvars.Context().run(browser.post, url, data=sent)
    with browser.session_transaction() as session_cookie:
        return answer.status_code, answer.location, [list(said) for said in session_cookie.get("_flashes", ())]


def sent_twice(app: Flask, browser: Any, url: str, wanted: set[str], offered: set[str]) -> str | None:
    """Send the first form on the page for one of these endpoints that changes rows, twice; gives its endpoint.

    `offered` becomes the endpoints of all its forms.
    """
    offered.clear()
    page = contextvars.Context().run(browser.get, url)
    if page.status_code != 200 or page.mimetype != "text/html":
        return None
    cookie = browser.get_cookie("session")
    forms = list(forms_on(app, f"http://localhost{url}", page.text))
    offered.update(endpoint for endpoint, _target, _form in forms)
    for endpoint, target, form in forms:
        if endpoint not in wanted:
            continue
        limiter.reset()
        sent, before = filled_in(endpoint, form), all_rows()
        first, between = send(browser, target, sent, cookie.value), all_rows()
        if between != before:
            assert send(browser, target, sent, cookie.value) == first, f"{endpoint} answers otherwise"
            assert all_rows() == between, f"{endpoint} did its thing twice"
            browser.set_cookie("session", cookie.value)  # whoever it was remains so
            return endpoint
    return None


@pytest.mark.one_database
def test_every_form_sent_twice_does_its_thing_once(app: Flask, make_account: Callable[..., Account]) -> None:
    """On both databases, and at the same moment: tests/core/test_submissions.py."""
    stage = Stage(make_account)
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert TWICE_IS_AS_ONCE.keys() - posts == set(), "routes that are gone"
    missing = posts - TWICE_IS_AS_ONCE.keys()
    offered: dict[tuple[str, str], set[str]] = defaultdict(set)
    # what ends something comes last: on the pages that had a form for it, then on all
    for last, everywhere in ((False, True), (True, False), (True, True)):
        for role in ("admin", "member", "seated", "public"):
            browser = browser_of(app, stage.accounts.get(role))
            for url in stage.pages(app):
                there = offered[role, url]
                while wanted := {e for e in missing if ends(e) == last and (everywhere or e in there)}:
                    done = sent_twice(app, browser, url, wanted, there)
                    if done is None:
                        break
                    missing.remove(done)
    assert missing == set(), "no page shows a form for it, or what is typed does nothing: see TYPED and Stage"
