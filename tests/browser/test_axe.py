"""Every page kind, judged by axe-core in German and from right to left, in light and dark, at a desk and on a phone
320 px wide; with text of twice the size; and by its weight.

The addresses come from the URL map: a new page is judged without being named here, and an argument that nobody
thought of fails.
"""

import gzip
import itertools
import re
from collections import namedtuple
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import url_for
from flask_security.recoverable import generate_reset_password_token
from playwright.sync_api import expect
from sqlalchemy import select

from calendars.feeds import operations as feeds
from calendars.invitations import operations as invitations
from calendars.invitations.keys import key_of
from calendars.invitations.models import Invitation
from coordination.accounts.queries import actor_of, find_account
from coordination.accounts.sign_in import token_for
from coordination.contacts import operations as contacts
from coordination.contacts.operations import Contact
from coordination.contacts.rules import Channel
from coordination.cooperation.facts import Facts
from coordination.cooperation.operations import create_cooperation
from coordination.cooperation.rules import ContributionKind, Format, Lead
from coordination.cooperation.rules import Status as Progress
from coordination.events import operations as events
from coordination.letters import operations as letters
from coordination.letters.queries import Wanted as MeantFor
from coordination.organizations import consents, landscape
from coordination.organizations import operations as organizations
from coordination.organizations.languages import LANGUAGE_LABELS
from coordination.organizations.publication import Field, allowed_levels
from coordination.organizations.rules import Criterion, Kind, MoKind, Phase, Topic
from coordination.people import operations as people
from coordination.planning import agreements, needs, requests, sections, tasks
from coordination.planning import operations as planning
from coordination.planning.rules import NeedKind
from coordination.projects import milestones, steps
from coordination.projects import operations as projects
from coordination.projects.milestones import Aim
from coordination.strategy import operations as strategy
from coordination.strategy import statements
from coordination.strategy.operations import Stand, Terms
from coordination.strategy.rules import Foundation, State
from coordination.support import operations as support
from coordination.support.operations import FundingTerms
from coordination.support.rules import Area, FundingForm
from core import pseudo
from core.access import SYSTEM
from core.clock import today
from core.database import session
from core.dated import Status
from meetings.attendance import operations as attendance
from meetings.attendance.operations import Mark
from meetings.attendance.rules import Answer, Presence
from meetings.minutes import operations as minutes
from meetings.sittings import operations as sittings
from participation.seats.models import Appointment, Seat
from tests.architecture.test_routes import NOT_USED

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parents[1] / "vendor/axe.min.js").read_text(encoding="utf-8")
#: files, plain text, and what ends the session: no pages
FILES = (".pdf", ".csv", ".xlsx", ".ics", ".json", ".txt")
NO_PAGES = {"static", "security.static", "security.logout", "demo.sign_in", "health.healthz", "health.readyz"}
NO_PAGES |= {"sittings.hours", *NOT_USED}
#: pages that look different after a question mark
VARIANTS = {
    "calendar.index": ("?ansicht=monat",),
    "minutes.show": ("?teil=oeffentlich",),
    "seats.index": ("?am=2026-01-01",),
    "organizations.index": ("?archiv=1", "?q=findet-nichts"),
}
NOWHERE = "/diese-seite-gibt-es-nicht"
ROLES = ("admin", "clerk", "representative", "public")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 700}
Look = namedtuple("Look", ["language", "scheme", "size"])
GERMAN = (Look("German", "light", DESK), Look("German", "dark", PHONE))
MIRRORED = (Look("mirrored", "dark", DESK), Look("mirrored", "light", PHONE))
RUN = """async () => {
    const found = await axe.run(document, {preload: false, resultTypes: ['violations']});
    const why = node => (node.any[0] || node.all[0] || node.none[0] || {}).message;
    return found.violations.map(each => `${each.id} (${each.impact}) ` + each.nodes.slice(0, 3).map(
        node => `${node.target} ${node.html.slice(0, 160)}: ${why(node)}`).join(' | '));
}"""
#: text that its box cuts off (what only screen readers hear is cut off on purpose)
CUT_OFF = """() => [...document.querySelectorAll('body *')].filter(each => {
    const style = getComputedStyle(each), hides = [style.overflowX, style.overflowY].some(
        value => value === 'hidden' || value === 'clip');
    return hides && style.clipPath === 'none' && style.clip === 'auto' && each.textContent.trim()
        && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1);
}).map(each => each.outerHTML.slice(0, 160))"""
#: what a page may weigh with its sheets, scripts and pictures, packed as on the wire and without fonts
HEAVIEST = 60_000


