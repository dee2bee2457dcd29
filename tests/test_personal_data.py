"""What is kept of a person, across all rooms: given out whole, erased whole, and nothing of anybody else touched.

Two people have a row in every table: Ada, about whom it is, and Eva, whose neighbour she is in all of them.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import Table, select

from calendars.feeds import operations as feeds
from calendars.invitations import operations as invitations
from coordination.accounts import erasing
from coordination.accounts.models import Account
from coordination.accounts.operations import Duty, assign, create_account
from coordination.accounts.rules import Role
from coordination.contacts import operations as contacts
from coordination.contacts.operations import Contact
from coordination.contacts.rules import Channel
from coordination.cooperation import partners
from coordination.cooperation.facts import PartnerTerms
from coordination.cooperation.rules import ContributionKind
from coordination.events import operations as events
from coordination.letters import operations as letters
from coordination.letters.queries import Wanted, recipients_of
from coordination.letters.rules import state_of as letter_state
from coordination.organizations import consents
from coordination.organizations import operations as organizations
from coordination.organizations.models import Organization
from coordination.organizations.publication import Audience, Field, Level, Reader
from coordination.organizations.rules import Kind as OrganizationKind
from coordination.organizations.rules import Topic
from coordination.people import operations as people
from coordination.people.merging import merge_people
from coordination.people.models import Membership, Person
from coordination.planning import agreements, needs, requests, reviews, sections, tasks
from coordination.planning import operations as planning
from coordination.planning.rules import NeedKind, RequestState
from coordination.projects import milestones, steps
from coordination.projects import operations as projects
from coordination.projects.rules import State as ProjectState
from coordination.strategy import operations as strategy
from coordination.strategy import statements
from coordination.strategy.operations import Terms
from coordination.strategy.rules import Foundation
from core import erasures, personal, reads
from core.access import SYSTEM, Actor
from core.database import db, session, transaction
from core.dated import Status
from core.errors import NotFound, Refused
from core.history import HistoryLine, check_chain
from core.outbox import OutboxMail
from core.personal import Subject
from meetings.agenda import operations as agenda
from meetings.agenda.operations import Item
from meetings.attendance import operations as attendance
from meetings.attendance.models import Attendance
from meetings.attendance.rules import Answer, Presence
from meetings.minutes import operations as minutes
from meetings.minutes.models import Minutes, MinutesRelease, MinutesRevision
from meetings.sittings import operations as sittings
from meetings.sittings.operations import Plan
from participation.committees import operations as committees
from participation.committees.operations import Charter
from participation.committees.rules import Kind
from participation.seats import operations as seats
from participation.seats.models import Appointment
from participation.seats.operations import SeatTerms
from tests.conftest import TEST_NOW
from wsgi import PERSONAL

#: what is Ada's alone and must not be found anywhere once she is erased
OF_ADA = ("Ahorn", "ada@example.org", "ada-frueher@example.org", "07531 111", "Kassenprüfung", "Adas Handy")
OF_EVA = ("Buche", "eva@example.org", "07531 222", "Notenwartin", "Evas Handy")

#: each is the contact of her organization for one topic
CONTACT_FOR = {"Ada": Topic.CULTURE, "Eva": Topic.SPORT}

#: named in the registry, but its rows tell nobody whose they are
OF_NOBODY_KNOWN = {"submission"}


@dataclass
class Somebody:
    """A person with a row in every table."""

    person: Person
    account: Account

    @property
    def actor(self) -> Actor:
        return Actor(account_id=self.account.id, person_id=self.person.id)


class Circle:
    """A committee with two seats, on which Ada and Eva sit; one sitting to come, one that was."""

    def __init__(self) -> None:
        with time_machine.travel(TEST_NOW - timedelta(days=60), tick=True):
            create_account(SYSTEM, "admin@example.org", duty=Duty(Role.ADMIN))
            self.chor, self.verein = (
                organizations.create_organization(
                    SYSTEM, organizations.Profile(name=name, kind=OrganizationKind.MIGRANT_ORGANISATION)
                )
                for name in ("Chor der Brücken", "Verein Nord")
            )
            self.office = organizations.create_organization(
                SYSTEM, organizations.Profile(name="Kulturamt", kind=OrganizationKind.DEPARTMENT)
            )
            charter = Charter(name="Integrationsrat", kind=Kind.ADVISORY_BOARD)
            self.committee = committees.create_committee(SYSTEM, charter)
            self.past, self.coming = (
                self._sitting(day) for day in (datetime(2026, 10, 1, 18), datetime(2026, 12, 8, 18))
            )
            self.ada = self._somebody(
                "Ada Ahorn", self.chor, phone="07531 111", function="Kassenprüfung", device="Adas Handy"
            )
            self.eva = self._somebody(
                "Eva Buche", self.verein, phone="07531 222", function="Notenwartin", device="Evas Handy"
            )
        with time_machine.travel(datetime(2026, 10, 2, 9, tzinfo=UTC), tick=True):
            self._hold()
        self._invite()
        for somebody in (self.ada, self.eva):
            self._plan(somebody)
            self._strategy(somebody)
            self._carry_out(somebody)
        for somebody, organization in ((self.ada, self.chor), (self.eva, self.verein)):
            self._write(somebody, organization)

    def _plan(self, somebody: Somebody) -> None:
        """An event for which somebody does a task, writes, gives a word, and is named in every text."""
        actor, named = somebody.actor, f"Mit {somebody.person.name}."
        event = events.create(actor, events.Plan("Fest", datetime(2026, 11, 12, 18), text=named))
        key, choir = event.cooperation_id, self.chor.id
        tasks.add_task(actor, key, title="Plakat", person_id=somebody.person.id)
        sections.add_section(actor, key, title="Ablauf", text=named)
        needs.add_need(actor, key, kind=NeedKind.OTHER, note=named)
        planning.post(actor, key, text=named)
        partners.add_partner(actor, key, terms=PartnerTerms(choir, contribution=named))
        asked = requests.ask(actor, key, organization_id=choir, kind=ContributionKind.ROOM, wish=named)
        requests.answer_request(actor, asked.id, version=None, state=RequestState.GRANTED)
        agreements.write_agreement(actor, key, version=None, promise=agreements.Promise("Fest", named))
        agreements.confirm_agreement(actor, key, revision=1, organization_id=choir)
        events.announce(actor, event.id)
        events.hold(actor, event.id)
        reviews.review(actor, key, version=None, opinion=reviews.Opinion(what_worked=named), organization_id=choir)

    def _carry_out(self, somebody: Somebody) -> None:
        """A project in whose texts somebody is named, with a milestone."""
        actor, named = somebody.actor, f"Mit {somebody.person.name}."
        plan = projects.Plan("Garten", starts_on=date(2026, 1, 1), text=named)
        project = projects.create(actor, plan, state=ProjectState.RUNNING)
        milestones.add(actor, project.id, aim=milestones.Aim(named, date(2026, 12, 1)))
        steps.pause(actor, project.id, reason=named)

    def _write(self, somebody: Somebody, organization: Organization) -> None:
        """A letter that somebody wrote and got as the organization's contact, and a consent entered for it."""
        wanted = Wanted(CONTACT_FOR[somebody.person.given_name])
        named = f"Von {somebody.person.name}."
        letter = letters.write_letter(somebody.actor, wanted, letters.Draft(self.office.id, "Fest", named))
        reached = letter_state(recipients_of(Reader(Audience.OWN), wanted))
        letters.send_letter(SYSTEM, letter.id, version=None, recipients=reached)
        wished = {Field.LANGUAGES: Level.PUBLIC}
        consents.set_consents(somebody.actor, organization.id, wished=wished, state=None, agreed=True)

    def _strategy(self, somebody: Somebody) -> None:
        """An aim, a measure and a statement in whose texts somebody is named."""
        actor, named = somebody.actor, f"Mit {somebody.person.name}."
        aim = strategy.create_aim(actor, Terms("Räume", text=named))
        strategy.create_measure(actor, aim.id, terms=Terms("Raumbörse", text=named))
        since = date(2026, 1, 1) + timedelta(days=somebody.person.id)
        statements.state(actor, Foundation.JOB_DESCRIPTION, holds=True, since=since, note=named)

    def _invite(self) -> None:
        invitations.invite(SYSTEM, self.coming.id)
        for somebody in (self.ada, self.eva):
            seat = (
                session().scalars(select(Appointment.seat_id).where(Appointment.person_id == somebody.person.id)).one()
            )
            attendance.answer(somebody.person.id, self.coming.id, seat, Answer.COMING, actor=somebody.actor)

    def another_sitting(self) -> None:
        """One more sitting to which everybody was invited and came, with minutes that name Ada."""
        self.past = self._sitting(datetime(2026, 9, 1, 18) - timedelta(days=session().query(Minutes).count()))
        self._hold()
        self.coming = self._sitting(self.coming.starts_local + timedelta(days=1))
        self._invite()

    def membership_of(self, somebody: Somebody) -> int:
        """The id of somebody's membership."""
        return session().scalars(select(Membership.id).where(Membership.person_id == somebody.person.id)).one()

    def _sitting(self, day: datetime):
        plan = Plan(start=day, end=day.replace(hour=20), status=Status.CONFIRMED, public=True)
        return sittings.schedule(SYSTEM, self.committee.id, plan)

    def _somebody(self, name: str, organization: Any, *, phone: str, function: str, device: str) -> Somebody:
        given, _, family = name.partition(" ")
        key = given.lower()
        profile = people.Profile(family, given, email=f"{key}-frueher@example.org", phone=phone)
        person = people.create_person(SYSTEM, profile, key=key)
        now_reached_at = people.Profile(family, given, email=f"{key}@example.org", phone=phone)
        people.edit_person(SYSTEM, person.id, version=None, profile=now_reached_at)
        people.add_membership(
            SYSTEM, person.id, organization_id=organization.id, function=function, topics=[CONTACT_FOR[given]]
        )
        account = create_account(SYSTEM, f"{key}@example.org", person_id=person.id, invite=True)
        assign(SYSTEM, account.id, Duty(Role.REPRESENTATIVE, organization.id))
        seat = seats.create_seat(
            SYSTEM, self.committee.id, terms=SeatTerms(label=f"MO {key}", organization_id=organization.id)
        )
        seats.appoint(SYSTEM, seat.id, person_id=person.id)
        feeds.create_token(Actor(account_id=account.id, person_id=person.id), person.id, name=device)
        somebody = Somebody(person, account)
        called = Contact(
            TEST_NOW.date() - timedelta(days=60), Channel.PHONE, f"{name} fragt nach einem Raum.", (), None, person.id
        )
        contacts.note_contact(somebody.actor, organization.id, called)
        return somebody

    def _hold(self) -> None:
        """The past sitting: attendance, and minutes in which both are named and wrote."""
        for somebody in (self.ada, self.eva):
            seat = (
                session().scalars(select(Appointment.seat_id).where(Appointment.person_id == somebody.person.id)).one()
            )
            attendance.record(SYSTEM, self.past.id, seat_id=seat, presence=Presence.PRESENT)
        item = agenda.add(SYSTEM, self.past.id, Item("Bericht"))
        minutes.save_text(self.ada.actor, item.id, 0, "Ada Ahorn berichtet.")
        minutes.save_text(self.eva.actor, item.id, 1, "Ada Ahorn berichtet, Eva Buche dankt.")
        head = minutes.Head(chair_name="Ada Ahorn", secretary_name="Eva Buche", guests="Dr. Linde, Stadtwerke")
        minutes.save_head(SYSTEM, self.past.id, version=None, head=head)
        minutes.release(SYSTEM, self.past.id)


