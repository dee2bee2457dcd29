"""The address list that all departments share."""

import csv
import io

import pytest

from coordination.organizations import consents
from coordination.organizations.publication import Field, Level
from coordination.organizations.rules import Topic
from core import reads
from core.access import SYSTEM

LIST, FILE = "/organisationen/adressen", "/organisationen/adressen.csv"
CONTACT = {"email": "chor@example.org", "phone": "030 1234", "address": "Ring 1\n12345 Musterstadt"}


def lines(client) -> list[list[str]]:
    table = client.get(FILE).get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(table), delimiter=";"))[1:]


def test_it_shows_what_is_shared_within_the_administration(house, describe, publish, sign_in):
    describe(house.choir, topics=[Topic.CULTURE], **CONTACT)
    client = sign_in(account=house.officer)
    assert "Noch teilt keine Organisation ihre Adresse." in client.get(LIST).text
    publish(house.choir, Field.EMAIL, Field.TOPICS, level=Level.ADMINISTRATION)
    page = client.get(LIST).text
    assert "chor@example.org" in page
    assert "030 1234" not in page
    assert lines(client) == [
        ["Chor der Brücken", "", "", "chor@example.org", "", "", "Kultur, interkulturelle Aktivitäten", ""]
    ]


def test_who_keeps_the_profiles_finds_no_more_in_it(house, describe, sign_in):
    """The list is for handing on; what was not shared is not in it for anybody."""
    describe(house.choir, **CONTACT)
    client = sign_in(account=house.admin)
    assert "chor@example.org" not in client.get(LIST).text
    assert lines(client) == []


def test_a_withdrawal_empties_it_at_once(house, describe, publish, sign_in):
    describe(house.choir, **CONTACT)
    publish(house.choir, Field.EMAIL, Field.PHONE, level=Level.ADMINISTRATION)
    client = sign_in(account=house.officer)
    assert len(lines(client)) == 1
    consents.withdraw(SYSTEM, house.choir.id)
    assert lines(client) == []
    assert "Chor der Brücken" not in client.get(LIST).text


def test_departments_and_those_without_an_address_are_not_in_it(house, describe, publish, sign_in):
    describe(house.choir, about="Wir singen.")
    publish(house.choir, Field.NAME, Field.ABOUT, Field.EMAIL, level=Level.ADMINISTRATION)
    client = sign_in(account=house.keeper)
    assert [line[0] for line in lines(client)] == ["Chor der Brücken"]
    consents.withdraw(SYSTEM, house.choir.id, fields=[Field.EMAIL])
    assert lines(client) == []


@pytest.mark.parametrize("address", [LIST, FILE])
def test_it_is_for_departments_alone_and_reads_are_noted(house, sign_in, address):
    for who in ("voice", "clerk"):
        assert sign_in(account=getattr(house, who)).get(address).status_code == 403
    assert sign_in(account=house.officer).get(address).status_code == 200
    assert reads.write_down() == 1


def test_a_formula_stays_text(house, describe, publish, sign_in):
    describe(house.choir, phone="=1+1", address="@SUM(A1)")
    publish(house.choir, Field.PHONE, Field.ADDRESS, level=Level.ADMINISTRATION)
    (line,) = lines(sign_in(account=house.officer))
    assert line[2] == "'@SUM(A1)"
    assert line[4] == "'=1+1"


def test_it_asks_the_same_number_of_queries_for_ten_times_the_rows(
    house, make_organization, publish, sign_in, count_queries
):
    client = sign_in(account=house.officer)

    def ask(number: int) -> list[int]:
        for _each in range(number):
            publish(make_organization(email="x@example.org"), Field.EMAIL, level=Level.ADMINISTRATION)
        found = []
        for address in (LIST, FILE):
            with count_queries() as counted:
                assert client.get(address).status_code == 200
            found.append(counted.number)
        return found

    assert ask(3) == ask(27)


def test_a_file_that_is_read_in_parts_is_whole_and_in_order(make_organization, sign_in, monkeypatch):
    monkeypatch.setattr("coordination.organizations.documents.AT_ONCE", 2)
    for number in range(5):
        organization = make_organization(f"Verein {number}", address="Weg 1")
        wished = {Field.ADDRESS: Level.ADMINISTRATION}
        consents.set_consents(SYSTEM, organization.id, wished=wished, state=None, agreed=True)
    assert [line[0] for line in lines(sign_in("officer"))] == [f"Verein {number}" for number in range(5)]
