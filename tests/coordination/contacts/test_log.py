"""The contact log: who was in contact with whom, and with whom nobody was."""

from datetime import date, timedelta

import pytest

from coordination.contacts import operations, policies, queries
from coordination.contacts.commands import take
from coordination.contacts.operations import Contact
from coordination.contacts.queries import Wanted
from coordination.contacts.rules import Channel, silent_before
from coordination.organizations.rules import Kind, Topic
from core.access import ANONYMOUS, SYSTEM, Actor, Grant
from core.csv_files import read_csv
from core.database import session
from core.errors import NotFound, Outdated, Refused
from core.history import lines_of
from core.importing import Done

TODAY = date(2026, 11, 16)
VISIT = Contact(date(2026, 11, 3), Channel.VISIT, "Sie suchen einen Raum für den Herbst.", [Topic.CULTURE])


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 11, 16), date(2026, 5, 16)),
        (date(2027, 8, 31), date(2027, 2, 28)),
        (date(2028, 8, 31), date(2028, 2, 29)),
        (date(2027, 1, 1), date(2026, 7, 1)),
    ],
)
def test_six_months_before_a_day(day, before):
    assert silent_before(day) == before


def test_a_contact_is_noted_with_a_line_of_history_that_keeps_its_words_out(actor, make_organization):
    choir = make_organization("Chor")
    row = operations.note_contact(actor, choir.id, VISIT)
    assert (row.topics, row.account_id, row.channel) == (["culture"], actor.account_id, Channel.VISIT)
    (line,) = lines_of("contact_note", row.id)
    assert (line.action, line.new["organization_id"]) == ("contacts.note", choir.id)
    assert "about" not in line.new


def test_what_is_refused(actor, make_organization):
    choir, dance = make_organization("Chor"), make_organization("Tanz")
    with pytest.raises(Refused) as refused:
        operations.note_contact(actor, choir.id, Contact(TODAY + timedelta(days=1), Channel.PHONE, "Morgen"))
    assert refused.value.field == "happened_on"
    with pytest.raises(Refused) as refused:
        operations.note_contact(actor, choir.id, Contact(TODAY, Channel.PHONE, "Heute", department_id=dance.id))
    assert refused.value.field == "department_id"
    assert list(session().scalars(queries.search(Wanted()))) == []


def test_an_outdated_correction_is_refused_and_a_removed_note_is_gone(actor, make_organization):
    row = operations.note_contact(actor, make_organization().id, VISIT)
    opened = row.version
    operations.edit_note(actor, row.id, version=opened, contact=Contact(TODAY, Channel.PHONE, "Anruf"))
    with pytest.raises(Outdated):
        operations.edit_note(actor, row.id, version=opened, contact=VISIT)
    operations.remove_note(actor, row.id)
    with pytest.raises(NotFound):
        queries.get_note(row.id)


def test_no_contact_for_six_months(make_organization):
    silent, fresh, old = make_organization("Ab"), make_organization("Chor"), make_organization("Tanz")
    make_organization("Amt", kind=Kind.DEPARTMENT)
    edge = silent_before(TODAY)
    operations.note_contact(SYSTEM, fresh.id, Contact(edge, Channel.PHONE, "Gerade noch"))
    operations.note_contact(SYSTEM, old.id, Contact(edge - timedelta(days=1), Channel.PHONE, "Zu lange her"))
    assert list(session().scalars(queries.silent())) == [silent, old]
    assert queries.count_silent() == 2
    assert queries.last_contacts([silent.id, old.id]) == {old.id: edge - timedelta(days=1)}


def test_the_log_is_narrowed(make_organization, make_person):
    choir, dance, office = (
        make_organization("Chor"),
        make_organization("Tanz"),
        make_organization("Amt", kind=Kind.DEPARTMENT),
    )
    first = operations.note_contact(SYSTEM, choir.id, VISIT)
    second = operations.note_contact(
        SYSTEM, dance.id, Contact(TODAY, Channel.PHONE, "100 % offen", [Topic.SPORT], office.id, make_person().id)
    )

    def found(**wanted):
        return list(session().scalars(queries.search(Wanted(**wanted))))

    assert found() == [second, first]
    assert found(text="chor") == found(topic=Topic.CULTURE) == found(organization_id=choir.id) == [first]
    assert found(text="0 %") == found(channel=Channel.PHONE) == found(department_id=office.id) == [second]


def test_who_may_change_a_note(make_organization):
    office, other = (make_organization(name, kind=Kind.DEPARTMENT) for name in ("Amt", "Kultur"))
    author = Actor(account_id=None, permissions=frozenset({"contacts.edit"}))
    row = operations.note_contact(author, make_organization().id, Contact(TODAY, Channel.MAIL, "Mail", (), office.id))

    def officer(number, organization):
        grants = frozenset({Grant("officer", organization.id)})
        return Actor(account_id=number, permissions=frozenset({"contacts.edit"}), grants=grants)

    table = {
        "nobody": (ANONYMOUS, False),
        "no right": (Actor(account_id=1), False),
        "the department": (officer(2, office), True),
        "another department": (officer(3, other), False),
        "the administration": (Actor(account_id=4, permissions=frozenset({"contacts.edit"}), is_admin=True), True),
    }
    assert {who: policies.may_change(actor, row) for who, (actor, _) in table.items()} == {
        who: may for who, (_, may) in table.items()
    }


