"""`flask demo grow`: a large town at a small scale, and every page of it at two scales."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from coordination.accounts.models import Account
from coordination.organizations.models import Organization
from core import personal
from core.database import db, session
from core.history import HistoryLine, check_chain
from core.instance import calendar_counter
from core.personal import Subject
from demo.growth import DOMAIN, Growth, Size
from meetings.attendance.models import Attendance
from meetings.sittings.models import Sitting
from tests.conftest import empty_all_tables, test_app
from tests.demo.pages import ROLES, Pages

#: pages that ask the database more often would grow slow unseen
MOST_QUERIES = 20


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
        found = [
            *session().scalars(select(Organization.name).order_by(Organization.id)),
            *session().scalars(select(Sitting.title).order_by(Sitting.id)),
        ]
        db.session.rollback()
        empty_all_tables(app)
        return found

    assert town(1) == town(1) != town(2)


def test_who_is_no_person_takes_along_no_row_of_a_vacant_seat(app):
    grown(0.005)
    assert session().scalar(select(func.count()).where(Attendance.person_id.is_(None))), "some seats are vacant"
    clerk = session().scalars(select(Account).where(Account.person_id.is_(None))).first()
    kept = {found.entry.table: found.rows for found in personal.export(Subject(account_id=clerk.id))}
    assert kept.get("attendance", []) == []


def queries_of_every_page(
    app: Flask, client: Any, count_queries: Any, known: dict[tuple[str, str], int]
) -> dict[tuple[str, str], int]:
    """(role, page) → queries; a page that asks more often than is known is opened again: by then, what is kept in
    memory is there."""
    found = {}
    for role in ROLES:
        enter(client, role)
        for page, address in Pages(app).addresses():
            for _opened in range(2):
                with count_queries() as counted:
                    status = client.get(address).status_code
                if status != 200:
                    break
                found[role, page] = counted.number
                if counted.number <= known.get((role, page), 0):
                    break
    return found


def enter(client: Any, role: str) -> None:
    """Come as this role, with a fresh cookie."""
    uniquifier = session().scalar(select(Account.fs_uniquifier).where(Account.email == f"{role}@{DOMAIN}"))
    with client.session_transaction() as cookie:
        cookie.clear()
        if uniquifier is not None:
            cookie.update(_user_id=uniquifier, _fresh=True)


@pytest.mark.one_database
def test_no_page_asks_the_database_often_and_none_more_often_as_the_town_grows(app, client, count_queries):
    def visited(size: Size, known: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
        Growth(size, tell=lambda *_: None).run()
        found = queries_of_every_page(app, client, count_queries, known)
        db.session.rollback()
        empty_all_tables(app)
        return found

    small = visited(Size(organizations=6, committees=2, sittings=20, places=2), {})
    large = visited(Size(organizations=60, committees=6, sittings=120, places=4), small)
    often = {page: number for page, number in large.items() if number > MOST_QUERIES}
    assert often == {}
    grew = {page: (small[page], number) for page, number in large.items() if number > small.get(page, MOST_QUERIES)}
    assert grew == {}, "role, page: (queries in the small town, in the large one)"
    assert len(large) > 150, "nearly every role opens nearly every page"
