"""Lists that go on, are sorted or become a file keep their filters, and nothing else that stands in the address."""

import re
from datetime import date
from urllib.parse import urlsplit

import pytest

from coordination.contacts.operations import Contact, note_contact
from coordination.contacts.rules import Channel
from coordination.cooperation.facts import Facts
from coordination.cooperation.operations import create_cooperation
from coordination.cooperation.rules import Format, Lead, Status
from coordination.organizations import consents
from coordination.organizations.publication import Field, Level
from coordination.support.operations import FundingTerms, enter
from coordination.support.rules import Area, FundingForm
from core.access import SYSTEM

#: names that `url_for` takes for orders, parameters of the routes that are linked, and one of no meaning
PLANTED = "endpoint=x&_method=POST&_scheme=javascript&_external=1&_anchor=a&self=b&area=budgets&statistic=c&statt=d"
LISTS = {
    "/organisationen/": {"/organisationen/"},
    "/organisationen/adressen": {"/organisationen/adressen", "/organisationen/adressen.csv"},
    "/kontakte/": {"/kontakte/"},
    "/kooperationen/": {"/kooperationen/", "/kooperationen/kooperationen.xlsx", "/kooperationen/kooperationen.csv"},
    "/foerderung/mittel/": {"/foerderung/mittel/", "/foerderung/mittel.csv"},
    "/auswertung/leitung": {"/auswertung/leitung", "/auswertung/tabelle/leitung-veranstaltungen.csv"},
    "/auswertung/beteiligung": {"/auswertung/beteiligung", "/auswertung/beteiligung.csv"},
}


@pytest.fixture
def full(make_organization):
    """More than a page of everything."""
    for number in range(51):
        organization = make_organization(f"Verein {number}", address="Weg 1", topics=["culture"])
        wished = {Field.ADDRESS: Level.ADMINISTRATION}
        consents.set_consents(SYSTEM, organization.id, wished=wished, state=None, agreed=True)
        note_contact(SYSTEM, organization.id, Contact(date(2026, 5, 9), Channel.MAIL, "Gespräch"))
        facts = Facts(format=Format.SINGLE_EVENT, title="Fest", starts_on=date(2026, 5, 9), status=Status.HELD)
        create_cooperation(SYSTEM, facts, lead=Lead.JOINT)
        enter(SYSTEM, Area.FUNDING, FundingTerms(organization.id, 2026, FundingForm.PROJECT, title="Fest", asked=1000))


def links_with(word, page):
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*)"', page) if word in link]


@pytest.mark.one_database
def test_no_address_turns_a_link_into_something_else(sign_in, full):
    browser = sign_in("admin")
    for address, linked in LISTS.items():
        page = browser.get(f"{address}?{PLANTED}")
        assert page.status_code == 200, address
        assert "javascript:" not in page.text, address
        kept = [urlsplit(link) for link in links_with("statt=d", page.text)]
        assert {link[:2] for link in kept} == {("", "")}, "no other scheme, no other server"
        assert linked <= {link.path for link in kept}, address
        for link in kept:
            assert browser.get(link.geturl()).status_code == 200
