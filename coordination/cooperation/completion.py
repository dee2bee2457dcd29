"""Answers to single questions about a record: /kooperationen/<id>/ergaenzen, sent from the start page."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from coordination.cooperation import policies, queries
from coordination.cooperation.gaps import fill_gap
from coordination.cooperation.questions import QUESTIONS, meant_by, prefix_of
from coordination.cooperation.rules import Gap
from core.access import current_actor, demands, ensure
from core.errors import NotFound
from core.languages import _
from core.panels import shown_again
from core.web import flash_done

blueprint = Blueprint("completion", __name__)
START = "overview.start"


@blueprint.post("/<int:cooperation_id>/ergaenzen")
@demands("cooperation.edit")
def answer(cooperation_id: int) -> Any:
    """One answer more. What cannot be taken stays where it was typed, on the start page, with a word why."""
    row = queries.get_cooperation(cooperation_id)
    ensure(policies.may_edit(current_actor(), row))
    gap = _asked(request.form.get(f"{prefix_of(cooperation_id)}-gap", ""))
    question = QUESTIONS[gap](prefix=prefix_of(cooperation_id))

    def save() -> None:
        fill_gap(current_actor(), cooperation_id, gap=gap, answer=meant_by(question, gap))

    if not question.try_to(save):
        return shown_again(START, question=(row, question))
    row = queries.get_cooperation(cooperation_id)
    if row.closed_at is not None:
        flash_done(_("Thank you. The record of “%(name)s” is complete and closed.", name=row.title))
    else:
        flash_done(_("Thank you. That stands in the record of “%(name)s” now.", name=row.title))
    return redirect(url_for(START))


def _asked(said: str) -> Gap:
    """The question that the form carried. Raises NotFound for what no form offers."""
    if said not in QUESTIONS:
        raise NotFound
    return Gap(said)
