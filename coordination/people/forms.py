"""Forms of a person and of a membership. Imports judge their lines by the same forms."""

from typing import Any

from wtforms import ValidationError
from wtforms.validators import Optional

from coordination.organizations.rules import TOPIC_LABELS, Topic
from coordination.people.operations import Profile
from coordination.people.rules import clean_email
from core.errors import Refused
from core.forms import (
    DateField,
    Form,
    LineField,
    ManyField,
    OptionalIdField,
    SelectField,
    VersionedForm,
    choices,
    chosen,
    needed,
)
from core.languages import DEFAULT, LANGUAGES, _l


class PersonForm(VersionedForm):
    """What is kept of a person."""

    form_of_address = LineField(
        _l("Form of address"),
        longest=40,
        description=_l("As the person wants it, for example “Dr.”."),
    )
    given_name = LineField(_l("Given name"), longest=100)
    family_name = LineField(_l("Family name"), required=True, longest=100)
    email = LineField(_l("E-mail"), longest=254, description=_l("Invitations are sent to this address."))
    phone = LineField(_l("Phone"), longest=60)
    language = SelectField(_l("Language of mails"), choices=choices(LANGUAGES.items()), default=DEFAULT)

    def validate_email(self, field: Any) -> None:
        """The address must be one that mail can be sent to."""
        try:
            clean_email(field.data)
        except Refused as refused:
            raise ValidationError(refused.message) from refused

    def profile(self) -> Profile:
        """What was entered."""
        return Profile(
            family_name=self.family_name.data,
            given_name=self.given_name.data or "",
            form_of_address=self.form_of_address.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            language=self.language.data,
        )


class PersonLine(PersonForm):
    """A line of a file: the form of the page, and the key."""

    key = LineField(required=True, longest=80)
    function = LineField(longest=120)


class MembershipForm(Form):
    """A person becomes a member of an organization."""

    organization_id = OptionalIdField(_l("Organization"), validators=[chosen()])
    function = LineField(_l("Function"), longest=120, description=_l("For example “chair” or “treasurer”."))
    starts_on = DateField(_l("Member since"), validators=[Optional()])
    ends_on = DateField(
        _l("Last day"), validators=[Optional()], description=_l("Leave empty while the membership goes on.")
    )
    topics = ManyField(_l("Contact for these topics"), choices=choices(TOPIC_LABELS.items()), coerce=Topic)


class TopicsForm(VersionedForm):
    """What somebody does in an organization, and for which topics others turn to them."""

    function = LineField(
        _l("Function"),
        longest=120,
        description=_l("Of a department’s contact everybody may read it. Please write no name here."),
    )
    topics = ManyField(_l("Contact for these topics"), choices=choices(TOPIC_LABELS.items()), coerce=Topic)


class EndForm(Form):
    """A membership ends."""

    ends_on = DateField(_l("Last day"), validators=[needed()])