@pytest.fixture(scope="module")
def addresses(house, town):
    """Every page of the URL map, with the states of a sitting that make it look different."""
    found = [NOWHERE]
    with house.app.test_request_context():
        values = a_town_in_use(town)
        for rule in house.app.url_map.iter_rules():
            if rule.endpoint in NO_PAGES or "GET" not in rule.methods or rule.rule.endswith(FILES):
                continue
            for chosen in states(rule.endpoint, values):
                address = url_for(rule.endpoint, **{name: chosen[name] for name in rule.arguments})
                found += [address, *(address + variant for variant in VARIANTS.get(rule.endpoint, ()))]
    return found


def states(endpoint, values):
    """The values with each sitting that this page should be looked at with."""
    room, _dot, page = endpoint.partition(".")
    if endpoint == "sittings.show":
        names = ("invited", "new", "draft", "cancelled", "past")
    elif endpoint == "sittings.delete":
        names = ("draft",)
    elif endpoint == "invitations.invite":
        names = ("new", "invited")
    elif endpoint == "attendance.record":
        names = ("invited", "past")
    elif room == "minutes":
        once = {"revisions": "past", "versions": "past", "version": "past"}
        once |= {"release": "written", "release_again": "corrected"}
        names = (once[page],) if page in once else ("past", "written", "corrected")
    elif endpoint == "security.reset_password":
        return [{"token": generate_reset_password_token(find_account("amina@verein.example"))}]
    else:
        names = ("invited",)
    return [{**values, "sitting_id": values[name].id, "item_id": values["items"][name]} for name in names]


