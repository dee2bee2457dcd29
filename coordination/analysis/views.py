"""Pages: /auswertung/. Figures name no organization and are everybody's; who is involved and who is not is staff's."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for

from coordination.analysis import queries, statistics
from coordination.analysis.documents import foundations, involvement_csv, report, statistic_csv
from coordination.analysis.drawings import draw
from coordination.analysis.indicators import indicators
from coordination.analysis.rules import (
    DIMENSION_LABELS,
    FIGURES_IN_SURVEY,
    SURVEY_N,
    SURVEY_YEAR,
    TOGETHER_IN_SURVEY,
    TOGETHER_LABELS,
    Asked,
    Dimension,
    Statistic,
)
from coordination.analysis.statistics import BY_DIMENSION, STATISTICS
from coordination.cooperation.rules import FIGURE_LABELS
from coordination.organizations.rules import KIND_LABELS, MO_KIND_LABELS, TOPIC_LABELS, Kind, MoKind, Topic
from core.access import current_actor, demands, ensure, public
from core.csv_files import MEDIA_TYPE
from core.downloads import file_response
from core.errors import NotFound
from core.languages import _
from core.panels import Tab
from core.web import asked_for, number_of, paginate, same_page

blueprint = Blueprint("analysis", __name__)


def asked() -> Asked:
    """What the address asks for; rubbish narrows nothing. What names or tells apart organizations is for staff."""
    topic, kind = request.args.get("thema", ""), request.args.get("art", "")
    mo_kind, year = request.args.get("moart", ""), number_of(request.args.get("jahr"))
    found = Asked(
        year=year if year is not None and 1 <= year <= 9999 else None,
        topic=Topic(topic) if topic in set(Topic) else None,
        department_id=number_of(request.args.get("fachbereich")),
        kind=Kind(kind) if kind in set(Kind) else None,
        mo_kind=MoKind(mo_kind) if mo_kind in set(MoKind) else None,
    )
    ensure(may_see_organizations() or (found.department_id, found.kind, found.mo_kind) == (None, None, None))
    return found


def may_see_organizations() -> bool:
    """Whether whoever asks may see figures that name organizations or are narrowed to some."""
    return current_actor().may("analysis.read")


@blueprint.get("/")
@public
def index() -> str:
    """The survey's figures for this municipality at a glance."""
    wanted = asked()
    found: dict[str, int] = dict(queries.figures(wanted))
    figures = [(label, found.get(figure, 0), FIGURES_IN_SURVEY[figure]) for figure, label in FIGURE_LABELS.items()]
    shown = [statistics.lead_of_events(wanted), statistics.lead_of_projects(wanted), statistics.formats(wanted)]
    return _page(
        "coordination/analysis/index.html",
        wanted,
        shown,
        figures=figures,
        foundations=foundations(wanted),
        together=[(label, TOGETHER_IN_SURVEY[which]) for which, label in TOGETHER_LABELS.items()],
        survey_year=str(SURVEY_YEAR),
        survey_n=SURVEY_N,
    )


@blueprint.get("/leitung")
@public
def lead() -> str:
    """Who leads events and projects, by year, topic, department or kind of organization."""
    wanted, dimension = asked(), _dimension()
    shown = [statistics.lead_of_events(wanted, dimension), statistics.lead_of_projects(wanted, dimension)]
    offered = [each for each in Dimension if may_see_organizations() or each in (Dimension.YEAR, Dimension.TOPIC)]
    dimensions = [(DIMENSION_LABELS[each], same_page(nach=each.value), each is dimension) for each in offered]
    return _page("coordination/analysis/lead.html", wanted, shown, dimensions=dimensions)


def _dimension() -> Dimension:
    """By what the address wants the lead told apart: by year, unless it says something else."""
    told = request.args.get("nach", "")
    found = Dimension(told) if told in set(Dimension) else Dimension.YEAR
    ensure(may_see_organizations() or found in (Dimension.YEAR, Dimension.TOPIC))
    return found


@blueprint.get("/themen")
@public
def topics() -> str:
    """Who gives the impulse, and on which topics there is exchange."""
    wanted = asked()
    shown = [
        statistics.topics(wanted),
        statistics.initiative_of_exchange(wanted),
        statistics.initiative_by_topic(wanted),
    ]
    return _page("coordination/analysis/topics.html", wanted, shown)


