"""What this room shows on the pages of a sitting: who was invited, and what a change will cause."""

from flask import render_template
from markupsafe import Markup

from calendars.invitations import policies, queries
from calendars.invitations.queries import can_be_mailed, round_of
from calendars.invitations.rules import last_sending_day
from core.access import Actor
from core.clock import now, to_local
from core.dated import Status
from meetings.attendance.queries import day_of
from meetings.attendance.rules import SLIGHT
from meetings.sittings import policies as sittings
from meetings.sittings.models import Sitting


def consequences(actor: Actor, sitting: Sitting) -> Markup | None:
    """Before a change: how many people will get a mail. Nothing where nobody was invited, or it has begun."""
    if sitting.starts_at <= now() or not sittings.may_edit(actor, sitting):
        return None
    number = queries.count_told(sitting.id)
    if not number:
        return None
    return Markup(render_template("calendars/invitations/consequences.html", number=number, slight=SLIGHT))  # noqa: S704


def told(actor: Actor, sitting: Sitting) -> Markup | None:
    """For who keeps the sitting: invited or not, who has answered, and whom no mail reaches.

    Nothing for drafts and cancelled ones, nor for a past sitting to which nobody was invited here.
    """
    if sitting.status == Status.DRAFT or sitting.cancelled or not sittings.may_edit(actor, sitting):
        return None
    about = round_of(sitting)
    coming = sitting.starts_at > now()
    if not coming and not about.rows:
        return None
    unreached = [row.person for row in about.invited if not can_be_mailed(row.person)]
    return Markup(  # noqa: S704  a rendered template, escaped there
        render_template(
            "calendars/invitations/panel.html",
            sitting=sitting,
            about=about,
            invited=about.invited,
            first_told=to_local(min(row.first_told_at for row in about.rows.values())) if about.rows else None,
            waiting=[row.person for row in about.invited if about.answer_of(row) is None],
            by_hand=list({person.id: person for person in [*about.without_mail, *unreached]}.values()),
            last_day=last_sending_day(day_of(sitting), sitting.committee.notice_days),
            may_invite=coming and policies.may_invite(actor, sitting),
        )
    )
