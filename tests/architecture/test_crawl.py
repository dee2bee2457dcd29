"""Nobody sees what is not theirs: every page that a role can reach or guess is fetched and searched for marked words.

The town is in conftest.py beside this file. MAY_SEE is the policy: who comes across which secret. It is exact both
ways, so a word that is missing where it should be fails as well, and nothing can pass because nothing was found.
"""

import hashlib
import html
import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import lxml.html
import pytest
import time_machine
from flask import Flask, url_for
from pypdf import PdfReader
from werkzeug.test import TestResponse

from calendars.invitations.keys import key_of
from calendars.invitations.models import Invitation
from coordination.people import operations as people
from core.access import SYSTEM
from core.database import db, session
from core.dated import Status
from core.web import limiter
from meetings.agenda import operations as agenda
from meetings.agenda.operations import Item
from meetings.agenda.queries import items_of
from meetings.minutes import operations as minutes
from meetings.sittings import operations as sittings
from meetings.sittings.operations import Plan
from participation.committees import operations as committees
from participation.committees.operations import Charter
from participation.committees.rules import Kind
from participation.seats import operations as seats
from participation.seats.operations import SeatTerms
from tests.architecture.conftest import Town, word

ROLES = (
    "public",
    "stranger",
    "outsider",
    "former",
    "coming",
    "dismissed",
    "member",
    "deputy",
    "closed-member",
    "officer",
    "clerk",
    "other-clerk",
    "admin",
)
#: sits or deputises in the own committee today, keeps it, or administers all
INSIDE = {"member", "deputy", "clerk", "admin"}
KEEPS = {"clerk", "admin"}
CLOSED = {"closed-member", "admin"}
#: plans with people and organizations, so reads the directory
STAFF = {"officer", "clerk", "other-clerk", "admin"}

#: keeps the profiles of organizations
KEEPS_PROFILES = {"officer", "admin"}
#: plans the other organization's event and project
PLANS = {"outsider", "officer", "admin"}

#: have the documents of somebody else in this list, which are not rendered twice
SAME_AS_OTHERS = {"deputy", "stranger", "former", "coming", "dismissed"}

#: secret → who comes across it; nobody else does, on no page, in no file, header or error
MAY_SEE: dict[str, set[str]] = {
    # a committee that is not public, and all that hangs on it
    "closed-name": CLOSED,
    "closed-about": CLOSED,
    "closed-seat": CLOSED,
    "closed-vacant": CLOSED,
    "closed-title": CLOSED,
    "closed-item": CLOSED,
    "closed-minutes": CLOSED,
    # in a public committee, what is not for the public
    "item-title": INSIDE,
    "item-about": INSIDE,
    "inner-title": INSIDE,
    "inner-item": INSIDE,
    "inner-minutes": INSIDE,
    "item-minutes": INSIDE,
    "item-corrected": INSIDE,
    "version-reason": INSIDE,
    "past-item": INSIDE,
    "video": INSIDE,
    "reason": INSIDE,
    "cancel-reason": INSIDE,
    "late-reason": set(),
    "chair": INSIDE,
    "guest": INSIDE,
    # an event and a project that are planned together and not announced
    **dict.fromkeys(
        (
            "event-title",
            "event-text",
            "project-title",
            "project-text",
            "project-reason",
            "milestone",
            "task",
            "section",
            "need",
            "post",
            "wish",
            "subject",
            "duties",
            "money",
            "gains",
        ),
        PLANS,
    ),
    # an event that is not public, of an organization of which one is a member today
    "circle-event": {"member", "officer", "admin"},
    "circle-text": {"member", "officer", "admin"},
    "event-reason": {"member", "officer", "admin"},
    "public-event": set(ROLES),
    # what is not published yet, or no more
    "draft-title": KEEPS,
    "draft-item": KEEPS,
    "unreleased": KEEPS,
    "old-revision": KEEPS,
    "old-title": set(),
    # persons, for those who sit with them and for staff
    "member-name": {*INSIDE, *STAFF},
    "deputy-name": {*INSIDE, *STAFF},
    "former-name": {*INSIDE, *STAFF, "former"},
    "coming-name": {*INSIDE, *STAFF, "coming"},
    "outsider-name": {*STAFF, "outsider"},
    "closed-person": {*STAFF, "closed-member"},
    "member-name-mail": STAFF,
    "member-name-phone": STAFF,
    "deputy-name-mail": STAFF,
    "closed-person-mail": STAFF,
    "function": {*STAFF, "member"},
    # a department's contact: everybody reads the function, who is signed in the name
    "contact-function": set(ROLES),
    "contact-name": set(ROLES) - {"public", "dismissed"},
    "contact-name-mail": STAFF,
    # of organizations, what they did not agree to show: for their own people and who keeps the profiles; the others
    # are what all may see, what departments share, and what was taken back
    "organization-about": KEEPS_PROFILES | {"member"},
    "organization-address": KEEPS_PROFILES | {"member"},
    "organization-services": KEEPS_PROFILES | {"member"},
    "organization-mail": KEEPS_PROFILES | {"member", "outsider"},
    "organization-phone": KEEPS_PROFILES | {"member", "outsider"},
    "published-name": set(ROLES),
    "published-label": set(ROLES),
    "published-services": set(ROLES),
    "shared-mail": KEEPS_PROFILES,
    "shared-phone": KEEPS_PROFILES,
    "withdrawn-about": KEEPS_PROFILES,
    "kept-address": KEEPS_PROFILES,
    # what an organization asked for, got and was refused; what departments did not spend
    "funding-title": {"officer", "admin", "member"},
    "funding-reason": {"officer", "admin", "member"},
    "room-note": {"officer", "admin", "member"},
    "advice-title": {"officer", "admin", "member"},
    "budget-reason": {"officer", "admin"},
    # drafts of the strategy are for those who edit it; what was adopted is everybody's
    "draft-aim": {"officer", "admin"},
    "draft-aim-text": {"officer", "admin"},
    "draft-measure": {"officer", "admin"},
    "aim": set(ROLES),
    "contact-about": {"officer", "admin"},
    "letter-draft": {"officer", "admin"},
    "letter-draft-text": {"officer", "admin"},
    "letter-sent": {"officer", "admin"},
    "letter-sent-text": {"officer", "admin"},
    # accounts and personal feeds
    "clerk-login": KEEPS,
    "member-login": {"member", "admin"},
    "member-feed": {"member", "admin"},
    # and the opposite, so that the crawl is known to get about
    "public-minutes": set(ROLES),
}


