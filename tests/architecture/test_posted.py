"""What is sent decides nothing that was not offered: every form of the site, with fields that it does not have, with
values that it did not offer, and to addresses whose numbers do not belong together.

Forms come from the pages themselves and addresses from the URL map, so a new one is tried without being named here.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
import time_machine
from flask import url_for
from sqlalchemy import Boolean, Date, DateTime, Integer, Time

from calendars.invitations.keys import key_of
from calendars.invitations.models import Invitation
from coordination.accounts.models import Assignment
from core.database import db, session
from core.web import limiter
from tests.architecture.conftest import TURNED, Kept, Town
from tests.architecture.test_crawl import Crawl, read, rows, runs_markup
from tests.architecture.test_matrix import World
from tests.conftest import TEST_NOW

#: end what the test stands on, or only send a mail that holds a new secret
LEFT_OUT = ("/abmelden", "/konto/ueberall-abmelden", "/sprache", "/anmelden", "/passwort")
#: what an empty field gets, so that forms for something new are taken
TYPED = {"date": "2026-12-14", "time": "18:00", "end": "20:00", "ended": "20:00", "number": "1", "url": ""}
TYPED |= {"email": "neu@example.org", "tel": "0711 1", "phone": "0711 1", "postal_code": "70173", "website": ""}
#: fields that say yes, where to go next or which state was seen; they name no object
NO_OBJECT = re.compile(r"csrf_token|submission|active|reopen|next|link-next|(was|version|base)(-.*)?")
#: yes or no: the same form offers the other one another time
SWITCH = {"0", "1"}

#: made from all that was sent
DIGESTS = {("submission", "key"), ("submission", "content"), ("feed_token", "token_hash")}


@dataclass
class Form:
    """A form of a page, as a browser would send it."""

    page: str
    action: str
    values: dict[str, str]
    #: field → what it offers; no field that takes any text
    offers: dict[str, set[str]]
    #: all its fields, also those that send nothing as they stand
    names: set[str]


def forms_of(url: str, source: str) -> list[Form]:
    """The forms of a page that send something, once for each of their buttons."""
    found = []
    for form in lxml.html.fromstring(source).forms:
        if form.method != "POST":
            continue
        values, offers = filled(form)
        action = urljoin(url, form.action or "")
        buttons = [(b.get("name"), b.get("value") or "") for b in form.xpath(".//button[@name]")] or [("", "")]
        for name, value in buttons[:3]:
            found.append(Form(url, action, values | ({name: value} if name else {}), offers, set(form.fields) | {name}))
    return [form for form in found if not form.action.startswith(LEFT_OUT)]


def filled(form: Any) -> tuple[dict[str, str], dict[str, set[str]]]:
    """What a person would send with it who fills every field, and what it offers to choose from."""
    values, offers = dict(form.form_values()), {}
    for field in form.inputs:
        if not field.name:
            continue
        kind = "select" if field.tag == "select" else field.get("type") or field.tag
        if kind == "select":
            offers[field.name] = set(field.value_options)
            values[field.name] = field.value or next(filter(None, field.value_options), "")
        elif kind == "radio":
            offers.setdefault(field.name, set()).add(field.get("value"))
            values.setdefault(field.name, field.get("value"))
        elif kind == "hidden":
            offers[field.name] = SWITCH if field.value in SWITCH else {field.value}
        elif kind not in ("checkbox", "submit", "file") and (TURNED in (values.get(field.name) or TURNED)):
            values[field.name] = TYPED.get(field.name) or TYPED.get(kind, "Muster")
    return values, {name: offered for name, offered in offers.items() if not NO_OBJECT.fullmatch(name)}


def every_form(town: Town, client: Any, sign_in: Any) -> list[tuple[str, Form]]:
    """One form of each route and set of fields, with the role that finds it; who may least comes first."""
    key = key_of(session().query(Invitation).filter_by(person_id=town.member.id).first())
    routes = client.application.url_map.bind("localhost")
    found: dict[tuple[str, ...], tuple[str, Form]] = {}
    for role in ("other-clerk", "member", "admin"):
        sign_in(account=town.accounts[role])
        limiter.reset()
        crawled = Crawl(client, most_documents=0).follow("/", f"/antwort/{key}", "/konto/abos/1")
        for page in crawled.pages.values():
            for form in forms_of(page.url, page.source) if page.kind == "text/html" else ():
                endpoint, _values = routes.match(urlsplit(form.action).path, method="POST")
                fields = sorted({re.sub(r"\d+", "", name) for name in form.values})
                found.setdefault((endpoint, *fields), (role, form))
    return list(found.values())


def cells() -> dict[tuple[str, int, str], object]:
    """Every value in the database by table, place of the row and column; without the digests of what was sent."""
    with db.engine.connect() as connection:
        return {
            (table.name, place, column): value
            for table in db.metadata.sorted_tables
            for place, row in enumerate(connection.execute(table.select().order_by(*table.primary_key)).mappings())
            for column, value in row.items()
            if (table.name, column) not in DIGESTS
        }


def tempting() -> dict[str, str]:
    """A field for every column of every table, and names that rights have elsewhere; each with what one might want."""
    wanted: dict[type, str] = {Boolean: "y", Integer: "1", Date: "2026-01-01", DateTime: "2026-01-01", Time: "10:00"}
    found = {
        column.name: next((value for kind, value in wanted.items() if isinstance(column.type, kind)), "admin")
        for table in db.metadata.sorted_tables
        for column in table.columns
    }
    return found | {"is_admin": "1", "is_public": "1", "permissions": "accounts.manage", "votes": "99", "version": "0"}


@pytest.fixture
def standing(town: Town) -> Any:
    """The town on a clock that does not move, so that two runs of one thing write the same."""
    town.plain_business()
    with time_machine.travel(TEST_NOW, tick=False):
        yield town


@pytest.mark.one_database
def test_fields_that_a_form_does_not_have_change_nothing(standing, client, sign_in):
    """Sent with a field for each column there is, a form writes what it writes without: compared value by value."""
    found, kept, wanted = every_form(standing, client, sign_in), Kept(), tempting()
    before, changing, differing = cells(), set(), {}

    def sent(role: str, form: Form, extra: dict[str, str]) -> dict[Any, object]:
        kept.restore()
        sign_in(account=standing.accounts[role])
        limiter.reset()
        answer = client.submit(form.action, form.values | extra, headers={"Referer": form.page})
        assert answer.status_code < 500, (role, form.action)
        assert answer.mimetype != "text/html" or not runs_markup(read(form.page, answer)), (role, form.action)
        return cells()

    for role, form in found:
        plain, more = (sent(role, form, extra) for extra in ({}, without(wanted, form.names)))
        if plain != before:
            changing.add(form.action)
        if changed := columns(plain, more):
            by_chance = columns(plain, sent(role, form, {}))  # salts, keys and the like
            differing[form.action] = changed - by_chance
    kept.restore()
    assert {action: changed for action, changed in differing.items() if changed} == {}
    assert len(found) > 40
    assert len(changing) > 25, "else this test could not fail"


def without(fields: dict[str, str], names: set[str]) -> dict[str, str]:
    """The fields but for these."""
    return {name: value for name, value in fields.items() if name not in names}


def columns(one: dict[Any, object], other: dict[Any, object]) -> set[tuple[str, str]]:
    """Table and column of the values that differ."""
    return {(key[0], key[2]) for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


@pytest.mark.one_database
def test_what_a_form_did_not_offer_is_not_taken(standing, client, sign_in):
    """Somebody else's number in place of an offered one: nothing happens, and no page breaks."""
    found, kept = every_form(standing, client, sign_in), Kept()
    ids = sorted({str(key) for table in db.metadata.sorted_tables for key in keys_of(table)}, key=int)
    before, tried, taken = rows(), 0, {}
    for role, form in found:
        for name, offered in form.offers.items():
            for value in [*[one for one in ids if one not in offered][:2], "-1 OR 1=1"]:
                sign_in(account=standing.accounts[role])
                limiter.reset()
                answer = client.submit(form.action, form.values | {name: value}, follow_redirects=False)
                assert answer.status_code < 500, (role, form.action, name, value)
                tried += 1
                if rows() != before:
                    taken.setdefault((form.action, name), []).append(value)
                    kept.restore()
    assert taken == {}
    assert tried > 100


