"""The sign-in sheet, and a committee's attendance over a period as PDF and CSV."""

from flask import Response

from core.clock import now
from core.csv_files import MEDIA_TYPE, write_csv
from core.documents.pages import document_response
from core.downloads import file_response
from core.languages import _, say_period
from meetings.attendance.queries import Overview, Sheet
from meetings.attendance.rules import PRESENCE_LABELS, Presence
from participation.seats.rules import ROLE_LABELS


def sign_in_sheet(sheet: Sheet) -> Response:
    """The list to sign on at the door, with empty boxes: every seat of that day, its member and deputies."""
    sitting = sheet.sitting
    return document_response(
        "documents/meetings/sign-in-sheet.html",
        filename=_(
            "Sign-in sheet %(committee)s %(day)s", committee=sitting.committee.name, day=_day(sitting.starts_local)
        ),
        title=_("Sign-in sheet"),
        sitting=sitting,
        when=say_period(sitting.starts_local, sitting.ends_local),
        lines=sheet.lines,
        roles=ROLE_LABELS,
    )


def overview_pdf(found: Overview) -> Response:
    """The attendance of a committee over a period, for the file."""
    return document_response(
        "documents/meetings/attendance-overview.html",
        filename=_file_name(found),
        title=_("Attendance: %(committee)s", committee=found.committee.name),
        made_at=now(),
        found=found,
        Presence=Presence,
        labels=PRESENCE_LABELS,
    )


def overview_csv(found: Overview) -> Response:
    """The same as a table for spreadsheets: one line a seat; the share is empty where nothing is recorded."""
    header = [
        _("Seat"),
        _("Organization"),
        _("Members in this period"),
        _("Vote"),
        _("Sittings"),
        *(str(PRESENCE_LABELS[presence]) for presence in Presence),
        _("Not recorded"),
        _("Filled in percent"),
    ]
    rows = [
        [
            record.seat.label,
            record.seat.organization.name if record.seat.organization else "",
            "; ".join(record.members),
            _("yes") if record.seat.voting_right else _("no"),
            record.tally.sittings,
            *(record.tally[presence] for presence in Presence),
            record.tally.not_recorded,
            "" if record.tally.share is None else round(float(record.tally.share) * 100, 1),
        ]
        for record in found.seats
    ]
    return file_response(write_csv(header, rows), MEDIA_TYPE, _file_name(found) + ".csv")


def _file_name(found: Overview) -> str:
    return _(
        "Attendance %(committee)s %(since)s to %(until)s",
        committee=found.committee.name,
        since=found.since.isoformat(),
        until=found.until.isoformat(),
    )


def _day(moment: object) -> str:
    return f"{moment:%Y-%m-%d}"