@dataclass
class Page:
    """An answer as it is searched."""

    url: str
    status: int
    kind: str
    headers: dict[str, str]
    source: str
    #: source without markup, folding, blanks and hyphens, and headers; lower case
    searched: str


@dataclass
class Crawl:
    """All that one role can reach by links and forms, then by guessing addresses."""

    client: Any
    #: documents of one kind that are rendered, since each takes a second
    most_documents: int = 2
    pages: dict[str, Page] = field(default_factory=dict)

    #: months without end are followed so far
    MOST_QUERIES = 8

    def follow(self, *starts: str) -> "Crawl":
        """Fetch these and whatever they lead to."""
        waiting, seen = list(starts), set(starts)
        queries: dict[str, int] = {}
        while waiting:
            url = waiting.pop(0)
            for found in links(self.fetch(url)) if not self.enough(url.partition("?")[0]) else []:
                path, _mark, query = found.partition("?")
                if found in seen or path.startswith("/static/"):
                    continue
                if query:
                    queries[path] = queries.get(path, 0) + 1
                    if queries[path] > self.MOST_QUERIES:
                        continue
                seen.add(found)
                waiting.append(found)
        return self

    def enough(self, path: str) -> bool:
        """Whether so many documents of this kind were received."""
        kind = re.sub(r"\d+", "", path)
        there = [url for url, page in self.pages.items() if page.kind == "application/pdf"]
        known = sum(re.sub(r"\d+", "", url.partition("?")[0]) == kind for url in there)
        return path.endswith(".pdf") and known >= self.most_documents

    def fetch(self, url: str) -> Page:
        """One page, once."""
        if url not in self.pages:
            self.pages[url] = read(url, self.client.get(url))
        return self.pages[url]


def read(url: str, answer: TestResponse) -> Page:
    """The answer with its words laid bare."""
    kind = answer.mimetype
    source = text_of(answer.get_data(), kind)
    words = source.replace("\r\n ", "") if kind == "text/calendar" else html.unescape(source)
    headers = dict(answer.headers.items())
    bare = re.sub(r"[\s\-\u00ad\u2010]", "", words + repr(sorted(headers.items()))).lower()
    return Page(url, answer.status_code, kind, headers, source, bare)


def text_of(data: bytes, kind: str) -> str:
    """What an answer says: in a packed file (a spreadsheet, somebody's own data) that is what all its parts say."""
    if kind == "application/pdf":
        return pdf_text(data)
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data.decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = [(name, packed.read(name)) for name in packed.namelist()]
    return "".join(
        f"{name} {text_of(part, 'application/pdf' if name.endswith('.pdf') else '')}" for name, part in parts
    )


