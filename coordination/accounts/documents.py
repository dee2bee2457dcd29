"""What is kept of somebody as one file to take along: data for programs, and a document to read."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Response, current_app

from coordination.accounts.words import OBJECTS, VERBS, say_column
from core.clock import now, to_local
from core.documents.failed import DocumentFailed
from core.documents.pages import render_document
from core.downloads import file_response
from core.languages import _, say_date, say_time
from core.personal import Kept

Words = Mapping[str, Mapping[Any, Any]]
#: so many rows of a table stand in the document; all are in the data
MOST_ROWS = 50
#: more columns or longer texts do not fit side by side on a page
MOST_COLUMNS, LONGEST_CELL = 6, 90


def personal_data(name: str, found: Sequence[Kept]) -> Response:
    """The archive with data.json and, where this machine can make one, a PDF. Kept by no cache."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(_data(found), ensure_ascii=False, indent=2))
        try:
            archive.writestr(_("Data.pdf"), _document(name, found))
        except DocumentFailed as failed:
            archive.writestr("README.txt", failed.message + "\n")
    filename = _("Personal data %(name)s %(day)s", name=name, day=to_local(now()).date().isoformat()) + ".zip"
    answer = file_response(file.getvalue(), "application/zip", filename)
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
        sections=[_section(kept) for kept in found],
        most_rows=MOST_ROWS,
    )


@dataclass(frozen=True)
class Section:
    """What a reader sees of one table, newest first: label → value of each row."""

    title: str
    rows: list[dict[str, str]]
    #: how many rows there are, also those that are not shown
    total: int

    @property
    def labels(self) -> list[str]:
        """The labels of all rows, in the order in which they come."""
        return list(dict.fromkeys(label for row in self.rows for label in row))

    @property
    def fits_a_table(self) -> bool:
        """Whether the rows are short enough to stand beside each other in columns."""
        longest = max((len(value) for row in self.rows for value in row.values()), default=0)
        return len(self.rows) > 1 and len(self.labels) <= MOST_COLUMNS and longest <= LONGEST_CELL


def _section(kept: Kept) -> Section:
    words = {"object_type": OBJECTS, **kept.entry.words}
    rows = [_say_row(row, words) for row in reversed(kept.rows[-MOST_ROWS:])]
    return Section(str(kept.entry.holds), rows, len(kept.rows))


def _say_row(row: dict[str, Any], words: Words) -> dict[str, str]:
    """What a reader can use of a row; numbers of rows and what is empty are left to data.json."""
    told = {name: value for name, value in row.items() if say_column(name) and not name.endswith("id")}
    said = {say_column(name): _say(value, words.get(name, {}), words) for name, value in told.items()}
    if "action" in row:
        said[say_column("action")] = str(VERBS.get(row["action"].partition(".")[2], row["action"]))
    return {label: value for label, value in said.items() if value}


def _say(value: Any, meanings: Mapping[Any, Any], words: Words) -> str:
    if isinstance(value, bool):
        return _("yes") if value else ""
    if isinstance(value, dict):
        return ", ".join(f"{label}: {text}" for label, text in _say_row(value, words).items())
    if isinstance(value, list):
        return ", ".join(say_column(str(inner)) or str(inner) for inner in value)
    if isinstance(value, str):
        return _say_moment(str(meanings.get(value, value)))
    return "" if value is None else str(value)


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
