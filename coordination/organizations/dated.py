"""`flask consents …`, `flask umbrellas …`, `flask phases …`: what is dated of organizations, from CSV files."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from flask.cli import AppGroup

from coordination.organizations import consents, landscape, queries
from coordination.organizations.landscape import Belonging, Stage
from coordination.organizations.publication import Field, Level
from coordination.organizations.rules import Criterion, Phase
from core.access import SYSTEM
from core.csv_files import Line, read_csv
from core.errors import Refused
from core.importing import Done, finish, import_options, parse_choice, parse_day, run_import, weeks_since
from core.languages import _

consents_group = AppGroup("consents", help="Consents to publication on paper: import.")
umbrellas_group = AppGroup("umbrellas", help="Memberships in umbrella bodies: import.")
phases_group = AppGroup("phases", help="Phases of networks: import.")
GROUPS = (consents_group, umbrellas_group, phases_group)


@consents_group.command("import")
@import_options
def import_consents(file: Path, as_of: datetime | None, quiet: bool) -> None:
    """Note consents that were signed on paper. What is in force or was withdrawn since stays as it is."""
    _import(file, ("organization", "fields", "level", "given_on"), take_consent, as_of, quiet=quiet)


@umbrellas_group.command("import")
@import_options
def import_umbrellas(file: Path, as_of: datetime | None, quiet: bool) -> None:
    """Read memberships in umbrella bodies, known by both organizations and the first day."""
    _import(file, ("organization", "umbrella", "starts_on", "ends_on"), take_umbrella, as_of, quiet=quiet)


@phases_group.command("import")
@import_options
def import_phases(file: Path, as_of: datetime | None, quiet: bool) -> None:
    """Read the phases of networks, known by the network and the day."""
    _import(file, ("organization", "since", "phase", "criteria"), take_phase, as_of, quiet=quiet)


def take_consent(line: Line, shift: timedelta = timedelta()) -> Done:
    """Note the consent of one line. Refused says what is not right."""
    fields = [parse_choice(word, Field) for word in line["fields"].split()]
    level = parse_choice(line["level"], Level)
    given = consents.note_paper(
        SYSTEM,
        queries.known_by_key(line["organization"]).id,
        wished=dict.fromkeys(fields, level),
        given_on=_needed(line["given_on"], shift),
    )
    return Done.ADDED if given else Done.UNCHANGED


def take_umbrella(line: Line, shift: timedelta = timedelta()) -> Done:
    """Enter or correct the membership of one line. Refused says what is not right."""
    organization, umbrella = queries.known_by_key(line["organization"]), queries.known_by_key(line["umbrella"])
    belonging = Belonging(umbrella.id, parse_day(line["starts_on"], shift), parse_day(line["ends_on"], shift))
    for row in queries.umbrella_memberships_of(organization.id):
        if (row.umbrella_id, row.starts_on) == (umbrella.id, belonging.starts_on):
            before = row.version
            row = landscape.edit_umbrella(SYSTEM, row.id, version=None, belonging=belonging)  # noqa: PLW2901
            return Done.UNCHANGED if row.version == before else Done.CHANGED
    landscape.join_umbrella(SYSTEM, organization.id, belonging=belonging)
    return Done.ADDED


def take_phase(line: Line, shift: timedelta = timedelta()) -> Done:
    """Enter or correct the phase of one line. Refused says what is not right."""
    organization = queries.known_by_key(line["organization"])
    criteria = [parse_choice(word, Criterion) for word in line["criteria"].split()]
    stage = Stage(_needed(line["since"], shift), parse_choice(line["phase"], Phase), criteria)
    for row in queries.phases_of(organization.id):
        if row.since == stage.since:
            before = row.version
            row = landscape.edit_phase(SYSTEM, row.id, version=None, stage=stage)  # noqa: PLW2901
            return Done.UNCHANGED if row.version == before else Done.CHANGED
    landscape.enter_phase(SYSTEM, organization.id, stage=stage)
    return Done.ADDED


def _import(
    file: Path,
    columns: tuple[str, ...],
    take: Callable[[Line, timedelta], Done],
    as_of: datetime | None,
    *,
    quiet: bool,
) -> None:
    shift = weeks_since(as_of.date() if as_of else None)
    finish(run_import(read_csv(file, required=columns), lambda line: take(line, shift), quiet=quiet))


def _needed(text: str, shift: timedelta) -> date:
    day = parse_day(text, shift)
    if day is None:
        raise Refused(_("A day is needed, like 2026-11-19."))
    return day