def pdf_text(data: bytes) -> str:
    """The text of a PDF and what it says of itself; also from behind, since texts may turn the direction."""
    reader = PdfReader(io.BytesIO(data))
    text = "".join(page.extract_text() for page in reader.pages)
    return f"{text} {text[::-1]} {reader.metadata} {[page.get('/Annots') for page in reader.pages]}"


def addresses_in(source: str) -> Iterator[str]:
    """Addresses in a page: of links, and of forms that only ask."""
    for found in lxml.html.document_fromstring(source).xpath("//form | //*[@href][not(self::link)]"):
        if found.tag != "form":
            yield found.get("href")
        elif found.method == "GET":
            yield from asked_by(found)


def asked_by(form: lxml.html.FormElement) -> Iterator[str]:
    """Where each choice of a form leads to, and a word that is typed."""
    action = form.action or ""
    for choice in form.xpath(".//select[@name]//option[@value != '']"):
        yield f"{action}?{urlencode({choice.xpath('string(ancestor::select/@name)'): choice.get('value')})}"
    typed = {
        field.get("name"): field.get("value") or ("" if field.get("type") == "hidden" else "geheim")
        for field in form.xpath(".//input[@name] | .//select[@name]")
    }
    yield f"{action}?{urlencode(typed)}"


def links(page: Page) -> list[str]:
    """Local addresses that the page leads to."""
    if page.status in (301, 302, 303, 308):
        found = [page.headers["Location"]]
    elif page.kind == "text/html":
        found = list(addresses_in(page.source))
    else:
        found = re.findall(r"http://localhost(/[^\s\\\"]*)", page.source.replace("\r\n ", ""))
    whole = [urlsplit(urljoin("http://localhost" + page.url, address.replace("webcal:", "http:"))) for address in found]
    return [(to.path or "/") + (f"?{to.query}" if to.query else "") for to in whole if to.netloc == "localhost"]


def guesses(app: Flask, town: Town) -> list[str]:
    """Every address of every route that can be read, with all keys that exist."""
    values, found = town.values(), []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and not rule.endpoint.endswith("static"):
                names = sorted(rule.arguments)
                for chosen in itertools.product(*(values[name] for name in names)):
                    found.append(url_for(rule.endpoint, **dict(zip(names, chosen, strict=True))))
    return found


def crawl(app: Flask, town: Town, role: str, client: Any, sign_in: Any) -> list[Page]:
    """All pages of this role."""
    if role != "public":
        sign_in(account=town.accounts[role])
    found = Crawl(client, most_documents=2 if role in ("public", "member") else role not in SAME_AS_OTHERS).follow(
        *starts(town, role)
    )
    for url in guesses(app, town) if role != "admin" else []:  # nothing is anybody else's to the administration
        if not found.enough(url):
            limiter.reset()
            found.fetch(url)
    return list(found.pages.values())


def starts(town: Town, role: str) -> list[str]:
    """Where a crawl begins: the front door, and what programs fetch."""
    token = town.tokens.get(role)
    personal = [f"/abo/{token}/a.ics", f"/abo/{token}/b.ics?alle=1"] if token else []
    return ["/", "/kalender.ics", "/kalender.ics?alle=1", *personal]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.one_database
def test_each_role_meets_the_secrets_of_the_table_and_no_other(app, town, role, client, sign_in):
    pages = crawl(app, town, role, client, sign_in)
    met = {secret: [page.url for page in pages if word(secret) in page.searched] for secret in MAY_SEE}
    assert {secret: urls[:6] for secret, urls in met.items() if bool(urls) != (role in MAY_SEE[secret])} == {}
    assert [page.url for page in pages if page.status >= 500] == []
    assert [page.url for page in pages if runs_markup(page)] == []
    assert [page.url for page in pages if not rightly_kept(page)] == []
    if role == "public":
        shown = [page for page in pages if not page.url.startswith(("/impressum", "/datenschutz", "/barrierefreiheit"))]
        assert [page.url for page in shown if re.search(r"[\w.]+@[\w-]+\.\w", page.source)] == []


def runs_markup(page: Page) -> bool:
    """Whether a text of somebody became part of the page itself, or turns the direction of a file's name."""
    as_markup = page.kind == "text/html" and ("<img src=x" in page.source or "<q>" in page.source)
    turned = "%E2%80%AE" in page.headers.get("Content-Disposition", "").upper()
    return as_markup or "q49q" in page.source or turned


