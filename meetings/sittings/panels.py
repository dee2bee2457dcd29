"""What this room puts on the pages of a committee."""

from types import SimpleNamespace

from flask import render_template, url_for
from markupsafe import Markup

from core.access import Actor
from core.hour_words import HOUR_LABELS
from core.hours import Kind
from core.languages import _, _n
from core.panels import Tab
from meetings.sittings import policies, queries
from meetings.sittings.queries import When
from meetings.sittings.rules import STATUS_KINDS, STATUS_LABELS
from participation.committees.models import Committee

#: name of each kind in the drawing of shares
_COLOURS = {Kind.OFFICE: "office", Kind.EVENING: "evening", Kind.FREE_DAY: "free"}


def committee_tab(_actor: Actor, committee: Committee) -> Tab:
    """The committee's tab "sittings"."""
    return Tab(_("Sittings"), url_for("sittings.index", slug=committee.slug))


def committee_panel(actor: Actor, committee: Committee) -> Markup:
    """The next sittings, and how fair their times are: how many begin when people are at work."""
    sight = policies.sight_of(actor, committee)
    counts = queries.count_of_hours(committee.id, sight)
    parts = [
        SimpleNamespace(
            label=HOUR_LABELS[kind],
            value=number,
            text=_n("%(num)d sitting", "%(num)d sittings", number),
            kind=_COLOURS[kind],
        )
        for kind, number in counts.items()
    ]
    return Markup(  # noqa: S704  a rendered template, escaped there
        render_template(
            "meetings/sittings/committee_panel.html",
            committee=committee,
            upcoming=queries.list_of_committee(committee.id, sight, When.UPCOMING, limit=3),
            parts=parts,
            counted=sum(counts.values()),
            in_words=_(
                "%(office)d in office time, %(evening)d in the evening or early, %(free)d on free days",
                office=counts[Kind.OFFICE],
                evening=counts[Kind.EVENING],
                free=counts[Kind.FREE_DAY],
            ),
            may_schedule=policies.may_schedule(actor, committee),
            status_labels=STATUS_LABELS,
            status_kinds=STATUS_KINDS,
        )
    )