def a_town_in_use(town):
    """A value for each argument that a route may take, and sittings in all their states."""
    named = {
        "invited": town.sitting(30),
        "new": town.sitting(31, status=Status.TENTATIVE, place_id=None),
        "draft": town.sitting(32, status=Status.DRAFT),
        "cancelled": sittings.cancel(SYSTEM, town.sitting(33).id, reason="Der Saal wird gestrichen."),
        "past": town.sitting(-30, number="1/2026"),
        "written": town.sitting(-32),
        "corrected": town.sitting(-34),
    }
    items = {name: a_full_agenda(town, sitting) for name, sitting in named.items()}
    amina, dana = town.people["amina"], town.people["dana"]
    invitations.invite(SYSTEM, named["invited"].id)
    attendance.answer(dana, named["invited"].id, town.seats[2], Answer.NOT_COMING)
    for name in ("past", "written", "corrected"):
        marks = [Mark(town.seats[0], Presence.PRESENT), Mark(town.seats[1], Presence.EXCUSED)]
        attendance.record_all(SYSTEM, named[name].id, marks=marks)
        minutes.save_text(SYSTEM, items[name], 0, "Der Rat **beschließt**:\n\n- Erstens\n- Zweitens")
    for name in ("past", "corrected"):
        minutes.release(SYSTEM, named[name].id)
        minutes.reopen(SYSTEM, named[name].id)
        minutes.save_text(SYSTEM, items[name], 1, "Der Rat **beschließt** einstimmig.")
    minutes.release(SYSTEM, named["past"].id, reason="Die Zahl der Stimmen fehlte.")
    account = find_account("amina@verein.example")
    token, _address = feeds.create_token(actor_of(account), amina, name="Mein Handy", alarm_minutes=30)
    seat = session().get_one(Seat, town.seats[0])
    row = session().scalars(select(Invitation).where(Invitation.person_id == amina).order_by(Invitation.id.desc()))
    terms = FundingTerms(
        town.association_id, 2026, FundingForm.PROJECT, "Fest", asked=100_000, granted=0, reason="Frist"
    )
    grant = support.enter(SYSTEM, Area.FUNDING, terms)
    council = {"adopted_on": today(), "adopted_by": "Gemeinderat"}
    aim = strategy.create_aim(SYSTEM, Terms("Räume für alle", "Auch am Abend.", **council))
    listed = Terms("Raumbörse", "Wer hat wann Platz?", town.association_id, today() - timedelta(days=9), **council)
    measure = strategy.create_measure(SYSTEM, aim.id, terms=listed)
    strategy.set_state(SYSTEM, type(measure), measure.id, version=None, stand=Stand(State.UNDER_WAY))
    strategy.create_aim(SYSTEM, Terms("Entwurf"))
    statement = statements.state(SYSTEM, Foundation.CONCEPT, holds=True, since=today(), note="Leitlinien")
    event = events.propose(SYSTEM, town.association_id, plan=events.Plan("Fest", datetime(2030, 6, 1, 18)))
    events.accept(SYSTEM, event.id)
    record = event.cooperation_id
    agreements.write_agreement(SYSTEM, record, version=None, promise=agreements.Promise("Fest", "Chor: singt"))
    planning.post(SYSTEM, record, text="Wer bringt Stühle?")
    over = Facts(title="Sommerfest", format=Format.SINGLE_EVENT, status=Progress.HELD, starts_on=date(2026, 7, 4))
    create_cooperation(SYSTEM, over)  # the start page asks what it lacks
    called = Contact(today() - timedelta(days=9), Channel.PHONE, "Sie suchen einen Raum für den Herbst.")
    return {
        **named,
        "umbrella_membership_id": landscape.join_umbrella(
            SYSTEM, town.association_id, belonging=landscape.Belonging(an_umbrella().id, date(2020, 1, 1))
        ).id,
        "network_phase_id": landscape.enter_phase(
            SYSTEM,
            town.association_id,
            stage=landscape.Stage(date(2020, 1, 1), Phase.NETWORK, [Criterion.REGISTERED, Criterion.RESOLUTIONS]),
        ).id,
        "letter_id": a_letter(),
        "other_id": an_umbrella().id,
        "contact_note_id": contacts.note_contact(SYSTEM, town.association_id, called).id,
        "aim_id": aim.id,
        "measure_id": measure.id,
        "statement_id": statement.id,
        "area": "mittel",
        "entry_id": grant.id,
        "cooperation_id": record,
        "partner_id": event.cooperation.partners[0].id,
        "event_id": events.announce(SYSTEM, event.id).id,
        **a_project(town),
        "task_id": tasks.add_task(SYSTEM, record, title="Plakat").id,
        "section_id": sections.add_section(SYSTEM, record, title="Ablauf", text="Chor").id,
        "need_id": needs.add_need(SYSTEM, record, kind=NeedKind.CHILD_CARE).id,
        "request_id": requests.ask(SYSTEM, record, organization_id=town.association_id, kind=ContributionKind.ROOM).id,
        "items": items,
        "slug": town.slug,
        "organization_id": town.association_id,
        "person_id": amina,
        "twin_id": dana,
        "membership_id": people.add_membership(SYSTEM, amina, organization_id=town.association_id).id,
        "place_id": town.room_id,
        "seat_id": seat.id,
        "appointment_id": session().scalars(select(Appointment.id).where(Appointment.seat_id == seat.id)).first(),
        "account_id": account.id,
        "assignment_id": account.assignments[0].id,
        "number": 1,
        "token_id": token.id,
        "token": token_for(account),
        "key": key_of(row.first()),
        "name": "impressum",
        "statistic": "formen",
        "figure": "sitzungen",
        "language": "de",
    }


