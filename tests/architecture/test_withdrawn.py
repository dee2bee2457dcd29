"""A withdrawn consent leaves no trace in any public output: all public pages, feeds and files are fetched and searched.

What an organization shows, and what of it is taken back, is drawn anew for each example; each text carries a word of
its own. Before the withdrawal each word that is public is found, so that the search is known to find.

Each takes part in an event and a project that everybody may know of: those name it on their own ground
(docs/retention.md), by its name and by nothing else, whatever it has consented to.
"""

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask, url_for
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.cooperation.facts import PartnerTerms
from coordination.cooperation.partners import add_partner
from coordination.events import operations as events
from coordination.events.rules import State
from coordination.organizations import consents, landscape
from coordination.organizations import operations as organizations
from coordination.organizations.landscape import Belonging
from coordination.organizations.publication import NOT_FOR_PUBLIC, Field, Level
from coordination.organizations.rules import Kind, MoKind
from coordination.projects import milestones, steps
from coordination.projects import operations as projects
from core.access import SYSTEM
from core.clock import today
from core.web import limiter
from tests.architecture.conftest import mail, word
from tests.architecture.test_crawl import Crawl, Page

#: fields that hold a text of the organization's own
TEXTS = (Field.NAME, Field.OWN_LABEL, Field.ABOUT, Field.SERVICES, Field.ADDRESS, Field.PHONE, Field.WEBSITE)
#: with the field that is shown within the administration at most
SECRET = (*TEXTS, Field.EMAIL)
#: pages and calendars of what is done together, which name who takes part
OWN_GROUND = re.compile(r"/(veranstaltungen/\d+|projekte/\d+|kalender)\b")
numbers = count(1)


def an_organization(number: int, umbrella_id: int) -> int:
    """One with a word of its own in each text; a member of the umbrella body."""
    words = {field: word(f"{field}{number}") for field in TEXTS}
    profile = organizations.Profile(
        kind=Kind.MIGRANT_ORGANISATION,
        short_name=word(f"{Field.NAME}{number}"),
        email=mail(f"{Field.EMAIL}{number}"),
        topics=["sport"],
        languages=["wo"],
        **{field.value: text for field, text in words.items() if field is not Field.WEBSITE},
        website=f"https://{words[Field.WEBSITE]}.example",
    )
    row = organizations.create_organization(SYSTEM, profile)
    landscape.join_umbrella(SYSTEM, row.id, belonging=Belonging(umbrella_id))
    return row.id


def takes_part(organization_id: int) -> set[str]:
    """It takes part in an event and a project with a milestone, both announced to everybody: their pages."""
    soon = today() + timedelta(days=9)
    event = events.create(SYSTEM, events.Plan("Fest", datetime.combine(soon, time(18))), state=State.ANNOUNCED)
    project = projects.create(SYSTEM, projects.Plan("Garten", starts_on=today()))
    milestones.add(SYSTEM, project.id, aim=milestones.Aim("Beete", soon))
    steps.announce(SYSTEM, project.id)
    for record in (event.cooperation_id, project.cooperation_id):
        add_partner(SYSTEM, record, terms=PartnerTerms(organization_id))
    return {f"/veranstaltungen/{event.id}", f"/projekte/{project.id}"}


def everything_public(app: Flask, organization_id: int) -> Iterable[Page]:
    """All that somebody who is not signed in is answered: by links and filters from the front door and the
    directory, and by each address that names the organization."""
    limiter.reset()
    found = Crawl(app.test_client(), most_documents=1)
    found.follow("/", "/organisationen/", "/kalender.ics", "/auswertung/indikatoren.json")
    with app.test_request_context():
        urls = [
            url_for(rule.endpoint, organization_id=organization_id)
            for rule in app.url_map.iter_rules()
            if rule.arguments == {"organization_id"} and "GET" in (rule.methods or ())
        ]
    limiter.reset()
    for url in [*urls, "/organisationen/adressen", "/organisationen/adressen.csv", "/organisationen/?thema=sport"]:
        found.fetch(url)
    assert [page.url for page in found.pages.values() if page.status >= 500] == []
    return found.pages.values()


@pytest.fixture
def umbrella(app: Flask) -> int:
    """An umbrella body that everybody sees."""
    profile = organizations.Profile("Dachverband", Kind.MIGRANT_ORGANISATION, kinds=[MoKind.UMBRELLA])
    row = organizations.create_organization(SYSTEM, profile)
    consents.set_consents(SYSTEM, row.id, wished={Field.NAME: Level.PUBLIC}, state=None, agreed=True)
    return row.id


levels = st.dictionaries(st.sampled_from(sorted(set(Field) - NOT_FOR_PUBLIC)), st.sampled_from(Level), max_size=18)


@pytest.mark.one_database
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wished=levels, named=st.booleans(), gone=st.sets(st.sampled_from(Field)))
def test_a_withdrawn_consent_leaves_no_trace_in_any_public_output(
    app: Any, umbrella: int, wished: dict[Field, Level], named: bool, gone: set[Field]
) -> None:
    number = next(numbers)
    organization_id = an_organization(number, umbrella)
    name, own_pages = word(f"{Field.NAME}{number}"), takes_part(organization_id)
    wished = {**wished, Field.EMAIL: Level.ADMINISTRATION} | ({Field.NAME: Level.PUBLIC} if named else {})
    consents.set_consents(SYSTEM, organization_id, wished=wished, state=None, agreed=True)

    def met() -> set[Field]:
        pages = everything_public(app, organization_id)
        named = {page.url for page in pages if OWN_GROUND.match(page.url) and name in page.searched}
        assert {"/kalender.ics", *own_pages} <= named
        text = "".join(page.searched.replace(name, "") if page.url in named else page.searched for page in pages)
        return {field for field in SECRET if word(f"{field}{number}") in text}

    public = {field for field, level in wished.items() if level is Level.PUBLIC and field in SECRET}
    public = public if Field.NAME in public else set()
    assert met() == public
    consents.withdraw(SYSTEM, organization_id, fields=gone)
    assert met() == (set() if Field.NAME in gone else public - gone)


def test_a_filter_finds_nobody_by_what_was_withdrawn(app: Any, umbrella: int) -> None:
    """One could ask for each value in turn and so learn what is hidden."""
    name = f"{Field.NAME}{next(numbers)}"
    organization_id = an_organization(int(name.removeprefix(Field.NAME)), umbrella)
    wished = dict.fromkeys(set(Field) - NOT_FOR_PUBLIC, Level.PUBLIC)
    consents.set_consents(SYSTEM, organization_id, wished=wished, state=None, agreed=True)
    asked = {
        "?art=migrant_organisation": (organization_id, Field.KINDS),
        "?thema=sport": (organization_id, Field.TOPICS),
        "?sprache=wo": (organization_id, Field.LANGUAGES),
        f"?dachverband={umbrella}": (umbrella, Field.NAME),
    }
    for question, (withdrawing, field) in asked.items():
        assert word(name) in app.test_client().get(f"/organisationen/{question}").text
        consents.withdraw(SYSTEM, withdrawing, fields=[field])
        assert word(name) not in app.test_client().get(f"/organisationen/{question}").text
