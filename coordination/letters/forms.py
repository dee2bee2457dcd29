"""Form of a letter."""

from collections.abc import Iterable

from coordination.letters.operations import Draft
from coordination.letters.queries import Wanted
from coordination.letters.rules import LINE_LENGTH, MOST_LINES
from coordination.organizations.languages import LANGUAGE_LABELS, by_name
from coordination.organizations.rules import TOPIC_LABELS, Topic
from core.forms import LineField, LongTextField, OptionalIdField, SelectField, VersionedForm, choices, chosen
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


class NewLetterForm(LetterForm):
    """A letter that is begun: whom it concerns is chosen beside what it says, so that showing whom that reaches takes
    nothing away that was typed."""

    topic = SelectField(_l("Topic"))
    language = SelectField(_l("Language"))

    def offer(self, departments: Iterable[tuple[int, str]]) -> None:
        """As `LetterForm.offer`, and the topics and languages."""
        super().offer(departments)
        self.topic.choices = choices([("", _l("All")), *TOPIC_LABELS.items()])
        self.language.choices = choices([("", _l("All")), *by_name()])

    def wanted(self) -> Wanted:
        """Whom it concerns; rubbish narrows nothing, and is refused when the letter is kept."""
        topic, language = self.topic.data, self.language.data
        return Wanted(Topic(topic) if topic in set(Topic) else None, language if language in LANGUAGE_LABELS else "")
