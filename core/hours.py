"""Office hours, evening or free day: which kind of time a date claims of people.

Who volunteers cannot come during office hours; so each minute of the year is exactly one kind. A date is
counted by its start (`kind_at`, `count_by_kind`), hours by their minutes (`minutes_by_kind`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from core.settings import Settings

# Not from core.clock: that one speaks to people and so needs Flask; this module is pure.
_ZONE = ZoneInfo("Europe/Berlin")
_MINUTE = timedelta(minutes=1)
_WEEKDAYS = frozenset(range(5))
# The `holidays` library knows public holidays in German, and these translations of them.
_HOLIDAY_LANGUAGES = {"de": "de", "en": "en_US", "uk": "uk"}

#: Two-letter codes of the 16 Länder (ISO 3166-2:DE)
LAENDER = frozenset(["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"])


class Kind(StrEnum):
    """What a minute is. FREE_DAY wins over the others."""

    OFFICE = "office"
    EVENING = "evening"
    """An office day before or after office time: evening or early."""
    FREE_DAY = "free_day"
    """Saturday, Sunday or a public holiday of the Land."""


@dataclass(frozen=True)
class HourRules:
    """When people are at work. Raises ValueError for what makes no sense.

    Who works until five is not there at five: that is why office time ends at 17:30.
    """

    land: str = "BW"
    """Two-letter code of the Land whose public holidays count."""
    office_from: time = time(8)
    """Wall time, whole minutes; the first minute of office time."""
    office_to: time = time(17, 30)
    """Wall time, whole minutes; the first minute that is not office time any more."""
    office_days: frozenset[int] = _WEEKDAYS
    """Weekdays with office time, Monday = 0. Saturday and Sunday are always free and refused here."""
    catholic: bool = False
    """Most inhabitants are Catholic: then Assumption Day (BY) and Corpus Christi (SN, TH) are holidays."""

    def __post_init__(self) -> None:
        if self.land not in LAENDER:
            raise ValueError(f"unknown Land {self.land!r}: expected one of {', '.join(sorted(LAENDER))}")
        for name in ("office_from", "office_to"):
            value: time = getattr(self, name)
            if value.tzinfo or value.second or value.microsecond:
                raise ValueError(f"{name} must be a wall time in whole minutes")
        if self.office_from >= self.office_to:
            raise ValueError("office_from must be before office_to")
        if not self.office_days <= _WEEKDAYS:
            raise ValueError("office_days may hold 0 (Monday) to 4 (Friday): Saturday and Sunday are free")


def rules_from(settings: Settings) -> HourRules:
    """The rules of this installation. Raises ValueError for an unknown Land or a time that is not HH:MM."""
    return HourRules(
        land=settings.land,
        office_from=time.fromisoformat(settings.office_from),
        office_to=time.fromisoformat(settings.office_to),
    )


def holiday_name(day: date, rules: HourRules, language: str = "de") -> str | None:
    """Name of the public holiday of the Land on that day, or None.

    German, English and Ukrainian; other languages get the German name, which is what stands on doors and
    in letters. Known from 1990 on. Two holidays on one day are joined by a semicolon.
    """
    translation = _HOLIDAY_LANGUAGES.get(language[:2], "de")
    return _holidays(rules.land, rules.catholic, day.year, translation).get(day)


def kind_at(local: datetime, rules: HourRules) -> Kind:
    """The kind of the minute that holds this wall time (naive). Raises ValueError for an aware one."""
    wall = _wall(local)
    if _is_free(wall.date(), rules):
        return Kind.FREE_DAY
    works = wall.weekday() in rules.office_days and rules.office_from <= wall.time() < rules.office_to
    return Kind.OFFICE if works else Kind.EVENING


def count_by_kind(starts: Iterable[datetime], rules: HourRules) -> dict[Kind, int]:
    """How many dates begin in each kind of time; every kind is present, in the order of Kind."""
    counts = dict.fromkeys(Kind, 0)
    for start in starts:
        counts[kind_at(start, rules)] += 1
    return counts


def minutes_by_kind(start_local: datetime, end_local: datetime, rules: HourRules) -> dict[Kind, int]:
    """How many minutes from start (inclusive) to end (exclusive) fall into each kind; every kind is present.

    Both are naive wall times of Germany; seconds are dropped. Counted are minutes that really pass, so a
    Sunday of the clock change has 23 or 25 hours. Of a wall time that comes twice the first is meant unless
    `fold` is 1 (PEP 495). Takes time in proportion to the days. Raises ValueError for aware times, for an
    end before the start and for the first and last year there is.
    """
    start, end = _moment(_wall(start_local)), _moment(_wall(end_local))
    if end < start:
        raise ValueError("the end lies before the start")
    minutes = dict.fromkeys(Kind, 0)
    for kind, opens, closes in _stretches(start_local.date(), end_local.date(), rules):
        passed = min(end, _moment(closes)) - max(start, _moment(opens))
        minutes[kind] += max(0, passed // _MINUTE)
    return minutes


def _stretches(first: date, last: date, rules: HourRules) -> Iterator[tuple[Kind, datetime, datetime]]:
    """The wall times from first to last day (inclusive), cut wherever the kind may change."""
    for number in range((last - first).days + 1):
        midnight = datetime.combine(first + timedelta(days=number), time())
        edges = [midnight, midnight + timedelta(days=1)]
        if not _is_free(midnight.date(), rules):
            edges[1:1] = (datetime.combine(midnight, edge) for edge in (rules.office_from, rules.office_to))
        for opens, closes in pairwise(edges):
            yield kind_at(opens, rules), opens, closes


def _is_free(day: date, rules: HourRules) -> bool:
    return day.weekday() not in _WEEKDAYS or holiday_name(day, rules) is not None


@lru_cache(maxsize=512)
def _holidays(land: str, catholic: bool, year: int, translation: str) -> Mapping[date, str]:
    categories = ("public", "catholic") if catholic and land in {"BY", "SN", "TH"} else ("public",)
    found = holidays.country_holidays(
        "DE", subdiv=land, years=year, expand=False, language=translation, categories=categories
    )
    return MappingProxyType(dict(found))


def _wall(local: datetime) -> datetime:
    if local.tzinfo is not None:
        raise ValueError("a naive wall time is expected")
    if not MINYEAR < local.year < MAXYEAR:
        raise ValueError("the year is out of range")
    return local.replace(second=0, microsecond=0)


def _moment(wall: datetime) -> datetime:
    return wall.replace(tzinfo=_ZONE).astimezone(UTC)
