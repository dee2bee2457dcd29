"""`flask demo grow`: a large town at a small scale, and every page of it at two scales."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import func, select
from werkzeug.routing import Rule

from coordination.accounts.models import Account, Assignment
from coordination.organizations.models import Organization
from coordination.people.models import Membership
from core.clock import now
from core.database import db, session
from core.dated import Status
from core.history import HistoryLine, check_chain
from core.instance import calendar_counter
from demo.growth import DOMAIN, Growth, Size
from meetings.agenda.models import AgendaItem
from meetings.attendance.models import Attendance
from meetings.sittings.models import Sitting
from participation.committees.models import Committee
from participation.seats.models import Appointment, Seat
from tests.conftest import empty_all_tables, test_app

ROLES = ("public", "stranger", "officer", "clerk1", "member1", "admin")
#: pages that ask the database more often would grow slow unseen
MOST_QUERIES = 20
#: ends what the test stands on, is Flask's own, or answers one caller once
LEFT_OUT = {"static", "security.logout", "security.static"}


def count(model: Any) -> int:
    """How many rows there are."""
    return session().scalar(select(func.count()).select_from(model)) or 0


def grown(scale: float, *, seed: int = 1) -> dict[str, int]:
    """A town of this scale, and what it told."""
    told: dict[str, int] = {}
    Growth(Size().scaled(scale), seed=seed, tell=told.__setitem__).run()
    return told


def test_a_town_has_what_it_says_and_its_history_holds(app):
    told = grown(0.005)
    assert told["sitting"] == count(Sitting) == 50
    assert told["attendance"] == count(Attendance) == 20 * 40
    assert count(HistoryLine) == sum(told.values()) + 2 * told["committee"], "a committee brings two rows with it"
    assert check_chain(session()).holds
    assert calendar_counter() > 0


def test_the_command_says_what_it_did_and_grows_no_second_time(app):
    first = app.test_cli_runner().invoke(args=["demo", "grow", "--scale", "0.001"])
    assert (first.exit_code, "sitting: 10" in first.output.splitlines()) == (0, True)
    again = app.test_cli_runner().invoke(args=["demo", "grow", "--scale", "0.001"])
    assert again.exit_code == 1
    assert "schon eine große Stadt" in again.output
    assert count(Sitting) == 10


def test_production_takes_no_invented_data(tmp_path):
    settings = {"mode": "production", "public_url": "https://town.example", "smtp_host": "mail.town.example"}
    result = test_app(tmp_path, **settings).test_cli_runner().invoke(args=["demo", "grow"])
    assert result.exit_code == 1
    assert "production" in result.output


def test_the_same_seed_gives_the_same_town(app):
    def town(seed: int) -> list[str]:
        grown(0.002, seed=seed)
        found = [*session().scalars(select(Organization.name)), *session().scalars(select(Sitting.title))]
        db.session.rollback()
        empty_all_tables(app)
        return found

    assert town(1) == town(1) != town(2)


class Visit:
    """Every page of every role in a town, with the number of queries it took."""

    def __init__(self, app: Flask, client: Any, count_queries: Any) -> None:
        self.app, self.client, self.count_queries = app, client, count_queries
        self.committee = session().scalars(select(Committee).order_by(Committee.id)).first()
        own = select(Sitting).where(Sitting.committee_id == self.committee.id).order_by(Sitting.starts_at)
        self.held = session().scalars(own.where(Sitting.starts_at < now())).first()
        ahead = own.where(Sitting.starts_at > now(), Sitting.status == Status.CONFIRMED)
        self.coming = session().scalars(ahead).first()

    def queries(self) -> dict[tuple[str, str], int]:
        """(role, rule and sitting) → queries; each page is opened before, so that what is kept in memory is there."""
        return {
            (role, f"{rule.rule} {which}"): number
            for role in ROLES
            for rule, which, address in self.addresses()
            for number in self.counted(role, address)
        }

    def counted(self, role: str, address: str) -> Iterator[int]:
        """The queries of a page that the role may see; nothing for any other answer."""
        self.enter(role)
        if self.client.get(address).status_code == 200:
            with self.count_queries() as counted:
                self.client.get(address)
            yield counted.number

    def enter(self, role: str) -> None:
        """Come as this role, with a fresh cookie."""
        uniquifier = session().scalar(select(Account.fs_uniquifier).where(Account.email == f"{role}@{DOMAIN}"))
        with self.client.session_transaction() as cookie:
            cookie.clear()
            if uniquifier is not None:
                cookie.update(_user_id=uniquifier, _fresh=True)

    def addresses(self) -> list[tuple[Rule, str, str]]:
        """Each page to read, those of a sitting for one that was held and for one to come; documents are no pages."""
        found = []
        with self.app.test_request_context():
            for rule in self.app.url_map.iter_rules():
                if (
                    "GET" not in (rule.methods or ())
                    or rule.endpoint in LEFT_OUT
                    or rule.rule.endswith((".pdf", ".ics"))
                ):
                    continue
                for which in ("held", "coming") if rule.arguments & {"sitting_id", "item_id"} else ("",):
                    values = self.values(self.coming if which == "coming" else self.held)
                    url = url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
                    found.append((rule, which, url))
        return found

    def values(self, sitting: Sitting) -> dict[str, Any]:
        """A value for each argument that a route may take."""

        def first(model: Any, *where: Any) -> int:
            return session().scalars(select(model.id).where(*where).order_by(model.id)).first() or 0

        held = select(Appointment).join(Seat).where(Seat.committee_id == self.committee.id).order_by(Appointment.id)
        appointment = session().scalars(held).first()
        return {
            "slug": self.committee.slug,
            "organization_id": first(Organization),
            "person_id": appointment.person_id,
            "membership_id": first(Membership),
            "place_id": 1,
            "seat_id": appointment.seat_id,
            "appointment_id": appointment.id,
            "sitting_id": sitting.id,
            "item_id": first(AgendaItem, AgendaItem.sitting_id == sitting.id),
            "account_id": first(Account),
            "assignment_id": first(Assignment),
            "token_id": 1,
            "number": 1,
            "token": "no-such-token",
            "key": "no-such-key",
            "name": "impressum",
            "language": "de",
            "year": 2026,
            "month": 11,
        }


@pytest.mark.one_database
def test_no_page_asks_the_database_often_and_none_more_often_as_the_town_grows(app, client, count_queries):
    def visited(size: Size) -> dict[tuple[str, str], int]:
        Growth(size, tell=lambda *_: None).run()
        found = Visit(app, client, count_queries).queries()
        db.session.rollback()
        empty_all_tables(app)
        return found

    small = visited(Size(organizations=6, committees=2, sittings=20, places=2))
    large = visited(Size(organizations=60, committees=6, sittings=120, places=4))
    assert {page: number for page, number in large.items() if number > MOST_QUERIES} == {}
    grew = {page: (small[page], number) for page, number in large.items() if number > small.get(page, MOST_QUERIES)}
    assert grew == {}, "role, page: (queries in the small town, in the large one)"
    assert len(large) > 150, "nearly every role opens nearly every page"
