"""The Niederschrift as PDF: the whole one, marked as not public, and the public part."""

from flask import Response

from core.documents.pages import document_response
from core.languages import _
from meetings.minutes.queries import Niederschrift
from meetings.minutes.rules import text_html
from meetings.sittings.rules import MODE_LABELS


def niederschrift_pdf(found: Niederschrift) -> Response:
    """The document. Caches may keep the public part of released minutes of a public sitting only."""
    committee, day = found.sitting.committee.name, f"{found.sitting.starts_local:%Y-%m-%d}"
    filename = (
        _("Minutes %(committee)s %(day)s", committee=committee, day=day)
        if found.full
        else _("Minutes %(committee)s %(day)s, public part", committee=committee, day=day)
    )
    released = found.minutes.released_at if found.minutes else None
    answer = document_response(
        "documents/meetings/minutes.html",
        filename=filename,
        title=_("Minutes: %(committee)s", committee=committee),
        public=not found.full,
        made_at=released,
        found=found,
        modes=MODE_LABELS,
        text_html=text_html,
    )
    if released is None or not (found.sitting.public and found.sitting.committee.public):
        answer.headers["Cache-Control"] = "private, no-store"
    return answer