def rightly_kept(page: Page) -> bool:
    """Whether caches keep what is for everybody alone, and feeds set no cookie."""
    control = page.headers["Cache-Control"]
    for_everybody = page.url.endswith("-oeffentlich.pdf") or page.url.startswith("/auswertung/bericht.pdf")
    if for_everybody and page.status == 200:  # minutes: where sitting and release are; the report: figures alone
        return control in ("private, no-store", "public, max-age=300") and "Cookie" in page.headers["Vary"]
    if page.kind != "text/calendar":
        return control == "private, no-store"
    if page.url.startswith(("/veranstaltungen/", "/projekte/")):  # dates of one: who asks may see more than the public
        return control == "private, no-store"
    whose = "private" if page.url.startswith("/abo/") else "public"
    return control == f"{whose}, max-age=60" and "Set-Cookie" not in page.headers


@pytest.mark.one_database
def test_the_hostile_texts_are_really_there(town, client, sign_in):
    """Else the test above could not fail."""
    page = sign_in(account=town.accounts["clerk"]).get(f"/sitzungen/{town.coming_sitting.id}").get_data(as_text=True)
    assert page.count("&lt;img src=x onerror=alert(1)&gt;q{{7*7}}q%(a)s") > 5


@pytest.mark.parametrize("role", ["public", "outsider", "closed-member"])
@pytest.mark.one_database
def test_what_is_hidden_leaves_no_trace_in_what_is_shown(town, role, client, sign_in):
    """No count, number, time or tag of a page changes by things that its reader may not know of."""
    if role != "public":
        sign_in(account=town.accounts[role])
    before = Crawl(client, most_documents=0).follow(*starts(town, role))
    hide_more(town)
    limiter.reset()
    after = Crawl(client, most_documents=0).follow(*starts(town, role))
    assert after.pages.keys() == before.pages.keys()
    assert [url for url, page in after.pages.items() if trace(page) != trace(before.pages[url])] == []


def hide_more(town: Town) -> None:
    """More of everything that is not for the public, none of it in the circle of the closed committee."""
    sitting_id = town.coming_sitting.id
    there = [item.id for item in items_of(sitting_id)]
    secret = agenda.add(SYSTEM, sitting_id, Item("Zweite Personalsache", "geheim", public=False))
    agenda.set_order(SYSTEM, sitting_id, [secret.id, *there])
    plan = Plan(start=datetime(2026, 11, 30, 18), title="Klausur", public=False, status=Status.CONFIRMED)
    sittings.schedule(SYSTEM, town.own.id, plan)
    sittings.schedule(SYSTEM, town.own.id, replace(plan, start=datetime(2026, 9, 1, 18)))
    sittings.schedule(SYSTEM, town.own.id, replace(plan, public=True, status=Status.DRAFT))
    other = committees.create_committee(SYSTEM, Charter(name="Verborgen", kind=Kind.WORKING_GROUP, public=False))
    sittings.schedule(SYSTEM, other.id, replace(plan, public=True))
    seats.create_seat(SYSTEM, other.id, terms=SeatTerms(label="1", organization_id=town.other.id))
    minutes.save_head(SYSTEM, town.unreleased.id, version=None, head=minutes.Head(guests="Frau Geheim"))
    people.create_person(SYSTEM, people.Profile(family_name="Neu"))


def trace(page: Page) -> tuple[object, ...]:
    """All that a reader could compare; the token of a form is new on every page.

    Without Last-Modified: in feeds that is the newest line of the history (see feeds.assembly), so it tells that
    something was written, and not what.
    """
    return page.status, without_token(page), page.headers.get("ETag")


def without_token(page: Page) -> str:
    return re.sub(r'((?:csrf_token|submission)"[^>]*value=")[^"]+', r"\1", page.source)


#: (role, list, secret)
SEARCHES = [
    ("public", "/gremien/", "closed-name"),
    ("outsider", "/organisationen/", "organization-services"),
    ("public", "/organisationen/", "organization-about"),
    ("public", "/organisationen/", "withdrawn-about"),
    ("clerk", "/organisationen/", "shared-phone"),
    ("outsider", "/organisationen/", "closed-name"),
    ("officer", "/organisationen/", "closed-name"),
    ("officer", "/personen/", "closed-seat"),
    ("clerk", "/orte/", "closed-title"),
    ("other-clerk", "/personen/", "member-login"),
]


@pytest.mark.one_database
def test_a_search_for_a_secret_finds_as_little_as_one_for_nonsense(town, client, sign_in):
    for role, path, secret in SEARCHES:
        if role != "public":
            sign_in(account=town.accounts[role])
        asked, nonsense = (read("", client.get(path, query_string={"q": q})) for q in (word(secret), "unsinn"))
        assert asked.status == 200
        assert without_token(asked).replace(word(secret), "unsinn") == without_token(nonsense), (role, path, secret)


