"""`flask minutes …`."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from core.access import SYSTEM
from core.clock import now
from core.csv_files import Line, read_csv
from core.errors import NotFound, Refused
from core.forms import clean_text
from core.importing import Done, finish, import_options, run_import
from core.languages import _n
from meetings.agenda.queries import find_by_number
from meetings.minutes import operations, queries
from meetings.minutes.niederschrift import spoilt_releases, without_release
from meetings.sittings.queries import get_imported

group = AppGroup("minutes", help="Minutes: import, copies of what was released.")


@group.command("import")
@import_options
@click.option("--release", is_flag=True, help="Release the minutes of the sittings in the file that have taken place.")
def import_file(file: Path, as_of: datetime | None, quiet: bool, release: bool) -> None:  # noqa: ARG001
    """Read the texts of agenda items from a CSV file; run twice, it changes nothing.

    A sitting is found by its committee and the start it had in its own file, so dates need no moving here. A text
    that was read before and has been changed here since stays as it is.
    """
    try:
        lines = read_csv(file, required=["committee", "start", "item", "text"])
    except Refused as refused:
        raise click.ClickException(refused.message) from refused
    outcome = run_import(lines, take, quiet=quiet)
    if release:
        release_all(lines)
    finish(outcome)


def take(line: Line) -> Done:
    """Save the text of one line as a new revision, unless it was read before."""
    sitting = get_imported(line["committee"], line["start"])
    item = find_by_number(sitting.id, line["item"])
    if item is None:
        raise NotFound
    text, item_id = clean_text(line["text"]), item.id
    if queries.has_revision(item_id, text):
        return Done.UNCHANGED
    newest = queries.newest_of([item_id]).get(item_id)
    operations.save_text(SYSTEM, item_id, newest.number if newest else 0, text)
    return Done.CHANGED if newest else Done.ADDED


def release_all(lines: Iterable[Line]) -> None:
    """Release the minutes of every sitting that the lines name and that has begun."""
    for slug, start in dict.fromkeys((line["committee"], line["start"]) for line in lines):
        try:
            sitting = get_imported(slug, start)
        except (NotFound, Refused):
            continue  # reported with its line already
        if sitting.starts_at <= now() and not sitting.cancelled and sitting.shown_in_calendars:
            operations.release(SYSTEM, sitting.id)


@group.command("freeze")
def freeze() -> None:
    """Keep a copy of minutes that were released before this program kept one. Run twice, it changes nothing.

    The copy says what the minutes say at this moment, and that it was made afterwards.
    """
    waiting = [(row.sitting_id, row.sitting.heading, row.sitting.starts_local) for row in without_release()]
    for sitting_id, heading, start in waiting:
        operations.freeze(sitting_id)
        click.echo(f"{start:%Y-%m-%d} {heading}")
    click.echo(_n("%(num)d copy was made.", "%(num)d copies were made.", len(waiting)))


@group.command("verify")
def verify() -> None:
    """Check that each copy of released minutes says what its checksum says. Exit status 1 where one does not."""
    wrong = [f"{row.sitting.starts_local:%Y-%m-%d} {row.sitting.heading} ({row.number})" for row in spoilt_releases()]
    for line in wrong:
        click.echo(line)
    click.echo(
        _n("%(num)d copy is not as it was released.", "%(num)d copies are not as they were released.", len(wrong))
    )
    waiting = len(without_release())
    if waiting:
        click.echo(
            _n(
                "Of %(num)d sitting with released minutes no copy is kept: flask minutes freeze.",
                "Of %(num)d sittings with released minutes no copy is kept: flask minutes freeze.",
                waiting,
            )
        )
    if wrong:
        raise SystemExit(1)