@pytest.fixture
def circle(app) -> Circle:
    return Circle()


def subject(somebody: Somebody) -> Subject:
    return erasing.subject_of(account_id=somebody.account.id)


def everything() -> str:
    """Every row of every table as one text, in which letters are written as they are."""
    session().rollback()
    with db.engine.connect() as connection:
        rows = [str(row) for table in db.metadata.sorted_tables for row in connection.execute(table.select())]
    return "\n".join(rows).encode().decode()


def rows_of(table: Table, somebody: Somebody) -> set[int]:
    """The ids of the rows that point to the person or the account."""
    found = set()
    for column in table.columns:
        for key in column.foreign_keys:
            owner = {"person": somebody.person.id, "account": somebody.account.id}.get(key.column.table.name)
            if owner is not None:
                found |= set(session().scalars(select(table.c.id).where(column == owner)))
    return found


# ---- export


def test_every_row_of_the_person_is_given_out(circle):
    given = {kept.entry.table: kept.rows for kept in personal.export(subject(circle.ada))}
    named = {entry.table for entry in PERSONAL}
    seeded = named - OF_NOBODY_KNOWN
    assert given.keys() == seeded, "the seeded person has rows everywhere"
    for table in db.metadata.sorted_tables:
        wanted = rows_of(table, circle.ada)
        assert wanted <= {row["id"] for row in given.get(table.name, [])}, table.name


