"""Pages: /organisationen/adressen, the address list that all departments share. What it shows is by consent."""

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from coordination.organizations import documents, queries
from coordination.organizations.languages import by_name
from coordination.organizations.models import Organization
from coordination.organizations.rules import MO_KIND_LABELS, TOPIC_LABELS
from coordination.organizations.views import wanted
from coordination.organizations.words import say
from core import reads
from core.access import current_actor, demands
from core.csv_files import MEDIA_TYPE as CSV
from core.downloads import file_response
from core.web import paginate

blueprint = Blueprint("organization_addresses", __name__)


@blueprint.get("/adressen")
@demands("organizations.addresses")
def index() -> str:
    """Who shares an address within the administration."""
    asked = wanted()
    page = paginate(queries.list_addresses(asked))
    reads.note(current_actor(), "read.addresses", Organization)
    return render_template(
        "coordination/organizations/addresses.html",
        page=page,
        organizations=queries.shown(queries.DEPARTMENTS, page.rows),
        wanted=asked,
        mo_kinds=MO_KIND_LABELS,
        topics=TOPIC_LABELS,
        languages=by_name(),
        say=say,
    )


@blueprint.get("/adressen.csv")
@demands("organizations.addresses")
def table() -> Response:
    """The same as a file, with the same filters."""
    reads.note(current_actor(), "read.addresses", Organization)
    return file_response(documents.addresses_csv(wanted()), CSV, "adressen.csv")
