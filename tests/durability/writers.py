"""People who go on writing over HTTP, and what is known of their writes: tried, acknowledged, found again.

As a script: many writers at once for a while, `python tests/durability/writers.py --writers 50 --seconds 60`.
"""

import argparse
import http.client
import random
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from coordination.accounts.models import Account, Assignment
from coordination.accounts.operations import Duty, create_account
from coordination.accounts.rules import Role
from coordination.organizations.models import Organization
from coordination.people import operations as people
from core.access import SYSTEM
from core.clock import local_now
from core.database import db, session, transaction
from core.dated import Status
from core.history import HistoryLine
from core.outbox import OutboxMail
from meetings.attendance.models import Reply
from meetings.attendance.rules import Answer
from meetings.sittings import operations as sittings
from participation.committees import operations as committees
from participation.committees.rules import Kind
from participation.seats import operations as seats
from tests.durability.house import Browser, House, house_in


@dataclass
class Writer:
    """One person at a browser, who administers and has a seat: enters organizations, invites accounts, answers.

    What is in `tried` and not in `acknowledged` was on its way when the connection broke: it may be there or not.
    """

    name: str
    account_id: int
    person_id: int
    seat_id: int
    sitting_id: int
    browser: Browser
    chance: random.Random
    tried: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    #: answers in the order in which they were sent; the newest may not have arrived
    answers: list[Answer] = field(default_factory=list)
    answers_acknowledged: int = 0
    #: pages other than an acknowledgement: status and text
    strange: list[tuple[int, str]] = field(default_factory=list)

    def write(self) -> None:
        """One write, chosen by chance. Raises OSError or HTTPException where the server went away."""
        self.chance.choice((self.enter_organization, self.invite, self.answer))()

    def enter_organization(self, about: str = "") -> None:
        """Enter an association with a name of its own."""
        name = f"{self.name} {len(self.tried)}"
        self.tried.add(name)
        if self._sent("/organisationen/neu", name=name, kind="association", about=about):
            self.acknowledged.add(name)

    def invite(self) -> None:
        """Enter an account, whose owner gets a mail."""
        address = f"{self.name}-{len(self.tried)}@example.org"
        self.tried.add(address)
        if self._sent("/verwaltung/einladen", email=address, role="admin"):
            self.acknowledged.add(address)

    def answer(self) -> None:
        """Say that one comes, or does not: the other than before."""
        said = Answer.NOT_COMING if len(self.answers) % 2 else Answer.COMING
        self.answers.append(said)
        if self._sent(f"/sitzungen/{self.sitting_id}/antwort", answer=f"{self.seat_id}:{said}"):
            self.answers_acknowledged = len(self.answers)

    def _sent(self, path: str, **fields: str) -> bool:
        answer = self.browser.post(path, **fields)
        if answer.status != 302:
            self.strange.append((answer.status, answer.text))
        return answer.status == 302


def writers_of(house: House, number: int, chance: random.Random) -> list[Writer]:
    """So many people, each with an account of the administration and a seat in a committee that will meet."""
    with house.app.app_context(), transaction():
        charter = committees.Charter(name="Beirat", kind=Kind.ADVISORY_BOARD)
        committee = committees.create_committee(SYSTEM, charter)
        start = (local_now() + timedelta(days=30)).replace(hour=18, minute=0, second=0, microsecond=0)
        plan = sittings.Plan(start=start, status=Status.CONFIRMED)
        sitting = sittings.schedule(SYSTEM, committee.id, plan)
        return [_writer(house, f"w{place}", committee.id, sitting.id, chance) for place in range(number)]


def _writer(house: House, name: str, committee_id: int, sitting_id: int, chance: random.Random) -> Writer:
    person = people.create_person(SYSTEM, people.Profile(given_name="Ada", family_name=name))
    seat = seats.create_seat(SYSTEM, committee_id, terms=seats.SeatTerms(label=name))
    seats.appoint(SYSTEM, seat.id, person_id=person.id)
    account = create_account(SYSTEM, f"{name}@example.org", person_id=person.id, duty=Duty(Role.ADMIN))
    browser, own = house.sign_in(account), random.Random(chance.random())
    return Writer(name, account.id, person.id, seat.id, sitting_id, browser, own)