def test_nothing_of_anybody_else_is_given_out(circle):
    text = json.dumps([kept.rows for kept in personal.export(subject(circle.ada))], ensure_ascii=False)
    assert [word for word in OF_ADA if word not in text] == []
    assert [word for word in OF_EVA if word in text] == []
    given = {kept.entry.table: {row["id"] for row in kept.rows} for kept in personal.export(subject(circle.ada))}
    for table in db.metadata.sorted_tables:
        assert not rows_of(table, circle.eva) & given.get(table.name, set()), table.name


def test_the_page_counts_what_would_be_given_out(circle, count_queries):
    for about in (subject(circle.ada), subject(circle.eva), Subject(account_id=circle.ada.account.id)):
        given = {kept.entry.table: len(kept.rows) for kept in personal.export(about)}
        with count_queries() as counted:
            assert {kept.entry.table: kept.rows for kept in personal.count(about)} == given
        assert counted.number == 1


def test_what_is_nobodys_is_given_to_nobody(circle):
    """Tasks that nobody took, agreements whose confirmer was erased: who has no person or no account gets none."""
    for table in (table for table in db.metadata.sorted_tables if table.name != "account"):
        for key in (key for key in table.foreign_keys if key.column.table.name in ("person", "account")):
            if key.parent.nullable:
                session().execute(table.update().values({key.parent: None}))
    assert personal.export(Subject()) == personal.count(Subject()) == []


