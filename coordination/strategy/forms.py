"""Forms of aims, measures and statements. Lines of a file are judged by the same forms."""

from collections.abc import Sequence
from typing import Any

from wtforms.validators import Optional

from coordination.organizations.choosing import NamedOrganization, choose
from coordination.strategy.operations import Stand, Terms
from coordination.strategy.rules import FOUNDATION_LABELS, STATE_LABELS, Foundation, State
from core.clock import today
from core.forms import (
    BooleanField,
    DateField,
    Form,
    LineField,
    LongTextField,
    OptionalIdField,
    RadioField,
    VersionedForm,
    choices,
    chosen,
    needed,
)
from core.languages import _, _l

LONGEST_WORDS = 4000


class ItemForm(VersionedForm):
    """What is said of an aim or a measure but for its state."""

    title = LineField(_l("Title"), required=True)
    text = LongTextField(_l("What is meant"), longest=LONGEST_WORDS)
    owner_id = OptionalIdField(_l("Who sees to it"))
    owner_named = NamedOrganization("owner_id")
    due_on = DateField(_l("Until when"), validators=[Optional()])
    adopted_on = DateField(
        _l("Adopted on"),
        description=_l("From then on everybody can read it. Leave this empty for a draft."),
        validators=[Optional()],
    )
    adopted_by = LineField(
        _l("Adopted by"), description=_l("The body, for example the municipal council or the integration committee.")
    )

    def __init__(self, *args: Any, owners: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        """`owners`: who may be chosen without a search by name."""
        super().__init__(*args, **kwargs)
        choose(self, "owner_named", owners, empty=_("Nobody yet"))

    def terms(self) -> Terms:
        """What was entered. Refused: a name that fits no organization, or several."""
        return Terms(
            title=self.title.data or "",
            text=self.text.data or "",
            owner_id=self.owner_named.organization_id(),
            due_on=self.due_on.data,
            adopted_on=self.adopted_on.data,
            adopted_by=self.adopted_by.data or "",
        )


class StateForm(VersionedForm):
    """How far an aim or a measure has come."""

    state = RadioField(_l("State"), choices=choices(STATE_LABELS.items()), coerce=State, validators=[chosen()])
    since = DateField(_l("Since"), default=today, validators=[needed()])
    reason = LongTextField(
        _l("In a few words"),
        longest=LONGEST_WORDS,
        description=_l("What was reached, or why it was given up. Who reads the strategy reads this."),
    )

    def stand(self) -> Stand:
        """What was entered."""
        return Stand(self.state.data, self.since.data, self.reason.data or "")


class StatementForm(Form):
    """What the municipality states of itself."""

    foundation = RadioField(
        _l("What it is about"), choices=choices(FOUNDATION_LABELS.items()), coerce=Foundation, validators=[chosen()]
    )
    holds = BooleanField(_l("The municipality has it"), default=True)
    since = DateField(_l("Since"), validators=[needed()])
    note = LineField(_l("What it is called, or where it can be read"))

    def told(self) -> dict[str, Any]:
        """What was entered, as `statements.state` takes it."""
        return {"holds": self.holds.data, "since": self.since.data, "note": self.note.data or ""}
