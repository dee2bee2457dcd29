"""What the hour of a date asks of people, in words: office time, evening or free day."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask, current_app

from core.clock import to_utc
from core.errors import Refused
from core.hours import HourRules, Kind, holiday_name, kind_at, rules_from
from core.languages import _, _l
from core.settings import PREFIX, BadSettings

#: years in which a date may lie; beyond them public holidays and the clock change are guesswork
FIRST_YEAR, LAST_YEAR = 1950, 2199

HOUR_LABELS = {
    Kind.OFFICE: _l("In office time"),
    Kind.EVENING: _l("In the evening or early in the morning"),
    Kind.FREE_DAY: _l("On a weekend or public holiday"),
}


@dataclass(frozen=True)
class HourHint:
    """What a start asks of people who volunteer: its kind and a whole sentence. No kind: there is no such hour."""

    kind: Kind | None
    text: str


def hour_hint(start: datetime, rules: HourRules, language: str = "de") -> HourHint:
    """What to say about a date that starts at this wall time (naive)."""
    kind = kind_at(start, rules)
    if kind is Kind.OFFICE:
        return HourHint(kind, _("This is office time: many people who volunteer are at work then."))
    if kind is Kind.EVENING:
        return HourHint(kind, _("This is outside office time: people with a job can come."))
    holiday = holiday_name(start.date(), rules, language)
    if holiday:
        return HourHint(kind, _("This is a public holiday: %(name)s.", name=holiday))
    return HourHint(kind, _("This is a weekend."))


def check_year(day: date, field: str) -> None:
    """Refuse, at this field, a day or wall time in a year in which no date lies."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(_("The year must be between %(first)d and %(last)d.", first=FIRST_YEAR, last=LAST_YEAR), field)


def init_app(app: Flask) -> None:
    """Look once at when people are at work here. Raises BadSettings where it makes no sense."""
    try:
        rules_from(app.config["SETTINGS"])
    except ValueError as error:
        raise BadSettings(f"{PREFIX}LAND, {PREFIX}OFFICE_FROM or {PREFIX}OFFICE_TO: {error}") from error


def hour_rules() -> HourRules:
    """When people are at work in this installation."""
    return rules_from(current_app.config["SETTINGS"])


def hint_at(start: datetime, language: str) -> HourHint:
    """What to say about a start (naive wall time), be it one that the clock change leaves out. Refuses nothing."""
    try:
        check_year(start, "date")
        to_utc(start)
    except Refused as refused:
        return HourHint(None, refused.message)
    return hour_hint(start, hour_rules(), language)
