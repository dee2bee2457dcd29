"""The figures alone, without any organization: what municipalities can put together without telling more.

The format is described in docs/indicators.md; the keys last, whatever the pages call them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from coordination.analysis import queries, statistics
from coordination.analysis.rules import Asked, counted, shares, told_persons
from coordination.cooperation.rules import Figure, Format, InitiatorKind, Lead
from coordination.organizations.rules import PartnerRole, Topic
from core.clock import today
from core.hours import Kind

FORMAT = "augenhoehe-indicators"
VERSION = 1

LEAD_KEYS = {Lead.MUNICIPAL: "municipal", Lead.MIGRANT_ORGANISATION: "mo", Lead.JOINT: "joint"}
ACTOR_KEYS = {
    InitiatorKind.INTEGRATION_DEPARTMENT: "integration_department",
    InitiatorKind.MIGRANT_ORGANISATION: "mo",
    InitiatorKind.OTHER_OFFICE: "other_office",
}
FIGURE_KEYS = {
    Figure.REGULAR_EXCHANGE: "regular_exchange",
    Figure.MUNICIPAL_BODY: "municipal_bodies",
    Figure.FURTHER_LEVEL: "further_levels",
}
#: groups of shares → their keys
GROUPS: Mapping[str, tuple[str, ...]] = {
    "single_events_lead": tuple(LEAD_KEYS.values()),
    "projects_lead": tuple(LEAD_KEYS.values()),
    "initiative_regular_exchange": tuple(ACTOR_KEYS.values()),
    "formats": tuple(map(str, Format)),
    "topics_regular_exchange": tuple(map(str, Topic)),
    "topics_committees": tuple(map(str, Topic)),
    "roles_of_migrant_organisations": tuple(map(str, PartnerRole)),
    "fairness": tuple(map(str, Kind)),
    "fairness_volunteers": tuple(map(str, Kind)),
    "fairness_staff": tuple(map(str, Kind)),
}


def indicators(asked: Asked, body: str) -> dict[str, Any]:
    """Everything that the file tells of this municipality, for one year or (None) for all."""
    leads = queries.leads(asked, [Format.SINGLE_EVENT, Format.PROJECT])
    formats = queries.formats(asked)
    topics = queries.topics(asked)
    starts = statistics.starts(asked)
    exchange = ((kind, number) for marked, kind, number in queries.initiators(asked) if marked)
    found: dict[str, Iterable[tuple[Any, ...]]] = {
        "single_events_lead": _led(leads, Format.SINGLE_EVENT),
        "projects_lead": _led(leads, Format.PROJECT),
        "initiative_regular_exchange": ((ACTOR_KEYS.get(kind), number) for kind, number in exchange),
        "formats": formats,
        "topics_regular_exchange": ((topic, number) for marked, _c, topic, number in topics if marked),
        "topics_committees": ((topic, number) for _m, committee, topic, number in topics if committee),
        "roles_of_migrant_organisations": queries.roles(asked),
        "fairness": ((kind, number) for _f, kind, _v, _s, number in starts),
        "fairness_volunteers": ((kind, number) for _f, kind, volunteers, _s, number in starts if volunteers),
        "fairness_staff": ((kind, number) for _f, kind, _v, staff, number in starts if staff),
    }
    return {
        "format": FORMAT,
        "version": VERSION,
        "body": body,
        "year": asked.year,
        "made_on": today().isoformat(),
        "records": sum(number for _form, number in formats),
        "committee_figures": _committee_figures(asked),
        "foundations": {"yes": {str(key): has for key, has in queries.foundations(asked).items()}},
        **{name: _group(list(found[name]), keys) for name, keys in GROUPS.items()},
        "participants": _participants(asked),
    }


def _led(leads: Iterable[Any], form: Format) -> list[tuple[str | None, int]]:
    return [(LEAD_KEYS.get(lead), number) for found, lead, number in leads if found == form]


def _group(found: list[tuple[Any, ...]], keys: tuple[str, ...]) -> dict[str, Any]:
    counts = counted(found, keys)
    return {"counts": counts, "shares": shares(counts)}


def _committee_figures(asked: Asked) -> dict[str, Any]:
    found = {FIGURE_KEYS[Figure(figure)]: number for figure, number in queries.figures(asked)}
    counts = {key: found.get(key, 0) for key in FIGURE_KEYS.values()}
    return {"counts": counts, "yes": {key: number > 0 for key, number in counts.items()}}


def _participants(asked: Asked) -> dict[str, Any]:
    """Persons: fewer than five are not told."""
    found = {str(form): int(number) for form, number in queries.participants(asked)}
    return {"counts": {str(form): told_persons(found.get(form, 0)) for form in Format}}
