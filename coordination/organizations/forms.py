"""Form of an organization's profile."""

from wtforms.validators import Optional

from coordination.organizations.operations import Profile
from coordination.organizations.rules import KIND_LABELS, Kind
from core.forms import (
    URL,
    BooleanField,
    Email,
    LineField,
    LongTextField,
    SelectField,
    VersionedForm,
    choices,
    chosen,
)
from core.languages import _l


class OrganizationForm(VersionedForm):
    """What can be said of an organization."""

    name = LineField(_l("Name"), required=True)
    kind = SelectField(
        _l("Kind"),
        choices=choices((kind.value, label) for kind, label in KIND_LABELS.items() if kind is not Kind.COMMITTEE),
        coerce=Kind,
        validators=[chosen()],
    )
    integration_department = BooleanField(
        _l("It is the integration department"),
        description=_l("Analysis tells its impulses apart from those of other offices."),
    )
    short_name = LineField(_l("Short name"), longest=60)
    own_label = LineField(
        _l("What it calls itself"),
        description=_l("In the organization's own words, for example “parents' association”."),
    )
    about = LongTextField(_l("About its work"))
    email = LineField(
        _l("E-mail"),
        longest=254,
        validators=[Optional(), Email(_l("Please enter an address like name@example.org."))],
    )
    phone = LineField(_l("Phone"), longest=60)
    website = LineField(
        _l("Website"),
        longest=300,
        validators=[Optional(), URL(message=_l("Please enter an address like https://www.example.org."))],
    )

    def profile(self) -> Profile:
        """What was entered."""
        return Profile(
            name=self.name.data,
            kind=self.kind.data,
            short_name=self.short_name.data or "",
            own_label=self.own_label.data or "",
            about=self.about.data or "",
            email=(self.email.data or "").lower(),
            website=self.website.data or "",
            phone=self.phone.data or "",
            integration_department=self.integration_department.data,
        )
