"""Who is the contact for which topic: in the administration for everybody, in an organization for its own people."""

from datetime import date, timedelta

import pytest

from coordination.organizations.rules import Kind, Topic
from coordination.people import operations, queries
from coordination.people.commands import take
from coordination.people.models import Membership
from coordination.people.policies import may_hide_name, may_publish_name, may_set_topics
from core.access import ANONYMOUS, SYSTEM, Actor, Grant
from core.csv_files import parse_csv
from core.database import session
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of
from core.importing import Done

TODAY = date(2026, 11, 16)


@pytest.fixture
def office(make_organization):
    return make_organization("Kulturamt", kind=Kind.DEPARTMENT, phone="030 23125 500", email="kultur@stadt.example")


@pytest.fixture
def make_contact(make_person, office):
    """`make_contact("Ada Ahorn", Topic.SPORT)`: somebody of the office who is the contact for these topics."""

    def make(name, *topics, organization=None, function="Leitung", **days):
        person = make_person(name)
        belongs = (organization or office).id
        return operations.add_membership(
            SYSTEM, person.id, organization_id=belongs, function=function, topics=topics, **days
        )

    return make


def test_topics_stand_once_and_in_the_order_of_the_survey_with_a_line_of_history(actor, make_contact):
    row = make_contact("Ada Ahorn")
    operations.set_topics(actor, row.id, version=1, function="Beratung", topics=[Topic.SPORT, Topic.CULTURE])
    assert (row.function, row.topics) == ("Beratung", ["culture", "sport"])
    operations.set_topics(actor, row.id, version=None, function="Beratung", topics=[Topic.CULTURE, Topic.SPORT])
    assert [line.action for line in lines_of("membership", row.id)] == ["people.set_topics", "people.add_membership"]
    assert lines_of("membership", row.id)[0].new == {"function": "Beratung", "topics": ["culture", "sport"]}


def test_an_outdated_save_and_a_function_held_twice_are_refused(actor, make_contact, office):
    row = make_contact("Ada Ahorn")
    operations.add_membership(SYSTEM, row.person_id, organization_id=office.id, function="Beratung")
    with pytest.raises(Refused) as refused:
        operations.set_topics(actor, row.id, version=None, function="Beratung", topics=[])
    assert refused.value.field == "function"
    operations.set_topics(actor, row.id, version=1, function="Leitung", topics=[Topic.SPORT])
    with pytest.raises(Outdated):
        operations.set_topics(actor, row.id, version=1, function="Leitung", topics=[])


def test_contacts_are_those_of_today_in_active_organizations(make_contact, make_organization):
    held = make_contact("Ada Ahorn", Topic.CULTURE, Topic.SPORT)
    make_contact("Ben Birke", Topic.CULTURE, ends_on=TODAY - timedelta(days=1))
    make_contact("Cem Ceder", Topic.CULTURE, starts_on=TODAY + timedelta(days=1))
    make_contact("Dora Dorn")
    archived = make_contact("Eva Esche", Topic.CULTURE)
    operations.archive_person(SYSTEM, archived.person_id)
    choir = make_contact("Fatma Fichte", Topic.RELIGION, organization=make_organization("Chor"))
    found = queries.by_topic(queries.contacts(TODAY, kind=Kind.DEPARTMENT))
    assert {topic: rows for topic, rows in found.items() if rows} == {Topic.CULTURE: [held], Topic.SPORT: [held]}
    assert list(found) == list(Topic)
    assert queries.contacts(TODAY) == [choir, held]
    assert queries.contacts(TODAY, organization_id=choir.organization_id) == [choir]


def test_who_may_set_topics_and_who_may_show_or_hide_a_name(make_contact, make_organization):
    choir = make_organization("Chor")
    row = make_contact("Ada Ahorn", organization=choir)

    def speaker(organization_id):
        return Actor(account_id=3, grants=frozenset({Grant("representative", organization_id)}))

    table = {
        "nobody": (ANONYMOUS, (False, False, False)),
        "the person": (Actor(account_id=1, person_id=row.person_id), (False, True, True)),
        "a member": (Actor(account_id=2, organizations=frozenset({choir.id})), (False, False, False)),
        "who speaks for it": (speaker(choir.id), (True, False, False)),
        "who speaks for another": (speaker(4711), (False, False, False)),
        "staff": (Actor(account_id=5, permissions=frozenset({"people.edit"})), (True, False, True)),
    }
    rights = (may_set_topics, may_publish_name, may_hide_name)
    assert {who: tuple(may(actor, row) for may in rights) for who, (actor, _) in table.items()} == {
        who: expected for who, (_, expected) in table.items()
    }


def test_only_a_departments_contact_is_named_in_public(actor, make_contact, make_organization):
    member = make_contact("Ada Ahorn", organization=make_organization("Chor"))
    with pytest.raises(Refused):
        operations.publish_name(actor, member.id, publish=True)
    row = make_contact("Ben Birke", Topic.SPORT)
    for publish, since in ((True, TODAY), (True, TODAY), (False, None), (False, None)):
        assert operations.publish_name(actor, row.id, publish=publish).name_public_since == since
    assert [line.action for line in lines_of("membership", row.id)].count("people.publish_name") == 2


