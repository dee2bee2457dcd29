"""Forms of one question each: what a record lacks, asked where staff come across it."""

from typing import Any

from wtforms import Field

from coordination.cooperation.forms import participants_field
from coordination.cooperation.models import Cooperation
from coordination.cooperation.rules import GAP_LABELS, INITIATOR_LABELS, LEAD_LABELS, Gap, InitiatorKind, Lead, missing
from coordination.organizations.choosing import NamedOrganization, choose
from coordination.organizations.rules import TOPIC_LABELS, Topic
from core.forms import (
    DateField,
    Form,
    HiddenField,
    LongTextField,
    OptionalIdField,
    SelectField,
    choices,
    chosen,
    needed,
)
from core.languages import _, _l


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


class PartnerQuestion(Question):
    """The first organization that took part, by a part of its name; more of them are told on the record's page.

    The list stands there only where the name fits several.
    """

    organization_id = OptionalIdField(_l("Organization"))
    answer = NamedOrganization("organization_id", label=GAP_LABELS[Gap.PARTNER])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "answer", (), empty=_("Please choose"))
        if len(self.answer.found) < 2:
            del self.organization_id


class ParticipantsQuestion(Question):
    """How many came."""

    answer = participants_field(GAP_LABELS[Gap.PARTICIPANTS], required=True)


class OutcomeQuestion(Question):
    """How it went."""

    answer = LongTextField(GAP_LABELS[Gap.OUTCOME], required=True)


#: how each gap is asked
QUESTIONS: dict[Gap, type[Question]] = {
    Gap.TOPIC: TopicQuestion,
    Gap.PERIOD: PeriodQuestion,
    Gap.LEAD: LeadQuestion,
    Gap.INITIATOR: InitiatorQuestion,
    Gap.PARTNER: PartnerQuestion,
    Gap.PARTICIPANTS: ParticipantsQuestion,
    Gap.OUTCOME: OutcomeQuestion,
}
_MEANT: dict[Gap, Any] = {Gap.TOPIC: Topic, Gap.LEAD: Lead, Gap.INITIATOR: InitiatorKind}


def prefix_of(cooperation_id: int) -> str:
    """What the names of this record's question begin with."""
    return f"eintrag-{cooperation_id}"


def first_question(row: Cooperation) -> Question | None:
    """The first question that the record leaves open; None where there is none."""
    gap = next(iter(missing(row)), None)
    if gap is None:
        return None
    return QUESTIONS[gap](formdata=None, prefix=prefix_of(row.id), data={"gap": gap})


def meant_by(question: Question, gap: Gap) -> Any:
    """The answer as the record keeps it; only of a valid form. Refused: a name that fits none, or several."""
    if isinstance(question, PartnerQuestion):
        return question.answer.organization_id()
    said = question.answer.data
    return _MEANT[gap](said) if gap in _MEANT else said