def a_project(town):
    """A project that runs, is announced, and whose lead has moved, with a milestone."""
    plan = projects.Plan("Garten", starts_on=today() - timedelta(days=90), text="Beete für alle.")
    project = projects.propose(SYSTEM, town.association_id, plan=plan, lead=Lead.MIGRANT_ORGANISATION)
    for step in (steps.accept, steps.start, steps.announce):
        step(SYSTEM, project.id)
    projects.move_lead(SYSTEM, project.id, lead=Lead.JOINT, since=today() - timedelta(days=30))
    milestones.add(SYSTEM, project.id, aim=Aim("Zaun", today() - timedelta(days=60)), reached_on=today())
    milestone = milestones.add(SYSTEM, project.id, aim=Aim("Beete", today() + timedelta(days=9)))
    return {"project_id": project.id, "milestone_id": milestone.id}


def a_letter():
    """A draft to all migrant organizations."""
    profile = organizations.Profile(name="Kulturamt", kind=Kind.DEPARTMENT, email="kultur@stadt.example")
    office = organizations.create_organization(SYSTEM, profile)
    return letters.write_letter(SYSTEM, MeantFor(), letters.Draft(office.id, "Einladung", "Guten Tag")).id


def an_umbrella():
    """An umbrella body that shows all that it can to everybody."""
    profile = organizations.Profile(
        name="Dachverband",
        kind=Kind.MIGRANT_ORGANISATION,
        about="Wir sind 23 Vereine.",
        kinds=list(MoKind),
        topics=list(Topic),
        languages=list(LANGUAGE_LABELS),
        email="post@dachverband.example",
        phone="030 1",
        address="Ring 1\n12345 Musterstadt",
    )
    row = organizations.create_organization(SYSTEM, profile)
    levels = {field: max(allowed_levels(field)) for field in Field}
    consents.note_paper(SYSTEM, row.id, wished=levels, given_on=date(2020, 1, 1))
    return row


def a_full_agenda(town, sitting):
    """Three items, one behind closed doors; gives the first."""
    first = town.item(sitting, "Bericht aus den Vereinen")
    town.item(sitting, "Antrag: Räume am Abend öffnen")
    town.item(sitting, "Personalsache", public=False)
    return first.id


def findings(page, where):
    """What axe-core says of the page as it stands, by all its rules, and whether it scrolls sideways."""
    found = [f"{where}: {finding}" for finding in page.evaluate(RUN)]
    wide, shown = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    return found + ([f"{where}: {wide} px wide on {shown} px"] if wide > shown else [])


def judge(page, *looks):
    """The page as it stands in each of these looks."""
    page.evaluate(AXE)
    found = []
    for look in looks:
        page.set_viewport_size(look.size)
        page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
        found += findings(page, f"{look.language}, {look.scheme}, {look.size['width']} px")
    return found


def judge_large_text(page):
    """Text of twice the size at a desk: nothing is cut off, nothing scrolls sideways (WCAG 2.2, 1.4.4)."""
    page.set_viewport_size(DESK)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    wide, shown = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    found = [f"large text is cut off: {html}" for html in page.evaluate(CUT_OFF)]
    return found + ([f"large text: {wide} px wide on {shown} px"] if wide > shown else [])


def judge_weight(page, html):
    """The page and all that it fetched, each packed by gzip; a picture in a `data:` address is part of the page."""
    parts = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    fetched = [part for part in parts if not part.startswith("data:") and not part.endswith(".woff2")]
    packed = {part: packed_size(page, part) for part in fetched}
    assert any(".css" in part for part in packed), "the parts of the page were not found"
    weight = len(gzip.compress(html.encode())) + sum(packed.values())
    return [f"weighs {weight} bytes: {packed}"] if weight > HEAVIEST else []


_SIZES: dict[str, int] = {}


def packed_size(page, address):
    """How large a part of a page is on the wire; the same for all pages."""
    if address not in _SIZES:
        _SIZES[address] = len(gzip.compress(page.context.request.get(address).body()))
    return _SIZES[address]


