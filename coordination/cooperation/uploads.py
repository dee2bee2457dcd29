"""Pages: records read from a file, after a look at what would happen; and written to one."""

from collections.abc import Iterator

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from coordination.cooperation import codebook, documents, policies
from coordination.cooperation.files import Block, Taker, blocks
from coordination.cooperation.queries import Wanted
from coordination.cooperation.rules import Reach
from coordination.cooperation.views import wanted
from core.access import current_actor, demands
from core.csv_files import MEDIA_TYPE as CSV
from core.downloads import file_response
from core.spreadsheets import MEDIA_TYPE as XLSX
from core.spreadsheets import parse_table
from core.uploads import Reading, upload_page

blueprint = Blueprint("cooperation_files", __name__)


@blueprint.route("/import", methods=["GET", "POST"])
@demands("cooperation.edit")
def upload() -> str | Response:
    """A file: first what would happen, record by record; then, confirmed, it happens."""
    reading = Reading(_blocks, lambda: Taker(current_actor()), title="title")
    return upload_page(reading, "coordination/cooperation/upload.html", url_for("cooperation.index"))


@blueprint.get("/kooperationen.csv")
@demands("cooperation.edit")
def export_csv() -> Response:
    """The records of the list, as the address narrows it."""
    content = documents.records_csv(policies.reach_of(current_actor()), wanted())
    return file_response(content, CSV, "kooperationen.csv")


@blueprint.get("/kooperationen.xlsx")
@demands("cooperation.edit")
def export_xlsx() -> Response:
    """The same for Excel, with the codebook as second sheet."""
    content = documents.records_xlsx(policies.reach_of(current_actor()), wanted())
    return file_response(content, XLSX, "kooperationen.xlsx")


@blueprint.get("/vorlage.xlsx")
@demands("cooperation.edit")
def blank_xlsx() -> Response:
    """The same without any record: all columns, to be filled in."""
    return file_response(documents.records_xlsx(Reach(), Wanted()), XLSX, "vorlage.xlsx")


@blueprint.get("/codebuch.csv")
@demands("cooperation.edit")
def codebook_file() -> Response:
    """What the columns mean."""
    return file_response(documents.codebook_csv(), CSV, "codebuch.csv")


def _blocks(content: bytes) -> Iterator[Block]:
    """The records of the file. Refused as by `parse_table`."""
    return blocks(parse_table(content, required=codebook.REQUIRED, optional=codebook.IMPORTED))