def keys_of(table: Any) -> list[int]:
    """The ids of all rows, where they are numbers."""
    if [column.name for column in table.primary_key] != ["id"]:
        return []
    with db.engine.connect() as connection:
        return [row.id for row in connection.execute(table.select()) if isinstance(row.id, int)]


#: arguments that name a thing inside another; what they lie in is the other argument
INNER = {"membership_id", "seat_id", "appointment_id", "item_id", "assignment_id"}
INNER |= {"umbrella_membership_id", "network_phase_id"}


@pytest.mark.one_database
def test_numbers_that_do_not_belong_together_lead_nowhere(app, client, sign_in, build):
    """The thing of one committee at the address of another is not found, though the administration may see both."""
    world = build(World)
    own, foreign = world.values(world.own), world.values(world.foreign)
    foreign["assignment_id"] = session().query(Assignment).filter_by(account_id=world.accounts["officer"].id).one().id
    sign_in(account=world.accounts["admin"])
    before, opened = rows(), []
    with app.test_request_context():
        nested = [
            (rule, inner)
            for rule in app.url_map.iter_rules()
            for inner in rule.arguments & INNER
            if len(rule.arguments) > 1
        ]
        urls = [
            (
                rule,
                url_for(rule.endpoint, **{name: (foreign if name == inner else own)[name] for name in rule.arguments}),
            )
            for rule, inner in nested
        ]
    for rule, url in urls:
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.get(url) if method == "GET" else client.submit(url, follow_redirects=False)
            if answer.status_code != 404:
                opened.append((method, url, answer.status_code))
    assert opened == []
    assert rows() == before
    assert len(urls) > 8