def test_a_long_past_takes_no_more_queries_than_a_short_one(circle, count_queries):
    about = subject(circle.ada)

    def queries() -> int:
        session().rollback()
        with count_queries() as counted:
            personal.export(about)
        return counted.number

    before = queries()
    for _ in range(5):
        circle.another_sitting()
    assert queries() == before


def test_a_seat_of_a_strange_name_keeps_nobody_from_their_data(circle):
    """The line of a recorded attendance names the seat, as a column is named elsewhere."""
    seat = seats.create_seat(SYSTEM, circle.committee.id, terms=SeatTerms(label="person_id"))
    attendance.record(SYSTEM, circle.past.id, seat_id=seat.id, presence=Presence.ABSENT)
    about = subject(circle.ada)
    assert {kept.entry.table for kept in personal.export(about)} >= {"history", "person"}
    erasing.erase(circle.ada.actor, about)
    assert [word for word in OF_ADA if word in everything()] == []


def test_secrets_are_not_given_out(circle):
    text = json.dumps([kept.rows for kept in personal.export(subject(circle.ada))])
    assert circle.ada.account.fs_uniquifier not in text
    assert "http://localhost/" in session().scalars(select(OutboxMail.text)).first()
    assert not re.search(r"https?://localhost/\w", text), "a link in a mail may sign in"
    assert "token_hash" not in text


