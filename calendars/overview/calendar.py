"""Pages: /kalender/ as a list and as a month, and how to subscribe."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for

from calendars.entry import Entry
from calendars.feeds import addresses
from calendars.overview import queries, rules
from calendars.sources.entries import entries
from core.access import current_actor, public
from core.clock import today
from core.hour_words import hour_rules
from core.hours import holiday_name
from core.languages import _, chosen_language, say_date, say_month, say_time
from core.web import paginate_list

blueprint = Blueprint("calendar", __name__)
#: how many months a list shows at once
MONTHS = 3
#: and how many dates, in a town with more
PER_PAGE = 100
#: what a filter calls a kind of entry, and what the code calls it
KINDS = {"sitzungen": "sitting", "veranstaltungen": "event", "projekte": "milestone"}


@dataclass(frozen=True)
class Shown:
    """An entry as the month's cell shows it."""

    time: str
    title: str
    url: str
    cancelled: bool


@blueprint.get("/")
@public
def index() -> str:
    """Everything that whoever is asking may see: a list of three months, or one month."""
    actor = current_actor()
    committees = queries.visible_committees(actor)
    slug, kind = request.args.get("gremium", ""), request.args.get("art", "")
    asked = request.args.get("organisation", "")
    first = rules.parse_month(request.args.get("monat", ""), today())
    as_month = request.args.get("ansicht") == "monat"
    start, end = rules.grid(first) if as_month else (_list_start(first), _after(first))
    shown = entries(start, end, audiences=queries.my_audiences(actor))
    organizations = queries.organizations_in(committees, shown)
    organization_id = next((number for number, _name in organizations if str(number) == asked), None)
    found = queries.filtered(shown, committee=slug, organization_id=organization_id, kind=KINDS.get(kind, ""))
    page = paginate_list(found, per_page=PER_PAGE)
    return render_template(
        "calendars/overview/calendar.html",
        as_month=as_month,
        month=_month_view(first, found) if as_month else None,
        months=[] if as_month else _by_month(page.rows),
        page=page,
        period_words=_("%(first)s to %(last)s", first=say_month(first), last=say_month(rules.preceding(_after(first)))),
        turn=(_turned(_before(first)), _turned(_after(first))),
        committees=committees,
        organizations=organizations,
        committee=slug,
        organization_id=organization_id,
        kind=kind,
        month_value=first.strftime("%Y-%m"),
        views=[
            {"label": _("List"), "url": _turned(first, ansicht="liste"), "current": not as_month},
            {"label": _("Month"), "url": _turned(first, ansicht="monat"), "current": as_month},
        ],
    )


@blueprint.get("/abonnieren")
@public
def subscribe() -> str:
    """How to take a calendar into one's own program: all public dates, or one committee's."""
    committees = [row for row in queries.visible_committees(current_actor()) if row.public]
    slug = request.args.get("gremium", "")
    committee = queries.get_committee_named(committees, slug) if slug else None
    address = addresses.committee_address(slug) if committee else addresses.public_address()
    name = committee.name if committee else _("All public dates")
    return render_template(
        "calendars/overview/subscribe.html",
        committees=committees,
        committee=committee,
        name_of_feed=name,
        address=address,
        webcal=addresses.webcal(address),
        google=addresses.google(address),
        outlook=addresses.outlook(address, name),
        qr_code=addresses.feed_qr_code(address, _("Address of the calendar “%(name)s” as a QR code", name=name)),
    )


def _time_of(entry: Entry) -> str:
    """When it begins on its day; nothing for what takes the whole day."""
    return "" if entry.all_day else say_time(entry.starts_local)


def _list_start(first: date) -> date:
    """The list of the present month begins today: what is over is found by turning back."""
    return today() if first == today().replace(day=1) else first


def _after(first: date) -> date:
    for _month in range(MONTHS):
        first = rules.following(first)
    return first


def _before(first: date) -> date:
    for _month in range(MONTHS):
        first = rules.preceding(first)
    return first


def _turned(first: date, **changes: str) -> str:
    """This page at another month, with the same filters and view."""
    kept = {
        name: request.args[name] for name in ("ansicht", "gremium", "organisation", "art") if request.args.get(name)
    }
    values: dict[str, Any] = {**kept, "monat": first.strftime("%Y-%m"), **changes}
    return url_for(".index", **values)


def _by_month(found: list[Entry]) -> list[tuple[str, list[Entry]]]:
    months: dict[str, list[Entry]] = {}
    for entry in found:
        months.setdefault(say_month(entry.starts_local.date()), []).append(entry)
    return list(months.items())


def _month_view(first: date, found: list[Entry]) -> dict[str, object]:
    hours, language = hour_rules(), chosen_language()
    weeks = rules.weeks_of(first, found, today=today(), holiday=lambda day: holiday_name(day, hours, language))
    return {
        "label": say_month(first),
        "weeks": [[_shown_day(day) for day in week] for week in weeks],
        "previous_url": _turned(rules.preceding(first)),
        "next_url": _turned(rules.following(first)),
    }


def _shown_day(day: rules.Day) -> dict[str, object]:
    return {
        "date": day.date,
        "label": say_date(day.date),
        "number": day.date.day,
        "in_month": day.in_month,
        "is_today": day.is_today,
        "is_free": day.is_free,
        "holiday": day.holiday,
        "entries": [Shown(_time_of(entry), entry.summary, entry.link, entry.cancelled) for entry in day.entries],
    }
