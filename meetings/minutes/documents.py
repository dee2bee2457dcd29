"""The Niederschrift as PDF: the whole one, marked as not public, and the public part."""

from flask import Response

from core.clock import say_moment
from core.documents.pages import document_response
from core.languages import _
from meetings.minutes.content import PART_LABELS
from meetings.minutes.niederschrift import Niederschrift
from meetings.minutes.rules import text_html
from meetings.sittings.rules import MODE_LABELS


def niederschrift_pdf(found: Niederschrift, *, newest: int | None = None) -> Response:
    """The document. Caches may keep the public part of released minutes of a public sitting only.

    `newest`: number of the version that holds, where this may be an earlier one.
    """
    content = found.content
    committee, day = content.committee, f"{content.starts:%Y-%m-%d}"
    filename = (
        _("Minutes %(committee)s %(day)s", committee=committee, day=day)
        if found.full
        else _("Minutes %(committee)s %(day)s, public part", committee=committee, day=day)
    )
    if found.release and found.release.number > 1:
        filename += f", {_('version %(number)d', number=found.release.number)}"
    answer = document_response(
        "documents/meetings/minutes.html",
        filename=filename,
        title=_("Minutes: %(committee)s", committee=committee),
        public=not found.full,
        made_at=found.released_at,
        municipality=content.municipality,
        found=found,
        newest=newest,
        modes=MODE_LABELS,
        parts=PART_LABELS,
        text_html=text_html,
        when=say_moment,
    )
    if found.released_at is None or not (found.sitting.public and found.sitting.committee.public):
        answer.headers["Cache-Control"] = "private, no-store"
    return answer
