"""Forms: inviting, and answering an invitation."""

from typing import Any

from calendars.invitations.operations import LONGEST_REASON
from core.forms import Form, LineField, RadioField, VersionedForm, choices, chosen
from core.languages import _l
from meetings.attendance.rules import ANSWER_LABELS, Answer, answers_for


class InviteForm(VersionedForm):
    """Inviting to the sitting as it was shown. The reason is asked for where the notice period is over."""

    reason = LineField(
        _l("Why is the invitation late?"),
        required=True,
        longest=LONGEST_REASON,
        description=_l("This is kept in the history of the sitting."),
    )

    def __init__(self, *, late: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not late:
            del self.reason


class AnswerForm(Form):
    """One answer, sent by one of the large buttons."""

    answer = RadioField(coerce=str, validators=[chosen()])

    def __init__(self, *, online: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.answer.choices = choices((said.value, ANSWER_LABELS[said]) for said in answers_for(online=online))

    @property
    def said(self) -> Answer:
        """The answer; only of a valid form."""
        return Answer(self.answer.data)