def content(html):
    """What stands between header and footer, without what is new each time."""
    main = re.search(r"<main.*</main>", html, re.DOTALL).group()
    return re.sub(r'name="(csrf_token|submission)"[^>]*>', "", main)


@pytest.fixture
def in_both(page_at, as_role):
    """`in_both("clerk")`: somebody's page in German and her page in the pseudo language, from right to left."""

    def enter(role):
        german, mirrored = (page_at(1280) if role == "public" else as_role(role, 1280) for _ in range(2))
        mirrored.goto("/impressum")
        mirrored.locator(".languages > summary").click()
        mirrored.locator(f".languages__button[value={pseudo.CODE}]").click()
        expect(mirrored.locator("html")).to_have_attribute("dir", "rtl")
        return german, mirrored

    return enter


def judge_all(german, mirrored):
    """A page that nobody saw before: in both languages, light and dark; and what hangs on neither."""
    found = judge(german, *GERMAN) + judge_weight(german, german.content()) + judge_large_text(german)
    mirrored.goto(german.url)
    return found + judge(mirrored, *MIRRORED)


@pytest.mark.parametrize("part", range(4))
def test_no_page_has_a_finding(addresses, in_both, part):
    """The first who may open a page has it judged in all four looks; what others see differently, in one of them."""
    whole, contents, wrong = set(), set(), {}
    turns = itertools.cycle((*GERMAN, *MIRRORED))
    for role in ROLES:
        german, mirrored = in_both(role)
        for address in addresses[part::4]:
            if address not in whole:
                answer = german.goto(address)
                if "/anmelden?next=" in german.url:  # not for this role
                    continue
                whole |= {address} if answer.ok or address == NOWHERE else set()
                found = judge_all(german, mirrored)
            else:
                answer = german.context.request.get(address)
                if "/anmelden?next=" in answer.url or content(answer.text()) in contents:
                    continue
                look = next(turns)
                page = mirrored if look in MIRRORED else german
                page.goto(address)
                found = judge(page, look)
            contents.add(content(answer.text()))
            if found:
                wrong[f"{role}: {address}"] = found
    assert wrong == {}
    assert set(addresses[part::4]) - whole == set(), "pages that nobody could open"


def test_what_is_planted_is_found(town, page_at):
    """The judge itself is judged: a picture without words, pale text, a box that is too wide or too small."""
    page = page_at(1280)
    page.goto("/impressum")
    assert judge_weight(page, page.content()) == []
    assert judge_weight(page, "".join(chr(33 + n % 90) + str(n * n) for n in range(40_000))) != []
    planted = "<img src='/static/mark.svg'><p class='planted'>blass</p><pre class='planted'>breit</pre>"
    page.locator("main").evaluate("(main, html) => main.insertAdjacentHTML('beforeend', html)", planted)
    page.locator("p.planted").evaluate("element => { element.style.color = '#6f6f6f' }")
    page.locator("pre.planted").evaluate("element => { element.style.width = '900px' }")
    found = "\n".join(judge(page, *GERMAN))
    assert "German, light, 1280 px: image-alt (critical)" in found
    assert "German, dark, 320 px: color-contrast (serious)" in found
    assert "German, dark, 320 px: 9" in found
    page.locator("p.planted").evaluate("each => { each.style.blockSize = '1rem'; each.style.overflow = 'hidden' }")
    assert any("cut off: <p" in each for each in judge_large_text(page))


@pytest.mark.parametrize("look", ["light", "dark"])
def test_open_menus_and_complaints_have_no_finding(town, as_role, look):
    page = as_role("clerk", 390, color_scheme=look, reduced_motion="reduce")
    page.goto(f"/gremien/{town.slug}/sitzungen/neu")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte füllen Sie dieses Feld aus.")
    page.evaluate(AXE)
    assert findings(page, "a form with complaints") == []
    page.get_by_text("Sprache").click()
    assert findings(page, "the languages") == []
    page.get_by_role("button", name="Menü", exact=True).click()
    expect(page.get_by_role("navigation", name="Hauptmenü")).to_be_visible()
    assert findings(page, "the menu") == []
