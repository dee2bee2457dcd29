"""Wall time and UTC, also in the two nights of the clock change."""

from datetime import UTC, datetime

import pytest

from core.clock import AmbiguousTime, NonexistentTime, to_local, to_utc


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        (datetime(2026, 7, 3, 15, 30), datetime(2026, 7, 3, 13, 30, tzinfo=UTC)),
        (datetime(2026, 11, 19, 16, 30), datetime(2026, 11, 19, 15, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 3, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 3, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_wall_time_and_moment_belong_to_each_other(wall, moment):
    assert to_utc(wall) == moment
    assert to_local(moment) == wall


def test_a_time_that_does_not_exist_is_refused():
    with pytest.raises(NonexistentTime) as refused:
        to_utc(datetime(2026, 3, 29, 2, 30), "start")
    assert refused.value.field == "start"


def test_a_time_that_comes_twice_is_refused():
    with pytest.raises(AmbiguousTime):
        to_utc(datetime(2026, 10, 25, 2, 30))
