"""`flask analysis …`."""

import json
from collections.abc import Mapping
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Table

from coordination.analysis.indicators import ACTOR_KEYS, FIGURE_KEYS, LEAD_KEYS, indicators
from coordination.analysis.pooling import HEADER, LARGEST, Indicators, Pool, check_together, lines_of, pool, read
from coordination.analysis.rules import (
    FIGURES_IN_SURVEY,
    FOUNDATIONS_IN_SURVEY,
    INITIATIVE_IN_SURVEY,
    LEAD_IN_SURVEY,
    SURVEY_N,
    SURVEY_YEAR,
    TOGETHER_IN_SURVEY,
    Asked,
)
from coordination.cooperation.rules import Format
from core.csv_files import write_csv
from core.errors import Refused
from core.languages import _, _n

group = AppGroup("analysis", help="Figures of cooperation: put those of several municipalities together.")


@group.command("pool")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the tables here too.")
def pool_files(files: tuple[Path, ...], csv_file: Path | None) -> None:
    """Put the indicator FILES of several municipalities together, and print the survey's tables for them.

    Such a file is what /auswertung/indikatoren.json gives: figures alone, no organization.
    """
    told = [(file.name, _read(file)) for file in files]
    try:
        check_together(told)
    except Refused as refused:
        raise click.ClickException(refused.message) from refused
    found = pool(indicators for _name, indicators in told)
    if csv_file:
        try:
            csv_file.write_bytes(write_csv(HEADER, lines_of(found)))
        except OSError as error:
            raise click.ClickException(f"{csv_file}: {error.strerror}") from error
    _print(found)


@group.command("indicators")
@click.option("--year", type=click.IntRange(1, 9999), help="Of this year alone.")
def print_indicators(year: int | None) -> None:
    """Print this municipality's own figures, as /auswertung/indikatoren.json gives them."""
    click.echo(json.dumps(indicators(Asked(year=year), current_app.config["SETTINGS"].body_name), ensure_ascii=False))


def _read(file: Path) -> Indicators:
    """The file's indicators; a wrong file is named."""
    try:
        with file.open("rb") as content:
            return read(content.read(LARGEST + 1))
    except (Refused, OSError) as error:
        reason = error.message if isinstance(error, Refused) else str(error.strerror)
        raise click.ClickException(f"{file.name}: {reason}") from error


#: what the survey found, by the keys of the file: municipalities of 32, and percent
_FIGURES = {FIGURE_KEYS[figure]: number for figure, number in FIGURES_IN_SURVEY.items()}
_FOUNDATIONS = {str(key): number for key, number in (*FOUNDATIONS_IN_SURVEY.items(), *TOGETHER_IN_SURVEY.items())}
_GROUPS: Mapping[str, Mapping[str, int]] = {
    "single_events_lead": {LEAD_KEYS[lead]: share for lead, share in LEAD_IN_SURVEY[Format.SINGLE_EVENT].items()},
    "projects_lead": {LEAD_KEYS[lead]: share for lead, share in LEAD_IN_SURVEY[Format.PROJECT].items()},
    "initiative_regular_exchange": {ACTOR_KEYS[actor]: share for actor, share in INITIATIVE_IN_SURVEY.items()},
}


def _print(found: Pool) -> None:
    """The tables, each beside what the survey found where it asked the same."""
    console = Console(width=100)
    survey = _("Survey %(year)s", year=str(SURVEY_YEAR))
    console.print(_n("%(num)d municipality", "%(num)d municipalities", found.municipalities))
    figures = Table("committee_figures", _("Municipalities"), _("of"), survey)
    for key, number in found.figures.items():
        figures.add_row(key, str(number), str(found.municipalities), _of_survey(_FIGURES[key]))
    console.print(figures)
    foundations = Table("foundations", _("Municipalities"), _("of"), survey)
    for key, (number, of) in found.foundations.items():
        foundations.add_row(key, str(number), str(of), _of_survey(_FOUNDATIONS[key]))
    console.print(foundations)
    for pooled in found.groups:
        surveyed = _GROUPS.get(pooled.name, {})
        table = Table(pooled.name, _("How many"), _("Percent"), *([survey] if surveyed else []))
        for key, count in pooled.counts.items():
            share = pooled.shares[key]
            told = "–" if share is None else f"{share:.1f}"
            table.add_row(key, str(count), told, *([str(surveyed[key])] if surveyed else []))
        table.caption = _n("from %(num)d municipality", "from %(num)d municipalities", pooled.municipalities)
        console.print(table)


def _of_survey(number: int) -> str:
    return _("%(count)s of %(n)s", count=number, n=SURVEY_N)
