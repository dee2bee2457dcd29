"""Each write, lock and commit of the important operations is made to fail once: all is as before, or all is done."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from calendars.invitations import operations as invitations
from calendars.invitations.models import Invitation
from coordination.accounts import operations as accounts
from coordination.accounts.models import Account, Assignment
from coordination.accounts.operations import Duty
from coordination.accounts.rules import Role
from coordination.organizations import operations as organizations
from coordination.organizations.rules import Kind as OrganizationKind
from coordination.people import operations as people
from coordination.people.models import Membership, Person
from coordination.places import operations as places
from coordination.places.models import Booking
from core.access import SYSTEM
from core.database import db, session, transaction
from core.dated import Status
from core.errors import NotSaved
from core.history import HistoryLine, check_chain
from core.outbox import Mail, OutboxMail, queue_mail, send_due
from meetings.agenda import operations as agenda
from meetings.agenda.operations import Item
from meetings.attendance import operations as attendance
from meetings.attendance.models import Attendance, Reply
from meetings.attendance.operations import Mark
from meetings.attendance.rules import Answer, Presence
from meetings.minutes import operations as minutes
from meetings.minutes.models import Minutes, MinutesRelease, MinutesRevision
from meetings.minutes.operations import Draft
from meetings.sittings import operations as sittings
from meetings.sittings.models import Sitting
from meetings.sittings.operations import Plan
from participation.committees import operations as committees
from participation.committees.rules import Kind
from participation.seats import operations as seats
from participation.seats.models import Appointment
from tests.durability.faults import MOST, Fault, all_rows

COMING, HELD = datetime(2026, 12, 3, 18), datetime(2026, 11, 12, 18)


@dataclass
class Town:
    """A committee with three seats, a sitting that comes and one that was, a hall, and somebody without a seat."""

    app: Flask
    folder: Any
    committee_id: int = 0
    coming: int = 0
    held: int = 0
    item: int = 0
    hall: int = 0
    newcomer: int = 0
    seats: list[int] = field(default_factory=list)
    members: list[int] = field(default_factory=list)

    @property
    def plan(self) -> Plan:
        return Plan(start=COMING, end=COMING.replace(hour=20), status=Status.CONFIRMED)


@pytest.fixture
def town(app, tmp_path):
    made = Town(app, tmp_path)
    made.committee_id = committees.create_committee(
        SYSTEM, committees.Charter(name="Beirat", kind=Kind.ADVISORY_BOARD)
    ).id
    for name in ("Ada", "Bela", "Cem", "Dina"):
        profile = people.Profile(given_name=name, family_name="Beispiel", email=f"{name.lower()}@example.org")
        made.members.append(people.create_person(SYSTEM, profile).id)
    made.newcomer = made.members.pop()
    for number, person_id in enumerate(made.members):
        terms = seats.SeatTerms(label=f"MO {number}", voting_right=True)
        made.seats.append(seats.create_seat(SYSTEM, made.committee_id, terms=terms).id)
        seats.appoint(SYSTEM, made.seats[-1], person_id=person_id)
    made.coming = sittings.schedule(SYSTEM, made.committee_id, made.plan).id
    held = Plan(start=HELD, end=HELD.replace(hour=20), status=Status.CONFIRMED)
    made.held = sittings.schedule(SYSTEM, made.committee_id, held).id
    made.item = agenda.add(SYSTEM, made.held, Item("Bericht")).id
    organizations.create_organization(
        SYSTEM, organizations.Profile(name="Chor", kind=OrganizationKind.ASSOCIATION), key="chor"
    )
    made.hall = places.create_place(SYSTEM, places.Profile(name="Rathaus")).id
    return made


def schedule(town: Town) -> None:
    sittings.schedule(SYSTEM, town.committee_id, Plan(start=COMING, status=Status.CONFIRMED, place_id=town.hall))


def invite(town: Town) -> None:
    invitations.invite(SYSTEM, town.coming)


def answer(town: Town) -> None:
    attendance.answer(town.members[0], town.coming, town.seats[0], Answer.COMING)


def record(town: Town) -> None:
    attendance.record_all(SYSTEM, town.held, marks=[Mark(seat, Presence.PRESENT) for seat in town.seats])


def write_minutes(town: Town) -> None:
    minutes.save_texts(SYSTEM, town.held, drafts={town.item: Draft(0, "Es wurde berichtet.")})


def release_minutes(town: Town) -> None:
    minutes.release(SYSTEM, town.held)


def appoint(town: Town) -> None:
    seats.appoint(SYSTEM, town.seats[0], person_id=town.newcomer, rank=1, starts_on=date(2026, 11, 1))


def create_account(town: Town) -> None:
    accounts.create_account(SYSTEM, "neu@example.org", person_id=town.newcomer, duty=Duty(Role.ADMIN), invite=True)


def import_line(town: Town) -> None:
    """One line makes a member of an organization: a person and a membership."""
    file = town.folder / "people.csv"
    file.write_text("key,given_name,family_name,email,organization\neva,Eva,Muster,,chor\n", encoding="utf-8")
    session().rollback()
    done = town.app.test_cli_runner().invoke(args=["people", "import", str(file)])
    if done.exit_code:
        unknown = "wissen wir nicht, ob gespeichert wurde"  # where the connection was lost while committing
        assert "nicht gespeichert" in done.output or unknown in done.output
        raise NotSaved("as the command says")


#: operation, and how many more rows there are of each kind when it is done
OPERATIONS: list[tuple[Callable[[Town], None], dict[type, int]]] = [
    (schedule, {Sitting: 1, Booking: 1, HistoryLine: 1}),
    (invite, {Invitation: 3, OutboxMail: 3, HistoryLine: 1}),
    (answer, {Reply: 1, HistoryLine: 1}),
    (record, {Attendance: 3, HistoryLine: 1}),
    (write_minutes, {MinutesRevision: 1, HistoryLine: 1}),
    (release_minutes, {Minutes: 1, MinutesRelease: 1, HistoryLine: 1}),
    (appoint, {Appointment: 1, HistoryLine: 1}),
    (create_account, {Account: 1, Assignment: 1, OutboxMail: 1, HistoryLine: 2}),
    (import_line, {Person: 1, Membership: 1, HistoryLine: 2}),
]


def number_of(table: type) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(("operation", "more"), OPERATIONS, ids=[found[0].__name__ for found in OPERATIONS])
def test_nothing_is_half_done(town, operation, more):
    counts = {table: number_of(table) for table in more}
    session().rollback()
    before = all_rows()
    for nth in range(1, MOST):
        with Fault(nth).in_place(db.engine) as fault:
            if not _refused(operation, town):
                break
        assert fault.came
        assert all_rows() == before, f"something stayed behind after fault {nth}"
    assert not fault.came, "the fault went unnoticed"
    assert nth > len(more) + 1, "the faults did not reach the operation"
    session().rollback()
    assert {table: number_of(table) - counts[table] for table in more} == more
    assert check_chain(session()).holds


def _refused(operation: Callable[[Town], None], town: Town) -> bool:
    try:
        operation(town)
    except NotSaved:
        return True
    return False


def test_sending_mail(app, mailbox):
    """Three mails, every step of sending them made to fail: none is lost, and what comes twice is the same mail."""
    for nth in range(1, MOST):
        mailbox.mails.clear()
        with transaction():
            for number in range(3):
                queue_mail(Mail(f"person{number}@example.org", "Ada", "Einladung", "Guten Tag"))
        with Fault(nth).in_place(db.engine) as fault, suppress(NotSaved):
            send_due()
        send_due()
        assert number_waiting() == 0
        arrived = {(mail["To"].addresses[0].addr_spec, mail["Message-ID"]) for mail in mailbox.mails}
        assert len(arrived) == 3
        assert len(mailbox.mails) == (4 if fault.came else 3), "the one mail that could not be noted"
        if not fault.came:
            break
    assert nth == 7, "each mail is noted by an update and a commit"


def number_waiting() -> int:
    return session().scalar(select(func.count()).where(OutboxMail.sent_at.is_(None))) or 0
