"""The figures of the analysis, each from one statement: what is counted, and how it is said."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from coordination.analysis import queries
from coordination.analysis.rules import (
    COMMITTEE_TOPICS_IN_SURVEY,
    EXCHANGE_TOPICS_IN_SURVEY,
    INITIATIVE_IN_SURVEY,
    LEAD_IN_SURVEY,
    SURVEY_N,
    SURVEY_YEAR,
    Asked,
    Compared,
    Dimension,
    Row,
    Shape,
    Statistic,
    counted,
)
from coordination.cooperation.rules import (
    CONTRIBUTION_LABELS,
    FORMAT_LABELS,
    INITIATOR_LABELS,
    LEAD_LABELS,
    Format,
    InitiatorKind,
    Lead,
)
from coordination.organizations.rules import (
    KIND_LABELS,
    MO_KIND_LABELS,
    PARTNER_ROLE_LABELS,
    TOPIC_LABELS,
    PartnerRole,
    Topic,
)
from core.hour_words import HOUR_LABELS, hour_rules
from core.hours import HourRules, Kind, kind_at
from core.languages import _, _n

#: the three actors of whom the survey asked
ACTORS = (InitiatorKind.INTEGRATION_DEPARTMENT, InitiatorKind.MIGRANT_ORGANISATION, InitiatorKind.OTHER_OFFICE)


def lead_of_events(asked: Asked, dimension: Dimension = Dimension.YEAR) -> Statistic:
    """Who led single events."""
    return _lead(asked, Format.SINGLE_EVENT, dimension, "leitung-veranstaltungen", _("Who leads single events"))


def lead_of_projects(asked: Asked, dimension: Dimension = Dimension.YEAR) -> Statistic:
    """Who led projects."""
    return _lead(asked, Format.PROJECT, dimension, "leitung-projekte", _("Who leads projects"))


def _lead(asked: Asked, form: Format, dimension: Dimension, name: str, title: str) -> Statistic:
    years = [asked.year] if asked.year is not None else queries.list_years()
    found = [(key, lead, number) for _form, key, lead, number in queries.leads_by(asked, [form], dimension, years)]
    return Statistic(
        name=name,
        title=title,
        about=_("Counted is what took place or is running, by who led it at the end of the year or today."),
        shape=Shape.STACKED,
        head={
            Dimension.YEAR: _("Year"),
            Dimension.TOPIC: _("Topic"),
            Dimension.DEPARTMENT: _("Department"),
            Dimension.KIND: _("Kind of organization"),
            Dimension.MO_KIND: _("Kind of migrant organization"),
        }[dimension],
        columns=_texts(LEAD_LABELS, Lead),
        rows=_by_year(found, years, Lead)
        if dimension is Dimension.YEAR
        else _crossed(found, _labels_of(dimension), Lead),
        survey=Compared(tuple(LEAD_IN_SURVEY[form][lead] for lead in Lead)),
        notes=(
            *_unknown(sum(number for _key, lead, number in found if lead is None)),
            *_lasting(form, dimension),
            *_of_all(in_part=asked.in_part or dimension is not Dimension.YEAR),
        ),
    )


def _lasting(form: Format, dimension: Dimension) -> tuple[str, ...]:
    told = form is Format.PROJECT and dimension is Dimension.YEAR
    return (_("What goes on for several years counts in each of them."),) if told else ()


def _of_all(*, in_part: bool) -> tuple[str, ...]:
    return (_("The survey's figures are of all topics and organizations together."),) if in_part else ()


def _labels_of(dimension: Dimension) -> Mapping[Any, Any]:
    if dimension is Dimension.DEPARTMENT:
        return dict(queries.list_departments())
    labels: Mapping[Dimension, Mapping[Any, Any]] = {
        Dimension.TOPIC: TOPIC_LABELS,
        Dimension.KIND: KIND_LABELS,
        Dimension.MO_KIND: MO_KIND_LABELS,
    }
    return labels[dimension]


def formats(asked: Asked) -> Statistic:
    """How many events, projects, committees and other forms."""
    found = counted(queries.formats(asked), list(Format))
    return Statistic(
        name="formen",
        title=_("How we work together"),
        about=_("Everything that took place or is running, by its form."),
        shape=Shape.BARS,
        head=_("Form"),
        columns=(_("How many"),),
        rows=tuple(Row(str(FORMAT_LABELS[form]), (found[form],)) for form in Format),
        notes=(
            _(
                "Survey %(year)s, n = %(number)s: single events were more frequent than projects.",
                year=str(SURVEY_YEAR),
                number=SURVEY_N,
            ),
        ),
    )


def initiative_of_exchange(asked: Asked) -> Statistic:
    """Who gave the impulse for regular exchange: the one figure that the survey asked."""
    found = [(kind, number) for exchange, kind, number in queries.initiators(asked) if exchange]
    counts = counted(found, ACTORS)
    others = sum(number for kind, number in found if kind == InitiatorKind.OTHER)
    notes = _unknown(sum(number for kind, number in found if kind is None))
    if others:
        notes += (_n("One impulse came from somebody else.", "%(num)d impulses came from somebody else.", others),)
    return Statistic(
        name="initiative-austausch",
        title=_("Who gives the impulse for regular exchange"),
        about=_("Regular exchange with umbrella bodies and working groups of migrant organizations."),
        shape=Shape.STACKED,
        head=_("Form"),
        columns=_texts(INITIATOR_LABELS, ACTORS),
        rows=(Row(_("Regular exchange"), tuple(counts.values())),),
        survey=Compared(tuple(INITIATIVE_IN_SURVEY[actor] for actor in ACTORS)),
        notes=(*notes, *_of_all(in_part=asked.in_part)),
    )


def initiative_by_topic(asked: Asked) -> Statistic:
    """Who gave the impulse for anything, by topic."""
    found = queries.initiators_by_topic(asked)
    return Statistic(
        name="initiative-themen",
        title=_("Who gives the impulse on which topic"),
        about=_("All forms together. What is about two topics counts for both."),
        shape=Shape.STACKED,
        head=_("Topic"),
        columns=_texts(INITIATOR_LABELS, (*ACTORS, InitiatorKind.OTHER)),
        rows=_crossed(found, TOPIC_LABELS, (*ACTORS, InitiatorKind.OTHER)),
        notes=(
            *_unknown(sum(number for _topic, kind, number in found if kind is None)),
            _("The survey asked this of regular exchange alone, so it is not compared here."),
        ),
    )


def topics(asked: Asked) -> Statistic:
    """Topics of regular exchange and of committees, two outlines over twelve axes."""
    found = queries.topics(asked)
    exchange = counted([(topic, number) for marked, _c, topic, number in found if marked], list(Topic))
    committees = counted([(topic, number) for _m, committee, topic, number in found if committee], list(Topic))
    return Statistic(
        name="themen",
        title=_("On which topics"),
        about=_("The share of each topic in all topics named, in percent. What is about two topics counts for both."),
        shape=Shape.RADAR,
        head=_("Topic"),
        columns=(_("Regular exchange"), _("Committees")),
        rows=tuple(Row(str(TOPIC_LABELS[topic]), (exchange[topic], committees[topic])) for topic in Topic),
        notes=(
            _surveyed_order(_("Regular exchange"), EXCHANGE_TOPICS_IN_SURVEY),
            _surveyed_order(_("Committees"), COMMITTEE_TOPICS_IN_SURVEY),
        ),
    )


def _surveyed_order(what: str, order: Sequence[Sequence[Topic]]) -> str:
    """What the survey says of topics: which are more frequent, and no number."""
    groups = [" · ".join(str(TOPIC_LABELS[topic]) for topic in group) for group in order]
    return _(
        "%(what)s in the survey of %(year)s (n = %(number)s), most to least: %(topics)s.",
        what=what,
        year=str(SURVEY_YEAR),
        number=SURVEY_N,
        topics="; ".join(groups),
    )


def roles(asked: Asked) -> Statistic:
    """The move from door opener to partner, over the years."""
    years = queries.list_years()
    return Statistic(
        name="rollen",
        title=_("From door opener to partner"),
        about=_(
            "As what migrant organizations took part, in percent of all times that one did. "
            "Seats in committees are not counted: nobody asks for a role there."
        ),
        shape=Shape.LINES,
        head=_("Year"),
        columns=_texts(PARTNER_ROLE_LABELS, PartnerRole),
        rows=_by_year(queries.roles_by_year(asked, years), years, PartnerRole),
    )


def leads_over_years(asked: Asked) -> Statistic:
    """Whether more is planned together, over the years: events and projects in one."""
    years = queries.list_years()
    counts = queries.leads_by(asked, [Format.SINGLE_EVENT, Format.PROJECT], Dimension.YEAR, years)
    found = [(year, lead, number) for _form, year, lead, number in counts]
    return Statistic(
        name="leitung-jahre",
        title=_("Who leads, over the years"),
        about=_(
            "Single events and projects together, in percent. What is planned together shows the way to a partnership."
        ),
        shape=Shape.LINES,
        head=_("Year"),
        columns=_texts(LEAD_LABELS, Lead),
        rows=_by_year(found, years, Lead),
        notes=(
            *_unknown(sum(number for _year, lead, number in found if lead is None)),
            *_lasting(Format.PROJECT, Dimension.YEAR),
        ),
    )


def municipal_contributions(asked: Asked) -> Statistic:
    """What the municipality gave."""
    found = {str(kind): number for kind, number in queries.contributions(asked)}
    return Statistic(
        name="beitraege-kommune",
        title=_("What the municipality gives"),
        about=_("In how many cooperations the municipality gave what."),
        shape=Shape.BARS,
        head=_("Contribution"),
        columns=(_("How many"),),
        rows=tuple(Row(str(label), (found.get(kind, 0),)) for kind, label in CONTRIBUTION_LABELS.items()),
    )


def contributions_of_partners(asked: Asked) -> Statistic:
    """Whether migrant organizations say what they give and gain, and whether they are paid."""
    found = queries.terms(asked)
    answers = (
        (_("Says what it gives"), found.gives),
        (_("Says what it gains"), found.gains),
        (_("Is paid an honorarium"), found.paid),
        (_("Agreed to be paid none"), found.unpaid),
    )
    return Statistic(
        name="beitraege-organisationen",
        title=_("What migrant organizations give and gain"),
        about=_n(
            "A migrant organization took part %(num)d time.",
            "Migrant organizations took part %(num)d times.",
            found.total,
        ),
        shape=Shape.STACKED,
        head=_("Answer"),
        columns=(_("Yes"), _("No, or not recorded")),
        rows=tuple(Row(label, (number, found.total - number)) for label, number in answers),
    )


def fairness(asked: Asked) -> Statistic:
    """When cooperations begin, by form."""
    found = [(form, kind, number) for form, kind, _volunteers, _staff, number in starts(asked)]
    return Statistic(
        name="termine",
        title=_("When it takes place"),
        about=_("Dates by the time at which they begin. In office time most volunteers are at work."),
        shape=Shape.STACKED,
        head=_("Form"),
        columns=_texts(HOUR_LABELS, Kind),
        rows=_crossed(found, FORMAT_LABELS, Kind),
    )


def whose_time(asked: Asked) -> Statistic:
    """Whose office hours, evenings and free days they were."""
    found = starts(asked)
    sides = [("volunteers", kind, number) for _f, kind, volunteers, _s, number in found if volunteers]
    sides += [("staff", kind, number) for _f, kind, _v, staff, number in found if staff]
    labels = {"volunteers": _("Volunteers of organizations"), "staff": _("Staff of the municipality")}
    return Statistic(
        name="wessen-zeit",
        title=_("Whose evenings"),
        about=_("Dates that claim the time of volunteers, of staff, or of both: those count on both sides."),
        shape=Shape.STACKED,
        head=_("Side"),
        columns=_texts(HOUR_LABELS, Kind),
        rows=_crossed(sides, labels, Kind),
    )


def starts(asked: Asked) -> list[tuple[Any, Kind, int, int, int]]:
    """Format, kind of time, whether it claims volunteers and staff, how many."""
    rules = hour_rules()
    found = queries.starts(asked, _minute(rules.office_from), _minute(rules.office_to))
    return [(form, _kind(day, office, rules), *claims) for form, day, office, *claims in found]


def _minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def _kind(day: Any, office: int, rules: HourRules) -> Kind:
    """The kind of time of a date: within these hours as the first of them, else as midnight."""
    return kind_at(datetime.combine(day, rules.office_from if office else time()), rules)


def _texts(labels: Mapping[Any, Any], keys: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(labels[key]) for key in keys)


def _by_year(found: Sequence[tuple[Any, ...]], years: Sequence[int], columns: Iterable[Any]) -> tuple[Row, ...]:
    """Year, column and number, as a row for each year from the first to the last of which something is known."""
    keys = list(columns)
    known = [year for year, column, _number in found if column in keys]
    between = range(min(known), max(known)) if known else ()
    return _crossed(found, {year: str(year) for year in years}, keys, kept=between)


def _crossed(
    found: Iterable[tuple[Any, ...]],
    labels: Mapping[Any, Any],
    columns: Iterable[Any],
    kept: Collection[Any] = (),
) -> tuple[Row, ...]:
    """Key, column and number, as rows in the order of the labels; of the others than `kept`, only what is known of."""
    keys = list(columns)
    counts: dict[Any, dict[Any, int]] = {key: dict.fromkeys(keys, 0) for key in labels}
    for key, column, number in found:
        if key in counts and column in counts[key]:
            counts[key][column] += number
    return tuple(
        Row(str(labels[key]), tuple(row.values())) for key, row in counts.items() if any(row.values()) or key in kept
    )


def _unknown(number: int) -> tuple[str, ...]:
    if not number:
        return ()
    return (_("Not recorded, and so not counted here: %(number)s.", number=number),)


#: name in addresses → what makes it, told apart by year, topic, department or kind of organization
BY_DIMENSION: Mapping[str, Callable[[Asked, Dimension], Statistic]] = {
    "leitung-veranstaltungen": lead_of_events,
    "leitung-projekte": lead_of_projects,
}
#: name in addresses → what makes it
STATISTICS: Mapping[str, Callable[[Asked], Statistic]] = {
    "formen": formats,
    "leitung-veranstaltungen": lead_of_events,
    "leitung-projekte": lead_of_projects,
    "initiative-austausch": initiative_of_exchange,
    "initiative-themen": initiative_by_topic,
    "themen": topics,
    "rollen": roles,
    "leitung-jahre": leads_over_years,
    "beitraege-kommune": municipal_contributions,
    "beitraege-organisationen": contributions_of_partners,
    "termine": fairness,
    "wessen-zeit": whose_time,
}
