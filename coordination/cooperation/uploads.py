"""Pages: records read from a file, after a look at what would happen; and written to one."""

import base64
import binascii
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.wrappers import Response

from coordination.cooperation import codebook, documents, policies
from coordination.cooperation.files import Block, Taker, blocks
from coordination.cooperation.forms import ConfirmForm, UploadForm
from coordination.cooperation.queries import Wanted
from coordination.cooperation.rules import Reach
from coordination.cooperation.views import wanted
from core.access import current_actor, demands
from core.csv_files import Line
from core.database import part, transaction
from core.errors import NotFound, Refused
from core.importing import Done
from core.languages import _, _l, _n
from core.spreadsheets import MEDIA_TYPE, parse_table
from core.web import flash_done

blueprint = Blueprint("cooperation_files", __name__)

#: what a page reads, in bytes and in records: others wait until it is done. More is for the command line
LARGEST_UPLOAD = 1_000_000
MOST_RECORDS = 2_000
WORDS = {
    Done.ADDED: _l("Will be entered."),
    Done.CHANGED: _l("Will change what is known."),
    Done.UNCHANGED: _l("Is known already."),
}


@dataclass(frozen=True)
class Outcome:
    """What would become of a record, and why."""

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


@blueprint.route("/import", methods=["GET", "POST"])
@demands("cooperation.edit")
def upload() -> str | Response:
    """A file: first what would happen, line by line; then, confirmed, it happens."""
    form, confirmed = UploadForm(), ConfirmForm()
    if request.method == "POST" and "content" in request.form and confirmed.validate():
        outcomes = _take_all(_blocks(_decoded(confirmed.content.data)))
        taken = sum(not one.failed and one.done is not Done.UNCHANGED for one in outcomes)
        flash_done(_n("%(num)d record was saved.", "%(num)d records were saved.", taken))
        return redirect(url_for("cooperation.index"))
    seen: list[Outcome] | None = None
    content = b""

    def look() -> None:
        nonlocal seen, content
        with form.file.data.stream as stream:
            content = stream.read(LARGEST_UPLOAD + 1)
        if len(content) > LARGEST_UPLOAD:
            raise Refused(_("The file is larger than 1 MB. Please read it on the server's command line."), "file")
        seen = _look_at(_blocks(content))

    form.try_to(look)
    return render_template(
        "coordination/cooperation/upload.html",
        form=form,
        outcomes=seen,
        content=base64.b64encode(content).decode(),
    )


@blueprint.get("/kooperationen.csv")
@demands("cooperation.edit")
def export_csv() -> Response:
    """The records of the list, as the address narrows it."""
    content = documents.records_csv(policies.reach_of(current_actor()), wanted())
    return _download(content, "text/csv; charset=utf-8", "kooperationen.csv")


@blueprint.get("/kooperationen.xlsx")
@demands("cooperation.edit")
def export_xlsx() -> Response:
    """The same for Excel, with the codebook as second sheet."""
    content = documents.records_xlsx(policies.reach_of(current_actor()), wanted())
    return _download(content, MEDIA_TYPE, "kooperationen.xlsx")


@blueprint.get("/vorlage.xlsx")
@demands("cooperation.edit")
def blank_xlsx() -> Response:
    """The same without any record: all columns, to be filled in."""
    return _download(documents.records_xlsx(Reach(), Wanted()), MEDIA_TYPE, "vorlage.xlsx")


@blueprint.get("/codebuch.csv")
@demands("cooperation.edit")
def codebook_file() -> Response:
    """What the columns mean."""
    return _download(documents.codebook_csv(), "text/csv; charset=utf-8", "codebuch.csv")


def _download(content: bytes, media_type: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, content_type=media_type, headers={"Content-Disposition": disposition})


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(_("The request could not be understood. Please go back and try again.")) from error


def _blocks(content: bytes) -> list[Block]:
    """The records of the file, all read: a file that breaks off is refused as a whole, and one of too many records."""
    lines: list[Line] = []
    try:
        lines.extend(parse_table(content, required=codebook.REQUIRED, optional=codebook.IMPORTED))
    except Refused as refused:
        raise Refused(refused.message, "file") from refused
    found = list(blocks(lines))
    if not found:
        raise Refused(_("No record stands in this file, only the names of the columns."), "file")
    if len(found) > MOST_RECORDS:
        message = _(
            "The file has more than %(max)d records. Please read it in parts, or on the server's command line.",
            max=MOST_RECORDS,
        )
        raise Refused(message, "file")
    return found


def _look_at(found: list[Block]) -> list[Outcome]:
    """What would become of each record, were the file read: it is read, and nothing of it remains."""
    outcomes: list[Outcome] = []
    try:
        with transaction():
            outcomes = _take_all(found)
            raise _LookOnly
    except _LookOnly:
        return outcomes


def _take_all(found: list[Block]) -> list[Outcome]:
    """Take the plain new records at once, all others one by one."""
    taker = Taker(current_actor())
    with transaction():
        try:
            with part():
                at_once = taker.together(found)
        except (DataError, IntegrityError):  # too long, or somebody else was quicker: one by one tells which it is
            taker, at_once = Taker(current_actor()), {}
        return [_told(block, at_once.get(block.number)) or _take(taker, block) for block in found]


def _told(block: Block, done: Done | None) -> Outcome | None:
    return Outcome(block.number, _title(block), done, str(WORDS[done])) if done else None


def _take(taker: Taker, block: Block) -> Outcome:
    try:
        with part():
            done = taker(block)
        words = str(WORDS[done])
    except Refused as refused:
        done, words = Done.FAILED, refused.message
    except NotFound:
        done, words = Done.FAILED, _("Something that this line names does not exist.")
    except DataError:
        done, words = Done.FAILED, _("Something in this line is too long or too large.")
    return Outcome(block.number, _title(block), done, words)


def _title(block: Block) -> str:
    """Enough of what stands there to know the line again: it may be anything."""
    return block["title"][:200]