def test_everybody_reads_office_and_function_and_the_name_is_for_who_is_signed_in(client, sign_in, make_contact):
    row = make_contact("Ada Ahorn", Topic.CULTURE, function="Kulturförderung")
    row.person.email = "ada.privat@example.org"
    session().commit()
    page = client.get("/zustaendig/").text
    for shown in ("Kulturamt", "Kulturförderung", "030 23125 500", "kultur@stadt.example"):
        assert shown in page
    assert "Ahorn" not in page
    assert page.count("Für dieses Thema ist noch niemand benannt.") == 11
    assert 'href="/zustaendig/"' in client.get("/").text
    narrowed = client.get("/zustaendig/?thema=sport").text
    assert "Kulturförderung" not in narrowed
    assert narrowed.count("Für dieses Thema ist noch niemand benannt.") == 1
    assert client.get("/zustaendig/?thema=unsinn").text.count("noch niemand benannt") == 11
    signed_in = sign_in(None).get("/zustaendig/").text
    assert "Ada Ahorn" in signed_in
    assert "ada.privat" not in signed_in


def test_who_does_not_know_whom_to_ask_is_told_the_integration_department(client, make_organization):
    make_organization("Stabsstelle Integration", kind=Kind.DEPARTMENT, integration_department=True, phone="030 23125 1")
    page = client.get("/zustaendig/").text
    assert "Stabsstelle Integration" in page
    assert "030 23125 1" in page


def test_a_contact_shows_the_name_to_everybody_and_takes_it_back(client, sign_in, make_account, make_contact):
    row = make_contact("Ada Ahorn", Topic.CULTURE)
    browser = sign_in(account=make_account(person_id=row.person_id))
    assert "Ihren Namen können nur angemeldete Personen lesen" in browser.get("/zustaendig/").text
    assert "Den Namen können jetzt alle lesen." in browser.submit(f"/zustaendig/{row.id}/name", {"wants": "1"}).text
    sign_out(client)
    assert "Ada Ahorn" in client.get("/zustaendig/").text
    browser = sign_in("officer", organization_id=row.organization_id)
    assert browser.submit(f"/zustaendig/{row.id}/name", {"wants": 1}).status_code == 404
    assert browser.submit(f"/zustaendig/{row.id}/name", {"wants": 0}).status_code == 200
    sign_out(client)
    assert "Ada Ahorn" not in client.get("/zustaendig/").text


def sign_out(client):
    with client.session_transaction() as cookies:
        cookies.clear()


def test_who_speaks_for_an_organization_names_its_contacts(sign_in, make_account, make_contact, make_organization):
    choir, other = make_organization("Chor"), make_organization("Tanz")
    ada, ben = make_contact("Ada Ahorn", organization=choir), make_contact("Ben Birke", organization=other)
    browser = sign_in(account=make_account("representative", organization_id=choir.id, person_id=ada.person_id))
    assert browser.get(f"/zustaendig/{ben.id}").status_code == 404
    form = {"function": "Vorsitz", "topics": ["culture", "sport"], "version": ada.version}
    page = browser.submit(f"/zustaendig/{ada.id}", form)
    assert "Die Themen von Ada Ahorn wurden gespeichert." in page.text
    assert "Kultur, interkulturelle Aktivitäten · Sport" in page.text
    page = browser.submit(f"/zustaendig/{ada.id}", {**form, "function": "Kasse"})
    assert "Das ist im Moment gespeichert." in page.text
    assert 'value="Kasse"' in page.text
    browser.submit(f"/zustaendig/{ada.id}", {**form, "topics": ["unsinn"]})
    session().expire_all()
    assert ada.topics == ["culture", "sport"]
    operations.end_membership(SYSTEM, ada.id, ends_on=TODAY - timedelta(days=1))
    assert browser.get(f"/zustaendig/{ada.id}").status_code == 404
    with pytest.raises(NotFound):
        queries.find_membership(ada.id)


def test_a_department_page_names_its_contacts_to_who_is_signed_in(sign_in, make_contact, make_organization, office):
    make_contact("Ada Ahorn", Topic.CULTURE)
    make_contact("Ben Birke")
    browser = sign_in("representative", organization_id=make_organization("Chor").id)
    page = browser.get(f"/organisationen/{office.id}").text
    assert "Ada Ahorn" in page
    assert "Ben Birke" not in page
    assert "Wer ist in der Verwaltung wofür zuständig?" in browser.get("/").text


def test_the_page_asks_as_often_for_many_as_for_few(sign_in, make_contact, count_queries):
    def queries_of_page():
        with count_queries() as counted:
            assert browser.get("/zustaendig/").status_code == 200
        return counted.number

    browser = sign_in(None)
    for number in range(3):
        make_contact(f"Ada Ahorn{number}", Topic.SPORT, function=str(number))
    queries_of_page()
    few = queries_of_page()
    for number in range(3, 30):
        make_contact(f"Ada Ahorn{number}", *Topic, function=str(number))
    assert queries_of_page() == few


def test_a_file_names_topics_and_an_older_one_leaves_them(app, office):
    head = "key,given_name,family_name,email,organization,function"

    def read(head, line):
        (only,) = parse_csv(
            f"{head}\n{line}\n".encode(),
            required=("key", "given_name", "family_name", "email"),
            optional=("organization", "function", "topics"),
        )
        return take(only)

    line = f"ada,Ada,Ahorn,ada@stadt.example,{office.key},Leitung"
    assert read(f"{head},topics", f"{line},sport culture") == Done.ADDED
    assert read(head, line) == Done.UNCHANGED
    row = session().query(Membership).one()
    assert row.topics == ["culture", "sport"]
    with pytest.raises(Refused):
        read(f"{head},topics", f"{line},tanz")
    assert read(f"{head},topics", f"{line},") == Done.CHANGED
    assert row.topics == []
