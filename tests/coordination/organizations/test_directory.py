"""The directory: what is consented to, found by it, at a constant number of queries."""

import pytest
from sqlalchemy import select

from coordination.organizations import consents, landscape, operations, queries
from coordination.organizations.landscape import Belonging
from coordination.organizations.models import Organization
from coordination.organizations.publication import PUBLIC, Audience, Field, Level, Reader
from coordination.organizations.queries import Wanted, field_shown
from coordination.organizations.rules import Kind, MoKind, Topic
from coordination.people import operations as people
from core.access import SYSTEM
from core.database import session

ADDRESS = "/organisationen/"


def names(reader: Reader, **wanted: object) -> list[str]:
    return [row.name for row in session().scalars(queries.listed(reader, Wanted(**wanted)))]


def test_the_public_finds_only_what_an_organization_shows(house, describe, publish, client):
    describe(house.choir, about="Wir singen am Fluss.", topics=[Topic.CULTURE], languages=["tr"], phone="030 1234")
    page = client.get(ADDRESS).text
    assert "Chor der Brücken" not in page
    assert client.get(f"{ADDRESS}{house.choir.id}").status_code == 404
    publish(house.choir, Field.NAME, Field.TOPICS)
    page = client.get(ADDRESS).text
    assert "Chor der Brücken" in page
    assert "Kultur" in page
    page = client.get(f"{ADDRESS}{house.choir.id}").text
    assert "Chor der Brücken" in page
    for hidden in ("Wir singen", "030 1234", "Migrantenorganisation"):
        assert hidden not in page


def test_no_filter_finds_what_is_hidden(house, describe, publish):
    """Else one could ask for each topic and each language and learn them."""
    describe(house.choir, topics=[Topic.SPORT], languages=["ar"], kinds=[MoKind.MOSQUE], own_label="Gemeinde")
    publish(house.choir, Field.NAME)
    narrow = (
        {"topic": Topic.SPORT},
        {"language": "ar"},
        {"mo_kind": MoKind.MOSQUE},
        {"kind": Kind.MIGRANT_ORGANISATION},
        {"text": "Gemeinde"},
    )
    for wanted in narrow:
        assert names(PUBLIC, **wanted) == []
    assert names(PUBLIC, kind=Kind.DEPARTMENT) == ["Integration", "Kulturamt"]
    assert names(Reader(Audience.COLLEAGUES), kind=Kind.MIGRANT_ORGANISATION) == ["Chor der Brücken"]
    assert names(Reader(own=frozenset({house.choir.id})), kind=Kind.MIGRANT_ORGANISATION) == ["Chor der Brücken"]
    publish(house.choir, Field.TOPICS, Field.LANGUAGES, Field.KINDS, Field.OWN_LABEL)
    for wanted in narrow:
        assert names(PUBLIC, **wanted) == ["Chor der Brücken"]


def test_within_the_administration_is_not_for_everybody(house, describe, publish):
    describe(house.choir, phone="030 1234", topics=[Topic.SPORT])
    publish(house.choir, Field.NAME, Field.PHONE, Field.TOPICS, level=Level.ADMINISTRATION)
    assert names(PUBLIC) == ["Integration", "Kulturamt"]
    assert names(Reader(Audience.COLLEAGUES), topic=Topic.SPORT) == []
    assert names(queries.DEPARTMENTS, topic=Topic.SPORT) == ["Chor der Brücken"]
    assert queries.get_shown(queries.DEPARTMENTS, house.choir.id)["phone"] == "030 1234"


def test_a_withdrawal_takes_effect_at_once(house, describe, publish, client):
    describe(house.choir, about="Wir singen am Fluss.")
    publish(house.choir, Field.NAME, Field.ABOUT)
    assert "Wir singen" in client.get(f"{ADDRESS}{house.choir.id}").text
    consents.withdraw(SYSTEM, house.choir.id, fields=[Field.ABOUT])
    assert "Wir singen" not in client.get(f"{ADDRESS}{house.choir.id}").text
    consents.withdraw(SYSTEM, house.choir.id)
    assert client.get(f"{ADDRESS}{house.choir.id}").status_code == 404
    assert "Chor der Brücken" not in client.get(ADDRESS).text


def test_an_archived_organization_is_gone_from_the_directory(house, publish, client):
    publish(house.choir, Field.NAME)
    operations.archive_organization(SYSTEM, house.choir.id)
    assert client.get(f"{ADDRESS}{house.choir.id}").status_code == 404
    assert "Chor der Brücken" not in client.get(f"{ADDRESS}?archiv=1").text


