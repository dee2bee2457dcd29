"""Letters for post: one sheet an organization, for envelopes with a window (DIN 5008, form B)."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, current_app

from coordination.letters.models import Letter
from coordination.letters.operations import reason
from core.clock import now, to_local
from core.documents.pages import document_response
from core.languages import DEFAULT, _, in_language


@dataclass(frozen=True)
class Sheet:
    """Whose name and address stand in the window."""

    name: str
    lines: Sequence[str]


def letters_pdf(letter: Letter, sheets: Sequence[Sheet]) -> Response:
    """One page for each sheet, in the language of the administration whoever asks for it."""
    with in_language(DEFAULT):
        return document_response(
            "documents/coordination/letter.html",
            filename=_("Letters %(subject)s", subject=letter.subject),
            title=letter.subject,
            made_at=letter.sent_at,
            letter=letter,
            sheets=sheets,
            day=to_local(letter.sent_at or now()).date(),
            sender=_sender(letter),
            why=reason(letter),
        )


def _sender(letter: Letter) -> str:
    """The line above the window's address, to which the post brings back what it cannot deliver."""
    body, department = current_app.config["SETTINGS"].body_name, letter.department
    return " · ".join(filter(None, [body, department.name, *department.address.splitlines()]))
