"""The profile: kept by the organization's own people and the integration department."""

import re
from datetime import date

import pytest

from coordination.organizations import consents, landscape, queries
from coordination.organizations.landscape import Belonging, Stage
from coordination.organizations.publication import Field, Level
from coordination.organizations.rules import Criterion, MoKind, Phase, RoomSituation
from core.access import SYSTEM
from core.errors import Refused

TYPED = {
    "own_label": "Gesangverein",
    "kinds": ["culture", "women"],
    "explicit_inward": ["culture"],
    "implicit_outward": ["taking_part", "living_together"],
    "roles": ["partner"],
    "topics": ["culture"],
    "target_groups": ["everybody"],
    "languages": ["tr", "de"],
    "services": "Proben am Mittwoch",
    "volunteers": "12",
    "rooms": "guest",
    "address": "Ring 1",
    "email": "Chor@Example.org",
}


def at(house, page: str) -> str:
    return f"/organisationen/{house.choir.id}/{page}"


def test_a_representative_describes_the_own_organization(house, sign_in):
    client = sign_in(account=house.voice)
    page = client.submit(at(house, "profil"), {**TYPED, "version": house.choir.version})
    assert "Das Profil wurde gespeichert." in page.text
    row = queries.get_organization(house.choir.id)
    assert (row.name, row.own_label, row.kinds, row.email) == (
        "Chor der Brücken",
        "Gesangverein",
        ["culture", "women"],
        "chor@example.org",
    )
    assert (row.aims, row.roles) == (["culture", "living_together", "taking_part"], ["partner"])
    assert row.languages == ["de", "tr"]
    assert (row.volunteers, row.paid_staff, row.rooms) == (12, None, RoomSituation.GUEST)
    for word in ("Gesangverein", "Teilhaben und die Gesellschaft mitgestalten", "12 Ehrenamtliche", "Türkisch"):
        assert word in page.text


def test_a_conflict_keeps_what_was_typed_and_says_what_is_saved(house, describe, sign_in):
    client, opened = sign_in(account=house.voice), house.choir.version
    describe(house.choir, services="Fest im Mai", languages=["ar"])
    page = client.submit(at(house, "profil"), {**TYPED, "version": opened}).text
    assert "Inzwischen hat eine andere Person gespeichert." in page
    assert "Fest im Mai" in page
    assert "Proben am Mittwoch" in page
    assert queries.get_organization(house.choir.id).services == "Fest im Mai"


@pytest.mark.parametrize("page", ["profil", "veroeffentlichung", "dachverbaende", "netzwerk"])
def test_it_is_nobody_else_s_to_open(house, sign_in, stranger, page):
    assert sign_in(account=stranger).get(at(house, page)).status_code == 404
    assert sign_in(account=house.officer).get(at(house, page)).status_code == 404
    assert sign_in(account=house.clerk).get(at(house, page)).status_code == 403
    for allowed in (house.voice, house.keeper, house.admin):
        assert sign_in(account=allowed).get(at(house, page)).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [("kinds", "religion"), ("languages", "xx"), ("rooms", "palace"), ("volunteers", "-1"), ("email", "chor")],
)
def test_what_is_not_offered_is_refused_at_its_field(house, sign_in, field, value):
    page = sign_in(account=house.voice).submit(at(house, "profil"), {**TYPED, field: value, "version": 1}).text
    assert "Das Profil wurde gespeichert." not in page
    assert "Proben am Mittwoch" in page
    assert queries.get_organization(house.choir.id).services == ""


def test_a_change_of_the_name_leaves_the_profile_alone(house, describe, sign_in):
    row = describe(house.choir, services="Proben", topics=["culture"])
    form = {"name": "Neuer Chor", "kind": "migrant_organisation", "version": row.version}
    sign_in(account=house.keeper).submit(at(house, "bearbeiten"), form)
    row = queries.get_organization(house.choir.id)
    assert (row.name, row.services, row.topics) == ("Neuer Chor", "Proben", ["culture"])


def test_its_people_agree_and_withdraw_in_one_click(house, describe, sign_in):
    describe(house.choir, phone="030 1234")
    client, address = sign_in(account=house.voice), at(house, "veroeffentlichung")
    page = client.submit(address, {"show_phone": "administration", "version": "0"}).text
    assert "Bitte stimmen Sie für die Organisation zu." in page
    page = client.submit(address, {"show_phone": "administration", "agreed": "y", "version": "0"}).text
    assert "In der Verwaltung" in page
    assert queries.consents_in_force([house.choir.id])[house.choir.id] == {Field.PHONE: Level.ADMINISTRATION}
    page = client.submit(f"{address}/zurueckziehen", {"field": "phone"}).text
    assert "1 Feld wird nicht mehr gezeigt." in page
    assert queries.consents_in_force([house.choir.id])[house.choir.id] == {}


