"""What is kept of somebody as one file to take along: data for programs, and a document to read."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import Response, current_app

from coordination.accounts.words import say_column
from core.clock import now, to_local
from core.documents.failed import DocumentFailed
from core.documents.filename import content_disposition
from core.documents.pages import render_document
from core.languages import _, say_date, say_time
from core.personal import Kept

#: so many rows of a table stand in the document; all are in the data
MOST_ROWS = 50


def personal_data(name: str, found: Sequence[Kept]) -> Response:
    """The archive with data.json and, where this machine can make one, a PDF. Kept by no cache."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(_data(found), ensure_ascii=False, indent=2))
        try:
            archive.writestr(_("Data.pdf"), _document(name, found))
        except DocumentFailed as failed:
            archive.writestr("README.txt", failed.message + "\n")
    answer = Response(file.getvalue(), mimetype="application/zip")
    answer.headers["Content-Disposition"] = content_disposition(
        _("Personal data %(name)s %(day)s", name=name, day=to_local(now()).date().isoformat()) + ".zip"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _data(found: Sequence[Kept]) -> dict[str, Any]:
    return {
        "municipality": current_app.config["SETTINGS"].body_name,
        "made_at": now().isoformat(timespec="seconds"),
        "kept": [
            {
                "table": kept.entry.table,
                "meaning": str(kept.entry.holds),
                "retention": kept.entry.retention,
                "rows": kept.rows,
            }
            for kept in found
        ],
    }


def _document(name: str, found: Sequence[Kept]) -> bytes:
    moment = now()
    return render_document(
        "documents/coordination/personal-data.html",
        title=_("What is kept of %(name)s", name=name),
        made_at=moment,
        day=to_local(moment).date(),
        found=found,
        most_rows=MOST_ROWS,
        say_row=say_row,
    )


def say_row(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and value of what a reader can use; numbers of rows and what is empty are left to data.json."""
    said = [(say_column(name), _say(value)) for name, value in row.items() if not name.endswith("id")]
    return [(label, value) for label, value in said if label and value]


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else ""
    if isinstance(value, dict):
        said = [(say_column(name), _say(inner)) for name, inner in value.items()]
        return ", ".join(f"{label}: {text}" for label, text in said if label and text)
    if isinstance(value, list):
        return ", ".join(say_column(str(inner)) or str(inner) for inner in value)
    return _say_moment(value) if isinstance(value, str) else str("" if value is None else value)


def _say_moment(text: str) -> str:
    """A day or a moment as people say it; any other text as it is."""
    if text[4:5] != "-" or text[7:8] != "-":
        return text
    try:
        if len(text) == len("2026-11-16"):
            return say_date(date.fromisoformat(text), weekday=False)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    wall = to_local(moment) if moment.tzinfo else moment
    return f"{say_date(wall.date(), weekday=False)}, {say_time(wall)}"
