"""A committee with a sitting to invite to, and mails as they arrive."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy import func, select

from calendars.invitations.keys import key_of
from calendars.invitations.models import Invitation
from coordination.people.models import Person
from core.access import Actor
from core.database import session
from core.outbox import OutboxMail, send_due
from core.web import limiter
from meetings.attendance.models import Reply
from meetings.sittings.models import Sitting
from participation.committees.models import Committee
from participation.seats import operations as seats
from participation.seats.models import Seat
from participation.seats.operations import SeatTerms


@pytest.fixture(autouse=True)
def no_limits_left(app: Flask) -> Iterator[None]:
    """The limiter's counters are kept in the process."""
    limiter.reset()
    yield
    limiter.reset()


@pytest.fixture
def make_seat(actor: Actor) -> Callable[..., Seat]:
    """`make_seat(committee, member, first_deputy, second_deputy)`; None as member: the seat is vacant."""
    numbers = count(1)

    def make(committee: Committee, *holders: Person | None, **period: Any) -> Seat:
        row = seats.create_seat(actor, committee.id, terms=SeatTerms(label=f"MO {next(numbers)}", voting_right=True))
        for rank, person in enumerate(holders):
            if person is not None:
                seats.appoint(actor, row.id, person_id=person.id, rank=rank, **period)
        return row

    return make


@dataclass
class World:
    """Two seats: Amina with the deputies Bela and Cem, and Dina without one. Sitting on Thursday, 14 January 2027."""

    committee: Committee
    sitting: Sitting
    seat: Seat
    other_seat: Seat
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        return self.people[name]


@pytest.fixture
def world(make_committee: Any, make_person: Any, make_sitting: Any, make_seat: Any) -> World:
    """See `World`."""
    committee = make_committee("Integrationsrat")
    people = {name.lower(): make_person(f"{name} {name}mann") for name in ("Amina", "Bela", "Cem", "Dina")}
    seat = make_seat(committee, people["amina"], people["bela"], people["cem"])
    other = make_seat(committee, people["dina"])
    return World(committee, make_sitting(committee), seat, other, people)


@dataclass(frozen=True)
class Received:
    """A mail as it came out of the mail server, with the date it carries."""

    message: EmailMessage

    @property
    def to(self) -> str:
        """The given name of the person: all test persons are called so."""
        return str(self.message["To"].addresses[0].display_name).partition(" ")[0].lower()

    @property
    def subject(self) -> str:
        return str(self.message["Subject"]).strip()

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def invitation(self) -> EmailMessage | None:
        """The text/calendar part that mail programs read (not the file)."""
        parts = (p for p in self.message.walk() if p.get_content_type() == "text/calendar")
        return next((p for p in parts if p.get_content_disposition() is None), None)

    @property
    def calendar(self) -> Calendar:
        assert self.invitation is not None
        return Calendar.from_ical(self.invitation.get_content())

    @property
    def event(self) -> Event:
        events = self.calendar.walk("VEVENT")
        assert len(events) == 1, "one UID a message"
        return events[0]

    @property
    def method(self) -> str | None:
        """The method outside, which must be the one inside; None for a mail without a date."""
        if self.invitation is None:
            return None
        outside = str(self.invitation["Content-Type"].params["method"])
        assert outside == str(self.calendar["METHOD"])
        return outside

    @property
    def link(self) -> str:
        """The path of the answer page."""
        found = [line for line in self.text.split() if "/antwort/" in line]
        assert len(set(found)) == 1
        return found[0].removeprefix("http://localhost")


@pytest.fixture
def arrived(mailbox: Any) -> Callable[[], list[Received]]:
    """`arrived()`: what came through a real mail server since the last call."""

    def take() -> list[Received]:
        send_due()
        found = [Received(message) for message in mailbox.mails]
        mailbox.mails.clear()
        return found

    return take


@pytest.fixture
def row_of(app: Flask) -> Callable[..., Invitation]:
    """`row_of(sitting, person)`: what is kept of what the person was told."""

    def find(sitting: Sitting, person: Person) -> Invitation:
        session().expire_all()
        found = select(Invitation).where(Invitation.sitting_id == sitting.id, Invitation.person_id == person.id)
        return session().scalars(found).one()

    return find


@pytest.fixture
def path_of(row_of: Any) -> Callable[..., str]:
    """`path_of(sitting, person)`: the answer page of the person."""

    def path(sitting: Sitting, person: Person) -> str:
        return f"/antwort/{key_of(row_of(sitting, person))}"

    return path


@pytest.fixture
def counts(app: Flask) -> Callable[[], list[int]]:
    """How many rows there are that an answer could change or make."""

    def count_rows() -> list[int]:
        session().rollback()
        return [
            session().scalar(select(func.count()).select_from(table)) or 0 for table in (Invitation, OutboxMail, Reply)
        ]

    return count_rows