def test_a_shared_address_is_given_out_to_neither(circle):
    """Two people had the same mailbox one after the other: its mails may be the other's."""
    heir = people.Profile("Erbin", "Ida", email="ada-frueher@example.org")
    people.create_person(SYSTEM, heir)
    assert subject(circle.ada).addresses == {"ada@example.org"}


# ---- erasure


def test_nothing_is_left_of_who_was_erased(circle):
    before = everything()
    assert [word for word in OF_ADA if word not in before] == [], "else this test could not fail"
    erasing.erase(circle.ada.actor, subject(circle.ada))
    after = everything()
    assert [word for word in OF_ADA if word in after or json.dumps(word)[1:-1] in after] == []


def test_nothing_is_left_of_an_entry_that_was_merged_into_that_of_who_was_erased(circle):
    """All that Ada has hangs on an entry that is called otherwise than the one that is kept."""
    number = circle.ada.person.id
    kept = people.create_person(SYSTEM, people.Profile("Ahorn-Esche", "Adele", email="adele@example.org"), key="adele")
    merge_people(SYSTEM, kept.id, number)
    assert subject(circle.ada).merged_ids == frozenset({number})
    assert [word for word in OF_ADA if word not in everything()] == [], "else this test could not fail"
    erasing.erase(circle.ada.actor, subject(circle.ada))
    after = everything()
    words = (*OF_ADA, "Ahorn-Esche", "Adele", "adele")
    assert [word for word in words if word in after or json.dumps(word)[1:-1] in after] == []
    released = session().scalars(select(MinutesRelease.content)).one()
    assert '"chair":"Vertretung Chor der Brücken"' in released
    assert session().get_one(Person, number).merged_into_id == kept.id


def test_an_older_backup_brings_no_entry_back_that_was_merged_into_that_of_who_was_erased(circle):
    twin = people.create_person(SYSTEM, people.Profile("Ahorn", "Adele"), key="adele")
    merge_people(SYSTEM, circle.ada.person.id, twin.id)
    erasing.erase(SYSTEM, subject(circle.ada))
    with transaction():  # as it was before the merge
        twin.merged_into_id = twin.erased_at = twin.archived_at = None
        twin.family_name, twin.key = "Ahorn", "adele"
    assert erasures.replay() == 1
    assert twin.family_name == "Gelöschte Person"


def test_what_others_have_stays_as_it_is(circle):
    def of_eva() -> dict[str, Any]:
        session().rollback()
        kept = {entry.entry.table: entry.rows for entry in personal.export(subject(circle.eva))}
        return {name: rows for name, rows in kept.items() if name not in ("minutes_revision", "history")}

    before = of_eva()
    erasing.erase(circle.ada.actor, subject(circle.ada))
    assert of_eva() == before
    text = everything()
    assert [word for word in OF_EVA if word not in text] == []


def test_who_is_called_nearly_the_same_is_still_named(circle):
    item = agenda.add(SYSTEM, circle.coming.id, Item("Gast"))
    minutes.save_text(circle.eva.actor, item.id, 0, "Ada Ahornhof spricht, und Ada Ahorns Chor singt.")
    erasing.erase(circle.ada.actor, subject(circle.ada))
    assert "Ada Ahornhof spricht, und Vertretung Chor der Brückens Chor singt." in everything()