def test_an_officer_agrees_for_nobody_who_can_be_asked(house, sign_in, publish):
    client, address = sign_in(account=house.keeper), at(house, "veroeffentlichung")
    answer = client.submit(address, {"show_name": "public", "agreed": "y", "given_on": "2026-01-01"})
    assert answer.status_code == 404
    assert queries.consents_of(house.choir.id) == []
    publish(house.choir, Field.NAME)
    assert "Nur ihre Leute stimmen zu" in client.get(address).text
    client.submit(f"{address}/zurueckziehen", {"field": "all"})
    assert queries.consents_in_force([house.choir.id])[house.choir.id] == {}


def test_paper_is_noted_where_nobody_of_the_organization_is_here(house, sign_in, make_organization):
    quiet = make_organization("Stiller Kreis")
    client, address = sign_in(account=house.keeper), f"/organisationen/{quiet.id}/veroeffentlichung"
    page = client.submit(address, {"show_name": "public", "given_on": "2026-11-02"}).text
    assert "auf Papier" in page
    (row,) = queries.consents_of(quiet.id)
    assert (row.on_paper, row.given_on, row.account_id) == (True, date(2026, 11, 2), house.keeper.id)
    assert "Bitte füllen Sie dieses Feld aus." in client.submit(address, {"show_about": "public"}).text


def test_a_conflict_of_consents_shows_what_is_agreed_now(house, publish, sign_in):
    publish(house.choir, Field.NAME, Field.ABOUT)
    consents.withdraw(SYSTEM, house.choir.id, fields=[Field.ABOUT])
    form = {"show_name": "public", "show_about": "public", "agreed": "y", "version": "2"}
    page = sign_in(account=house.voice).submit(at(house, "veroeffentlichung"), form).text
    assert "Inzwischen hat eine andere Person gespeichert." in page
    assert Field.ABOUT not in queries.consents_in_force([house.choir.id])[house.choir.id]


def test_the_start_page_leads_its_people_to_it(house, sign_in, publish):
    publish(house.choir, Field.NAME, Field.ABOUT)
    page = sign_in(account=house.voice).get("/").text
    assert "2 Felder werden anderen gezeigt" in page
    assert at(house, "veroeffentlichung") in page
    assert "werden anderen gezeigt" not in sign_in(account=house.keeper).get("/").text


def test_memberships_in_umbrella_bodies_are_dated(house, sign_in, make_organization):
    umbrella = make_organization("Dachverband", kinds=[MoKind.UMBRELLA])
    client, address = sign_in(account=house.voice), at(house, "dachverbaende")
    page = client.submit(address, {"umbrella_id": umbrella.id, "starts_on": "2020-01-01"}).text
    assert "noch Mitglied" in page
    (row,) = queries.umbrella_memberships_of(house.choir.id)
    form = {"umbrella_id": umbrella.id, "starts_on": "2020-01-01", "ends_on": "2025-12-31", "version": row.version}
    client.submit(f"{address}/{row.id}", form)
    assert queries.get_shown(queries.DEPARTMENTS, house.choir.id)["umbrellas"] is None
    client.submit(f"{address}/{row.id}/loeschen")
    assert queries.umbrella_memberships_of(house.choir.id) == []


