"""Pages: organizations read from a file, after a look at what would happen; and written to one. For who keeps the
profiles."""

from collections.abc import Iterable

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from coordination.organizations import codebook, documents, policies
from coordination.organizations.imports import Taker
from coordination.organizations.models import Organization
from core import reads
from core.access import current_actor, demands, ensure
from core.csv_files import Line
from core.downloads import file_response
from core.spreadsheets import MEDIA_TYPE, parse_table
from core.uploads import Reading, upload_page

blueprint = Blueprint("organization_files", __name__)


@blueprint.route("/import", methods=["GET", "POST"])
@demands("organizations.edit")
def upload() -> str | Response:
    """A file: first what would happen, line by line; then, confirmed, it happens."""
    ensure(policies.keeps_profiles(current_actor()))
    reading = Reading(_lines, lambda: Taker(current_actor()), title="name")
    return upload_page(reading, "coordination/organizations/upload.html", url_for("organizations.index"))


@blueprint.get("/organisationen.xlsx")
@demands("organizations.edit")
def export_xlsx() -> Response:
    """All organizations with their profiles, in lines that the import reads back."""
    ensure(policies.keeps_profiles(current_actor()))
    reads.note(current_actor(), "read.profiles", Organization)
    return file_response(documents.profiles_xlsx(), MEDIA_TYPE, "organisationen.xlsx")


@blueprint.get("/vorlage.xlsx")
@demands("organizations.edit")
def blank_xlsx() -> Response:
    """The same without any organization: all columns, to be filled in."""
    ensure(policies.keeps_profiles(current_actor()))
    return file_response(documents.profiles_xlsx(blank=True), MEDIA_TYPE, "vorlage.xlsx")


def _lines(content: bytes) -> Iterable[Line]:
    return parse_table(content, required=codebook.REQUIRED, optional=codebook.NAMES)
