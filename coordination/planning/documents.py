"""The agreement as one page to print and keep."""

from flask import Response

from coordination.cooperation.models import Cooperation
from coordination.organizations.rules import Kind
from coordination.planning.models import Agreement, Confirmation
from core.clock import to_local
from core.documents.pages import document_response
from core.languages import _

#: so many lines of so many letters stand on the one page in ordinary size
MOST_LINES, LETTERS = 18, 95


def agreement_pdf(row: Cooperation, agreement: Agreement) -> Response:
    """The agreement with who has confirmed it as it stands, and when."""
    return document_response(
        "documents/coordination/agreement.html",
        filename=_("Agreement %(title)s", title=row.title),
        title=_("Agreement: %(title)s", title=row.title),
        made_at=agreement.written_at,
        agreement=agreement,
        long=_lines_of(agreement) > MOST_LINES,
        partners=[one.organization.name for one in row.partners if one.organization.kind != Kind.DEPARTMENT],
        confirmations=valid(agreement),
        to_local=to_local,
    )


def _lines_of(agreement: Agreement) -> int:
    """About how many lines its texts take."""
    texts = (agreement.subject, agreement.duties, agreement.money, agreement.gains)
    return sum(1 + len(line) // LETTERS for text in texts for line in text.splitlines())


def valid(agreement: Agreement) -> list[Confirmation]:
    """The words that were given for what stands now, in the order in which they were given."""
    return [given for given in agreement.confirmations if given.revision == agreement.revision]