@pytest.mark.parametrize(
    ("belonging", "field"),
    [
        ({"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)}, "ends_on"),
        ({"starts_on": date(2024, 1, 1)}, "starts_on"),
    ],
)
def test_periods_make_sense(house, make_organization, belonging, field):
    umbrella = make_organization("Dachverband", kinds=[MoKind.UMBRELLA])
    landscape.join_umbrella(SYSTEM, house.choir.id, belonging=Belonging(umbrella.id, None, date(2025, 1, 1)))
    with pytest.raises(Refused) as refused:
        landscape.join_umbrella(SYSTEM, house.choir.id, belonging=Belonging(umbrella.id, **belonging))
    assert refused.value.field == field
    with pytest.raises(Refused):
        landscape.join_umbrella(SYSTEM, house.choir.id, belonging=Belonging(house.choir.id))


def test_a_network_goes_through_dated_phases(house, sign_in):
    client, address = sign_in(account=house.voice), at(house, "netzwerk")
    client.submit(address, {"since": "2015-01-01", "phase": "initiative", "criteria": ["non_binding"]})
    form = {"since": "2020-01-01", "phase": "network", "criteria": ["resolutions", "registered"]}
    page = client.submit(address, form).text
    assert "Fasst Beschlüsse · Ist ein eingetragener Verein" in page
    assert queries.phases_on([house.choir.id])[house.choir.id].phase == Phase.NETWORK
    assert "Für diesen Tag ist schon eine Phase eingetragen." in client.submit(address, form).text
    newest, first = queries.phases_of(house.choir.id)
    client.submit(f"{address}/{newest.id}/loeschen")
    assert queries.phases_on([house.choir.id])[house.choir.id].id == first.id


def test_a_phase_to_come_does_not_count_yet(house):
    landscape.enter_phase(SYSTEM, house.choir.id, stage=Stage(date(9999, 1, 1), Phase.ALLIANCE, [Criterion.STAFF]))
    assert queries.phases_on([house.choir.id]) == {}


def folds_of(page):
    """Of each folded part whether it is open, its title, and what stands beside it."""
    found = re.findall(r"<details class=\"fold\"( open)?>\s*<summary[^>]*>(.*?)</summary>", page, re.DOTALL)
    words = (
        [" ".join(re.sub("<[^>]+>", " ", part).split()) for part in re.split("<span", head)] for _open, head in found
    )
    return [
        (bool(opened), title, said.partition(">")[2].strip())
        for (opened, _head), (title, said) in zip(found, words, strict=True)
    ]


def test_the_profile_is_folded_and_says_how_much_of_it_is_filled_in(house, describe, sign_in):
    describe(house.choir, own_label="Gesangverein", kinds=["culture"], volunteers=0, phone="030 1234")
    client = sign_in(account=house.voice)
    assert folds_of(client.get(at(house, "profil")).text) == [
        (True, "Wer wir sind", "2 von 4 ausgefüllt"),
        (False, "Woran wir arbeiten und für wen", "0 von 3 ausgefüllt"),
        (False, "Was wir wollen", "0 von 5 ausgefüllt"),
        (False, "Womit wir arbeiten", "1 von 3 ausgefüllt"),
        (False, "So erreichen Sie uns", "1 von 4 ausgefüllt"),
    ]
    page = client.submit(at(house, "profil"), {**TYPED, "volunteers": "viele", "version": house.choir.version}).text
    assert [opened for opened, *_words in folds_of(page)] == [True, False, False, True, False]


def test_every_field_to_agree_on_stands_under_a_heading_that_says_how_many_are_shown(house, publish, sign_in):
    publish(house.choir, Field.NAME, Field.ABOUT, Field.PHONE)
    page = sign_in(account=house.voice).get(at(house, "veroeffentlichung")).text
    assert {field: page.count(f'name="show_{field}"') for field in Field} == dict.fromkeys(Field, 1)
    assert folds_of(page)[1:] == [
        (True, "Wer wir sind", "2 von 5 gezeigt"),
        (False, "Woran wir arbeiten und für wen", "0 von 3 gezeigt"),
        (False, "Was wir wollen", "0 von 2 gezeigt"),
        (False, "Womit wir arbeiten", "0 von 4 gezeigt"),
        (False, "So erreichen Sie uns", "1 von 4 gezeigt"),
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.namo.example", "https://www.namo.example"),
        ("namo.example/wir?s=1", "https://namo.example/wir?s=1"),
        ("http://namo.example", "http://namo.example"),
    ],
)
def test_an_address_of_a_page_needs_no_scheme(house, sign_in, typed, kept):
    client = sign_in(account=house.voice)
    client.submit(at(house, "profil"), {**TYPED, "website": typed, "version": house.choir.version})
    assert queries.get_organization(house.choir.id).website == kept


@pytest.mark.parametrize("typed", ["chor@namo.example", "keine", "javascript:alert(1).example", "ftp.", "a b.example"])
def test_what_is_no_address_of_a_page_stays_as_it_was_typed(house, sign_in, typed):
    client = sign_in(account=house.voice)
    page = client.submit(at(house, "profil"), {**TYPED, "website": typed, "version": house.choir.version}).text
    assert "Bitte geben Sie eine Adresse wie https://www.example.org ein." in page
    assert f'value="{typed}"' in page
    assert queries.get_organization(house.choir.id).website == ""
