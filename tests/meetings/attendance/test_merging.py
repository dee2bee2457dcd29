"""Two entries of one person, with an answer each, become one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coordination.people.merging import merge_people
from core.access import SYSTEM
from core.clock import now
from core.database import session, transaction
from meetings.attendance.models import Reply
from meetings.attendance.rules import Answer


@pytest.mark.parametrize("kept_is_newer", [True, False])
def test_of_two_answers_the_newest_holds(board, make_sitting, make_person, kept_is_newer):
    kept, duplicate = make_person("Ahorn", "Ada"), make_person("Ahorn", "Adele")
    sitting = make_sitting(board.committee)
    hours = (2, 1) if kept_is_newer else (1, 2)
    with transaction() as current:
        for person, answer, hour in zip((kept, duplicate), (Answer.COMING, Answer.NOT_COMING), hours, strict=True):
            current.add(
                Reply(
                    sitting_id=sitting.id,
                    seat_id=board.first,
                    person_id=person.id,
                    answer=answer,
                    for_start=sitting.starts_local,
                    answered_at=now() + timedelta(hours=hour),
                )
            )
    merge_people(SYSTEM, kept.id, duplicate.id)
    row = session().scalars(select(Reply)).one()
    assert (row.person_id, row.answer) == (kept.id, Answer.COMING if kept_is_newer else Answer.NOT_COMING)
