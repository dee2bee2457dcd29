"""Form of a contact. Imports judge their lines by the same form."""

from collections.abc import Iterable

from coordination.contacts.operations import LONGEST_WORDS, Contact
from coordination.contacts.rules import CHANNEL_LABELS, Channel
from coordination.organizations.rules import TOPIC_LABELS, Topic
from core.forms import (
    DateField,
    LongTextField,
    ManyField,
    OptionalIdField,
    RadioField,
    VersionedForm,
    choices,
    chosen,
    needed,
)
from core.languages import _l


class ContactForm(VersionedForm):
    """When, how and about what somebody was in contact with an organization."""

    happened_on = DateField(_l("When"), validators=[needed()])
    channel = RadioField(_l("How"), choices=choices(CHANNEL_LABELS.items()), coerce=Channel, validators=[chosen()])
    about = LongTextField(
        _l("About what"),
        required=True,
        longest=LONGEST_WORDS,
        description=_l(
            "One or two sentences: what was asked, what was promised. No judgement of people or organizations: "
            "whoever is named here may read it."
        ),
    )
    topics = ManyField(_l("Topics"), choices=choices(TOPIC_LABELS.items()), coerce=Topic)
    department_id = OptionalIdField(_l("For which department"))
    person_id = OptionalIdField(_l("With whom"))

    def offer(self, departments: Iterable[tuple[int, str]], people: Iterable[tuple[int, str]]) -> None:
        """Say which departments and people there are to choose from."""
        self.department_id.choices = choices([("", _l("Not told")), *departments])
        self.person_id.choices = choices([("", _l("Nobody in particular")), *people])

    def contact(self) -> Contact:
        """What was entered."""
        return Contact(
            happened_on=self.happened_on.data,
            channel=self.channel.data,
            about=self.about.data,
            topics=self.topics.data or (),
            department_id=self.department_id.data,
            person_id=self.person_id.data,
        )
