"""Many signed-in people write at once to the real server, with two processes, on either database."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from coordination.places import operations as places
from coordination.places.models import Booking
from core.access import SYSTEM
from core.database import db, session
from core.history import HistoryLine
from meetings.attendance.models import Reply
from meetings.sittings.models import Sitting
from tests.durability.house import Answer, Browser, House
from tests.durability.writers import Writer, acknowledged_by, assert_nothing_lost, at_work, writers_of


@pytest.fixture(scope="module")
def house(database_kind: str, new_house: Callable[[str], House]) -> Iterator[House]:
    made = new_house(database_kind)
    yield made
    made.close()


@pytest.fixture(scope="module")
def writers(house: House) -> list[Writer]:
    """Fifty people, at the server that runs."""
    found = writers_of(house, 50, random.Random())
    house.open(workers=2)
    return found


@pytest.mark.parametrize(("number", "writes"), [(8, 60), (50, 120)])
def test_nothing_is_lost(house, writers, number, writes):
    """Each write is acknowledged, none is refused, and as many are there as were acknowledged."""
    wanted = acknowledged_by(writers) + writes
    with at_work(writers[:number]):
        house.until(lambda: acknowledged_by(writers) >= wanted)
    assert [writer.strange for writer in writers if writer.strange] == []
    assert_nothing_lost(house, writers)
    for writer in writers:
        assert writer.tried == writer.acknowledged
        assert writer.answers_acknowledged == len(writer.answers)


def at_once(browsers: list[Browser], path: str, **fields: object) -> list[Answer]:
    """The same form sent by all of them."""
    with ThreadPoolExecutor(len(browsers)) as threads:
        return list(threads.map(lambda browser: browser.post(path, **fields), browsers))


def number_of(table: type, *conditions: object) -> int:
    return session().scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def test_the_same_answer_a_hundred_times_at_once(house, writers):
    """Somebody answers from twenty windows, five times each: one answer is kept, and one line tells of it."""
    writer = writers[0]
    writer.answer()
    windows = [Browser(house.port, writer.browser.cookie) for _window in range(20)]
    house.browsers += windows
    path, said = f"/sitzungen/{writer.sitting_id}/antwort", "coming" if len(writer.answers) % 2 == 0 else "not_coming"
    with house.app.app_context():
        db.session.rollback()
        row_id = session().scalar(select(Reply.id).where(Reply.person_id == writer.person_id))
        lines = (HistoryLine.action == "attendance.answer", HistoryLine.object_id == row_id)
        before = number_of(HistoryLine, *lines)
        for _time in range(5):
            answers = at_once(windows, path, answer=f"{writer.seat_id}:{said}")
            assert Counter(answer.status for answer in answers) == {302: 20}
        db.session.rollback()
        assert number_of(Reply, Reply.person_id == writer.person_id) == 1
        assert number_of(HistoryLine, *lines) == before + 1
    house.assert_whole()


def test_a_room_is_taken_once(house, writers):
    """Ten people plan a sitting in the same room at overlapping times: one has it, nine read that it is taken."""
    with house.app.app_context():
        place = places.create_place(SYSTEM, places.Profile(name="Rathaus"))
        before, place_id = number_of(Sitting), place.id
        form = {"date": "2099-01-14", "start": "18:30", "mode": "in_person", "place": place_id, "status": "confirmed"}
        answers = at_once([writer.browser for writer in writers[:10]], "/gremien/beirat/sitzungen/neu", **form)
        assert Counter(answer.status for answer in answers) == {302: 1, 200: 9}
        assert sum("Rathaus“ ist" in answer.text for answer in answers) == 9
        db.session.rollback()
        assert number_of(Booking, Booking.place_id == place_id) == 1
        assert number_of(Sitting) == before + 1
    house.assert_whole()
