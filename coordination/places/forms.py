"""Form of a place. Imports judge their lines by the same form."""

from typing import Any

from wtforms.validators import Optional

from coordination.places.operations import Profile
from core.forms import IntegerField, LineField, NumberRange, SelectField, VersionedForm, choices
from core.languages import _l

LARGEST = 100_000
_STEP_FREE = {"yes": True, "no": False, "": None}


def _as_choice(value: Any) -> str:
    """The choice for what the row says; a text stays as it came, to be judged."""
    return {True: "yes", False: "no", None: ""}.get(value, str(value)) if not isinstance(value, str) else value


class PlaceForm(VersionedForm):
    """What can be said of a place."""

    name = LineField(_l("Name"), required=True, description=_l("The house, for example “town hall”."))
    room = LineField(_l("Room"), longest=100)
    street = LineField(_l("Street and number"))
    postal_code = LineField(_l("Postal code"), longest=10)
    locality = LineField(_l("Town"), longest=100)
    capacity = IntegerField(
        _l("Seats in the room"),
        validators=[
            Optional(),
            NumberRange(1, LARGEST, _l("Please enter a whole number from 1 to %(max)d.", max=LARGEST)),
        ],
    )
    step_free = SelectField(
        _l("Can be reached without steps"),
        choices=choices([("", _l("Nobody has checked")), ("yes", _l("Yes")), ("no", _l("No"))]),
        coerce=_as_choice,
        default="",
    )
    note = LineField(
        _l("How to get in"),
        longest=400,
        description=_l("Way in, bell, key. Everybody who may see a date at this place reads it."),
    )

    def profile(self) -> Profile:
        """What was entered."""
        return Profile(
            name=self.name.data,
            room=self.room.data or "",
            street=self.street.data or "",
            postal_code=self.postal_code.data or "",
            locality=self.locality.data or "",
            capacity=self.capacity.data,
            step_free=_STEP_FREE[self.step_free.data],
            note=self.note.data or "",
        )
