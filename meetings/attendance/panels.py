"""What this room shows on pages of lower rooms: its tabs, and who says that they come."""

from collections.abc import Callable

from flask import render_template, url_for
from markupsafe import Markup

from coordination.analysis.drawings import draw
from coordination.analysis.rules import Asked
from core.access import Actor
from core.clock import say_moment
from core.languages import _
from core.panels import Tab
from meetings.attendance import fairness, policies
from meetings.attendance.queries import SeatLine, Sheet, sheet_of, takes_answers
from meetings.attendance.rules import ANSWER_LABELS, Answer, Presence, answers_for
from meetings.sittings.models import Sitting
from meetings.sittings.rules import Mode
from participation.committees.models import Committee


def committee_tab(actor: Actor, committee: Committee) -> Tab | None:
    """The way to a committee's attendance over a period."""
    if not policies.may_see_overview(actor, committee):
        return None
    return Tab(_("Attendance"), url_for("attendance.overview", slug=committee.slug))


def sitting_tab(actor: Actor, sitting: Sitting) -> Tab | None:
    """The way to the attendance of a sitting."""
    if not policies.may_see(actor, sitting):
        return None
    return Tab(_("Attendance"), url_for("attendance.record", sitting_id=sitting.id))


def reply_panel(actor: Actor, sitting: Sitting) -> Markup | None:
    """For the inner circle, before the sitting: one's own answer, who comes, and the quorum to expect."""
    if not takes_answers(sitting) or not policies.may_see(actor, sitting):
        return None
    sheet = sheet_of(sitting)
    if not sheet.lines:
        return None
    own = [line for line in sheet.lines if actor.person_id in {a.person_id for a in line.holding.people}]
    return Markup(  # noqa: S704 - a template, escaped
        render_template(
            "meetings/attendance/replies.html",
            sitting=sitting,
            sheet=sheet,
            groups=_groups(sheet),
            may_enter=policies.may_record(actor, sitting),
            when=say_moment,
            own=[(line, _asked(line, actor.person_id), _buttons(line, actor.person_id, sitting)) for line in own],
            me=actor.person_id,
            labels=ANSWER_LABELS,
        )
    )


def fairness_panel(_actor: Actor, asked: Asked) -> Markup:
    """In the analysis: when public sittings begin, and whose time they take. Narrowed by year alone."""
    return Markup(  # noqa: S704 - a template, escaped
        render_template(
            "meetings/attendance/fairness.html",
            drawings=[draw(make(asked)) for make in fairness.STATISTICS.values()],
            year=asked.year,
        )
    )


def _groups(sheet: Sheet) -> list[tuple[str, list[SeatLine]]]:
    labels: dict[Presence | None, Callable[[int], str]] = {
        Presence.PRESENT: lambda number: _("Coming (%(number)d)", number=number),
        Presence.REMOTE: lambda number: _("Joining online (%(number)d)", number=number),
        Presence.REPRESENTED: lambda number: _("A deputy comes (%(number)d)", number=number),
        Presence.EXCUSED: lambda number: _("Cannot come (%(number)d)", number=number),
        None: lambda number: _("No answer yet (%(number)d)", number=number),
    }
    found = [(label, sheet.by_expectation(presence)) for presence, label in labels.items()]
    return [(label(len(lines)), lines) for label, lines in found]


def _asked(line: SeatLine, person_id: int | None) -> bool:
    """Whether it is on this person to answer: the member always, a deputy while the member cannot come."""
    member = line.holding.member
    return line.open or (member is not None and member.person_id == person_id)


def _buttons(line: SeatLine, person_id: int | None, sitting: Sitting) -> list[dict[str, object]]:
    given = line.answers.get(person_id) if person_id is not None else None
    return [
        {
            "value": f"{line.holding.seat.id}:{said}",
            "label": ANSWER_LABELS[said],
            "kind": "primary" if said is not Answer.NOT_COMING and given is None else None,
            "current": said is given,
        }
        for said in answers_for(online=sitting.mode != Mode.IN_PERSON)
    ]
