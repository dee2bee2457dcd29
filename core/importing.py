"""Imports on the command line: progress, a word for each line, and one bad line stops nothing.

Dates of a file that was written for a certain day may be moved by the whole weeks since then (`--as-of`), so
that weekdays stay: the demonstration municipality is always of this week.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

import click
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from core.clock import ZONE, today
from core.csv_files import Line
from core.database import part, transaction
from core.errors import NotFound, Refused
from core.forms import Form
from core.languages import _

P = ParamSpec("P")
Filled = TypeVar("Filled", bound=Form)
Read_co = TypeVar("Read_co", bound=Line, covariant=True)
Taken = TypeVar("Taken", bound=Line)
Choice = TypeVar("Choice", bound=StrEnum)
Day = TypeVar("Day", datetime, date, date | None)


class TooFar(Refused):
    """A date outside the years 1 to 9999, as programs write them that know none."""

    def __init__(self, text: str) -> None:
        super().__init__(_("“%(text)s” is too far away: years go from 1 to 9999.", text=text))


class Done(StrEnum):
    """What an import did with a line."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


#: lines that are taken one by one and committed together: others who write wait for so long
BATCH = 500
#: plain lines that are taken at once: quickly, and the more the less the database writes twice
AT_ONCE = 2_000


class Readable(Protocol[Read_co]):
    """Lines of a file, or what is made of several: how many there are, and one after the other."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Read_co]: ...


def run_import(
    lines: Readable[Taken],
    take: Callable[[Taken], Done],
    *,
    together: Callable[[Sequence[Taken]], Mapping[int, Done]] | None = None,
    quiet: bool = False,
) -> Counter[Done]:
    """Give each line to `take` and say what became of it, once it is committed.

    Some hundred lines share a transaction, each a part of its own: a line that is refused is reported with its
    number and its reason, and the others go on. Broken off at any time, a second run does the rest. `together`
    may do the plain ones of more lines at once, which is much quicker; those that it leaves out go to `take`.
    """
    outcome: Counter[Done] = Counter()
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(_("Importing"), total=len(lines))
        coming = iter(lines)
        while batch := list(islice(coming, AT_ONCE if together else BATCH)):
            taken = _taken_together(batch, together) if together else {}
            left = [line for line in batch if line.number not in taken]
            progress.advance(task, len(taken))
            for few in (left[start : start + BATCH] for start in range(0, len(left), BATCH)):
                with transaction():
                    taken |= {line.number: _taken(line, take) for line in few}
                progress.advance(task, len(few))
            for line in batch:
                done, reason = taken[line.number]
                outcome[done] += 1
                if not quiet or done is Done.FAILED:
                    click.echo(_report(line.number, done, reason), err=done is Done.FAILED)
    click.echo(_sum(outcome))
    return outcome


def once_each(lines: Sequence[Taken], key: Callable[[Taken], Hashable]) -> list[Taken]:
    """The lines whose key comes once among these. Where two speak of the same, their order matters: see `take`."""
    keys = [key(line) for line in lines]
    often = Counter(keys)
    return [line for line, found in zip(lines, keys, strict=True) if often[found] == 1]


def _taken_together(
    batch: Sequence[Taken], together: Callable[[Sequence[Taken]], Mapping[int, Done]]
) -> dict[int, tuple[Done, str]]:
    """What `together` did, by the number of the line; nothing at all where the database objected."""
    try:
        with transaction():
            return {number: (done, "") for number, done in together(batch).items()}
    except (DataError, IntegrityError):  # one of them is too long, or somebody else was quicker: `take` finds out which
        return {}


def _taken(line: Taken, take: Callable[[Taken], Done]) -> tuple[Done, str]:
    """What became of the line within the batch's transaction, and the reason if it was not taken."""
    try:
        with part():
            return take(line), ""
    except Refused as refused:
        return Done.FAILED, refused.message
    except NotFound:
        return Done.FAILED, _("Something that this line names does not exist.")
    except DataError:  # of PostgreSQL; SQLite takes whatever comes
        return Done.FAILED, _("Something in this line is too long or too large.")