@pytest.mark.parametrize("role", ["former", "coming", "dismissed"])
def test_rights_that_ended_yesterday_or_begin_tomorrow_give_nothing(town, role, client, sign_in):
    sign_in(account=town.accounts[role])
    for path in ("", "/anwesenheit", "/niederschrift", "/niederschrift.pdf"):
        assert client.get(f"/sitzungen/{town.inner.id}{path}").status_code in (302, 404)  # 302: to the sign-in page
    pages = [
        client.get(path).get_data(as_text=True) for path in ("/", "/kalender/", f"/sitzungen/{town.coming_sitting.id}")
    ]
    for secret in ("inner-title", "item-title", "video", "draft-title"):
        assert word(secret) not in "".join(pages)
    if role != "dismissed":  # has no person
        assert events(client, f"/abo/{town.tokens[role]}/a.ics") == events(client, "/kalender.ics")


def test_rights_begin_and_end_at_midnight_without_a_write(town, client):
    with time_machine.travel(datetime(2026, 11, 17, 9, 0, tzinfo=UTC)):
        former, coming = (read("/", client.get(f"/abo/{town.tokens[who]}/a.ics")) for who in ("former", "coming"))
        assert word("inner-title") in coming.searched
        assert word("inner-title") not in former.searched


def test_the_key_of_an_invitation_shows_nothing_when_the_seat_is_lost(town, client):
    """An address in a mail lasts; what it opens does not."""
    keys = {row.person_id: key_of(row) for row in session().query(Invitation).filter_by(sitting_id=town.inner.id)}
    lost, held = (f"/antwort/{keys[person.id]}" for person in (town.by_date["former"], town.member))
    assert word("inner-title") in read("", client.get(held)).searched
    shown = read("", client.get(lost)).searched
    assert [secret for secret in MAY_SEE if word(secret) in shown and secret != "former-name"] == []
    assert client.get(f"{lost}/termin.ics").status_code == 404


def events(client: Any, url: str) -> list[str]:
    """The entries of a feed, without what its owner chose for it."""
    text = client.get(url).get_data(as_text=True).replace("\r\n ", "")
    return re.findall(r"BEGIN:VEVENT.*?END:VEVENT", text, re.DOTALL)


def test_reading_changes_no_row(app, town, client, sign_in):
    """Neither what pages lead to nor any address that there is: pages, tables, feeds, and a document of each kind."""
    sign_in(account=town.accounts["admin"])
    before = rows()
    found = Crawl(client, most_documents=1).follow(*starts(town, "member"))
    for url in guesses(app, town):
        if not found.enough(url):
            limiter.reset()
            found.fetch(url)
    assert len(found.pages) > 100
    assert {"text/html", "text/csv", "text/calendar", "application/pdf"} <= {page.kind for page in found.pages.values()}
    assert rows() == before


def rows() -> dict[str, str]:
    """Every table with a hash of its rows."""
    with db.engine.connect() as connection:
        return {
            table.name: hashlib.sha256(repr(sorted(map(repr, connection.execute(table.select())))).encode()).hexdigest()
            for table in db.metadata.sorted_tables
        }


#: routes that judge their token themselves, and say so in another way than by 400
OWN_TOKEN = {
    "invitations.answer": "sends no Referer, so its form checks the token: without one the page is shown again"
}


@pytest.mark.one_database
def test_no_route_changes_anything_without_a_token(app, town, client, sign_in):
    """With every right there is, but from a page of somebody else."""
    key = key_of(session().query(Invitation).filter_by(person_id=town.member.id).first())
    values = {name: found[0] for name, found in town.values().items()} | {"key": key, "number": 1}
    before, answers = rows(), {}
    with app.test_request_context():
        posts = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
        urls = {
            rule.endpoint: url_for(rule.endpoint, **{name: values[name] for name in rule.arguments}) for rule in posts
        }
    for signed_in in (False, True):
        if signed_in:
            sign_in(account=town.accounts["admin"])
        for endpoint, url in urls.items():
            limiter.reset()
            form = {"answer": "coming", "said": "coming", "email": "a@example.org", "restore": "1", "language": "en"}
            answers[endpoint, signed_in] = client.post(url, data=form).status_code
    assert rows() == before
    assert len(urls) > 40
    assert {key: status for key, status in answers.items() if status != 400 and key[0] not in OWN_TOKEN} == {}
