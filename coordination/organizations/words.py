"""What stands in a field of an organization, in words."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from coordination.organizations.languages import LANGUAGE_LABELS
from coordination.organizations.publication import Field
from coordination.organizations.rules import (
    AIM_LABELS,
    MO_KIND_LABELS,
    PARTNER_ROLE_LABELS,
    PHASE_LABELS,
    ROOM_SITUATION_LABELS,
    TARGET_GROUP_LABELS,
    TOPIC_LABELS,
)
from core.languages import _, _n, say_date


def _listed(labels: Mapping[Any, Any]) -> Callable[[Iterable[Any]], str]:
    return lambda words: " · ".join(str(labels[word]) for word in words if word in labels)


def _staffing(numbers: tuple[int | None, int | None]) -> str:
    volunteers, paid = numbers
    said = []
    if volunteers is not None:
        said.append(_n("%(num)d volunteer", "%(num)d volunteers", volunteers))
    if paid is not None:
        said.append(_n("%(num)d paid person", "%(num)d paid people", paid))
    return " · ".join(said)


def _phase(row: Any) -> str:
    return _("%(phase)s, since %(day)s", phase=PHASE_LABELS[row.phase], day=say_date(row.since))


SAY: dict[Field, Callable[[Any], str]] = {
    Field.KINDS: _listed(MO_KIND_LABELS),
    Field.AIMS: _listed(AIM_LABELS),
    Field.ROLES: _listed(PARTNER_ROLE_LABELS),
    Field.TOPICS: _listed(TOPIC_LABELS),
    Field.TARGET_GROUPS: _listed(TARGET_GROUP_LABELS),
    Field.LANGUAGES: _listed(LANGUAGE_LABELS),
    Field.STAFFING: _staffing,
    Field.ROOMS: lambda room: str(ROOM_SITUATION_LABELS[room]),
    Field.UMBRELLAS: lambda bodies: " · ".join(name for _id, name in bodies),
    Field.PHASE: _phase,
}


def say(field: Field, value: Any) -> str:
    """The value of a field as a person reads it; "" for none."""
    return "" if value is None else SAY.get(field, str)(value)