def test_in_records_the_office_stays(circle):
    erasing.erase(circle.ada.actor, subject(circle.ada))
    office = "Vertretung Chor der Brücken"
    assert session().get(Person, circle.ada.person.id).name == office
    there = session().scalars(select(Attendance).where(Attendance.person_id == circle.ada.person.id)).one()
    assert (there.presence, there.person.name) == (Presence.PRESENT, office)
    head = session().scalars(select(Minutes)).one()
    assert (head.chair_name, head.secretary_name, head.guests) == (office, "Eva Buche", "Dr. Linde, Stadtwerke")
    texts = session().scalars(select(MinutesRevision.text).order_by(MinutesRevision.number)).all()
    assert texts == [f"{office} berichtet.", f"{office} berichtet, Eva Buche dankt."]
    released = session().scalars(select(MinutesRelease.content)).one()
    assert f"{office} berichtet, Eva Buche dankt." in released
    assert f'"chair":"{office}"' in released


def test_the_seat_becomes_free(circle):
    erasing.erase(circle.ada.actor, subject(circle.ada))
    row = session().scalars(select(Appointment).where(Appointment.person_id == circle.ada.person.id)).one()
    assert row.ends_on == (TEST_NOW - timedelta(days=1)).date()


def test_the_history_holds_and_says_that_somebody_was_erased(circle):
    lines = check_chain(session()).lines
    erasing.erase(circle.ada.actor, subject(circle.ada))
    found = check_chain(session())
    assert (found.holds, found.lines) == (
        True,
        lines + 2,
    )  # and one for the released minutes, whose checksum is another
    last = session().scalars(select(HistoryLine).order_by(HistoryLine.id.desc())).first()
    assert (last.action, last.object_id, last.old, last.new) == ("people.erase", circle.ada.person.id, None, None)
    assert last.actor_account == circle.ada.account.id


def test_namesakes_keep_their_place_in_texts(circle):
    """In a text, one Ada Ahorn cannot be told from the other."""
    people.create_person(SYSTEM, people.Profile("Ahorn", "Ada", email="andere@example.org"))
    erasing.erase(circle.ada.actor, subject(circle.ada))
    assert session().scalars(select(Minutes.chair_name)).one() == "Ada Ahorn"


def test_nobody_is_erased_twice_or_brought_back(circle):
    erasing.erase(circle.ada.actor, subject(circle.ada))
    with pytest.raises(NotFound):
        subject(circle.ada)
    for change in (
        lambda: people.edit_person(SYSTEM, circle.ada.person.id, version=None, profile=people.Profile("Neu")),
        lambda: people.restore_person(SYSTEM, circle.ada.person.id),
        lambda: people.add_membership(SYSTEM, circle.ada.person.id, organization_id=circle.chor.id),
    ):
        with pytest.raises(Refused):
            change()


def test_the_last_administrator_stays(circle):
    admin = session().scalars(select(Account).where(Account.email == "admin@example.org")).one()
    before = everything()
    with pytest.raises(Refused):
        erasing.erase(Actor(account_id=admin.id), erasing.subject_of(account_id=admin.id))
    assert everything() == before
    assert erasures.in_file() == set()


def test_numbers_are_not_given_out_again(circle):
    """Else a new account would be taken for who did things before, and a restored list of the erased for somebody."""
    erasing.erase(circle.eva.actor, subject(circle.eva))
    newcomer = create_account(SYSTEM, "neu@example.org")
    assert newcomer.id > circle.eva.account.id


# ---- the list of the erased


def test_the_list_names_nobody(app, circle):
    erasing.erase(circle.ada.actor, subject(circle.ada))
    file = app.config["SETTINGS"].data / "erased.txt"
    assert re.fullmatch(r"(\n[0-9a-f]{64}){2}", file.read_text())
    assert file.stat().st_mode & 0o077 == 0


def test_half_a_line_on_the_list_hides_nobody(app, circle):
    """A full disk left it; who is erased afterwards stands on the list all the same."""
    (app.config["SETTINGS"].data / "erased.txt").write_text("0123")
    erasing.erase(circle.ada.actor, subject(circle.ada))
    assert erasures.in_file() == set(session().scalars(select(erasures.Erasure.mark)))