def _report(number: int, done: Done, reason: str) -> str:
    """One sentence on what became of a line."""
    match done:
        case Done.ADDED:
            return _("Line %(line)d was added.", line=number)
        case Done.CHANGED:
            return _("Line %(line)d changed what was known.", line=number)
        case Done.UNCHANGED:
            return _("Line %(line)d was known already.", line=number)
        case Done.FAILED:
            return _("Line %(line)d was not taken: %(reason)s", line=number, reason=reason)


def _sum(outcome: Counter[Done]) -> str:
    return _(
        "Lines: %(added)d added, %(changed)d changed, %(unchanged)d unchanged, %(failed)d failed.",
        **{done.value: outcome[done] for done in Done},
    )


def finish(outcome: Counter[Done]) -> None:
    """End the command: status 1 when a line failed."""
    if outcome[Done.FAILED]:
        raise SystemExit(1)


def fill(form: type[Filled], values: Mapping[str, str], **options: Any) -> Filled:
    """The page's form with the values of a line, so that a file is judged as a page is.

    `options` go to the form. Refused names the first column that is not right, and why.
    """
    filled = form(formdata=MultiDict(values), meta={"csrf": False}, **options)
    if not filled.validate():
        column, messages = next(iter(filled.errors.items()))
        raise Refused(_("%(column)s: %(complaint)s", column=column, complaint=messages[0]))
    return filled


def weeks_since(as_of: date | None) -> timedelta:
    """The whole weeks since the day for which a file was written; none without such a day."""
    return timedelta() if as_of is None else timedelta(weeks=(today() - as_of).days // 7)


def moved(day: Day, shift: timedelta) -> Day:
    """The day or wall time moved by the shift; None stays None. TooFar."""
    try:
        return day and day + shift
    except OverflowError as error:
        raise TooFar(str(day)) from error


def parse_day(text: str, shift: timedelta = timedelta()) -> date | None:
    """An ISO date, or None for an empty field. Refused when it is neither; TooFar."""
    try:
        return moved(date.fromisoformat(text) if text else None, shift)
    except ValueError as error:
        raise Refused(_("“%(text)s” is not a date like 2026-11-19.", text=text)) from error


def parse_wall_time(text: str, shift: timedelta = timedelta()) -> datetime:
    """Wall time (naive, local) of an ISO date and time; one with an offset is turned into local time first.

    Refused when it is no date and time; TooFar.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(ZONE).replace(tzinfo=None)
        return moved(moment, shift)
    except ValueError as error:
        raise Refused(_("“%(text)s” is not a date and time like 2026-11-19 18:30.", text=text)) from error
    except OverflowError as error:
        raise TooFar(text) from error


def parse_choice(text: str, choices: Iterable[Choice]) -> Choice:
    """The one of these whose value this is; Refused with the list of values."""
    known = {choice.value: choice for choice in choices}
    if text not in known:
        raise Refused(_("“%(text)s” is none of: %(known)s.", text=text, known=", ".join(known)))
    return known[text]


class WordField(StringField):
    """One of some words, as files tell it, or None. The complaint names the words."""

    data: Any

    def __init__(self, words: Iterable[StrEnum], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the word."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        try:
            self.data = parse_choice(text, self.words) if text else None
        except Refused as refused:
            raise ValueError(refused.message) from refused


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


def import_options(command: Callable[P, None]) -> Callable[P, None]:
    """The arguments all imports share: FILE, --as-of DAY, --quiet.

    A file that is refused as a whole (not UTF-8, wrong columns) ends the command with the reason and status 1.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Refused as refused:
            raise click.ClickException(refused.message) from refused

    for decorate in (
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option(
            "--as-of",
            type=click.DateTime(["%Y-%m-%d"]),
            help="The day for which the file was written: its dates move by the whole weeks since then.",
        ),
        click.option("--quiet", is_flag=True, help="Report failed lines and the sum only."),
    ):
        run = decorate(run)
    return run