def test_from_the_organization_to_the_log_and_back(sign_in, make_organization, make_person):
    office = make_organization("Stabsstelle", kind=Kind.DEPARTMENT)
    choir = make_organization("Chor der Brücken")
    ada = make_person("Ada Ahorn", organization=choir)
    client = sign_in("officer", organization_id=office.id)
    assert "Bisher ist kein Kontakt notiert." in client.get(f"/organisationen/{choir.id}").text
    assert "Mit 1 Migrantenorganisation hatte seit sechs Monaten niemand Kontakt" in client.get("/").text
    assert "Chor der Brücken" in client.get("/kontakte/ohne-kontakt").text
    form = {"happened_on": "17.11.2026", "channel": "visit", "about": "Raum gesucht", "department_id": office.id}
    page = client.submit(f"/kontakte/neu/{choir.id}", form)
    assert "Dieser Tag kommt erst noch." in page.text
    assert "Raum gesucht" in page.text
    page = client.submit(
        f"/kontakte/neu/{choir.id}",
        {**form, "happened_on": "12.11.2026", "person_id": ada.id, "topics": ["culture", "sport"]},
    )
    assert "Der Kontakt mit „Chor der Brücken“ wurde notiert." in page.text
    assert "Raum gesucht" in page.text
    log = client.get("/kontakte/?thema=sport&q=raum").text
    assert "Ada Ahorn" in log
    assert "Besuch" in log
    row = session().scalars(queries.search(Wanted())).one()
    client.submit(
        f"/kontakte/{row.id}/bearbeiten", {**form, "happened_on": "11.11.2026", "person_id": "", "version": row.version}
    )
    session().expire_all()
    assert (row.happened_on, row.topics, row.person_id) == (date(2026, 11, 11), [], None)
    assert "Die Notiz wurde entfernt." in client.submit(f"/kontakte/{row.id}/loeschen").text


def test_members_see_nothing_of_the_log(sign_in, make_organization):
    choir = make_organization("Chor")
    operations.note_contact(SYSTEM, choir.id, VISIT)
    client = sign_in("representative", organization_id=choir.id)
    assert VISIT.about not in client.get(f"/organisationen/{choir.id}").text
    assert client.get("/kontakte/").status_code == 403


@pytest.mark.parametrize(
    "address", ["/kontakte/", "/kontakte/ohne-kontakt", "/kontakte/neu", "/organisationen/{choir}"]
)
def test_pages_ask_as_often_for_many_as_for_few(sign_in, make_organization, make_person, count_queries, address):
    choir = make_organization("Chor")

    def fill(number):
        for name in range(number):
            other = make_organization(f"Verein {name}")
            for of in (choir, other):
                person = make_person(organization=of)
                operations.note_contact(
                    SYSTEM, of.id, Contact(TODAY - timedelta(days=400), Channel.PHONE, "Anruf", (), None, person.id)
                )

    def queries_of_page():
        with count_queries() as counted:
            assert client.get(address.format(choir=choir.id)).status_code == 200
        return counted.number

    fill(2)
    client = sign_in("officer", organization_id=make_organization("Amt", kind=Kind.DEPARTMENT).id)
    queries_of_page()
    few = queries_of_page()
    fill(8)
    assert queries_of_page() == few


def test_a_file_read_twice_changes_nothing(make_organization, make_person, tmp_path):
    make_organization("Chor", key="chor")
    make_organization("Amt", kind=Kind.DEPARTMENT, key="amt")
    make_person("Ada Ahorn", key="ada")
    file = tmp_path / "contacts.csv"
    head = "organization,happened_on,channel,about,topics,department,person\n"

    def read(line):
        file.write_text(head + line, encoding="utf-8")
        (only,) = read_csv(
            file, required=("organization", "happened_on", "channel", "about"), optional=head.strip().split(",")[4:]
        )
        return take(only)

    line = "chor,2026-10-01,visit,Raum gesucht,culture sport,amt,ada\n"
    assert [read(line), read(line)] == [Done.ADDED, Done.UNCHANGED]
    assert read(line.replace("Raum", "Saal")) == Done.CHANGED
    for broken in (
        "kein,2026-10-01,visit,x,,,",
        "chor,,visit,x,,,",
        "chor,2026-10-01,tanz,x,,,",
        "chor,2027-10-01,visit,x,,,",
    ):
        with pytest.raises(Refused):
            read(broken)
    assert [row.about for row in session().scalars(queries.search(Wanted()))] == ["Saal gesucht"]
