"""A month as a grid of whole weeks."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from calendars.entry import Entry

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 1)


@dataclass(frozen=True)
class Day:
    """A day of the grid with what happens on it."""

    date: date
    in_month: bool
    is_today: bool
    is_free: bool
    holiday: str | None
    entries: tuple[Entry, ...]


def parse_month(text: str, fallback: date) -> date:
    """The first day of the month written as `2026-11`; of `fallback`'s month for rubbish and for other centuries."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = fallback.replace(day=1)
    return first if EARLIEST <= first <= LATEST else fallback.replace(day=1)


def following(first: date) -> date:
    """The first day of the next month."""
    return (first + timedelta(days=32)).replace(day=1)


def preceding(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def grid(first: date) -> tuple[date, date]:
    """The Monday from which the month's grid begins, and the Monday with which the next grid week would begin."""
    start, after = first - timedelta(days=first.weekday()), following(first)
    return start, after + timedelta(days=-after.weekday() % 7)


def weeks_of(
    first: date, entries: Iterable[Entry], *, today: date, holiday: Callable[[date], str | None]
) -> list[list[Day]]:
    """The weeks (Monday to Sunday) that hold the month. An entry stands on the day it starts."""
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_day[entry.starts_local.date()].append(entry)
    start, end = grid(first)
    days = []
    for number in range((end - start).days):
        day = start + timedelta(days=number)
        feast = holiday(day)
        free = feast is not None or day.weekday() >= 5
        days.append(Day(day, day.month == first.month, day == today, free, feast, tuple(by_day[day])))
    return [days[number : number + 7] for number in range(0, len(days), 7)]
