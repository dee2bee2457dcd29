"""Pages: /sitzungen/<id>/anwesenheit, /sitzungen/<id>/antwort, /gremien/<slug>/anwesenheit, files of the analysis."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import Blueprint, get_template_attribute, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from coordination.analysis.documents import statistic_csv
from coordination.analysis.rules import Asked
from coordination.people.queries import get_person
from core import reads
from core.access import current_actor, demands, ensure, public
from core.clock import local_now, say_moment, today
from core.csv_files import MEDIA_TYPE
from core.downloads import file_response
from core.errors import NotFound, Outdated, Refused
from core.languages import _, _n, say_time
from core.web import asked_for, flash_done, number_of
from meetings.attendance import documents, fairness, operations, policies, queries
from meetings.attendance.forms import (
    Question,
    call_questions,
    compared,
    questions,
    read_call,
    read_questions,
    refuse_lost,
    with_the_rest_present,
)
from meetings.attendance.operations import Call
from meetings.attendance.queries import Sheet
from meetings.attendance.rules import ANSWER_LABELS, PRESENCE_LABELS, SAID_LABELS, Answer, Presence
from meetings.sittings.models import Sitting
from meetings.sittings.policies import get_visible
from participation.committees import access

blueprint = Blueprint("attendance", __name__)
RECORD = "/sitzungen/<int:sitting_id>/anwesenheit"
OVERVIEW = "/gremien/<string:slug>/anwesenheit"


@blueprint.get(RECORD)
@demands("signed-in")
def record(sitting_id: int) -> str:
    """Who was there: a form for the clerk, a list for the rest of the inner circle."""
    sitting = _get_sitting(sitting_id)
    reads.note(current_actor(), "read.attendance", sitting)
    sheet = queries.sheet_of(sitting)
    return _page(sheet, questions(sheet, suggest=True))


@blueprint.post(RECORD)
@demands("attendance.edit")
def save(sitting_id: int) -> str | Response | tuple[str, int]:
    """Record what was chosen, of as many seats as were sent; with `rest` everybody else as present."""
    actor, sitting = current_actor(), _get_sitting(sitting_id)
    ensure(policies.may_record(actor, sitting))
    sheet = queries.sheet_of(sitting)
    chosen = read_questions(sheet, request.form)
    sent = with_the_rest_present(sheet, chosen) if "rest" in request.form else chosen
    refused = None
    try:
        refuse_lost(sent)
        changed = operations.record_all(actor, sitting_id, marks=[mark for each in sent if (mark := each.mark)])
    except Refused as refusal:
        refused = refusal
    if request.headers.get("X-Autosave"):
        return _autosaved(queries.sheet_of(_get_sitting(sitting_id)), refused)
    if refused:
        sheet = queries.sheet_of(_get_sitting(sitting_id))
        shown = compared(sheet, sent) if isinstance(refused, Outdated) else sent
        return _page(sheet, shown, refused=refused), refused.status
    _say_recorded(changed, rest=sum(now.chosen != before.chosen for now, before in zip(sent, chosen, strict=True)))
    return redirect(url_for(".record", sitting_id=sitting_id))


@blueprint.get("/sitzungen/<int:sitting_id>/anwesenheitsliste.pdf")
@demands("attendance.edit")
def sign_in_sheet(sitting_id: int) -> Response:
    """The list to sign on at the door."""
    sitting = _get_sitting(sitting_id)
    ensure(policies.may_record(current_actor(), sitting))
    reads.note(current_actor(), "read.attendance", sitting)
    return documents.sign_in_sheet(queries.sheet_of(sitting))


@blueprint.post("/sitzungen/<int:sitting_id>/antwort")
@demands("signed-in")
def answer(sitting_id: int) -> Response:
    """One's own answer; the other buttons of the page undo it."""
    actor, sitting = current_actor(), _get_sitting(sitting_id)
    seat, _colon, said = request.form.get("answer", "").partition(":")
    seat_id = number_of(seat)
    if actor.person_id is None or seat_id is None or said not in set(Answer):
        raise NotFound
    operations.answer(actor.person_id, sitting.id, seat_id, Answer(said), actor=actor)
    flash_done(_("Your answer was kept: %(answer)s. You can change it here.", answer=ANSWER_LABELS[Answer(said)]))
    return redirect(url_for("sittings.show", sitting_id=sitting_id))


@blueprint.route("/sitzungen/<int:sitting_id>/antworten", methods=["GET", "POST"])
@demands("attendance.edit")
def calls(sitting_id: int) -> str | Response | tuple[str, int]:
    """Answers that were given by phone: the clerk enters them, and takes them back."""
    actor, sitting = current_actor(), _get_sitting(sitting_id)
    ensure(policies.may_record(actor, sitting))
    refused = None
    if request.method == "POST":
        call = read_call(request.form.get("call", ""))
        if call is None:
            raise NotFound
        try:
            operations.answer_by_phone(actor, sitting_id, call=call)
        except Refused as refusal:
            refused, sitting = refusal, _get_sitting(sitting_id)
        else:
            flash_done(_entered(call))
            return redirect(url_for(".calls", sitting_id=sitting_id, _anchor=f"{call.seat_id}-{call.person_id}"))
    reads.note(actor, "read.attendance", sitting)
    everybody, text = call_questions(queries.sheet_of(sitting)), asked_for()
    page = render_template(
        "meetings/attendance/calls.html",
        sitting=sitting,
        questions=everybody,
        found=[question for question in everybody if question.fits(text)],
        text=text,
        open=queries.takes_answers(sitting),
        refused=refused,
        said=SAID_LABELS,
        when=say_moment,
    )
    return (page, refused.status) if refused else page


