"""Forms around seats."""

from typing import Any

from wtforms.validators import Optional

from core.forms import (
    BooleanField,
    DateField,
    Form,
    LineField,
    OptionalIdField,
    SelectField,
    VersionedForm,
    choices,
    chosen,
    needed,
)
from core.languages import _, _l
from participation.seats.operations import SeatTerms
from participation.seats.rules import LAST_RANK, MEMBER_RANK, RIGHT_LABELS, ROLE_LABELS, Right, SeatRole


class RosterDayForm(Form):
    """Which day's roster is asked for; part of the address."""

    am = DateField(_l("Seats as on this day"), validators=[needed()])

    class Meta:
        """It changes nothing, so it needs no token."""

        csrf = False


class SeatForm(VersionedForm):
    """What can be said of a seat."""

    label = LineField(_l("Name of the seat"), required=True, longest=40, description=_l("Short, for example “MO 3”."))
    organization_id = OptionalIdField(_l("Held on behalf of"))
    speaking_right = BooleanField(RIGHT_LABELS[Right.SPEAKING])
    motion_right = BooleanField(RIGHT_LABELS[Right.MOTION])
    voting_right = BooleanField(RIGHT_LABELS[Right.VOTING])
    starts_on = DateField(_l("First day"), validators=[Optional()])
    ends_on = DateField(_l("Last day"), validators=[Optional()])

    def __init__(self, *, organizations: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.organization_id.choices = choices([("", _("No organization")), *organizations])

    def terms(self) -> SeatTerms:
        """What was entered."""
        return SeatTerms(**{name: self[name].data for name in SeatTerms.__dataclass_fields__})


class LastDayForm(Form):
    """When something ends."""

    ends_on = DateField(_l("Last day"), validators=[needed()])


def rank_label(rank: int) -> str:
    """What the place on a seat is called."""
    return _("Member") if rank == MEMBER_RANK else _("Deputy no. %(number)d", number=rank)


class AppointForm(Form):
    """Who comes on the seat."""

    person_id = OptionalIdField(_l("Person"), validators=[chosen()])
    rank = SelectField(_l("Place on the seat"), coerce=int, validators=[chosen()])
    role = SelectField(
        _l("Role"),
        choices=choices(ROLE_LABELS.items()),
        coerce=SeatRole,
        default=SeatRole.MEMBER,
        validators=[chosen()],
    )
    starts_on = DateField(_l("First day"), validators=[Optional()])
    ends_on = DateField(
        _l("Last day"), validators=[Optional()], description=_l("Leave this empty when the end is open.")
    )

    def __init__(self, *, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.person_id.choices = choices([("", _("Please choose")), *people])
        self.rank.choices = choices((rank, rank_label(rank)) for rank in range(LAST_RANK + 1))


class AppointmentForm(Form):
    """What may change while somebody is on a seat."""

    role = SelectField(_l("Role"), choices=choices(ROLE_LABELS.items()), coerce=SeatRole, validators=[chosen()])
    ends_on = DateField(
        _l("Last day"), validators=[Optional()], description=_l("Leave this empty when the end is open.")
    )
