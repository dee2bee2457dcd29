"""Form of a letter."""

from collections.abc import Iterable

from coordination.letters.operations import Draft
from coordination.letters.rules import LINE_LENGTH, MOST_LINES
from core.forms import LineField, LongTextField, OptionalIdField, VersionedForm, choices, chosen
from core.languages import _l


class LetterForm(VersionedForm):
    """What a letter says."""

    department_id = OptionalIdField(
        _l("Which department writes"), validators=[chosen()], description=_l("Answers go to its e-mail address.")
    )
    subject = LineField(_l("Subject"), required=True, longest=120)
    text = LongTextField(
        _l("Text"),
        required=True,
        longest=MOST_LINES * LINE_LENGTH,
        description=_l(
            "At most one page, about %(max)d lines. Department and municipality are added below.", max=MOST_LINES
        ),
    )

    def offer(self, departments: Iterable[tuple[int, str]]) -> None:
        """Say which departments there are to choose from."""
        self.department_id.choices = choices(departments)

    def draft(self) -> Draft:
        """What was entered."""
        return Draft(self.department_id.data, self.subject.data, self.text.data)
