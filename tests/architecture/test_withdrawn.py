"""A withdrawn consent leaves no trace in any public output: all public pages, feeds and files are fetched and searched.

What an organization shows, and what of it is taken back, is drawn anew for each example; each text carries a word of
its own. Before the withdrawal each word that is public is found, so that the search is known to find.
"""

from itertools import count
from typing import Any

import pytest
from flask import Flask, url_for
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.organizations import consents, landscape
from coordination.organizations import operations as organizations
from coordination.organizations.landscape import Belonging
from coordination.organizations.publication import NOT_FOR_PUBLIC, Field, Level
from coordination.organizations.rules import Kind, MoKind
from core.access import SYSTEM
from core.web import limiter
from tests.architecture.conftest import mail, word
from tests.architecture.test_crawl import Crawl

#: fields that hold a text of the organization's own
TEXTS = (Field.NAME, Field.OWN_LABEL, Field.ABOUT, Field.SERVICES, Field.ADDRESS, Field.PHONE, Field.WEBSITE)
#: with the field that is shown within the administration at most
SECRET = (*TEXTS, Field.EMAIL)
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


def everything_public(app: Flask, organization_id: int) -> str:
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
    return "".join(page.searched for page in found.pages.values())


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
    wished = {**wished, Field.EMAIL: Level.ADMINISTRATION} | ({Field.NAME: Level.PUBLIC} if named else {})
    consents.set_consents(SYSTEM, organization_id, wished=wished, state=None, agreed=True)

    def met() -> set[Field]:
        text = everything_public(app, organization_id)
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
