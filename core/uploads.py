"""A file read on a page: first a look at what would become of each of its entries; then, confirmed, it is taken."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from flask import redirect, render_template, request
from flask_wtf.file import FileField, FileRequired
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.wrappers import Response
from wtforms import HiddenField

from core.csv_files import Line
from core.database import part, transaction
from core.errors import NotFound, Refused
from core.forms import Form
from core.importing import Done
from core.languages import _, _l, _n
from core.web import flash_done

#: what a page reads, in bytes and in entries: others wait until it is done. More is for the command line
LARGEST_UPLOAD = 1_000_000
MOST_ENTRIES = 2_000
WORDS = {
    Done.ADDED: _l("Will be entered."),
    Done.CHANGED: _l("Will change what is known."),
    Done.UNCHANGED: _l("Is known already."),
}

Entry = TypeVar("Entry", bound=Line)
Taken_contra = TypeVar("Taken_contra", bound=Line, contravariant=True)


class UploadForm(Form):
    """A file to be read."""

    file = FileField(_l("CSV or Excel file (XLSX)"), validators=[FileRequired(_l("Please choose a file."))])


class ConfirmForm(Form):
    """The file once more, as it was shown before."""

    content = HiddenField()


class Taker(Protocol[Taken_contra]):
    """Takes the entries of one file within a transaction."""

    def __call__(self, entry: Taken_contra, /) -> Done:
        """Take this one. Raises Refused, NotFound."""

    def together(self, found: Sequence[Taken_contra], /) -> Mapping[int, Done]:
        """Take the plain ones among these at once: what was done, by the number of their line."""


@dataclass(frozen=True)
class Reading(Generic[Entry]):
    """How a kind of file is read."""

    #: the entries of a file; Refused where it is none of this kind
    parse: Callable[[bytes], Iterable[Entry]]
    taker: Callable[[], Taker[Entry]]
    #: the column by which people know an entry again
    title: str


@dataclass(frozen=True)
class Outcome:
    """What would become of an entry, and why."""

    number: int
    title: str
    done: Done
    words: str

    @property
    def failed(self) -> bool:
        """Whether it cannot be read."""
        return self.done is Done.FAILED


class _LookOnly(Exception):
    """Ends a transaction of which nothing shall remain."""


def upload_page(reading: Reading[Entry], template: str, afterwards: str) -> str | Response:
    """The answer to GET and POST: a form, a look at the file that was sent, or, confirmed, a redirect `afterwards`.

    The template gets `form`, `outcomes` (None before the look) and the file's `content` for confirming.
    """
    form, confirmed = UploadForm(), ConfirmForm()
    if request.method == "POST" and "content" in request.form and confirmed.validate():
        outcomes = _take_all(reading, _entries(reading, _decoded(confirmed.content.data)))
        taken = sum(not one.failed and one.done is not Done.UNCHANGED for one in outcomes)
        flash_done(_n("%(num)d record was saved.", "%(num)d records were saved.", taken))
        return redirect(afterwards)
    seen: list[Outcome] | None = None
    content = b""

    def look() -> None:
        nonlocal seen, content
        with form.file.data.stream as stream:
            content = stream.read(LARGEST_UPLOAD + 1)
        seen = _look_at(reading, _entries(reading, content))

    form.try_to(look)
    return render_template(template, form=form, outcomes=seen, content=base64.b64encode(content).decode())


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(_("The request could not be understood. Please go back and try again.")) from error


def _entries(reading: Reading[Entry], content: bytes) -> list[Entry]:
    """The entries of the file, all read: a file that breaks off is refused as a whole, and one that is too large or of
    too many entries."""
    if len(content) > LARGEST_UPLOAD:
        raise Refused(_("The file is larger than 1 MB. Please read it on the server's command line."), "file")
    try:
        found = list(reading.parse(content))
    except Refused as refused:
        raise Refused(refused.message, "file") from refused
    if not found:
        raise Refused(_("No record stands in this file, only the names of the columns."), "file")
    if len(found) > MOST_ENTRIES:
        message = _(
            "The file has more than %(max)d records. Please read it in parts, or on the server's command line.",
            max=MOST_ENTRIES,
        )
        raise Refused(message, "file")
    return found


def _look_at(reading: Reading[Entry], found: Sequence[Entry]) -> list[Outcome]:
    """What would become of each entry, were the file taken: it is taken, and nothing of it remains."""
    outcomes: list[Outcome] = []
    try:
        with transaction():
            outcomes = _take_all(reading, found)
            raise _LookOnly
    except _LookOnly:
        return outcomes


def _take_all(reading: Reading[Entry], found: Sequence[Entry]) -> list[Outcome]:
    """Take the plain new entries at once, all others one by one."""
    taker = reading.taker()
    with transaction():
        try:
            with part():
                at_once = taker.together(found)
        except (DataError, IntegrityError):  # too long, or somebody else was quicker: one by one tells which it is
            taker, at_once = reading.taker(), {}
        told = {number: (done, str(WORDS[done])) for number, done in at_once.items()}
        return [
            Outcome(entry.number, entry[reading.title][:200], *(told.get(entry.number) or _take(taker, entry)))
            for entry in found
        ]


def _take(taker: Taker[Entry], entry: Entry) -> tuple[Done, str]:
    try:
        with part():
            done = taker(entry)
        return done, str(WORDS[done])
    except Refused as refused:
        return Done.FAILED, refused.message
    except NotFound:
        return Done.FAILED, _("Something that this line names does not exist.")
    except DataError:
        return Done.FAILED, _("Something in this line is too long or too large.")
