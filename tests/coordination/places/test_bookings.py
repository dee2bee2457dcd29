"""Places are taken: never twice at a time, whoever asks and however many at once."""

import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from coordination.places import operations, queries
from coordination.places.models import Booking
from coordination.places.operations import book, rebook, release
from core.access import SYSTEM
from core.database import session, transaction
from core.errors import NotFound, Refused

#: 18:30 in the municipality
EVENING = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)


def at(hours: float) -> datetime:
    """The moment so many hours after EVENING."""
    return EVENING + timedelta(hours=hours)


def periods(place_id: int) -> list[tuple[datetime, datetime]]:
    rows = queries.bookings_of(place_id, datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    return [(row.starts_at, row.ends_at) for row in rows]


def test_a_place_is_taken_and_free_again(make_place):
    hall = make_place()
    assert queries.is_free(hall.id, EVENING, at(2))
    row = book(hall.id, EVENING, at(2))
    assert periods(hall.id) == [(EVENING, at(2))]
    assert not queries.is_free(hall.id, at(1), at(3))
    assert queries.is_free(hall.id, at(1), at(3), apart_from=row.id)
    release(row.id)
    release(row.id)
    assert queries.is_free(hall.id, EVENING, at(2))


@pytest.mark.parametrize(
    ("start", "end", "taken"),
    [
        (-2, 0, False),  # ends when the other begins
        (2, 4, False),  # begins when the other ends
        (-1, 0.01, True),
        (1.99, 3, True),
        (0, 2, True),
        (-1, 3, True),  # round it
        (0.5, 1, True),  # within it
    ],
)
def test_touching_is_no_overlap(make_place, start, end, taken):
    hall, other = make_place(), make_place()
    book(hall.id, EVENING, at(2))
    assert queries.is_free(hall.id, at(start), at(end)) is not taken
    if taken:
        with pytest.raises(Refused) as refused:
            book(hall.id, at(start), at(end))
        assert refused.value.field == "place"
    else:
        book(hall.id, at(start), at(end))
    book(other.id, at(start), at(end))


def test_the_refusal_names_room_and_period_in_wall_time(make_place):
    hall = make_place("Rathaus", room="Saal 1")
    book(hall.id, EVENING, at(2))
    with pytest.raises(Refused) as refused:
        book(hall.id, at(1), at(3))
    assert refused.value.message == "„Rathaus, Saal 1“ ist schon belegt: Do., 19. November 2026, 18:30 bis 20:30 Uhr."


def test_an_open_end_keeps_the_place_for_three_hours(make_place):
    hall = make_place()
    row = book(hall.id, EVENING, None)
    assert row.ends_at == at(3)
    assert not queries.is_free(hall.id, at(2.5), None)
    book(hall.id, at(3), None)


def test_a_booking_moves_in_time_and_place_and_is_not_in_its_own_way(make_place):
    hall, other = make_place(), make_place()
    row = book(hall.id, EVENING, at(2))
    book(other.id, EVENING, at(1))
    rebook(row.id, hall.id, at(1), at(3))
    assert periods(hall.id) == [(at(1), at(3))]
    with pytest.raises(Refused):
        rebook(row.id, other.id, EVENING, at(2))
    assert periods(hall.id) == [(at(1), at(3))]
    rebook(row.id, other.id, at(1), None)
    assert periods(hall.id) == []
    assert periods(other.id) == [(EVENING, at(1)), (at(1), at(4))]


def test_an_archived_place_keeps_its_bookings_and_takes_no_new_ones(make_place):
    hall, other = make_place(), make_place()
    row = book(hall.id, EVENING, at(1))
    elsewhere = book(other.id, EVENING, at(1))
    operations.archive_place(SYSTEM, hall.id)
    assert periods(hall.id) == [(EVENING, at(1))]
    for attempt in (lambda: book(hall.id, at(5), at(6)), lambda: rebook(elsewhere.id, hall.id, at(5), at(6))):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.field == "place"
    rebook(row.id, hall.id, at(7), at(8))


def test_a_place_or_booking_that_does_not_exist_is_not_found(make_place):
    hall = make_place()
    with pytest.raises(NotFound):
        book(hall.id + 1, EVENING, at(1))
    with pytest.raises(NotFound):
        rebook(1, hall.id, EVENING, at(1))


def test_a_refusal_takes_back_all_that_the_caller_did(make_place):
    hall, other = make_place(), make_place()
    book(hall.id, EVENING, at(1))
    with pytest.raises(Refused), transaction():
        book(other.id, EVENING, at(1))
        book(hall.id, EVENING, at(1))
    assert periods(other.id) == []


def test_two_bookings_of_one_transaction_see_one_another(make_place):
    hall = make_place()
    with pytest.raises(Refused), transaction():
        book(hall.id, EVENING, at(2))
        book(hall.id, at(1), at(3))
    assert periods(hall.id) == []


def test_in_the_night_of_the_clock_change_hours_are_real_hours(make_place):
    """25 October 2026: 2:00 to 3:00 comes twice. Both hours can be taken, one after the other."""
    hall = make_place()
    first = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)  # 2:00 summer time
    second = first + timedelta(hours=1)  # 2:00 winter time
    book(hall.id, first, second)
    assert queries.is_free(hall.id, second, second + timedelta(hours=1))
    book(hall.id, second, second + timedelta(hours=1))
    assert not queries.is_free(hall.id, first + timedelta(minutes=30), second)
    # 29 March 2026: after 1:59 comes 3:00, and an open end is three hours of clock and body
    spring = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 1:30 winter time
    assert book(hall.id, spring, None).ends_at == datetime(2026, 3, 29, 3, 30, tzinfo=UTC)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["book", "move", "release"]),
            st.integers(0, 3),
            st.integers(0, 48),
            st.none() | st.integers(1, 12),
        ),
        max_size=15,
    )
)
def test_no_set_of_accepted_bookings_overlaps(make_place, steps):
    """The rows always equal a plain list kept beside them, in which no two periods share a quarter of an hour."""
    hall = make_place()
    kept: dict[int, set[int]] = {}
    for verb, which, quarter, length in steps:
        chosen = sorted(kept)[which % len(kept)] if kept else None
        wanted = set(range(quarter, quarter + (length or 12)))
        start, end = at(quarter / 4), None if length is None else at((quarter + length) / 4)
        if verb == "release":
            if chosen is not None:
                release(chosen)
                del kept[chosen]
            continue
        moved = chosen if verb == "move" else None
        in_the_way = any(wanted & others for number, others in kept.items() if number != moved)
        try:
            row = book(hall.id, start, end) if moved is None else rebook(moved, hall.id, start, end)
        except Refused:
            assert in_the_way
        else:
            assert not in_the_way
            kept[row.id] = wanted
    assert periods(hall.id) == sorted((at(min(span) / 4), at((max(span) + 1) / 4)) for span in kept.values())


