"""What sittings add to the analysis: when public ones begin, and whose time they took. No name of a person."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, time

from sqlalchemy import ColumnElement, and_, case, distinct, func, select

from coordination.analysis.queries import Counting
from coordination.analysis.rules import FEWEST_PERSONS, Asked, Row, Shape, Statistic, days_of
from coordination.organizations.models import Organization
from coordination.organizations.rules import Kind as OrganizationKind
from core.clock import now
from core.database import session
from core.hour_words import HOUR_LABELS, hour_rules
from core.hours import Kind, kind_at
from core.languages import _
from meetings.attendance.models import Attendance
from meetings.attendance.rules import Presence
from meetings.sittings.models import Sitting
from meetings.sittings.rules import TAKES_PLACE
from participation.committees.models import Committee
from participation.seats.models import Seat

#: somebody came
CAME = (Presence.PRESENT, Presence.REMOTE, Presence.REPRESENTED)
STAFF, VOLUNTEERS = "staff", "volunteers"


def sittings(asked: Asked) -> Statistic:
    """When public sittings began, by committee: one statement."""
    found = select(Organization.name, Sitting.starts_local).select_from(Sitting)
    counts: dict[str, Counter[Kind]] = {}
    for name, start in map(tuple, session().execute(_public(found, asked).order_by(Organization.name))):
        counts.setdefault(name, Counter())[kind_at(start, hour_rules())] += 1
    return Statistic(
        name="sitzungen",
        title=_("When committees sit"),
        about=_("Public sittings that took place, by the time at which they began."),
        shape=Shape.STACKED,
        head=_("Committee"),
        columns=_columns(),
        rows=tuple(Row(name, tuple(found[kind] for kind in Kind)) for name, found in counts.items()),
        notes=_of_all(asked),
    )


def presence(asked: Asked) -> Statistic:
    """Whose time public sittings took: each time that a seat was filled. Two statements.

    A side of fewer than five persons is left out.
    """
    side = case((Organization.kind == OrganizationKind.DEPARTMENT, STAFF), else_=VOLUNTEERS).label("side")
    of_side = _came(select(side, func.count(distinct(Attendance.person_id))), asked).group_by(side)
    persons: dict[str, int] = dict(map(tuple, session().execute(of_side)))
    found = _came(select(side, Sitting.starts_local, func.count()), asked).group_by(side, Sitting.starts_local)
    counts: dict[str, Counter[Kind]] = {VOLUNTEERS: Counter(), STAFF: Counter()}
    for name, start, number in map(tuple, session().execute(found)):
        counts[name][kind_at(start, hour_rules())] += number
    labels = {VOLUNTEERS: _("Volunteers of organizations"), STAFF: _("Staff of the municipality")}
    told = {name: found for name, found in counts.items() if persons.get(name, 0) >= FEWEST_PERSONS}
    return Statistic(
        name="anwesenheit",
        title=_("Whose evenings sittings took"),
        about=_("Each time that somebody came to a public sitting."),
        shape=Shape.STACKED,
        head=_("Side"),
        columns=_columns(),
        rows=tuple(Row(labels[name], tuple(found[kind] for kind in Kind)) for name, found in told.items()),
        notes=(
            *((_("Sides of fewer than five persons are not shown."),) if 0 < len(persons) != len(told) else ()),
            *_of_all(asked),
        ),
    )


#: name in addresses → what makes it
STATISTICS: Mapping[str, Callable[[Asked], Statistic]] = {"sitzungen": sittings, "anwesenheit": presence}


def _of_all(asked: Asked) -> tuple[str, ...]:
    return (_("Sittings are narrowed by year alone."),) if asked.in_part else ()


def _columns() -> tuple[str, ...]:
    return tuple(str(HOUR_LABELS[kind]) for kind in Kind)


def _came(found: Counting, asked: Asked) -> Counting:
    """Seats of organizations that were filled at public sittings."""
    found = found.select_from(Attendance).join(Seat, Seat.id == Attendance.seat_id)
    found = found.join(Organization, Organization.id == Seat.organization_id)
    found = found.join(Sitting, Sitting.id == Attendance.sitting_id).join(
        Committee, Committee.id == Sitting.committee_id
    )
    return found.where(_counts(asked), Attendance.presence.in_(CAME))


def _public(found: Counting, asked: Asked) -> Counting:
    found = found.join(Committee, Committee.id == Sitting.committee_id)
    found = found.join(Organization, Organization.id == Committee.organization_id)
    return found.where(_counts(asked))


def _counts(asked: Asked) -> ColumnElement[bool]:
    """Sittings that everybody may know of and that have begun, of the year that is asked."""
    public = and_(
        Committee.public.is_(True),
        Sitting.public.is_(True),
        Sitting.status.in_(TAKES_PLACE),
        Sitting.starts_at <= now(),
    )
    if asked.year is None:
        return public
    first, last = days_of(asked.year)
    begins, ends = datetime.combine(first, time.min), datetime.combine(last, time.max)
    return and_(public, Sitting.starts_local.between(begins, ends))