def test_a_membership_in_an_umbrella_body_names_it_only_where_it_shows_itself(house, publish, make_organization):
    umbrella = make_organization("Dachverband", kinds=[MoKind.UMBRELLA])
    landscape.join_umbrella(SYSTEM, house.choir.id, belonging=Belonging(umbrella.id))
    publish(house.choir, Field.NAME, Field.UMBRELLAS)
    assert queries.get_shown(PUBLIC, house.choir.id)["umbrellas"] is None
    assert names(PUBLIC, umbrella_id=umbrella.id) == [], "nor is it to be guessed by its number"
    assert names(Reader(Audience.COLLEAGUES), umbrella_id=umbrella.id) == ["Chor der Brücken"]
    publish(umbrella, Field.NAME)
    assert queries.get_shown(PUBLIC, house.choir.id)["umbrellas"] == [(umbrella.id, "Dachverband")]
    assert names(PUBLIC, umbrella_id=umbrella.id) == ["Chor der Brücken"]
    consents.withdraw(SYSTEM, house.choir.id, fields=[Field.UMBRELLAS])
    assert names(PUBLIC, umbrella_id=umbrella.id) == []


@pytest.mark.parametrize(
    ("who", "seen"),
    [("voice", True), ("keeper", True), ("admin", True), ("officer", False), ("clerk", False)],
)
def test_what_nobody_agreed_to_is_for_its_own_people_and_who_keeps_the_profiles(house, describe, sign_in, who, seen):
    describe(house.choir, about="Wir singen am Fluss.", email="chor@example.org")
    page = sign_in(account=getattr(house, who)).get(f"{ADDRESS}{house.choir.id}")
    assert page.status_code == 200
    assert ("Wir singen" in page.text, "chor@example.org" in page.text) == (seen, seen)


def test_no_mail_address_of_an_organization_stands_in_a_public_page(house, describe, publish, client):
    describe(house.choir, email="chor@example.org")
    publish(house.choir, *set(Field) - {Field.EMAIL})
    publish(house.choir, Field.EMAIL, level=Level.ADMINISTRATION)
    for address in (ADDRESS, f"{ADDRESS}{house.choir.id}"):
        page = client.get(address)
        assert page.status_code == 200
        assert "@" not in page.text.replace("%40", "@")


def test_the_mail_of_an_office_is_public_wherever_the_office_stands(make_organization, make_person, client):
    """Its function's address; not that of who works there."""
    office = make_organization("Sportamt", kind=Kind.DEPARTMENT, email="sport@stadt.example")
    ada = make_person("Ada Ahorn", email="ada@stadt.example")
    people.add_membership(SYSTEM, ada.id, organization_id=office.id, topics=[Topic.SPORT])
    for address in (f"{ADDRESS}{office.id}", "/zustaendig/"):
        page = client.get(address).text
        assert "sport@stadt.example" in page
        assert "ada@stadt.example" not in page
    assert session().scalar(select(field_shown(PUBLIC, Field.EMAIL)).where(Organization.id == office.id))


def test_the_list_asks_the_same_number_of_queries_for_ten_times_the_rows(
    client, make_organization, publish, count_queries
):
    def ask(number: int) -> int:
        for _each in range(number):
            row = make_organization(topics=[Topic.CULTURE], languages=["de", "tr"])
            publish(row, Field.NAME, Field.TOPICS, Field.LANGUAGES)
        with count_queries() as counted:
            assert client.get(f"{ADDRESS}?thema=culture&sprache=tr").status_code == 200
        return counted.number

    assert ask(3) == ask(27)


def test_copying_the_directory_takes_its_time(client):
    """Who is not signed in reads sixty pages in a minute, and no more."""
    answers = [client.get(f"{ADDRESS}?seite={number}").status_code for number in range(61)]
    assert answers == [200] * 60 + [429]


def test_search_engines_keep_no_copy(client):
    assert client.get(ADDRESS).headers["X-Robots-Tag"] == "noarchive"


@pytest.mark.parametrize("rubbish", ["x", "0", "-1", "²", "9" * 40, "%00", "culture' OR 1=1"])
def test_rubbish_in_the_address_narrows_nothing_and_breaks_nothing(client, rubbish):
    for name in ("thema", "sprache", "form", "art", "dachverband", "archiv"):
        assert client.get(ADDRESS, query_string={name: rubbish}).status_code == 200