def _entered(call: Call) -> str:
    """Whose answer it was, and what they said: of many on the page, who calls next is not mistaken for them."""
    name = get_person(call.person_id).name
    if call.said is None:
        return _("The answer by phone of %(name)s was taken back.", name=name)
    return _("%(name)s: %(answer)s. The answer was entered.", name=name, answer=SAID_LABELS[call.said])


@blueprint.get(OVERVIEW)
@demands("signed-in")
def overview(slug: str) -> str:
    """A committee's attendance over a period."""
    asked = _period()
    found = _overview(slug, asked)
    return render_template(
        "meetings/attendance/overview.html",
        committee=found.committee,
        found=found,
        asked=asked,
        Presence=Presence,
        labels=PRESENCE_LABELS,
    )


@blueprint.get(OVERVIEW + ".pdf")
@demands("signed-in")
def overview_pdf(slug: str) -> Response:
    """The same as a document."""
    return documents.overview_pdf(_overview(slug, _period()))


@blueprint.get(OVERVIEW + ".csv")
@demands("signed-in")
def overview_csv(slug: str) -> Response:
    """The same as a table."""
    return documents.overview_csv(_overview(slug, _period()))


@dataclass(frozen=True)
class Period:
    """The days asked for by `von` and `bis`, both inclusive; the last twelve months without them."""

    since: date
    until: date
    #: what was wrong with the days that were typed
    complaint: str = ""

    @property
    def in_address(self) -> dict[str, str]:
        """The period as parts of an address."""
        return {"von": self.since.isoformat(), "bis": self.until.isoformat()}


def _period() -> Period:
    last_year = Period(today() - timedelta(days=365), today())
    try:
        since = date.fromisoformat(request.args.get("von") or last_year.since.isoformat())
        until = date.fromisoformat(request.args.get("bis") or last_year.until.isoformat())
    except ValueError:
        return replace(last_year, complaint=_("Please enter both days as a date. These are the last twelve months."))
    if until < since or date.max in (since, until):
        return replace(
            last_year, complaint=_("The last day must not lie before the first day. These are the last twelve months.")
        )
    return Period(since, until)


def _overview(slug: str, period: Period) -> queries.Overview:
    committee = access.get_visible(slug)
    ensure(policies.may_see_overview(current_actor(), committee))
    reads.note(current_actor(), "read.attendance", committee)
    return queries.overview(committee, period.since, period.until)


def _get_sitting(sitting_id: int) -> Sitting:
    actor = current_actor()
    sitting = get_visible(actor, sitting_id)
    ensure(policies.may_see(actor, sitting))
    return sitting


def _say_recorded(changed: int, *, rest: int) -> None:
    """Of how many seats something was recorded, and of how many of them that they were present like all the rest."""
    if rest:
        flash_done(
            _n(
                "One seat that was not recorded yet is now recorded as present.",
                "%(num)d seats that were not recorded yet are now recorded as present.",
                rest,
            )
        )
    if changed > rest:
        flash_done(_n("One seat was recorded.", "%(num)d seats were recorded.", changed - rest))
    if not changed:
        flash_done(_("Nothing was to be saved: all this is recorded already."))


def _autosaved(sheet: Sheet, refused: Refused | None) -> Response:
    """What the page's script needs to know about the seat that it sent: what is recorded now, and what to say of it."""
    seat = next((question for question in questions(sheet, suggest=False) if question.name in request.form), None)
    if seat is None:
        raise NotFound
    saved = seat.was == request.form[seat.name]
    if saved:
        message = _("Saved at %(time)s.", time=say_time(local_now()))
    elif refused and not isinstance(refused, Outdated):
        message = refused.message
    else:
        message = _("Somebody else has recorded: %(choice)s. Choose again to replace it.", choice=seat.recorded_as)
    words = get_template_attribute("meetings/attendance/parts.html", "quorum_words")(sheet.quorum)
    quorum = {"known": sheet.any_recorded, "reached": sheet.quorum.reached, "words": words.strip()}
    return jsonify(saved=saved, was=seat.was, message=message, quorum=quorum)


def _page(sheet: Sheet, asked: list[Question], refused: Refused | None = None) -> str:
    may_record = policies.may_record(current_actor(), sheet.sitting)
    begun = queries.day_of(sheet.sitting) <= today()
    return render_template(
        "meetings/attendance/record.html",
        sitting=sheet.sitting,
        sheet=sheet,
        questions=asked,
        refused=refused,
        may_record=may_record,
        open=may_record and begun and sheet.sitting.shown_in_calendars and not sheet.sitting.cancelled,
        labels=PRESENCE_LABELS,
    )


@blueprint.get("/auswertung/sitzungen/<string:figure>.csv")
@public
def fairness_table(figure: str) -> Response:
    """A figure of public sittings as a file, of a year (`jahr`) or of all."""
    make = fairness.STATISTICS.get(figure)
    if make is None:
        raise NotFound
    year = request.args.get("jahr", "")
    asked = Asked(year=int(year) if re.fullmatch("[1-9][0-9]{0,3}", year, re.ASCII) else None)
    return file_response(statistic_csv(make(asked)), MEDIA_TYPE, f"{figure}.csv")
