"""Pages: /antwort/<key>, opened from a mail without a password, and /sitzungen/<id>/einladung for the clerk."""

from flask import Blueprint, current_app, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from calendars.ical import MEDIA_TYPE, calendar, vevent
from calendars.invitations import operations, policies, queries
from calendars.invitations.forms import AnswerForm, InviteForm
from calendars.invitations.models import Invitation
from calendars.invitations.queries import Round, Standing, round_of
from calendars.invitations.rules import last_sending_day
from calendars.sources.audiences import circle_of
from calendars.sources.entries import entry_of_sitting
from calendars.sources.words import texts
from core.access import current_actor, demands, public
from core.clock import today
from core.downloads import file_response
from core.errors import NotFound, Outdated, Refused
from core.languages import DEFAULT, _, _l, _n, in_language, languages
from core.web import csrf, flash_done, limiter
from meetings.agenda.queries import items_of
from meetings.attendance.queries import day_of
from meetings.attendance.rules import ANSWER_LABELS, Answer, answers_for
from meetings.sittings.models import Sitting
from meetings.sittings.rules import MODE_LABELS, Mode
from participation.seats.queries import committees_of

blueprint = Blueprint("invitations", __name__)
#: guessing a key is hopeless; this keeps it from being a burden
by_network = limiter.shared_limit("60 per minute", scope="answers")

THANKS = {
    Answer.COMING: _l("Thank you. We have noted: you are coming."),
    Answer.ONLINE: _l("Thank you. We have noted: you join online."),
    Answer.NOT_COMING: _l("Thank you. We have noted: you cannot come. If a deputy can be asked, we do so now."),
}


# The page sends no Referer, so the strict check of CSRFProtect could never pass; the form checks its own token.
@blueprint.route("/antwort/<string:key>", methods=["GET", "POST"])
@public
@csrf.exempt
@by_network
def answer(key: str) -> Response:
    """The sitting and three large buttons. Opening it changes nothing: scanners of mail open links."""
    row = queries.get_by_key(key)
    with in_language(_language_for(row)):
        form = AnswerForm(online=_online(row.sitting))
        if form.try_to(lambda: operations.answer(row.id, form.said)):
            flash_done(_thanks(queries.get_by_key(key), form.said))
            return _private(redirect(_address(key)))
        row = queries.get_by_key(key)  # again, since an answer that was refused has ended the view on the rows
        return _private(make_response(_answer_page(key, row, round_of(row.sitting), form)))


@blueprint.get("/antwort/<string:key>/termin.ics")
@public
@by_network
def download(key: str) -> Response:
    """This one date as a file, to be put into a calendar by hand. Raises NotFound for who has no seat that day."""
    row = queries.get_by_key(key)
    with in_language(_language_for(row)):
        about = round_of(row.sitting)
        if about.standing_of(row.person) is Standing.ENDED:
            raise NotFound
        entry = entry_of_sitting(row.sitting_id, audiences=frozenset({circle_of(row.sitting.committee_id)}))
        body = calendar(entry.summary, "", [vevent(entry, texts())], colour="slateblue")
    return _private(file_response(body, MEDIA_TYPE, "termin.ics"))


@blueprint.route("/sitzungen/<int:sitting_id>/einladung", methods=["GET", "POST"])
@demands("invitations.send")
def invite(sitting_id: int) -> str | Response:
    """What inviting will do, and to whom mail goes; then it is done."""
    actor = current_actor()
    sitting = policies.get_inviting(actor, sitting_id)
    form = InviteForm(late=_asks_reason(sitting), data={"version": sitting.version})
    sent: list[int] = []

    def send() -> None:
        reason = (form.reason.data or "") if "reason" in form else ""
        try:
            sent.append(operations.invite(actor, sitting_id, reason=reason, version=form.version.data))
        except Outdated:
            form.version.data = policies.get_inviting(actor, sitting_id).version
            raise

    if form.try_to(send):
        flash_done(_n("Invited: %(num)d mail goes out now.", "Invited: %(num)d mails go out now.", sent[0]))
        return redirect(url_for("sittings.show", sitting_id=sitting_id))
    return _before_page(policies.get_inviting(actor, sitting_id), form)