def test_an_erased_person_who_is_back_is_erased_again(app, circle):
    """As after a restore: the row is as it was, and the list is in the file alone."""
    marks = {erasures.mark_of("person", circle.ada.person.id, "ada")}
    (app.config["SETTINGS"].data / "erased.txt").write_text("".join(f"{mark}\n" for mark in marks) + "halbe Zei")
    assert erasures.replay() == 1
    assert [word for word in OF_ADA if word in everything()] == []
    assert erasures.replay() == 0
    assert marks <= set(session().scalars(select(erasures.Erasure.mark)))


def test_a_mark_finds_nobody_else(app, circle):
    """Somebody who gets the number of an erased person, or their short name, is not taken for them."""
    marks = [erasures.mark_of("person", circle.eva.person.id, "ada"), erasures.mark_of("person", 4711, "eva")]
    (app.config["SETTINGS"].data / "erased.txt").write_text("".join(f"{mark}\n" for mark in marks))
    assert erasures.replay() == 0


# ---- who read it


#: address of a page with people on it → what its history line says
READS = {
    "/personen/": ("read.people", "person"),
    "/personen/?organisation={chor}": ("read.people", "organization"),
    "/personen/{ada}": ("read.person", "person"),
    "/personen/{ada}/bearbeiten": ("read.person", "person"),
    "/organisationen/{chor}": ("read.members", "organization"),
    "/gremien/integrationsrat/sitze": ("read.roster", "committee"),
    "/gremien/integrationsrat/anwesenheit": ("read.attendance", "committee"),
    "/gremien/integrationsrat/anwesenheit.csv": ("read.attendance", "committee"),
    "/gremien/integrationsrat/anwesenheit.pdf": ("read.attendance", "committee"),
    "/sitzungen/{past}/anwesenheit": ("read.attendance", "sitting"),
    "/organisationen/adressen": ("read.addresses", "organization"),
    "/organisationen/adressen.csv": ("read.addresses", "organization"),
    "/organisationen/organisationen.xlsx": ("read.profiles", "organization"),
    "/kontakte/": ("read.contacts", "contact_note"),
    "/verwaltung/": ("read.accounts", "account"),
    "/verwaltung/konten/{account}": ("read.accounts", "account"),
    "/verwaltung/verlauf": ("read.history", "history"),
}


@pytest.mark.one_database
def test_reads_of_lists_stand_in_the_history(circle, sign_in, make_account):
    """Each page of people, read by the administration; the page itself changes no row."""
    admin = make_account("admin")
    client = sign_in(account=admin)
    names = {
        "ada": circle.ada.person.id,
        "account": circle.ada.account.id,
        "chor": circle.chor.id,
        "past": circle.past.id,
    }
    before = everything()
    for address in READS:
        assert client.get(address.format(**names)).status_code == 200, address
    assert everything() == before
    assert reads.write_down() == len(READS)
    lines = session().scalars(
        select(HistoryLine).where(HistoryLine.action.startswith("read.")).order_by(HistoryLine.id)
    )
    found = list(lines)
    assert [(line.action, line.object_type) for line in found] == list(READS.values())
    assert {line.actor_account for line in found} == {admin.id}
    page = client.get("/verwaltung/verlauf?gelesen=1").text
    assert "Liste der Personen gelesen" in page
    assert "Liste der Personen gelesen" not in client.get("/verwaltung/verlauf").text


@pytest.mark.one_database
def test_who_sees_no_names_reads_no_list(app, circle, client):
    assert client.get("/gremien/integrationsrat/sitze").status_code == 200
    assert not (app.config["SETTINGS"].data / "reads.txt").exists()


@pytest.mark.one_database
def test_the_person_learns_that_they_were_looked_at(circle, sign_in):
    sign_in("officer").get(f"/personen/{circle.ada.person.id}")
    reads.write_down()
    given = {kept.entry.table: kept.rows for kept in personal.export(subject(circle.ada))}
    assert [row["object_id"] for row in given["history"] if row["action"] == "read.person"] == [circle.ada.person.id]
