"""Forms of planning together."""

from collections.abc import Iterable
from typing import Any

from wtforms.validators import Optional

from coordination.cooperation.forms import RoleField
from coordination.cooperation.rules import CONTRIBUTION_LABELS, MOST_PARTICIPANTS, ContributionKind
from coordination.organizations.choosing import NamedOrganization
from coordination.planning.agreements import Promise
from coordination.planning.reviews import Opinion
from coordination.planning.rules import (
    ANSWERED,
    LONGEST_REASON,
    NEED_LABELS,
    REQUEST_LABELS,
    NeedKind,
    RequestState,
)
from core.errors import Refused
from core.forms import (
    DateField,
    Form,
    IntegerField,
    LineField,
    LongTextField,
    NumberRange,
    OptionalIdField,
    SelectField,
    VersionedForm,
    choices,
    chosen,
    not_past,
)
from core.languages import _, _l
from core.money import EuroField


class AnswerForm(Form):
    """Why an organization cannot take part; its two buttons carry the answer."""

    reason = LineField(
        _l("Reason"), longest=LONGEST_REASON, description=_l("If you cannot take part: the others read this.")
    )


class InviteForm(Form):
    """Asking an organization."""

    organization_id = OptionalIdField(_l("Organization"))
    organization_named = NamedOrganization("organization_id", one_of=True)
    role = RoleField()

    def organization(self) -> int:
        """Which organization. Refused: none, and a name that fits none, or several."""
        named = self.organization_named.organization_id()
        if named is None:
            raise Refused(_("Please choose one of these."), "organization_id")
        return named


class TaskForm(VersionedForm):
    """Who does what until when."""

    title = LineField(_l("What is to be done"), required=True)
    organization_id = OptionalIdField(_l("Which organization"))
    person_id = OptionalIdField(_l("And who there"))
    due_on = DateField(_l("Until when"), validators=[Optional()])

    def offer(self, organizations: Iterable[tuple[int, str]], people: Iterable[tuple[int, str]]) -> None:
        """Hand in the choices."""
        self.organization_id.choices = choices([("", _("Nobody yet")), *organizations])
        self.person_id.choices = choices([("", _("Nobody yet")), *people])

    def told(self) -> dict[str, Any]:
        """What was entered."""
        return {name: self[name].data for name in ("title", "organization_id", "person_id", "due_on")}


class NewTaskForm(TaskForm):
    """A task that begins: its day is still to come."""

    validate_due_on = not_past


class SectionForm(VersionedForm):
    """A text that both sides write."""

    title = LineField(_l("Heading"), required=True)
    text = LongTextField(_l("Text"))


class NeedForm(Form):
    """Something people need."""

    kind = SelectField(
        _l("What is needed"), choices=choices(NEED_LABELS.items()), coerce=NeedKind, validators=[chosen()]
    )
    note = LineField(_l("More about it"), description=_l("For example: into which language, for how many children."))


class PostForm(Form):
    """A word in the discussion."""

    text = LongTextField(_l("Your message"), required=True, longest=4000)


class RequestForm(Form):
    """Asking the municipality for something."""

    kind = SelectField(
        _l("What you ask for"),
        choices=choices(CONTRIBUTION_LABELS.items()),
        coerce=ContributionKind,
        validators=[chosen()],
    )
    wish = LineField(_l("What exactly"), longest=LONGEST_REASON)


class RequestAnswerForm(VersionedForm):
    """The municipality's answer."""

    state = SelectField(
        _l("Answer"),
        choices=choices([("", _l("Please choose")), *((one, REQUEST_LABELS[one]) for one in ANSWERED)]),
        coerce=lambda said: said and RequestState(said),
        validators=[chosen()],
    )
    reason = LineField(
        _l("Reason"),
        longest=LONGEST_REASON,
        description=_l("The organization reads it. It is needed unless you grant all."),
    )
    department_id = OptionalIdField(_l("Which department gives it"))
    amount = EuroField(_l("Amount in euros, where it is money"), validators=[Optional()])


class AgreementForm(VersionedForm):
    """What both sides promise."""

    subject = LongTextField(_l("What is agreed on"), required=True, longest=2000)
    duties = LongTextField(_l("Who does what until when"), longest=4000)
    money = LongTextField(_l("Who pays what"), longest=2000)
    gains = LongTextField(_l("What each gains"), longest=2000)

    def promise(self) -> Promise:
        """What was entered."""
        return Promise(**{name: self[name].data or "" for name in Promise.__dataclass_fields__})


class ReviewForm(VersionedForm):
    """How one side found it."""

    participants = IntegerField(
        _l("How many people came"),
        validators=[
            Optional(),
            NumberRange(0, MOST_PARTICIPANTS, _l("Please enter a number from 0 to %(max)d.", max=MOST_PARTICIPANTS)),
        ],
    )
    what_worked = LongTextField(_l("What worked"))
    do_differently = LongTextField(_l("What you would do otherwise"))

    def opinion(self) -> Opinion:
        """What was entered."""
        return Opinion(self.participants.data, self.what_worked.data or "", self.do_differently.data or "")