def _answer_page(key: str, row: Invitation, about: Round, form: AnswerForm) -> str:
    sitting, actor = row.sitting, current_actor()
    standing, role = about.standing_of(row.person), about.role_of(row.person)
    holding = about.holding(role.seat_id) if role else None
    language = _language_for(row)
    return render_template(
        "calendars/invitations/answer.html",
        key=key,
        address=_address(key),
        row=row,
        form=form,
        sitting=None if standing is Standing.ENDED else sitting,
        standing=standing.name,
        items=items_of(sitting.id) if standing is Standing.ASKED else [],
        holding=holding,
        as_deputy=role is not None and role.rank > 0,
        buttons=_buttons(about, row),
        labels=ANSWER_LABELS,
        earlier=about.earlier.get(role.seat_id, {}).get(row.person_id) if role else None,
        mode_labels=MODE_LABELS,
        has_feeds_page=actor.signed_in and actor.person_id == row.person_id,
        other_languages=[(code, name) for code, name in languages().items() if code != language],
        language_action=None,  # the switch in the header posts with a Referer; here links do the same
    )


def _buttons(about: Round, row: Invitation) -> list[dict[str, object]]:
    """The answers to offer, and which one is given so far: the person's own alone."""
    role = about.role_of(row.person)
    given = about.answers.get(role.seat_id, {}).get(row.person_id) if role else None
    return [
        {
            "value": said.value,
            "label": ANSWER_LABELS[said],
            "kind": "primary" if given is None and said is Answer.COMING else None,
            "current": said is given,
        }
        for said in answers_for(online=_online(about.sitting))
    ]


def _thanks(row: Invitation, said: Answer) -> str:
    """What was noted; and who is asked instead, for who belongs to the committee today and so may read names."""
    about = round_of(row.sitting)
    if said is not Answer.NOT_COMING or row.sitting.committee_id not in committees_of(row.person_id, today()):
        return str(THANKS[said])
    instead = ", ".join(due.person.name for due in about.asked_instead_of(row.person))
    if not instead:
        return str(THANKS[said])
    return _("Thank you. We have noted: you cannot come. Asked as deputy now: %(names)s", names=instead)


def _before_page(sitting: Sitting, form: InviteForm) -> str:
    about = round_of(sitting)
    day = last_sending_day(day_of(sitting), sitting.committee.notice_days)
    return render_template(
        "calendars/invitations/invite.html",
        sitting=sitting,
        form=form,
        about=about,
        hindrance=_hindrance(about),
        due=about.due_with(about.not_told),
        items=items_of(sitting.id),
        last_day=day,
        late=today() > day,
        sender=current_app.config["SETTINGS"].mail_from,
    )


def _hindrance(about: Round) -> str:
    """Why nobody can be invited now, in a sentence; empty where somebody can."""
    try:
        operations.refuse_sitting(about.sitting)
    except Refused as refused:
        return refused.message
    if about.not_told:
        return ""
    if about.rows:
        return _("Everybody who can be reached by mail is invited already.")
    return _("No member has an e-mail address, or no seat is taken on that day.")


def _address(key: str) -> str:
    return url_for(".answer", key=key, sprache=request.args.get("sprache"))


def _asks_reason(sitting: Sitting) -> bool:
    return operations.is_late(sitting) and not round_of(sitting).rows


def _online(sitting: Sitting) -> bool:
    return sitting.mode != Mode.IN_PERSON


def _language_for(row: Invitation) -> str:
    """What the address asks for, else what was chosen on this site, else the person's own language."""
    wished = request.args.get("sprache") or session.get("language")
    return next(code for code in (wished, row.person.language, DEFAULT) if code in languages())


def _private(response: Response) -> Response:
    """The address is a key: no other site learns it, and nothing keeps the page."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