@blueprint.get("/entwicklung")
@public
def development() -> str:
    """The move from door opener to partner, and what both sides give."""
    wanted = asked()
    shown = [
        statistics.roles(wanted),
        statistics.leads_over_years(wanted),
        statistics.municipal_contributions(wanted),
        statistics.contributions_of_partners(wanted),
    ]
    return _page("coordination/analysis/development.html", wanted, shown)


@blueprint.get("/termine")
@public
def dates() -> str:
    """How fair dates are to volunteers, and to staff."""
    wanted = asked()
    return _page(
        "coordination/analysis/dates.html", wanted, [statistics.fairness(wanted), statistics.whose_time(wanted)]
    )


@blueprint.get("/beteiligung")
@demands("analysis.read")
def involvement() -> str:
    """Which organization takes part on which topic, and which was never asked."""
    wanted, never, text = asked(), request.args.get("nie") == "1", asked_for()
    page = paginate(queries.organizations(wanted, never=never, named=text))
    found = queries.involvement(wanted.elsewhere if never else wanted, [row.id for row in page.rows])
    counts = {(organization_id, topic): number for organization_id, topic, number in found}
    return _page(
        "coordination/analysis/involvement.html",
        wanted,
        [],
        page=page,
        counts=counts,
        topics=TOPIC_LABELS,
        never=never,
        searched=text,
    )


@blueprint.get("/beteiligung.csv")
@demands("analysis.read")
def involvement_file() -> Response:
    """Who takes part on which topic, or the list of those who were never asked: whole, narrowed as its page was."""
    wanted, never = asked(), request.args.get("nie") == "1"
    content = involvement_csv(wanted, never=never, named=asked_for())
    return file_response(content, MEDIA_TYPE, "nie-beteiligt.csv" if never else "beteiligung.csv")


@blueprint.get("/tabelle/<string:statistic>.csv")
@public
def table(statistic: str) -> Response:
    """One figure as a file, narrowed as its page was."""
    if statistic not in STATISTICS:
        raise NotFound
    wanted, told_apart = asked(), BY_DIMENSION.get(statistic)
    found = told_apart(wanted, _dimension()) if told_apart else STATISTICS[statistic](wanted)
    return file_response(statistic_csv(found), MEDIA_TYPE, f"{statistic}.csv")


@blueprint.get("/indikatoren.json")
@public
def indicator_file() -> Response:
    """The figures alone, of one year or of all; narrowed to nothing else, so that towns can be put together."""
    found = indicators(Asked(year=asked().year), current_app.config["SETTINGS"].body_name)
    return Response(json.dumps(found, ensure_ascii=False, indent=1), mimetype="application/json")


@blueprint.get("/bericht.pdf")
@public
def yearly_report() -> Response:
    """The figures of a year, or of all years, on paper."""
    return report(Asked(year=asked().year))


def _page(template: str, wanted: Asked, shown: Sequence[Statistic], **context: Any) -> str:
    return render_template(
        template,
        drawings=[draw(statistic) for statistic in shown],
        wanted=wanted,
        tabs_of_page=_tabs(),
        years=sorted({*queries.list_years(), *filter(None, [wanted.year])}, reverse=True),
        topic_labels=TOPIC_LABELS,
        departments=queries.list_departments() if may_see_organizations() else [],
        kinds=[(kind, KIND_LABELS[kind]) for kind in Kind if kind != Kind.COMMITTEE],
        mo_kinds=MO_KIND_LABELS.items(),
        may_see_organizations=may_see_organizations(),
        may_export=current_actor().may("cooperation.edit"),
        **context,
    )


def _tabs() -> list[Tab]:
    tabs = [
        Tab(_("Overview"), url_for(".index")),
        Tab(_("Lead"), url_for(".lead")),
        Tab(_("Topics"), url_for(".topics")),
        Tab(_("Development"), url_for(".development")),
        Tab(_("Dates"), url_for(".dates")),
    ]
    if may_see_organizations():
        tabs.append(Tab(_("Who is involved"), url_for(".involvement")))
    return tabs