@contextmanager
def at_work(writers: Iterable[Writer]) -> Iterator[None]:
    """All write at once, each as fast as it goes, until the end of the block or until the server is away."""
    stopping = threading.Event()

    def go_on(writer: Writer) -> None:
        try:
            while not stopping.is_set():
                writer.write()
        except (OSError, http.client.HTTPException):
            writer.browser.connection.close()

    writers = list(writers)
    with ThreadPoolExecutor(len(writers)) as threads:
        working = [threads.submit(go_on, writer) for writer in writers]
        try:
            yield
        finally:
            stopping.set()
    for work in working:
        work.result()


def acknowledged_by(writers: Iterable[Writer]) -> int:
    """How many writes were acknowledged so far."""
    return sum(len(writer.acknowledged) + writer.answers_acknowledged for writer in writers)


def assert_nothing_lost(house: House, writers: list[Writer]) -> None:
    """Each acknowledged write is there with all that belongs to it; what is there was tried; nothing is half done."""
    house.assert_whole()
    with house.app.app_context():
        db.session.rollback()
        tried = set[str]().union(*(writer.tried for writer in writers))
        acknowledged = set[str]().union(*(writer.acknowledged for writer in writers))
        before = {f"{writer.name}@example.org" for writer in writers}
        associations = session().execute(
            select(Organization.id, Organization.name).where(Organization.kind == "association")
        )
        organizations = dict(associations.all())
        accounts = dict(session().execute(select(Account.id, Account.email)).all())
        invited = {row_id: email for row_id, email in accounts.items() if email not in before}
        found = [*organizations.values(), *invited.values()]
        assert len(found) == len(set(found)), "something was done twice"
        assert acknowledged <= set(found) <= tried
        assert _lines("organizations.create", set(organizations)) == Counter(organizations.keys())
        assert _lines("accounts.invite", set(invited)) == Counter(invited.keys())
        assert Counter(session().scalars(select(Assignment.account_id))) == Counter(accounts.keys())
        assert Counter(session().scalars(select(OutboxMail.to_address))) == Counter(invited.values())
        for writer in writers:
            _assert_answers(writer)


def _lines(action: str, ids: set[int]) -> Counter[int | None]:
    """How often the history tells of this having been done to each of the rows."""
    found = session().scalars(select(HistoryLine.object_id).where(HistoryLine.action == action))
    return Counter(row_id for row_id in found if row_id in ids)


def _assert_answers(writer: Writer) -> None:
    """The newest answer that was acknowledged is kept, or the one sent after it; one row, one line a change."""
    rows = session().scalars(select(Reply).where(Reply.person_id == writer.person_id)).all()
    known, sent = writer.answers_acknowledged, len(writer.answers)
    if not rows:
        assert known == 0
        return
    (row,) = rows
    assert row.answer in writer.answers[max(known - 1, 0) :]
    lines = select(func.count()).where(HistoryLine.action == "attendance.answer", HistoryLine.object_id == row.id)
    assert 1 <= (session().scalar(lines) or 0) <= sent


def main() -> None:
    """Read the command line, let them write, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", default="", help="SQLAlchemy address of an empty PostgreSQL database")
    arguments = parser.parse_args()
    settings = {"database": arguments.database} if arguments.database else {}
    with tempfile.TemporaryDirectory() as folder, house_in(Path(folder), **settings) as house:
        writers = writers_of(house, arguments.writers, random.Random())
        house.open()
        with at_work(writers):
            threading.Event().wait(arguments.seconds)
        assert_nothing_lost(house, writers)
        done = acknowledged_by(writers)
        strange = Counter(status for writer in writers for status, _text in writer.strange)
        locked = sum("locked" in text for writer in writers for _status, text in writer.strange)
    rate = done / arguments.seconds
    print(f"{done} writes acknowledged by {len(writers)} writers ({rate:.0f}/s), all found again")
    print(f"other answers: {dict(strange)}, “locked” shown: {locked}")


if __name__ == "__main__":
    main()
