"""How long a place is taken."""

from datetime import UTC, datetime, timedelta

import pytest

from coordination.places.rules import OPEN_END, taken_until
from core.errors import Refused

EVENING = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)


def test_an_open_end_takes_the_place_for_three_hours():
    assert timedelta(hours=3) == OPEN_END
    assert taken_until(EVENING, None) == EVENING + timedelta(hours=3)


def test_a_known_end_stands():
    assert taken_until(EVENING, EVENING + timedelta(minutes=1)) == EVENING + timedelta(minutes=1)


@pytest.mark.parametrize("minutes", [0, -1, -600])
def test_an_end_not_after_the_start_is_refused_at_its_field(minutes):
    with pytest.raises(Refused) as refused:
        taken_until(EVENING, EVENING + timedelta(minutes=minutes))
    assert refused.value.field == "end"


def test_wall_time_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="aware"):
        taken_until(EVENING.replace(tzinfo=None), None)
