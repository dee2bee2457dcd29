"""Forms of one question each: what a record lacks, asked where staff come across it."""

from typing import Any

from wtforms import Field

from coordination.cooperation.forms import participants_field
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import GAP_LABELS, INITIATOR_LABELS, LEAD_LABELS, Gap, InitiatorKind, Lead, missing
from coordination.organizations.rules import TOPIC_LABELS, Topic
from core.forms import DateField, Form, HiddenField, LongTextField, SelectField, choices, chosen, needed
from core.languages import _l


class Question(Form):
    """One question about one record. Several stand on a page, so each has names of its own (`prefix`)."""

    gap = HiddenField()
    answer: Field


class TopicQuestion(Question):
    """The first topic; more of them are told on the record's page."""

    answer = SelectField(
        GAP_LABELS[Gap.TOPIC],
        choices=choices([("", _l("Please choose")), *TOPIC_LABELS.items()]),
        validators=[chosen()],
    )


class PeriodQuestion(Question):
    """The first day."""

    answer = DateField(GAP_LABELS[Gap.PERIOD], validators=[needed()])


class LeadQuestion(Question):
    """Who led."""

    answer = SelectField(
        GAP_LABELS[Gap.LEAD], choices=choices([("", _l("Please choose")), *LEAD_LABELS.items()]), validators=[chosen()]
    )


class InitiatorQuestion(Question):
    """From where the impulse came."""

    answer = SelectField(
        GAP_LABELS[Gap.INITIATOR],
        choices=choices([("", _l("Please choose")), *INITIATOR_LABELS.items()]),
        validators=[chosen()],
    )


class ParticipantsQuestion(Question):
    """How many came."""

    answer = participants_field(GAP_LABELS[Gap.PARTICIPANTS], required=True)


class OutcomeQuestion(Question):
    """How it went."""

    answer = LongTextField(GAP_LABELS[Gap.OUTCOME], required=True)


#: what can be answered in one field; who took part needs the record's page
QUESTIONS: dict[Gap, type[Question]] = {
    Gap.TOPIC: TopicQuestion,
    Gap.PERIOD: PeriodQuestion,
    Gap.LEAD: LeadQuestion,
    Gap.INITIATOR: InitiatorQuestion,
    Gap.PARTICIPANTS: ParticipantsQuestion,
    Gap.OUTCOME: OutcomeQuestion,
}
_MEANT: dict[Gap, Any] = {Gap.TOPIC: Topic, Gap.LEAD: Lead, Gap.INITIATOR: InitiatorKind}


def prefix_of(cooperation_id: int) -> str:
    """What the names of this record's question begin with."""
    return f"eintrag-{cooperation_id}"


def first_question(row: Cooperation) -> Question | None:
    """The first question that the record leaves open and one field can answer; None where there is none."""
    gap = next((gap for gap in missing(row) if gap in QUESTIONS), None)
    if gap is None:
        return None
    return QUESTIONS[gap](formdata=None, prefix=prefix_of(row.id), data={"gap": gap})


def meant_by(question: Question, gap: Gap) -> Any:
    """The answer as the record keeps it; only of a valid form."""
    said = question.answer.data
    return _MEANT[gap](said) if gap in _MEANT else said
