"""Imports on the command line: progress, a word for each line, and one bad line stops nothing.

Dates of a file that was written for a certain day may be moved by the whole weeks since then (`--as-of`), so
that weekdays stay: the demonstration municipality is always of this week.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import track

from core.clock import ZONE, today
from core.csv_files import Line
from core.errors import NotFound, Refused
from core.languages import _

F = TypeVar("F", bound=Callable[..., object])


class Done(StrEnum):
    """What an import did with a line."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


def run_import(lines: Iterator[Line], take: Callable[[Line], Done], *, quiet: bool = False) -> Counter[Done]:
    """Give each line to `take` (one transaction each) and say what became of it.

    A line that is refused is reported with its number and its reason; the others go on. Exits with status 1 when
    any line failed, after all others were taken.
    """
    console = Console(stderr=True)
    outcome: Counter[Done] = Counter()
    for line in track(
        list(lines),
        description=_("Importing"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ):
        try:
            done = take(line)
            word: str = done
        except Refused as refused:
            done, word = Done.FAILED, f"{Done.FAILED}: {refused.message}"
        except NotFound:
            done, word = Done.FAILED, f"{Done.FAILED}: {_('Something that this line names does not exist.')}"
        outcome[done] += 1
        if not quiet or done is Done.FAILED:
            click.echo(_("line %(line)d: %(outcome)s", line=line.number, outcome=word), err=done is Done.FAILED)
    click.echo(", ".join(f"{kind.value} {outcome[kind]}" for kind in Done))
    return outcome


def finish(outcome: Counter[Done]) -> None:
    """End the command: status 1 when a line failed."""
    if outcome[Done.FAILED]:
        raise SystemExit(1)


def weeks_since(as_of: date | None) -> timedelta:
    """The whole weeks since the day for which a file was written; none without such a day."""
    return timedelta() if as_of is None else timedelta(weeks=(today() - as_of).days // 7)


def parse_day(text: str, shift: timedelta = timedelta()) -> date | None:
    """An ISO date, or None for an empty field. Refused when it is neither."""
    if not text:
        return None
    try:
        return date.fromisoformat(text) + shift
    except ValueError as error:
        raise Refused(_("“%(text)s” is not a date like 2026-11-19.", text=text)) from error


def parse_wall_time(text: str, shift: timedelta = timedelta()) -> datetime:
    """Wall time (naive, local) of an ISO date and time; one with an offset is turned into local time first."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(_("“%(text)s” is not a date and time like 2026-11-19 18:30.", text=text)) from error
    if moment.tzinfo is not None:
        moment = moment.astimezone(ZONE).replace(tzinfo=None)
    return moment + shift


def parse_choice(text: str, choices: type[StrEnum]) -> StrEnum:
    """The value of an enumeration; Refused with the list of values."""
    try:
        return choices(text)
    except ValueError as error:
        known = ", ".join(choice.value for choice in choices)
        raise Refused(_("“%(text)s” is none of: %(known)s.", text=text, known=known)) from error


def parse_number(text: str) -> int | None:
    """A whole number, or None for an empty field."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused(_("“%(text)s” is not a whole number.", text=text))
    return int(text)


def parse_yes(text: str) -> bool:
    """`yes`, `no` or empty (no)."""
    if text not in ("yes", "no", ""):
        raise Refused(_("“%(text)s” is neither yes nor no.", text=text))
    return text == "yes"


def import_options(command: F) -> F:
    """The arguments all imports share: FILE, --as-of DAY, --quiet."""
    for decorate in (
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option(
            "--as-of",
            type=click.DateTime(["%Y-%m-%d"]),
            help="The day for which the file was written: its dates move by the whole weeks since then.",
        ),
        click.option("--quiet", is_flag=True, help="Report failed lines and the sum only."),
    ):
        command = decorate(command)
    return command
