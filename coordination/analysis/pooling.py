"""The indicator files of several municipalities, put together to the tables of the survey."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coordination.analysis.indicators import FIGURE_KEYS, FORMAT, GROUPS, VERSION
from coordination.analysis.rules import Together, shares, together
from coordination.strategy.rules import Foundation
from core.errors import Refused
from core.languages import _

#: bytes of a file; ours have some thousand
LARGEST = 1_000_000
#: a count beyond it is no count of cooperations
MOST = 10**12


@dataclass(frozen=True)
class Indicators:
    """What is pooled of one file: who it is of, yes or no to each committee figure, and the counts of each group."""

    body: str
    year: int | None
    figures: Mapping[str, bool]
    groups: Mapping[str, Mapping[str, int]]
    #: None: not stated, or the file is from before that was asked
    foundations: Mapping[Foundation, bool | None]


@dataclass(frozen=True)
class PooledGroup:
    """A table of the survey: counts of all municipalities together, their shares, and how many had any."""

    name: str
    counts: Mapping[str, int]
    shares: Mapping[str, float | None]
    municipalities: int


@dataclass(frozen=True)
class Pool:
    """All of it: how many municipalities, in how many there is each committee figure, and the groups."""

    municipalities: int
    figures: Mapping[str, int]
    groups: tuple[PooledGroup, ...]
    #: in how many municipalities there is each foundation, and both or one of them alone; of how many that stated it
    foundations: Mapping[str, tuple[int, int]]


def read(content: bytes) -> Indicators:
    """The indicators of a file. Refused where it is too large, no indicator file, or of another version."""
    if len(content) > LARGEST:
        raise Refused(_("The file is larger than 1 MB."))
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(_("This is no JSON file.")) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Refused(_("This is no file of indicators."))
    if found.get("version") != VERSION:
        raise Refused(
            _(
                "This file is of version %(version)s; only %(known)s is known here.",
                version=str(found.get("version"))[:20],
                known=VERSION,
            )
        )
    body, year = found.get("body"), found.get("year")
    if not isinstance(body, str) or not body.strip() or not (year is None or type(year) is int):
        raise Refused(_("It does not say of which municipality and year it is."))
    return Indicators(
        body=" ".join(body.split())[:200],
        year=year,
        figures={key: _flag(found, key) for key in FIGURE_KEYS.values()},
        groups={name: _counts(found, name, keys) for name, keys in GROUPS.items()},
        foundations=_foundations(found),
    )


def check_together(files: Iterable[tuple[str, Indicators]]) -> None:
    """Refuse a municipality that is there twice and files of different years: their sum would mean nothing."""
    bodies: dict[str, str] = {}
    years: set[int | None] = set()
    for name, found in files:
        if found.body in bodies:
            raise Refused(
                _("%(file)s and %(other)s are of the same municipality.", file=name, other=bodies[found.body])
            )
        bodies[found.body] = name
        years.add(found.year)
    if len(years) > 1:
        raise Refused(_("The files are of different years. Please pool files of the same year."))


def pool(files: Iterable[Indicators]) -> Pool:
    """The survey's tables for these municipalities. Counts are summed, so each cooperation weighs the same."""
    told = list(files)
    groups = []
    for name, keys in GROUPS.items():
        counts = {key: sum(found.groups[name][key] for found in told) for key in keys}
        having = sum(any(found.groups[name].values()) for found in told)
        groups.append(PooledGroup(name, counts, shares(counts), having))
    figures = {key: sum(found.figures[key] for found in told) for key in FIGURE_KEYS.values()}
    return Pool(len(told), figures, tuple(groups), _pooled_foundations([found.foundations for found in told]))


HEADER = ("group", "key", "count", "share", "municipalities", "of")


def lines_of(found: Pool) -> Iterator[tuple[object, ...]]:
    """The tables as lines of a file: group, key, count, share in percent, municipalities that have it, of how many."""
    for key, number in found.figures.items():
        yield ("committee_figures", key, "", "", number, found.municipalities)
    for key, (number, of) in found.foundations.items():
        yield ("foundations", key, "", "", number, of)
    for group in found.groups:
        for key, count in group.counts.items():
            share = group.shares[key]
            yield (group.name, key, count, "" if share is None else share, group.municipalities, found.municipalities)


def _pooled_foundations(told: Sequence[Mapping[Foundation, bool | None]]) -> dict[str, tuple[int, int]]:
    """How many have it and how many stated it: each foundation, then the two together for those that stated both."""
    pooled = {}
    for foundation in Foundation:
        answers = [found[foundation] for found in told if found[foundation] is not None]
        pooled[str(foundation)] = (sum(map(bool, answers)), len(answers))
    stated = [found for found in told if None not in found.values()]
    having = Counter(together(found[Foundation.CONCEPT], found[Foundation.JOB_DESCRIPTION]) for found in stated)
    return pooled | {str(which): (having[which], len(stated)) for which in Together}


def _foundations(found: Mapping[str, Any]) -> dict[Foundation, bool | None]:
    """What the file states of foundations; one from before it was asked states nothing."""
    told = found.get("foundations", {"yes": {}})
    answers = told.get("yes") if isinstance(told, dict) else None
    stated: dict[Foundation, Any] = {
        one: answers.get(str(one)) if isinstance(answers, dict) else "" for one in Foundation
    }
    for foundation, answer in stated.items():
        if answer is not None and not isinstance(answer, bool):
            raise Refused(_("The figure “%(name)s” is missing or is not yes or no.", name=str(foundation)))
    return stated


def _flag(found: Mapping[str, Any], key: str) -> bool:
    told = found.get("committee_figures")
    answer = told.get("yes", {}).get(key) if isinstance(told, dict) and isinstance(told.get("yes"), dict) else None
    if not isinstance(answer, bool):
        raise Refused(_("The figure “%(name)s” is missing or is not yes or no.", name=key))
    return answer


def _counts(found: Mapping[str, Any], name: str, keys: Iterable[str]) -> dict[str, int]:
    group = found.get(name)
    counts = group.get("counts") if isinstance(group, dict) else None
    told = {key: counts.get(key) if isinstance(counts, dict) else None for key in keys}
    if not all(type(number) is int and 0 <= number <= MOST for number in told.values()):
        raise Refused(_("The figure “%(name)s” is missing or holds something else than counts.", name=name))
    return told  # type: ignore[return-value]  # each was looked at above