def together(app, *asked) -> list[str]:
    """Run these bookings at the same moment, each as a request of its own would; gives what became of each."""
    outcomes: list[str] = []
    start = threading.Barrier(len(asked), timeout=20)

    def run(ask) -> None:
        with app.app_context():
            session().scalar(select(Booking.id))  # as in a request: the session has read before
            start.wait()
            try:
                ask()
                outcomes.append("taken")
            except Refused as refused:
                outcomes.append(f"refused at {refused.field}")

    threads = [threading.Thread(target=run, args=(ask,)) for ask in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    session().rollback()
    return sorted(outcomes)


@pytest.mark.parametrize("verb", ["book", "rebook"])
def test_of_two_who_take_a_place_at_once_exactly_one_gets_it(app, make_place, verb):
    hall, other = make_place().id, make_place().id
    for _ in range(15):
        if verb == "book":
            asked = [partial(book, hall, at(n), at(n + 2)) for n in range(2)]
        else:
            own = [book(other, at(10 * n), None).id for n in range(2)]
            asked = [partial(rebook, own[n], hall, at(n), at(n + 2)) for n in range(2)]
        assert together(app, *asked) == ["refused at place", "taken"]
        assert len(periods(hall)) == 1
        with transaction() as writing:
            writing.execute(delete(Booking))


def test_two_who_touch_or_take_different_places_at_once_both_get_them(app, make_place):
    hall, other = make_place().id, make_place().id
    asked = [partial(book, hall, EVENING, at(1)), partial(book, hall, at(1), at(2)), partial(book, other, at(0), at(2))]
    assert together(app, *asked) == ["taken"] * 3


def test_two_who_swap_their_rooms_at_once_do_not_block_one_another_for_ever(app, make_place):
    hall, other = make_place().id, make_place().id
    mine, yours = book(hall, EVENING, at(1)).id, book(other, EVENING, at(1)).id
    asked = [partial(rebook, mine, other, EVENING, at(1)), partial(rebook, yours, hall, EVENING, at(1))]
    assert together(app, *asked) == ["refused at place"] * 2
    assert (periods(hall), periods(other)) == ([(EVENING, at(1))], [(EVENING, at(1))])
